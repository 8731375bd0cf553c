// What comes back from a worker: records and notes of players among them, and what engines say they are.
#include "app/evaluation_job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluation/plan.h"
#include "evaluation/run_evaluation.h"
#include "evaluation/scripted_player.h"

namespace keisei::app {
namespace {

using evaluation::PlayerNote;

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

TEST(EvaluationJob, NotesOfPlayersAreNoGamesAndNoFaults) {
  const evaluation::Request request = evaluation::request_of(4);
  const auto agent = evaluation::builtin("greedy");
  const auto opponent = evaluation::builtin("random");
  guard::JobReport report;
  const PlayerNote note{.kind = PlayerNote::Kind::kIncident, .player = "usi:e", .text = "the engine ended"};
  for (const auto& game : evaluation::play(request, *agent, *opponent)) {
    report.results.push_back(bytes_of(encode(note)));
    report.results.push_back(bytes_of(encode(game)));
  }
  report.results.push_back(bytes_of(R"({"schema":"keisei.player_note/1","kind":"gossip"})"));
  const EvaluationOutcome outcome = conclude(0, request, report, guard::Targets{});
  EXPECT_EQ(outcome.summary.status, "ok");
  EXPECT_EQ(outcome.summary.total.games(), 4);
  EXPECT_TRUE(outcome.detail.empty()) << outcome.detail;
  ASSERT_EQ(outcome.summary.notes.size(), 1U);
  EXPECT_EQ(outcome.summary.notes[0].times, 4);
  EXPECT_EQ(outcome.summary.notes[0].text, "the engine ended");
}

TEST(EvaluationJob, EnginesAreKnownByWhatTheySayTheyAre) {
  evaluation::Request request = evaluation::request_of(4, "greedy", "usi:e?depth=1");
  guard::JobReport report;
  const std::string spelling = to_string(request.opponent);
  report.results.push_back(
      bytes_of(encode(PlayerNote{.kind = PlayerNote::Kind::kName, .player = spelling, .text = "Engine 14.0"})));
  name_engines(request, report);
  EXPECT_EQ(request.opponent_id, engine_identity(*request.opponent.engine, "Engine 14.0"));
  EXPECT_TRUE(request.opponent_id.starts_with("usi:Engine 14.0#"));
  EXPECT_TRUE(request.agent_id.empty()) << "no engine";
  const auto plan = evaluation::make_plan(request);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->pairings[0].opponent_id, request.opponent_id);
  name_engines(request, guard::JobReport{});
  EXPECT_EQ(request.opponent_id, engine_identity(*request.opponent.engine)) << "one that gave no name";
}

}  // namespace
}  // namespace keisei::app
