// Reports of the strategies with several opponents: cross table, cases, bracket, ladder; reload and CSV.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "evaluation/report.h"
#include "evaluation/report_tables.h"
#include "evaluation/run_evaluation.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

std::vector<GameRecord> run(const Request& request) {
  const PlayerFor players = [](const PlayerSpec& spec, const std::string&) -> Result<std::shared_ptr<shogi::Player>> {
    return std::shared_ptr<shogi::Player>(*shogi::make_builtin(to_string(spec)));
  };
  const FakeClock clock;
  return *run_evaluation(request, players, clock);
}

Request tournament() {
  Request request = request_of(1, "greedy");
  request.strategy = "tournament";
  request.opponents = *parse_opponents("random; heuristic");
  request.tournament = {.num_games_per_opponent = 4, .between_opponents = true};
  return request;
}

void expect_reloads(const Summary& summary) {
  const auto back = read_summary(to_json(summary, {.wall_s = 1.5, .performance = nullptr, .sla = nullptr}));
  ASSERT_TRUE(back) << back.error().message << " " << back.error().hint;
  EXPECT_EQ(*back, summary);
  EXPECT_EQ(to_text(*back, {}), to_text(summary, {}));
  EXPECT_EQ(to_markdown(*back, {}), to_markdown(summary, {}));
  EXPECT_EQ(to_json(*back, {}), to_json(summary, {}));
}

TEST(StrategyReport, ACrossTableHoldsEveryGameOnce) {
  Request request = tournament();
  request.opponents = *parse_opponents("random; greedy");
  request.opponents[1].id = "another greedy";
  const auto games = run(request);
  ASSERT_EQ(games.size(), 12U);
  const Summary summary = summarise(request, games);
  EXPECT_EQ(summary.status, "ok");
  EXPECT_EQ(summary.total.games(), 8) << "the agent's own";
  EXPECT_EQ(summary.games_asked, 8);
  EXPECT_EQ(summary.opponent, "2 opponents");
  ASSERT_EQ(summary.cross.players.size(), 3U);
  Tally all;
  for (std::size_t row = 0; row < 3; ++row) {
    all += summary.cross.total(row);
    for (std::size_t column = 0; column < 3; ++column) {
      EXPECT_EQ(summary.cross.at(row, column).wins, summary.cross.at(column, row).losses);
      EXPECT_EQ(summary.cross.at(row, column).draws, summary.cross.at(column, row).draws);
      EXPECT_EQ(summary.cross.at(row, column).games(), row == column ? 0 : 4);
    }
  }
  EXPECT_EQ(all.wins, all.losses);
  EXPECT_EQ(all.games(), 24);
  EXPECT_EQ(summary.cross.total(0), summary.total);
  EXPECT_FALSE(summary.pairings[2].of_agent);
  expect_reloads(summary);
  const std::string text = to_text(summary, {});
  EXPECT_THAT(text, HasSubstr("Cross table"));
  EXPECT_THAT(to_markdown(summary, {}), HasSubstr("## Cross table"));
  const Json json = Json::parse(to_json(summary, {}));
  EXPECT_EQ(json["cross_table"]["cells"].size(), 6U);
  EXPECT_TRUE(json["normalised_elo"].is_null()) << "pairs of several opponents are not mixed";
}

TEST(StrategyReport, OneSetOfWeightsIsOneRow) {
  Request request = tournament();  // greedy meets random and, as heuristic, itself
  request.tournament.between_opponents = false;
  const Summary summary = summarise(request, run(request));
  EXPECT_EQ(summary.cross.players.size(), 2U);
  EXPECT_EQ(summary.cross.total(0).games(), 4);
  expect_reloads(summary);
}

TEST(StrategyReport, APlainMatchHasNoTables) {
  const Request request = request_of(20);
  const Summary summary = summarise(request, run(request));
  EXPECT_TRUE(report_tables(summary).empty());
  EXPECT_EQ(summary.pairings.size(), 1U);
  expect_reloads(summary);
  const Json json = Json::parse(to_json(summary, {}));
  EXPECT_TRUE(json["normalised_elo"].is_number());
  EXPECT_LT(json["elo_ci95_anytime"][0].get<double>(), json["elo_ci95"][0].get<double>()) << "looking always costs";
  EXPECT_THAT(to_text(summary, {}), HasSubstr("Anytime 95 %"));
  EXPECT_THAT(to_text(summary, {}), Not(HasSubstr("Stop rule")));
}

