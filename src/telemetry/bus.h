// The bus carries events from the training to the outlets. publish() never waits: each outlet has a bounded queue and
// a thread of its own, so a slow outlet (a stopped terminal, a full disk) delays neither the training nor the other
// outlets; what does not fit in its queue is dropped, counted, and told to every outlet as a telemetry.dropped event.
// What looks like a secret in a text is hidden here, before any outlet sees it (config/secret.h).
// Owned by the session. publish(), dropped() and status() may be called from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "telemetry/event.h"
#include "telemetry/outlet.h"

namespace keisei::telemetry {

struct BusBounds {
  std::size_t queue_events = 4096;              ///< events waiting, per outlet
  std::chrono::milliseconds tick_ms{100};       ///< longest silence an outlet sees
  std::chrono::milliseconds drain_ms{3000};     ///< longest the destructor waits for all outlets together
  std::chrono::milliseconds healthy_ms{10000};  ///< without a fault, until a failing outlet is said to work again
};

struct OutletStatus {
  std::string name;
  std::uint64_t written = 0;   ///< events the outlet took without a fault
  std::uint64_t dropped = 0;   ///< events that found its queue full, or were left at the end
  std::uint64_t failures = 0;  ///< calls that threw
  std::string last_error;      ///< empty when it never failed
};

class Bus {
 public:
  /// `clock` stamps events without a time and must outlive the bus.
  Bus(const Clock& clock, std::vector<std::shared_ptr<Outlet>> outlets, BusBounds bounds = {});
  /// Drains within bounds.drain_ms; an outlet that still hangs then is left behind with its own state.
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  /// Hands the event to every outlet's queue and returns at once.
  void publish(Event event);
  /// Waits until all that was published before is written and flushed; false when `timeout` was too short.
  [[nodiscard]] bool flush(std::chrono::milliseconds timeout);
  /// Events dropped so far, summed over outlets.
  [[nodiscard]] std::uint64_t dropped() const;
  [[nodiscard]] std::vector<OutletStatus> status() const;

 private:
  struct Lane;
  using Lanes = std::vector<std::shared_ptr<Lane>>;
  static void serve(const std::shared_ptr<Lane>& lane, const std::weak_ptr<Lanes>& lanes, BusBounds bounds);

  const Clock& clock_;
  const BusBounds bounds_;
  std::shared_ptr<Lanes> lanes_;
};

}  // namespace keisei::telemetry
