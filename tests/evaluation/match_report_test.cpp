#include "evaluation/match_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "evaluation/match_fixture.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;
using enum GameResult;

TEST(MatchTable, CountsEveryGameForBothPlayers) {
  const Match match = match_of({"greedy", "random", "random"}, 6, 3);
  const auto games = games_played(match);
  const MatchTable table = tabulate(match, games);
  EXPECT_EQ(table.games, 18);
  int ends = 0;
  for (const auto& [reason, n] : table.end_reasons) ends += n;
  EXPECT_EQ(ends, 18);
  int black = 0, white = 0;
  for (const auto& [reason, won] : table.ends) {
    EXPECT_EQ(won.black + won.white + won.drawn + won.faults, table.end_reasons.at(reason)) << reason;
    black += won.black;
    white += won.white;
  }
  for (const GameRecord& game : games) {
    black -= game.winner == shogi::Winner::kBlack ? 1 : 0;
    white -= game.winner == shogi::Winner::kWhite ? 1 : 0;
  }
  EXPECT_EQ(black, 0);
  EXPECT_EQ(white, 0);
  EXPECT_EQ(table.plies.size(), 18U);
  int wins = 0, losses = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(table.rows[i].total.games(), 12);
    EXPECT_EQ(table.rows[i].as_black.games(), 6);
    EXPECT_EQ(table.rows[i].as_white.games(), 6);
    wins += table.rows[i].total.wins;
    losses += table.rows[i].total.losses;
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_EQ(table.against[i][j].wins, table.against[j][i].losses);
      EXPECT_EQ(table.against[i][j].draws, table.against[j][i].draws);
    }
  }
  EXPECT_EQ(wins, losses);
  EXPECT_EQ(ranking(table).front(), 0U) << "greedy beats random";
}

TEST(MatchTable, NeighboursAreRankedByRatingWhereScoresMislead) {
  Match match = match_of({"random", "greedy", "material:1", "material:2"}, 4);
  match.neighbours = 1;
  // greedy wins all against random, material:1 half its games against greedy, material:2 three of four against that.
  std::vector<GameRecord> games;
  const std::vector<std::vector<GameResult>> results = {
      {kLoss, kLoss, kLoss, kLoss}, {kLoss, kWin, kLoss, kWin}, {kLoss, kLoss, kLoss, kWin}};
  for (const MatchPair& pair : pairs_of(match)) {
    for (const std::uint64_t i : {0U, 1U}) {
      const auto number = static_cast<std::size_t>(2 * pair.round) + i;
      games.push_back(decided(match, 2 * pair.number + i, results[static_cast<std::size_t>(pair.pairing)][number]));
    }
  }
  const MatchTable table = tabulate(match, games);
  EXPECT_EQ(table.rows[1].total.wins, 6);
  EXPECT_EQ(table.rows[3].total.wins, 3);
  EXPECT_EQ(ranking(table).front(), 3U) << "no more games won than by material:1, half of those of greedy";
  EXPECT_EQ(ranking(table).back(), 0U);
  const std::string cross = cross_lines(table, 100);
  EXPECT_THAT(cross, HasSubstr("4-0-0"));
  EXPECT_THAT(cross, HasSubstr("–")) << "they did not meet";
}

TEST(MatchTable, FaultsAreInNoRate) {
  const Match match = match_of({"greedy", "random"}, 4);
  const std::vector<GameRecord> games = {decided(match, 0, kWin), decided(match, 1, kFault), decided(match, 2, kDraw),
                                         decided(match, 3, kLoss)};
  const MatchTable table = tabulate(match, games);
  EXPECT_EQ(table.rows[0].total, (Tally{.wins = 1, .losses = 1, .draws = 1, .faults = 1}));
  EXPECT_EQ(table.rows[1].total, (Tally{.wins = 1, .losses = 1, .draws = 1, .faults = 1}));
  EXPECT_EQ(table.faults_by_text.at("broken"), 1);
  EXPECT_EQ(table.pairs[0], (PairCounts{0, 1, 0, 0, 0}));
}

TEST(MatchStop, StopsAtTheSamePairInWhateverOrderGamesEnd) {
  Match match = match_of({"greedy", "random"}, 400);
  match.stop = "sprt:elo0=0,elo1=50,alpha=0.05,beta=0.05";
  match = *checked(match);
  std::vector<GameRecord> games;
  for (std::uint64_t n = 0; n < 400; ++n)
    games.push_back(decided(match, n, n % 7 == 0 ? kLoss : n % 5 == 0 ? kDraw : kWin));
  const StopPoint in_order = stop_point(match, games);
  ASSERT_TRUE(in_order.last_game);
  EXPECT_LT(*in_order.last_game, 399U);
  EXPECT_EQ(*in_order.last_game % 2, 1U) << "after a whole pair";
  EXPECT_THAT(in_order.state.why, HasSubstr("accept_h1"));
  auto shuffled = games;
  std::reverse(shuffled.begin(), shuffled.end());
  EXPECT_EQ(stop_point(match, shuffled).last_game, in_order.last_game);
  EXPECT_EQ(counted(shuffled, in_order).size(), *in_order.last_game + 1);
  EXPECT_EQ(counted(shuffled, in_order).front().game, 0U);
}

