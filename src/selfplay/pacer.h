// Lets one thread follow others that play and have them all stand still at the end of a ply: training pauses for
// evaluation with no thread left running, wherever it is. Made for one rollout; the players call tick() and leave(),
// the watcher watch(). Thread-safe. Counts are plies.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace keisei::selfplay {

class Pacer {
 public:
  /// `players` threads will call tick() and, once each, leave().
  explicit Pacer(int players) : running_(players) {}

  /// A player has played so many plies; returns at once unless the watcher wants a rest.
  void tick(std::int64_t plies) {
    std::unique_lock lock(mutex_);
    plies_ += plies;
    if (rest_) ++standing_;
    watcher_.notify_one();
    if (!rest_) return;
    players_.wait(lock, [&] { return !rest_; });
    --standing_;
  }

  void leave() {
    const std::lock_guard lock(mutex_);
    --running_;
    watcher_.notify_one();
  }

  /// Calls `step` after every `plies` plies, and once with the rest, until all players have left. Where `wants_rest`
  /// says yes, no player moves while `step` runs.
  void watch(std::int64_t plies, const std::function<bool()>& wants_rest,
             const std::function<void(std::int64_t)>& step) {
    std::int64_t seen = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
      watcher_.wait(lock, [&] { return running_ == 0 || plies_ - seen >= plies; });
      const bool over = running_ == 0;
      rest_ = !over && wants_rest();
      if (rest_) watcher_.wait(lock, [&] { return standing_ == running_; });
      const std::int64_t played = plies_ - seen;
      seen = plies_;
      lock.unlock();
      step(played);
      if (over) return;
      lock.lock();
      if (!rest_) continue;
      rest_ = false;
      players_.notify_all();
      watcher_.wait(lock, [&] { return standing_ == 0; });
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable watcher_, players_;
  int running_;
  int standing_ = 0;
  bool rest_ = false;
  std::int64_t plies_ = 0;
};

}  // namespace keisei::selfplay
