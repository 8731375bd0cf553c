// The pool of a run: earlier weights of this very training as opponents of its evaluations. Their files lie in a folder
// of the run and not among the checkpoints, because retention removes those; what leaves the pool is deleted, what is
// in it survives a restart. Owned by the periodic evaluation; its thread.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "evaluation/opponent_pool.h"
#include "evaluation/record.h"

namespace keisei::app {

/// What became of the pool when weights came in.
struct PoolChange {
  std::vector<std::int64_t> left;        ///< steps of the weights that are no opponents any more
  std::vector<std::int64_t> milestones;  ///< steps of those that stay for good from now on
  std::size_t members = 0;               ///< afterwards
};

class RunPool {
 public:
  /// Opens or begins the pool in `folder`. kBadData where its state is damaged; nothing is overwritten then.
  [[nodiscard]] static Result<RunPool> open(std::filesystem::path folder, const evaluation::PoolOptions& options);

  /// Opponents of evaluation number `draw`: a sample of the pool, or `baseline` while it is empty.
  [[nodiscard]] std::vector<evaluation::Opponent> opponents(const evaluation::Opponent& baseline, std::uint64_t seed,
                                                            std::uint64_t draw, int count) const {
    return evaluation::pool_opponents(pool_, baseline, seed, draw, count);
  }
  /// The weights of `step` come in. kFailure when they cannot be written; the pool stays as it was.
  [[nodiscard]] Result<PoolChange> add(std::int64_t step, std::span<const std::byte> weights, const std::string& id);
  /// The agent's results against members.
  [[nodiscard]] Result<void> record(std::span<const evaluation::GameRecord> games);

 private:
  RunPool(std::filesystem::path folder, evaluation::OpponentPool pool)
      : folder_(std::move(folder)), pool_(std::move(pool)) {}
  [[nodiscard]] Result<void> save() const;

  std::filesystem::path folder_;
  evaluation::OpponentPool pool_;
};

}  // namespace keisei::app
