// The one thread that thinks. It lives as long as the session, because libtorch keeps a pool of threads for every
// thread that calls it. A job is given when the last one has ended. Owned by the session and used from its thread only.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace keisei::app::usi {

class SearchThread {
 public:
  SearchThread();
  /// Waits for the job at hand.
  ~SearchThread();
  SearchThread(const SearchThread&) = delete;
  SearchThread& operator=(const SearchThread&) = delete;

  /// Waits for the job at hand, then begins this one.
  void begin(std::function<void()> job);
  void wait();

 private:
  void run(const std::stop_token& ended);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::function<void()> job_;
  bool busy_ = false;
  std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace keisei::app::usi
