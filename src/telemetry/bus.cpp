#include "telemetry/bus.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/queue.h"
#include "config/secret.h"

namespace keisei::telemetry {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kRetryFullQueue{1};  // while a flush waits for room for its marker

/// Says once that everything before it in a queue was handled.
struct Marker {
  std::mutex mutex;
  std::condition_variable reached;
  std::size_t missing = 0;
};

/// An event, or a flush marker.
struct Item {
  std::shared_ptr<const Event> event;
  std::shared_ptr<Marker> marker;
};

}  // namespace

// One outlet with its queue and thread. Shared with the thread, so that a hanging one can be left behind.
struct Bus::Lane {
  Lane(std::shared_ptr<Outlet> out, std::size_t capacity) : outlet(std::move(out)), queue(capacity) {}

  const std::shared_ptr<Outlet> outlet;
  BoundedQueue<Item> queue;
  std::atomic<std::uint64_t> written{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> failures{0};
  std::atomic<bool> abandoned{false};
  std::jthread thread;

  mutable std::mutex mutex;  // guards the rest
  std::condition_variable ended;
  bool done = false;
  std::string last_error;
};

namespace {

/// Puts a report of the bus itself into every queue that has room; reports are not counted as dropped, or they would
/// breed more reports.
template <class Lanes, class Lane>
void offer(const std::weak_ptr<Lanes>& weak, const Lane* except, const std::shared_ptr<const Event>& event) {
  const auto lanes = weak.lock();
  if (!lanes) return;
  for (const auto& lane : *lanes) {
    if (lane.get() != except) (void)lane->queue.try_push(Item{event, nullptr});
  }
}

}  // namespace

void Bus::serve(const std::shared_ptr<Lane>& lane, const std::weak_ptr<Lanes>& lanes, BusBounds bounds) {
  Outlet& outlet = *lane->outlet;
  const std::string name(outlet.name());
  std::uint64_t announced = 0;      // drops the others know of
  std::size_t since_announced = 0;  // events taken since
  bool failing = false;
  steady_clock::time_point last_fault;
  std::int64_t step = 0;  // of the latest event, for the bus's own reports
  std::int64_t utc_ms = 0;

  // Runs one call of the outlet; tells the others when it starts to fail and when it works again.
  const auto guarded = [&](auto&& call) {
    std::string error;
    try {
      call();
    } catch (const std::exception& fault) {
      error = fault.what();
    } catch (...) {
      error = "unknown exception";
    }
    if (error.empty()) return true;
    ++lane->failures;
    last_fault = steady_clock::now();
    {
      const std::lock_guard lock(lane->mutex);
      lane->last_error = error;
    }
    if (!std::exchange(failing, true)) {
      Event report = warning(step, "telemetry outlet '" + name + "' fails: " + error);
      report.utc_ms = utc_ms;
      offer(lanes, lane.get(), std::make_shared<const Event>(std::move(report)));
    }
    return false;
  };
  const auto write = [&](const Event& event) {
    if (!guarded([&] { outlet.write(event); })) return;
    ++lane->written;
    // Not at the first success: an outlet that keeps what it could not store takes events while it fails.
    if (failing && steady_clock::now() - last_fault >= bounds.healthy_ms) {
      failing = false;
      Event report = message(step, "telemetry outlet '" + name + "' works again");
      report.utc_ms = utc_ms;
      offer(lanes, lane.get(), std::make_shared<const Event>(std::move(report)));
    }
  };
  const auto announce_drops = [&] {
    const std::uint64_t dropped = lane->dropped.load();
    since_announced = 0;
    if (dropped == announced) return;
    announced = dropped;
    const auto report = std::make_shared<const Event>(Event{.kind = "telemetry.dropped",
                                                            .step = step,
                                                            .utc_ms = utc_ms,
                                                            .metrics = {{"telemetry/dropped", double(dropped)}},
                                                            .texts = {{"outlet", name}}});
    write(*report);
    offer(lanes, lane.get(), report);
  };

  while (!lane->abandoned) {
    std::optional<Item> item = lane->queue.pop_for(bounds.tick_ms);
    if (!item && lane->queue.closed()) {
      item = lane->queue.pop_for(milliseconds{0});  // what came between the time-out and the closing
      if (!item) break;
    }
    if (item && item->event) {
      step = item->event->step;
      utc_ms = item->event->utc_ms;
      write(*item->event);
      if (++since_announced >= bounds.queue_events || lane->queue.size() == 0) announce_drops();
    } else if (item && item->marker) {
      announce_drops();
      (void)guarded([&] { outlet.flush(); });
      const std::lock_guard lock(item->marker->mutex);
      --item->marker->missing;
      item->marker->reached.notify_all();
      continue;
    }
    (void)guarded([&] { outlet.tick(); });
  }
  if (!lane->abandoned) {
    announce_drops();
    (void)guarded([&] { outlet.flush(); });
  }
  const std::lock_guard lock(lane->mutex);
  lane->done = true;
  lane->ended.notify_all();
}

Bus::Bus(const Clock& clock, std::vector<std::shared_ptr<Outlet>> outlets, BusBounds bounds)
    : clock_(clock), bounds_(bounds), lanes_(std::make_shared<Lanes>()) {
  for (auto& outlet : outlets) {
    if (outlet) lanes_->push_back(std::make_shared<Lane>(std::move(outlet), bounds_.queue_events));
  }
  // Only now: a lane that reports to the others reads the whole list.
  for (const auto& lane : *lanes_) {
    lane->thread =
        std::jthread([lane, lanes = std::weak_ptr<Lanes>(lanes_), limits = bounds_] { serve(lane, lanes, limits); });
  }
}

Bus::~Bus() {
  const auto deadline = steady_clock::now() + bounds_.drain_ms;
  for (const auto& lane : *lanes_) lane->queue.close();
  for (const auto& lane : *lanes_) {
    std::unique_lock lock(lane->mutex);
    const bool done = lane->ended.wait_until(lock, deadline, [&] { return lane->done; });
    lock.unlock();
    if (done) {
      lane->thread.join();
    } else {
      lane->abandoned = true;
      lane->dropped += lane->queue.size();
      lane->thread.detach();  // it holds its lane and outlet; a call that never returns must not hold the program
    }
  }
}

void Bus::publish(Event event) {
  if (event.utc_ms == 0) event.utc_ms = clock_.utc_ms();
  for (auto& [name, text] : event.texts) text = config::without_secrets(text);
  const auto shared = std::make_shared<const Event>(std::move(event));
  for (const auto& lane : *lanes_) {
    if (!lane->queue.try_push(Item{shared, nullptr})) ++lane->dropped;
  }
}

bool Bus::flush(milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  const auto marker = std::make_shared<Marker>();
  marker->missing = lanes_->size();
  for (const auto& lane : *lanes_) {
    while (!lane->queue.try_push(Item{nullptr, marker})) {
      if (steady_clock::now() >= deadline) return false;
      std::this_thread::sleep_for(kRetryFullQueue);
    }
  }
  std::unique_lock lock(marker->mutex);
  return marker->reached.wait_until(lock, deadline, [&] { return marker->missing == 0; });
}

std::uint64_t Bus::dropped() const {
  std::uint64_t sum = 0;
  for (const auto& lane : *lanes_) sum += lane->dropped;
  return sum;
}

std::vector<OutletStatus> Bus::status() const {
  std::vector<OutletStatus> all;
  for (const auto& lane : *lanes_) {
    const std::lock_guard lock(lane->mutex);
    all.push_back({std::string(lane->outlet->name()), lane->written, lane->dropped, lane->failures, lane->last_error});
  }
  return all;
}

}  // namespace keisei::telemetry
