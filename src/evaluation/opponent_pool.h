// Earlier checkpoints as opponents: the newest few, first in first out, and milestones with steps in geometric
// progression that never leave, so that an old weakness is still met. Sampling is a pure function of (seed, draw).
// A plain value that survives restarts as one line of JSON; one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluation/request.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation {

inline constexpr int kMaxPoolSize = 1000;
inline constexpr int kMaxMilestones = 64;  ///< the largest possible ratio of steps is reached long before
inline constexpr double kMaxMilestoneRatio = 1000;
inline constexpr std::size_t kMaxPoolBytes = 8U << 20;

enum class PoolSampling : std::uint8_t { kUniform, kPrioritised };
[[nodiscard]] std::string_view to_string(PoolSampling sampling);  ///< uniform | prioritised
[[nodiscard]] Result<PoolSampling> parse_pool_sampling(std::string_view text);

struct PoolOptions {
  int size = 5;                ///< recent checkpoints, 1 to kMaxPoolSize
  double milestone_ratio = 0;  ///< a checkpoint of at least so many times the last milestone's steps stays; 0 = none
  PoolSampling sampling = PoolSampling::kPrioritised;
};

struct PoolEntry {
  std::string path;  ///< the checkpoint
  std::string id;    ///< of its weights
  std::int64_t step = 0;
  Tally results;  ///< of agents against it
  friend bool operator==(const PoolEntry&, const PoolEntry&) = default;
};

class OpponentPool {
 public:
  /// kUsage for a size outside 1 to kMaxPoolSize or a ratio that is neither 0 nor in (1, kMaxMilestoneRatio].
  [[nodiscard]] static Result<OpponentPool> make(const PoolOptions& options);

  /// The newest checkpoint comes in; the oldest recent one leaves when there are more than `size`. Weights that are
  /// there already move to the end.
  void add(PoolEntry entry);
  /// Results of an agent against the weights `id`; unknown ids are ignored.
  void record(const std::string& id, const Tally& results);

  [[nodiscard]] bool empty() const { return recent_.empty() && milestones_.empty(); }
  [[nodiscard]] const std::vector<PoolEntry>& recent() const { return recent_; }          ///< oldest first
  [[nodiscard]] const std::vector<PoolEntry>& milestones() const { return milestones_; }  ///< by step, not in recent()
  /// All entries, milestones first.
  [[nodiscard]] std::vector<PoolEntry> entries() const;

  /// Draw number `draw` of `seed`: `count` distinct entries, or all where there are fewer. Prioritised: with weight
  /// (1 - win rate against it)^2, results shrunk towards even, so that who beats the agent is met more often.
  [[nodiscard]] std::vector<PoolEntry> sample(std::uint64_t seed, std::uint64_t draw, int count) const;

  /// Its state as one line of JSON; the options are not part of it.
  [[nodiscard]] std::string encode() const;
  /// The state of encode() under `options` (a smaller size drops the oldest); kBadData, and make()'s errors.
  [[nodiscard]] static Result<OpponentPool> decode(std::string_view json, const PoolOptions& options);

 private:
  explicit OpponentPool(const PoolOptions& options) : options_(options) {}
  void trim();

  PoolOptions options_;
  std::vector<PoolEntry> recent_;
  std::vector<PoolEntry> milestones_;
};

/// The opponents of a periodic evaluation: sampled from the pool as checkpoint:PATH, or the baseline alone while the
/// pool is empty.
[[nodiscard]] std::vector<Opponent> pool_opponents(const OpponentPool& pool, const Opponent& baseline,
                                                   std::uint64_t seed, std::uint64_t draw, int count);

}  // namespace keisei::evaluation