TEST(StrategyReport, CasesBracketLadderAndStopAreTold) {
  Request request = request_of(1, "greedy");
  request.strategy = "benchmark";
  SuiteCase entry;
  entry.id = "start|1";
  entry.sfen = "startpos";
  entry.opponent = *parse_player("random");
  entry.games = 3;
  request.suite = {entry, entry};
  request.suite[1].id = "second";
  request.suite[1].pass_score = 0;
  Summary summary = summarise(request, run(request));
  EXPECT_EQ(summary.total.games(), 6);
  EXPECT_TRUE(summary.cases[1].passed);
  expect_reloads(summary);
  EXPECT_THAT(to_text(summary, {}), HasSubstr("Cases passed"));
  EXPECT_THAT(to_markdown(summary, {}), HasSubstr("start\\|1"));
  EXPECT_EQ(Json::parse(to_json(summary, {}))["cases"][0]["total"]["games"], 3);
  EXPECT_GE(Json::parse(to_json(summary, {}))["pass_rate"].get<double>(), 0.5);

  request = tournament();
  request.strategy = "custom";
  request.custom.plan = CustomPlan::kSingleElimination;
  summary = summarise(request, run(request));
  EXPECT_EQ(summary.plan, "single_elimination");
  expect_reloads(summary);
  EXPECT_THAT(to_text(summary, {}), HasSubstr("Elimination"));

  request = tournament();
  request.strategy = "ladder";
  summary = summarise(request, run(request));
  ASSERT_TRUE(summary.ladder);
  expect_reloads(summary);
  EXPECT_THAT(to_text(summary, {}), HasSubstr("Ladder: rating 1500.0 before"));
  EXPECT_THAT(to_text(summary, {}), HasSubstr("within the range of 400"));

  request = request_of(200);
  request.stop = *parse_stop_rule("decided");
  summary = summarise(request, run(request));
  EXPECT_TRUE(summary.pairings[0].stop.reached);
  EXPECT_LT(summary.total.games(), 200);
  EXPECT_EQ(summary.status, "ok");
  expect_reloads(summary);
  EXPECT_THAT(to_text(summary, {}), HasSubstr("decided: stopped, anytime interval"));
}

TEST(StrategyReport, FaultsAndNothingReloadToo) {
  Request request = request_of(4);
  std::vector<GameRecord> games{record_of(0, shogi::Color::kBlack, GameResult::kFault)};
  expect_reloads(summarise(request, games));
  expect_reloads(summarise(request, {}));
  request.strategy = "nonsense";
  EXPECT_EQ(summarise(request, {}).status, "no games") << "also of what cannot be played";
}

TEST(StrategyReport, AReloadIsStrict) {
  const Json good = Json::parse(to_json(summarise(request_of(2), run(request_of(2))), {}));
  for (const char* key :
       {"schema", "status", "wins", "pairs", "pairings", "cross_table", "streaks", "seed", "ladder"}) {
    Json changed = good;
    changed.erase(key);
    EXPECT_FALSE(read_summary(changed.dump())) << key;
    changed = good;
    changed[key] = "?";
    if (std::string_view(key) == "status") continue;
    EXPECT_FALSE(read_summary(changed.dump())) << key;
  }
  Json changed = good;
  changed["wnis"] = 1;
  EXPECT_FALSE(read_summary(changed.dump()));
  changed = good;
  changed["cross_table"]["cells"][0]["row"] = 7;
  EXPECT_FALSE(read_summary(changed.dump()));
}

TEST(StrategyReport, CsvHasOneRowAGame) {
  std::vector<GameRecord> games = run(request_of(3));
  games[1].agent = "a \"quoted\", name";
  games.push_back(record_of(3, shogi::Color::kWhite, GameResult::kFault));
  games.back().fault = "two\nlines";
  const std::string csv = to_csv(games);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = csv.find("\r\n", at);
    lines.push_back(csv.substr(at, end - at));
    at = end + 2;
  }
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_TRUE(lines[0].starts_with("game,pairing,pair,agent,opponent,"));
  EXPECT_THAT(lines[2], HasSubstr("\"a \"\"quoted\"\", name\""));
  EXPECT_TRUE(lines[4].ends_with(",two lines"));
  const auto commas = [](const std::string& line) { return std::count(line.begin(), line.end(), ','); };
  EXPECT_EQ(commas(lines[1]), commas(lines[0]));
  EXPECT_THAT(lines[1], HasSubstr(games[0].opening_sfen));
}

}  // namespace
}  // namespace keisei::evaluation