TEST(MatchStop, WaitsForThePairThatIsMissing) {
  Match match = match_of({"greedy", "random"}, 400);
  match.stop = "decided";
  match = *checked(match);
  std::vector<GameRecord> games;
  for (std::uint64_t n = 2; n < 400; ++n) games.push_back(decided(match, n, kWin));
  EXPECT_FALSE(stop_point(match, games).last_game) << "the first pair has not ended";
  games.push_back(decided(match, 0, kFault));
  games.push_back(decided(match, 1, kWin));
  EXPECT_TRUE(stop_point(match, games).last_game) << "a pair with a fault is passed over";
}

TEST(MatchReport, JsonSaysWhatTheGamesSay) {
  Match match = match_of({"greedy", "random"}, 30, 5);
  match.stop = "sprt:elo0=0,elo1=50,alpha=0.05,beta=0.05";
  match.games = 30;
  match = *checked(match);
  const auto games = games_played(match);
  MatchReport report;
  report.match = match;
  const StopPoint stop = stop_point(match, games);
  report.stop = stop.state;
  const auto kept = counted(games, stop);
  report.table = tabulate(match, kept);
  const std::string text = to_json(report);
  EXPECT_TRUE(text.starts_with(R"({"schema":"keisei.match/1")"));
  const Json json = Json::parse(text);
  EXPECT_EQ(json["games"], kept.size());
  EXPECT_EQ(json["players"][0]["name"], "greedy");
  EXPECT_EQ(json["players"][0]["wins"], json["players"][1]["losses"]);
  EXPECT_EQ(json["pairings"][0]["wins"], json["players"][0]["wins"]);
  EXPECT_EQ(json["players"][0]["elo"], 0.0);
  EXPECT_TRUE(json["players"][0]["elo_error95"].is_null());
  EXPECT_GT(json["players"][0]["elo_error95_about_mean"].get<double>(), 0);
  EXPECT_LT(json["players"][1]["elo"].get<double>(), 0);
  EXPECT_GT(json["players"][1]["elo_error95"].get<double>(), 0);
  EXPECT_TRUE(json["stop"]["decision"].is_string());
  EXPECT_TRUE(json["wall_s"].is_null());
  EXPECT_TRUE(json["directory"].is_null());
  EXPECT_EQ(json["protocol"], match.protocol);
}

TEST(MatchReport, TextHasTheTableAndNoControlCharacters) {
  const Match match = match_of({"greedy", "random", "random"}, 2, 5);
  auto games = games_played(match);
  games[0] = decided(match, 0, kFault);
  games[0].fault = "bad \x1b[31m\n news";
  MatchReport report;
  report.match = match;
  report.table = tabulate(match, games);
  const std::string text = to_text(report);
  EXPECT_THAT(text, HasSubstr("6 of 6 games, incomplete"));
  EXPECT_THAT(text, HasSubstr("random (2)"));
  EXPECT_THAT(text, HasSubstr("1 x bad ?[31m? news"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    EXPECT_LE(end - at, 140U) << text.substr(at, end - at);
}

TEST(MatchReport, WithoutGamesNothingIsClaimed) {
  MatchReport report;
  report.match = match_of({"greedy", "random"}, 2);
  report.table = tabulate(report.match, {});
  EXPECT_EQ(report.status(), "no games");
  const Json json = Json::parse(to_json(report));
  for (const char* key : {"score", "elo", "los", "score_ci95"}) EXPECT_TRUE(json["pairings"][0][key].is_null()) << key;
  EXPECT_THAT(progress_line(report.match, report.table, {}), HasSubstr("0 of 2 games"));
  EXPECT_FALSE(to_text(report).empty());
}

TEST(MatchReport, ACrossTableThatIsTooWideShowsScores) {
  const Match match = match_of({"greedy", "random", "random", "random", "greedy", "random", "random", "random"}, 2);
  const std::string wide = cross_lines(tabulate(match, games_played(match)), 1000);
  const std::string narrow = cross_lines(tabulate(match, games_played(match)), 60);
  EXPECT_LT(narrow.find('\n'), wide.find('\n'));
}

}  // namespace
}  // namespace keisei::evaluation
