// An evaluator that answers a batch with several threads, each a part of its own with libtorch on one thread:
// libtorch's own threads share single operations, which for the few positions of an evaluation's games costs more than
// it brings. The threads wait for their parts without spinning. Callers take turns. Positions are independent of each
// other, so the answers are those of the inner evaluator up to rounding.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "net/evaluator.h"

namespace keisei::net {

class TeamEvaluator final : public Evaluator {
 public:
  /// `threads` (at least 1) with the caller's; fewer where the system gives no more.
  TeamEvaluator(std::shared_ptr<const Evaluator> inner, int threads);
  ~TeamEvaluator() override;
  TeamEvaluator(const TeamEvaluator&) = delete;
  TeamEvaluator& operator=(const TeamEvaluator&) = delete;

  /// What the inner evaluator throws for any part is thrown to the caller, once all parts have ended.
  void evaluate(std::span<const Features> batch, std::span<float> logits, std::span<float> values,
                std::span<float> material) const override;

 private:
  struct Part {
    std::span<const Features> batch;
    std::span<float> logits, values, material;
  };
  struct Member {
    std::condition_variable begin;
    bool busy = false;  ///< has a part to answer
    Part part;
    std::exception_ptr error;
    std::jthread thread;
  };

  void answer(const Part& part) const;
  void work(Member& member) const;

  std::shared_ptr<const Evaluator> inner_;
  mutable std::mutex turn_;  ///< of callers
  mutable std::mutex mutex_;
  mutable std::condition_variable end_;
  mutable std::size_t at_work_ = 0;
  bool over_ = false;
  mutable std::vector<Member> team_;  ///< without the caller; last, so that its threads end first
};

}  // namespace keisei::net
