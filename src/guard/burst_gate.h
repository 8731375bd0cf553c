// The gate that evaluation workers wait at: one futex word in shared memory. The trainer opens it for a burst it has
// paid for and shuts it again (one store, one wake); a worker looks at it wherever it gives a sign of life and sleeps
// while it is shut, because a worker that only yields still evicts the trainer's caches. The memory is sealed against
// resizing and against every further writer, so the worker's side is read-only whatever the worker does, and the
// trainer never reads the word back. open() and shut() belong to one thread; the view to the worker. Seconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/file.h"
#include "base/result.h"

namespace keisei::guard {

/// The trainer's side; shut when made. Shared with the supervisor, which hands the descriptor to its workers.
class BurstGate {
 public:
  /// Errors: no memory, or a kernel without write-protecting seals (before 5.1).
  [[nodiscard]] static Result<std::shared_ptr<BurstGate>> create();
  BurstGate(const BurstGate&) = delete;
  BurstGate& operator=(const BurstGate&) = delete;
  /// Opens it: a worker that outlives the trainer's side is not held for ever.
  ~BurstGate();

  void open();
  void shut();
  /// What this side did last, not what the shared word says.
  [[nodiscard]] bool is_open() const { return open_.load(std::memory_order_relaxed); }
  [[nodiscard]] int memfd() const { return memfd_.get(); }  ///< to be inherited by a worker

 private:
  BurstGate(Fd memfd, std::uint32_t* word) : memfd_(std::move(memfd)), word_(word) {}
  void set(bool open);

  Fd memfd_;
  std::uint32_t* word_;
  std::atomic<bool> open_{false};
};

/// The worker's side: a read-only mapping (move-only).
class BurstGateView {
 public:
  /// Takes the inherited descriptor and closes it once the gate is mapped. kUsage when it is no gate.
  [[nodiscard]] static Result<BurstGateView> map(Fd memfd);
  BurstGateView(BurstGateView&& other) noexcept : word_(std::exchange(other.word_, nullptr)) {}
  BurstGateView& operator=(BurstGateView&& other) noexcept;
  BurstGateView(const BurstGateView&) = delete;
  BurstGateView& operator=(const BurstGateView&) = delete;
  ~BurstGateView();

  [[nodiscard]] bool is_open() const;
  /// Sleeps until the gate is open, at most `timeout_s`; true when it is open. A signal does not end the wait early.
  [[nodiscard]] bool wait_open(double timeout_s) const;

 private:
  explicit BurstGateView(const std::uint32_t* word) : word_(word) {}
  const std::uint32_t* word_;
};

}  // namespace keisei::guard
