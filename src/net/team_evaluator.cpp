#include "net/team_evaluator.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "net/network.h"

namespace keisei::net {

TeamEvaluator::TeamEvaluator(std::shared_ptr<const Evaluator> inner, int threads)
    : inner_(std::move(inner)), team_(static_cast<std::size_t>(std::max(0, threads - 1))) {
  for (std::size_t i = 0; i < team_.size(); ++i) {
    Member& member = team_[i];
    try {
      member.thread = std::jthread([this, &member] { work(member); });
    } catch (const std::system_error&) {
      while (team_.size() > i) team_.pop_back();
    }
  }
}

TeamEvaluator::~TeamEvaluator() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  for (Member& member : team_) member.begin.notify_one();
}

void TeamEvaluator::answer(const Part& part) const {
  inner_->evaluate(part.batch, part.logits, part.values, part.material);
}

void TeamEvaluator::work(Member& member) const {
  set_compute_threads(1);
  std::unique_lock lock(mutex_);
  while (true) {
    member.begin.wait(lock, [&] { return over_ || member.busy; });
    if (over_) return;
    lock.unlock();
    std::exception_ptr error;
    try {
      answer(member.part);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    member.error = error;
    member.busy = false;
    if (--at_work_ == 0) end_.notify_one();
  }
}

void TeamEvaluator::evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                             std::span<float> material) const {
  const std::size_t parts = std::min(team_.size() + 1, batch.size());
  if (parts <= 1) return inner_->evaluate(batch, logits, values, material);
  const std::lock_guard turn(turn_);
  const auto part = [&](std::size_t i) {
    const std::size_t first = batch.size() * i / parts;
    const std::size_t count = batch.size() * (i + 1) / parts - first;
    return Part{batch.subspan(first, count), logits.subspan(first * kActions, count * kActions),
                values.subspan(first, count), material.empty() ? material : material.subspan(first, count)};
  };
  {
    const std::lock_guard lock(mutex_);
    at_work_ = parts - 1;
    for (std::size_t i = 1; i < parts; ++i) {
      Member& member = team_[i - 1];
      member.part = part(i);
      member.busy = true;
      member.begin.notify_one();
    }
  }
  std::exception_ptr error;
  try {
    answer(part(0));
  } catch (...) {
    error = std::current_exception();
  }
  std::unique_lock lock(mutex_);
  end_.wait(lock, [&] { return at_work_ == 0; });
  for (Member& member : team_) {
    const std::exception_ptr of_part = std::exchange(member.error, nullptr);
    if (!error) error = of_part;
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace keisei::net
