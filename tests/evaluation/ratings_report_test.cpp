#include "evaluation/ratings_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "evaluation/xml_check.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;

struct Played {
  std::vector<GameRecord> records;
  std::vector<RatedGame> games;
  std::map<std::string, std::string> names;
};

Played played() {
  Played all;
  all.records = games_played(match_of({"greedy", "random"}, 20, 3));
  all.games = rated_games(all.records);
  add_names(all.names, all.records);
  return all;
}

TEST(RatingsReport, JsonIsTheFitOfTheGames) {
  const Played all = played();
  const auto report = rating_report({{"m", "match", 20, all.games.size()}}, all.games, all.names);
  ASSERT_TRUE(report) << report.error().message;
  const std::string text = to_json(*report);
  EXPECT_TRUE(text.starts_with(R"({"schema":"keisei.ratings/1")"));
  const Json json = Json::parse(text);
  const auto tables = rate(all.games);
  ASSERT_EQ(json["tables"].size(), tables->size());
  const Json& table = json["tables"][0];
  EXPECT_EQ(table["anchor"], "random");
  EXPECT_EQ(table["players"][0]["id"], "greedy");
  EXPECT_EQ(table["players"][0]["elo"], tables->front().players[0].elo);
  EXPECT_LT(table["players"][0]["elo_ci95"][0].get<double>(), table["players"][0]["elo"].get<double>());
  EXPECT_EQ(table["players"][1]["elo"], 0.0);
  EXPECT_TRUE(table["players"][1]["elo_ci95"].is_null()) << "the anchor has no error";
  EXPECT_EQ(table["covariance_elo2"].size(), 4U);
  EXPECT_TRUE(table.contains("cyclic_residual"));
  EXPECT_THAT(to_text(*report), HasSubstr("greedy"));
}

TEST(RatingsReport, ProtocolsNeverMix) {
  Played all = played();
  std::vector<RatedGame> games = all.games;
  for (RatedGame game : all.games) {
    std::swap(game.black, game.white);  // the other way round by another protocol
    game.protocol = "another";
    games.push_back(game);
  }
  const auto both = rating_report({}, games, all.names);
  ASSERT_TRUE(both);
  ASSERT_EQ(both->tables.size(), 2U);
  EXPECT_NE(both->tables[0].players[0].id, both->tables[1].players[0].id);
  const auto one = rating_report({}, games, all.names, all.games.front().protocol);
  ASSERT_TRUE(one);
  ASSERT_EQ(one->tables.size(), 1U);
  EXPECT_EQ(one->tables[0].players[0].id, "greedy");
  const auto none = rating_report({}, games, all.names, "nobody's");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kUsage);
  EXPECT_THAT(none.error().hint, HasSubstr("another"));
}

TEST(RatingsReport, SaysHowFarStoredRatingsAre) {
  const Played all = played();
  const auto tables = *rate(all.games);
  const std::string protocol = tables[0].protocol;
  const std::vector<StoredRating> stored = {{"greedy", protocol, tables[0].players[0].elo + 2.5},
                                            {"random", protocol, 0},
                                            {"random", "another", 0},
                                            {"gone", protocol, 5}};
  const StoredCheck check = check_stored(stored, tables);
  EXPECT_EQ(check.compared, 2U);
  EXPECT_EQ(check.missing, 2U);
  EXPECT_NEAR(check.largest_difference_elo, 2.5, 1e-9);
}

TEST(RatingsReport, ChartIsAFileOfItsOwn) {
  Played all = played();
  all.names["greedy"] = "</svg><script>";
  const auto report = rating_report({}, all.games, all.names);
  const std::string svg = to_svg(*report);
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme"));
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  if (!has_python()) GTEST_SKIP() << "python3 is not installed (packages-test.txt)";
  expect_well_formed(svg);
  expect_well_formed(to_svg(RatingsReport{}));
}

TEST(RatingsReport, WithoutGamesNothingIsClaimed) {
  const auto report = rating_report({{"m", "match", 0, 0}}, {}, {});
  ASSERT_TRUE(report);
  EXPECT_THAT(to_text(*report), HasSubstr("No rated games"));
  EXPECT_EQ(Json::parse(to_json(*report))["tables"].size(), 0U);
}

}  // namespace
}  // namespace keisei::evaluation
