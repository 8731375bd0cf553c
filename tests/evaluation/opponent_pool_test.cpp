#include "evaluation/opponent_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace keisei::evaluation {
namespace {

using testing::ElementsAre;

PoolEntry entry(std::int64_t step) {
  const std::string name = std::to_string(step);
  return {.path = "checkpoints/" + name + ".ckpt", .id = "w" + name, .step = step, .results = {}};
}

std::vector<std::int64_t> steps(const std::vector<PoolEntry>& entries) {
  std::vector<std::int64_t> found;
  for (const PoolEntry& one : entries) found.push_back(one.step);
  return found;
}

OpponentPool pool_of(const PoolOptions& options, std::initializer_list<std::int64_t> added) {
  OpponentPool pool = *OpponentPool::make(options);
  for (const std::int64_t step : added) pool.add(entry(step));
  return pool;
}

TEST(OpponentPool, TheOldestLeavesAndOnlyTheRestIsSampled) {
  const OpponentPool pool = pool_of({.size = 2}, {100, 200, 300});
  EXPECT_THAT(steps(pool.recent()), ElementsAre(200, 300));
  std::set<std::int64_t> seen;
  for (std::uint64_t draw = 0; draw < 100; ++draw) {
    const auto drawn = pool.sample(1, draw, 1);
    ASSERT_EQ(drawn.size(), 1U);
    seen.insert(drawn[0].step);
  }
  EXPECT_THAT(seen, ElementsAre(200, 300));
}

TEST(OpponentPool, SizesAndRatiosAreBounded) {
  for (const int size : {0, 1001, -1}) {
    const auto refused = OpponentPool::make({.size = size});
    ASSERT_FALSE(refused) << size;
    EXPECT_EQ(refused.error().code, Code::kUsage);
  }
  for (const int size : {1, 1000}) EXPECT_TRUE(OpponentPool::make({.size = size}));
  for (const double ratio : {-1.0, 0.5, 1.0, 1001.0, std::nan("")}) {
    EXPECT_FALSE(OpponentPool::make({.size = 5, .milestone_ratio = ratio})) << ratio;
  }
}

TEST(OpponentPool, MilestonesAreSpacedByARatioAndStay) {
  OpponentPool pool = *OpponentPool::make({.size = 2, .milestone_ratio = 4});
  for (std::int64_t step = 100; step <= 10'000; step += 100) pool.add(entry(step));
  EXPECT_THAT(steps(pool.milestones()), ElementsAre(100, 400, 1600, 6400));
  EXPECT_THAT(steps(pool.recent()), ElementsAre(9900, 10'000));
  EXPECT_EQ(pool.entries().size(), 6U);
}

TEST(OpponentPool, WeightsComeInOnceAndKeepTheirResults) {
  OpponentPool pool = pool_of({.size = 3}, {100, 200});
  pool.record("w100", {.wins = 3, .losses = 1, .draws = 0, .faults = 0});
  pool.record("unknown", {.wins = 9, .losses = 0, .draws = 0, .faults = 0});
  pool.add(entry(100));
  EXPECT_THAT(steps(pool.recent()), ElementsAre(200, 100));
  EXPECT_EQ(pool.recent()[1].results.wins, 3);
}

TEST(OpponentPool, WhoBeatsTheAgentIsMetMoreOften) {
  OpponentPool pool = pool_of({.size = 3}, {1, 2, 3});
  pool.record("w1", {.wins = 38, .losses = 2, .draws = 0, .faults = 0});
  pool.record("w2", {.wins = 2, .losses = 38, .draws = 0, .faults = 0});
  std::map<std::int64_t, int> drawn;
  for (std::uint64_t draw = 0; draw < 2000; ++draw) ++drawn[pool.sample(1, draw, 1)[0].step];
  EXPECT_GT(drawn[2], 1300);
  EXPECT_LT(drawn[1], 60);
  EXPECT_GT(drawn[3], 200) << "unknown strength is taken for even";
  OpponentPool uniform =
      *OpponentPool::decode(pool.encode(), {.size = 3, .milestone_ratio = 0, .sampling = PoolSampling::kUniform});
  drawn.clear();
  for (std::uint64_t draw = 0; draw < 2000; ++draw) ++drawn[uniform.sample(1, draw, 1)[0].step];
  for (const auto& [step, count] : drawn) EXPECT_NEAR(count, 667, 100) << step;
}

TEST(OpponentPool, ADrawDependsOnSeedAndNumberAlone) {
  const OpponentPool pool = pool_of({.size = 10}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(pool.sample(3, 7, 4), pool.sample(3, 7, 4));
  EXPECT_NE(steps(pool.sample(3, 7, 4)), steps(pool.sample(3, 8, 4)));
  const auto all = pool.sample(3, 7, 100);
  EXPECT_EQ(all.size(), 6U);
  const std::vector<std::int64_t> found = steps(all);
  EXPECT_EQ(std::set<std::int64_t>(found.begin(), found.end()).size(), 6U) << "each once";
}

TEST(OpponentPool, SurvivesARestart) {
  OpponentPool pool = pool_of({.size = 3, .milestone_ratio = 2}, {100, 200, 300, 400, 500, 600});
  pool.record("w500", {.wins = 1, .losses = 2, .draws = 3, .faults = 4});
  const auto back = OpponentPool::decode(pool.encode(), {.size = 3, .milestone_ratio = 2});
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->recent(), pool.recent());
  EXPECT_EQ(back->milestones(), pool.milestones());
  EXPECT_EQ(back->sample(1, 2, 3), pool.sample(1, 2, 3));
  EXPECT_THAT(steps(OpponentPool::decode(pool.encode(), {.size = 1})->recent()), ElementsAre(600));
  for (const char* text : {"", "{}", "[]", R"({"schema":"keisei.opponent_pool/2","recent":[],"milestones":[]})",
                           R"({"schema":"keisei.opponent_pool/1","recent":[{}],"milestones":[]})",
                           R"({"schema":"keisei.opponent_pool/1","recent":[],"milestones":[],"x":1})"}) {
    EXPECT_FALSE(OpponentPool::decode(text, {})) << text;
  }
}

TEST(OpponentPool, AnEmptyPoolPlaysTheBaselineAndThenItsSnapshots) {
  OpponentPool pool = *OpponentPool::make({.size = 2});
  const Opponent baseline{*parse_player("random"), "random"};
  EXPECT_EQ(pool_opponents(pool, baseline, 1, 0, 3), std::vector<Opponent>{baseline});
  pool.add(entry(100));
  const auto opponents = pool_opponents(pool, baseline, 1, 1, 3);
  ASSERT_EQ(opponents.size(), 1U);
  EXPECT_EQ(to_string(opponents[0].spec), "checkpoint:checkpoints/100.ckpt");
  EXPECT_EQ(opponents[0].id, "w100");
}

}  // namespace
}  // namespace keisei::evaluation
