#include "app/usi/search_thread.h"

#include <utility>

namespace keisei::app::usi {

SearchThread::SearchThread() : thread_([this](const std::stop_token& ended) { run(ended); }) {}

SearchThread::~SearchThread() { wait(); }

void SearchThread::begin(std::function<void()> job) {
  wait();
  {
    const std::lock_guard lock(mutex_);
    job_ = std::move(job);
    busy_ = true;
  }
  changed_.notify_all();
}

void SearchThread::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !busy_; });
}

void SearchThread::run(const std::stop_token& ended) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, ended, [&] { return busy_; })) {
    const std::function<void()> job = std::exchange(job_, {});
    lock.unlock();
    job();
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace keisei::app::usi
