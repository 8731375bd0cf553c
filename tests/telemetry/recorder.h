// Outlets for tests: one that keeps what it gets, one that throws, one that hangs until it is released.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "telemetry/outlet.h"

namespace keisei::telemetry {

class Recorder : public Outlet {
 public:
  [[nodiscard]] std::string_view name() const override { return "recorder"; }
  void write(const Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    threads_.insert(std::this_thread::get_id());
  }
  void flush() override {
    const std::lock_guard lock(mutex_);
    ++flushes_;
  }
  [[nodiscard]] std::vector<Event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  [[nodiscard]] std::vector<Event> of_kind(const std::string& kind) const {
    std::vector<Event> found;
    for (const Event& event : events()) {
      if (event.kind == kind) found.push_back(event);
    }
    return found;
  }
  [[nodiscard]] std::set<std::thread::id> threads() const {
    const std::lock_guard lock(mutex_);
    return threads_;
  }
  [[nodiscard]] int flushes() const {
    const std::lock_guard lock(mutex_);
    return flushes_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Event> events_;
  std::set<std::thread::id> threads_;
  int flushes_ = 0;
};

/// Throws while `broken`, and always in flush().
class Thrower final : public Recorder {
 public:
  [[nodiscard]] std::string_view name() const override { return "thrower"; }
  void write(const Event& event) override {
    if (event.metric("broken") == 1.0) throw std::runtime_error("no space left");
    Recorder::write(event);
  }
  void flush() override { throw 42; }  // NOLINT: foreign code may throw anything
};

/// Its first write waits until open() is called.
class Gate final : public Recorder {
 public:
  [[nodiscard]] std::string_view name() const override { return "gate"; }
  void write(const Event& event) override {
    {
      std::unique_lock lock(gate_mutex_);
      entered_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return open_; });
    }
    Recorder::write(event);
  }
  void open() {
    const std::lock_guard lock(gate_mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_until_entered() {
    std::unique_lock lock(gate_mutex_);
    changed_.wait(lock, [&] { return entered_; });
  }

 private:
  std::mutex gate_mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool entered_ = false;
};

}  // namespace keisei::telemetry
