// A match of a tournament that failed was swallowed as "no result"; the round looked complete.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluation/report.h"
#include "evaluation/run_evaluation.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

TEST(FailureMode37, OneFailingMatchIsOneReportedFailure) {
  Request request = request_of(18, "greedy");
  request.strategy = "tournament";
  request.opponents = *parse_opponents("random; checkpoint:broken; greedy");
  request.opponents[1].id = "broken";
  bool broken = true;
  const PlayerFor players = [&](const PlayerSpec& spec,
                                const std::string& id) -> Result<std::shared_ptr<shogi::Player>> {
    if (id == "broken") {
      return std::make_shared<ScriptedPlayer>([&](const shogi::Turn& turn) {
        if (broken) throw std::runtime_error("out of paper");
        return nth_legal(turn);
      });
    }
    return std::shared_ptr<shogi::Player>(*shogi::make_builtin(to_string(spec)));
  };
  const FakeClock clock;
  const auto games = run_evaluation(request, players, clock);
  ASSERT_TRUE(games);
  const Summary summary = summarise(request, *games);
  EXPECT_EQ(summary.status, "incomplete");
  EXPECT_EQ(summary.total.games(), 18);
  EXPECT_EQ(summary.total.faults, 6);
  ASSERT_EQ(summary.pairings.size(), 3U);
  EXPECT_EQ(summary.pairings[1].total, (Tally{.wins = 0, .losses = 0, .draws = 0, .faults = 6}));
  for (const std::size_t i : {0U, 2U}) EXPECT_EQ(summary.pairings[i].total.valid(), 6) << i;
  EXPECT_THAT(to_text(summary, {}), HasSubstr("6 x the player failed: out of paper"));
  EXPECT_THAT(to_text(summary, {}), HasSubstr("0 of 6"));
  // The same request once more plays what failed, and changes nothing else.
  broken = false;
  const auto again = run_evaluation(request, players, clock);
  EXPECT_EQ(summarise(request, *again).status, "ok");
  for (std::size_t i = 0; i < games->size(); ++i) {
    if ((*games)[i].pairing == 1) continue;
    EXPECT_EQ((*again)[i], (*games)[i]);
  }
}

}  // namespace
}  // namespace keisei::evaluation
