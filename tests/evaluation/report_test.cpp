#include "evaluation/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "evaluation/record_file.h"
#include "evaluation/scripted_player.h"
#include "guard/performance.h"
#include "guard/sla.h"

namespace keisei::evaluation {
namespace {

using Json = nlohmann::ordered_json;
using shogi::Color;
using testing::HasSubstr;
using enum GameResult;

std::vector<GameRecord> five_games() {
  return {record_of(0, Color::kBlack, kWin, 20), record_of(1, Color::kWhite, kLoss, 21),
          record_of(2, Color::kBlack, kWin, 22), record_of(3, Color::kWhite, kDraw, 23),
          record_of(4, Color::kBlack, kWin, 24)};
}

TEST(Report, SummaryIsRecomputedFromTheGames) {
  const Summary summary = summarise(request_of(5), five_games());
  EXPECT_EQ(summary.status, "ok");
  EXPECT_EQ(summary.total, (Tally{.wins = 3, .losses = 1, .draws = 1, .faults = 0}));
  EXPECT_DOUBLE_EQ(*share(summary.total.wins, summary.total), 0.6);
  EXPECT_DOUBLE_EQ(*share(summary.total.losses, summary.total), 0.2);
  EXPECT_DOUBLE_EQ(*share(summary.total.draws, summary.total), 0.2);
  EXPECT_DOUBLE_EQ(summary.plies->mean, 22.0);
  EXPECT_EQ(summary.streaks.win, 1);
  EXPECT_EQ(summary.streaks.current, kWin);
}

TEST(Report, ColoursSumToTheTotal) {
  const Summary s = summarise(request_of(5), five_games());
  EXPECT_EQ(s.as_black.wins, 3);
  EXPECT_EQ(s.as_white, (Tally{.wins = 0, .losses = 1, .draws = 1, .faults = 0}));
  EXPECT_EQ(s.as_black.wins + s.as_white.wins, s.total.wins);
  EXPECT_EQ(s.as_black.losses + s.as_white.losses, s.total.losses);
  EXPECT_EQ(s.as_black.draws + s.as_white.draws, s.total.draws);
}

TEST(Report, JsonHasTheFixedKeys) {
  std::vector<GameRecord> games = five_games();
  games.push_back(record_of(5, Color::kWhite, kFault));
  const std::string text = to_json(summarise(request_of(6), games), {});
  EXPECT_TRUE(text.starts_with(R"({"schema":"keisei.evaluation/1")"));
  const Json json = Json::parse(text);
  for (const char* key :
       {"agent", "strategy", "games", "wins", "losses", "draws", "faults", "score", "score_ci95", "elo", "elo_ci95",
        "by_colour", "end_reasons", "mean_plies", "wall_s", "performance", "sla"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["status"], "incomplete");
  EXPECT_EQ(json["games"], 6);
  EXPECT_EQ(json["faults"], 1);
  EXPECT_EQ(json["score"], 0.7);  // over the five valid games
  EXPECT_EQ(json["by_colour"]["black"]["wins"], 3);
  EXPECT_EQ(json["by_colour"]["white"]["faults"], 1);
  EXPECT_EQ(json["end_reasons"]["resign"], 4);
  EXPECT_EQ(json["end_reasons"]["player_fault"], 1);
  EXPECT_EQ(json["fault_texts"]["broken"], 1);
  EXPECT_TRUE(json["wall_s"].is_null());
  EXPECT_TRUE(json["performance"]["evaluation_latency_ms"].is_null());
  EXPECT_EQ(json["sla"], Json::array());
}

TEST(Report, UnknownIsNullAndNeverZero) {
  const Summary summary = summarise(request_of(5), {});
  EXPECT_EQ(summary.status, "no games");
  const Json json = Json::parse(to_json(summary, {}));
  for (const char* key : {"score", "score_ci95", "elo", "elo_ci95", "mean_plies", "los", "wall_s"}) {
    EXPECT_TRUE(json[key].is_null()) << key;
  }
  EXPECT_EQ(json["games"], 0);
  const std::vector<GameRecord> won(10, record_of(0, Color::kBlack, kWin));
  const Json all_won = Json::parse(to_json(summarise(request_of(10), won), {}));
  EXPECT_TRUE(all_won["elo"].is_null());
  EXPECT_TRUE(all_won["elo_ci95"][0].is_number());
  EXPECT_TRUE(all_won["elo_ci95"][1].is_null());
}

TEST(Report, SafeguardsArePassedOn) {
  guard::Performance performance;
  performance.latency_ms = 812.5;
  performance.memory_peak_mb = std::nan("");
  const std::vector<guard::Verdict> sla{
      {.clause = "latency",
       .state = guard::VerdictState::kMet,
       .value = 812.5,
       .threshold = 5000,
       .source = "supervisor"},
      {.clause = "gpu", .state = guard::VerdictState::kUnknown, .value = {}, .threshold = 80, .source = "no GPU"}};
  const Summary summary = summarise(request_of(5), five_games());
  const Measured measured{.wall_s = 3.25, .performance = &performance, .sla = &sla};
  const Json json = Json::parse(to_json(summary, measured));
  EXPECT_EQ(json["wall_s"], 3.25);
  EXPECT_EQ(json["performance"]["evaluation_latency_ms"], 812.5);
  EXPECT_TRUE(json["performance"]["memory_overhead_mb"].is_null());
  EXPECT_EQ(json["sla"][0]["verdict"], "met");
  EXPECT_EQ(json["sla"][0]["threshold"], 5000.0);
  EXPECT_EQ(json["sla"][1]["verdict"], "unknown");
  EXPECT_TRUE(json["sla"][1]["value"].is_null());
  const std::string text = to_text(summary, measured);
  EXPECT_THAT(text, HasSubstr("met, 812.5 of 5000.0 (supervisor)"));
  EXPECT_THAT(text, HasSubstr("not measured (no GPU)"));
}

TEST(Report, TextAndMarkdownSayWhatHappened) {
  std::vector<GameRecord> games = five_games();
  games.push_back(record_of(5, Color::kWhite, kFault));
  games.back().fault = "engine\x1b[2Jdied | gone";
  const Summary summary = summarise(request_of(6), games);
  const std::string text = to_text(summary, {});
  EXPECT_THAT(text, HasSubstr("greedy against random (single_opponent): incomplete"));
  EXPECT_THAT(text, HasSubstr("5 of 6 played: 3 wins, 1 loss, 1 draw, 1 fault"));
  EXPECT_THAT(text, HasSubstr("70.0 % (95 %: "));
  EXPECT_THAT(text, HasSubstr("mean 22.0 plies, median 22.0, 20 to 24"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  const std::string markdown = to_markdown(summary, {});
  EXPECT_THAT(markdown, HasSubstr("| Games | 5 of 6 played"));
  EXPECT_THAT(markdown, HasSubstr("died \\| gone"));
  EXPECT_THAT(to_text(summarise(request_of(6), {}), {}), HasSubstr("not measured"));
}

TEST(Report, ReloadedGamesGiveTheSameReports) {
  Request request = request_of(10);
  const auto agent = builtin("greedy");
  const auto opponent = builtin("random");
  const auto games = play(request, *agent, *opponent);
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "keisei_report_test.jsonl";
  ASSERT_TRUE(write_records(path, games));
  const auto back = read_records(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(back);
  const Summary before = summarise(request, games);
  const Summary after = summarise(request, *back);
  EXPECT_EQ(to_json(after, {}), to_json(before, {}));
  EXPECT_EQ(to_text(after, {}), to_text(before, {}));
  EXPECT_EQ(to_markdown(after, {}), to_markdown(before, {}));
}

}  // namespace
}  // namespace keisei::evaluation
