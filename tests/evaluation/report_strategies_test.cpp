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
  EXPECT_THAT(to_text(summary, {}), HasSubstr("the agent"));

  request = request_of(200);
  request.stop = *parse_stop_rule("decided");
  summary = summarise(request, run(request));
  EXPECT_TRUE(summary.pairings[0].stop.reached);
  EXPECT_LT(summary.total.games(), 200);
  EXPECT_EQ(summary.status, "ok");
  expect_reloads(summary);
  EXPECT_THAT(to_text(summary, {}), HasSubstr("decided: stopped, anytime interval"));
}

TEST(StrategyReport, EndsByColourSumToTheEnds) {
  const Request request = request_of(20);
  std::vector<GameRecord> games = run(request);
  games.back() = record_of(19, shogi::Color::kWhite, GameResult::kFault);
  const Summary summary = summarise(request, games);
  for (const auto& [reason, n] : summary.end_reasons) {
    const auto of = [&, name = reason](const std::map<std::string, Tally>& ends) {
      return ends.contains(name) ? ends.at(name) : Tally{};
    };
    Tally sum = of(summary.ends_as_black);
    sum += of(summary.ends_as_white);
    EXPECT_EQ(sum, summary.by_end_reason.at(reason)) << reason;
    EXPECT_EQ(sum.games(), n) << reason;
  }
  EXPECT_EQ(summary.ends_as_white.at("player_fault").faults, 1);
  const Json json = Json::parse(to_json(summary, {}));
  EXPECT_EQ(json["end_reasons_by_colour"]["white"]["player_fault"]["faults"], 1);
  const ReportTable table = ends_table(summary);
  EXPECT_EQ(table.rows.size(), summary.end_reasons.size());
  EXPECT_THAT(to_text(summary, {}), HasSubstr("as Black"));
  expect_reloads(summary);
}

TEST(StrategyReport, NotesAreToldAndReload) {
  Summary summary = summarise(request_of(2), run(request_of(2)));
  EXPECT_EQ(Json::parse(to_json(summary, {}))["notes"], Json::array());
  add_note(summary.notes, {.kind = PlayerNote::Kind::kCage, .player = "usi:e", .text = "cage: \"landlock\" | missing"});
  add_note(summary.notes, {.player = "usi:e", .text = "the engine ended: signal 11", .times = 3});
  add_note(summary.notes, {.kind = PlayerNote::Kind::kExcluded, .player = "usi:e", .text = "excluded\x1b[2J"});
  expect_reloads(summary);
  EXPECT_THAT(to_text(summary, {}), HasSubstr("usi:e: the engine ended: signal 11 (3 times)"));
  EXPECT_THAT(to_text(summary, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(to_markdown(summary, {}), HasSubstr("cage: \"landlock\" \\| missing"));
  const Json json = Json::parse(to_json(summary, {}));
  EXPECT_EQ(json["notes"][1]["times"], 3);
  EXPECT_EQ(json["notes"][2]["kind"], "excluded");
  Json changed = json;
  changed["notes"][0]["kind"] = "gossip";
  EXPECT_FALSE(read_summary(changed.dump()));
}

TEST(StrategyReport, TheLadderNumbersPlacesAndMoves) {
  Request request = request_of(4, "greedy");
  request.strategy = "ladder";
  request.opponents = *parse_opponents("random; material:1");
  request.ladder.num_games_per_match = 2;
  request.ladder.elo.ratings = {{"greedy", 1400}, {"random", 1450}, {"material:1", 1800}, {"weights of old", 1000}};
  std::vector<GameRecord> games;
  for (int i = 0; i < 4; ++i) {  // the agent wins all, and passes random at least
    games.push_back(record_of(i, i % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite, GameResult::kWin));
    games.back().pairing = i / 2;
    games.back().agent_id = "greedy";
    games.back().opponent_id = i < 2 ? "random" : "material:1";
  }
  const Summary summary = summarise(request, games);
  ASSERT_TRUE(summary.ladder);
  const ReportTable table = ladder_table(summary);
  ASSERT_EQ(table.rows.size(), 4U) << "everybody known";
  std::map<std::string, std::vector<std::string>> rows;
  for (const auto& row : table.rows) {
    std::vector<std::string> words;
    for (const ReportCell& cell : row) words.push_back(cell.text());
    EXPECT_EQ(words.size(), table.head.size());
    rows[words[2]] = words;
  }
  EXPECT_EQ(rows["greedy"][0], "2");
  EXPECT_EQ(rows["greedy"][1], "up 1");
  EXPECT_EQ(rows["random"][0], "3");
  EXPECT_EQ(rows["random"][1], "down 1");
  EXPECT_EQ(rows["random"][5], "2-0-0");
  EXPECT_THAT(rows["random"][6], HasSubstr("above "));
  EXPECT_EQ(rows["material:1"][1], "=");
  EXPECT_EQ(rows["weights of old"][7], "not asked");
  EXPECT_EQ(rows["weights of old"][4], "0.0");
  expect_reloads(summary);
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
  for (const char* key : {"schema", "status", "wins", "pairs", "pairings", "cross_table", "streaks", "seed", "ladder",
                          "notes", "end_reasons_by_colour"}) {
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
