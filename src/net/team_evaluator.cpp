#include "net/team_evaluator.h"

#include <algorithm>
#include <utility>

#include "net/network.h"

namespace keisei::net {

TeamEvaluator::TeamEvaluator(std::shared_ptr<const Evaluator> inner, int threads)
    : inner_(std::move(inner)), team_(static_cast<std::size_t>(std::max(0, threads - 1))) {
  for (Member& member : team_) member.thread = std::jthread([this, &member] { work(member); });
}

TeamEvaluator::~TeamEvaluator() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  begin_.notify_all();
}

void TeamEvaluator::answer(const Part& part) const {
  if (!part.batch.empty()) inner_->evaluate(part.batch, part.logits, part.values, part.material);
}

void TeamEvaluator::work(Member& member) const {
  set_compute_threads(1);
  std::unique_lock lock(mutex_);
  while (true) {
    begin_.wait(lock, [&] { return over_ || member.seen != round_; });
    if (over_) return;
    member.seen = round_;
    lock.unlock();
    std::exception_ptr error;
    try {
      answer(member.part);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    member.error = error;
    if (--at_work_ == 0) end_.notify_one();
  }
}

void TeamEvaluator::evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                             std::span<float> material) const {
  const std::size_t parts = std::min(team_.size() + 1, batch.size() / kLeastTeamPart);
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
    for (std::size_t i = 0; i < team_.size(); ++i) team_[i].part = i + 1 < parts ? part(i + 1) : Part{};
    at_work_ = team_.size();
    ++round_;
  }
  begin_.notify_all();
  std::exception_ptr error;
  try {
    answer(part(0));
  } catch (...) {
    error = std::current_exception();
  }
  std::unique_lock lock(mutex_);
  end_.wait(lock, [&] { return at_work_ == 0; });
  for (const Member& member : team_)
    if (!error) error = member.error;
  if (error) std::rethrow_exception(error);
}

}  // namespace keisei::net
