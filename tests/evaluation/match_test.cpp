#include "evaluation/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "evaluation/match_fixture.h"

namespace keisei::evaluation {
namespace {

using shogi::Color;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Match, EveryTwoPlayersMeetInPairsFromOneOpening) {
  const Match match = match_of({"random", "greedy", "random"}, 4);
  EXPECT_EQ(games_of(match), 12);
  std::set<std::uint64_t> numbers;
  std::map<int, std::set<std::string>> openings_of_round;
  for (const MatchPair& pair : pairs_of(match)) {
    const GameRecord first = planned_game(match, 2 * pair.number);
    const GameRecord second = planned_game(match, 2 * pair.number + 1);
    EXPECT_EQ(first.opening_sfen, second.opening_sfen);
    EXPECT_EQ(first.agent_colour, Color::kBlack);
    EXPECT_EQ(second.agent_colour, Color::kWhite);
    EXPECT_EQ(first.pairing, pair.pairing);
    EXPECT_EQ(first.pair, pair.round);
    EXPECT_EQ(first.agent, second.agent);
    openings_of_round[pair.round].insert(first.opening_sfen);
    numbers.insert(first.game);
    numbers.insert(second.game);
  }
  EXPECT_EQ(numbers.size(), 12U);
  EXPECT_EQ(*numbers.rbegin(), 11U);
  for (const auto& [round, openings] : openings_of_round) EXPECT_EQ(openings.size(), 1U) << round;
  EXPECT_NE(openings_of_round[0], openings_of_round[1]);
}

TEST(Match, AMatchStoppedAfterARoundIsBalanced) {
  const Match match = match_of({"random", "greedy", "random"}, 6);
  const auto pairs = pairs_of(match);
  EXPECT_EQ(pairs[0].pairing, 0);
  EXPECT_EQ(pairs[1].pairing, 1);
  EXPECT_EQ(pairs[2].pairing, 2);
  EXPECT_EQ(pairs[3].round, 1);
}

TEST(Match, NeighboursAloneMeet) {
  Match match = match_of({"random", "greedy", "material:1", "material:2"}, 2);
  match.neighbours = 2;
  std::vector<std::pair<std::size_t, std::size_t>> meet;
  for (const auto& [agent, opponent] : pairings_of(match)) meet.emplace_back(agent, opponent);
  EXPECT_THAT(
      meet, ElementsAre(std::pair(0U, 1U), std::pair(0U, 2U), std::pair(1U, 2U), std::pair(1U, 3U), std::pair(2U, 3U)));
  EXPECT_EQ(games_of(match), 10);
  EXPECT_EQ(pairs_of(match).size(), 5U);
  const auto read = decode_match(encode(match));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->neighbours, 2);
  EXPECT_THAT(differences(match_of({"random", "greedy", "material:1", "material:2"}, 2), match),
              ElementsAre("pairings: 2 neighbours, was all meet all"));
  match.neighbours = -1;
  EXPECT_THAT(checked(match).error().message, HasSubstr("neighbours -1"));
  match.neighbours = 64;
  EXPECT_EQ(checked(match)->neighbours, 0) << "more than there are: all meet all";
}

TEST(Match, AnOddNumberOfGamesEndsWithASingleOne) {
  const Match match = match_of({"random", "greedy"}, 3);
  const auto pairs = pairs_of(match);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[1].games, 1);
  EXPECT_EQ(games_of(match), 3);
}

TEST(Match, RefusesWhatCannotBePlayed) {
  Match match;
  EXPECT_FALSE(checked(match));
  match = match_of({"random", "greedy"}, 2);
  match.games = 0;
  EXPECT_EQ(checked(match).error().code, Code::kUsage);
  match = match_of({"random", "greedy"}, 2);
  match.openings.sfens = {"startpos", "rubbish"};
  EXPECT_THAT(checked(match).error().message, HasSubstr("opening 2"));
  match = match_of({"random", "greedy"}, 2);
  match.players[1].spec = *parse_player("live");
  EXPECT_THAT(checked(match).error().message, HasSubstr("live"));
  match = match_of({"random", "greedy"}, 2);
  match.rules.max_moves = 0;
  EXPECT_FALSE(checked(match));
}

TEST(Match, ItsGamesAreRatedWithThoseOfAnEvaluationByTheSameRules) {
  Match match = match_of({"greedy", "random"}, 2);
  Request request = request_of(2);
  request.rules = match.rules;
  request.openings = match.openings;
  EXPECT_EQ(match.protocol, protocol_hash(request));
  match.adjudication = {.limit = 0.9, .moves = 4};
  EXPECT_NE(checked(match)->protocol, protocol_hash(request));
  match = match_of({"greedy", "random"}, 2);
  match.rules.max_moves = 121;
  EXPECT_NE(checked(match)->protocol, protocol_hash(request));
  match = match_of({"greedy", "random"}, 200, 77);  // number of games, seed and players are not part of it
  EXPECT_EQ(match.protocol, protocol_hash(request));
}

TEST(Match, SettingsSurviveTheirFile) {
  Match match = match_of({"greedy", "random"}, 10, 18446744073709551615U);
  match.openings = {0, {"startpos", "lnsgkgsnl/1r5b1/ppppppppp/9/9/2P6/PP1PPPPPP/1B5R1/LNSGKGSNL w - 2"}};
  match.stop = "sprt:elo0=0,elo1=30,alpha=0.05,beta=0.05";
  match.adjudication = {.limit = 0.95, .moves = 3};
  match.rules.declaration = shogi::DeclarationRule::k24;
  const Match good = *checked(match);
  const auto read = decode_match(encode(good));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode(*read), encode(good));
  EXPECT_TRUE(differences(good, *read).empty());
  EXPECT_EQ(planned_game(*read, 3), planned_game(good, 3));
}

TEST(Match, SettingsThatWereChangedAreRefused) {
  const std::string text = encode(match_of({"greedy", "random"}, 10));
  std::string other = text;
  other.replace(other.find("\"max_moves\":120"), 15, "\"max_moves\":121");
  EXPECT_THAT(decode_match(other).error().message, HasSubstr("protocol"));
  EXPECT_FALSE(decode_match(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(decode_match("{}"));
}

TEST(Match, SaysWhatMakesTwoMatchesDifferent) {
  const Match match = match_of({"greedy", "random"}, 10);
  EXPECT_TRUE(differences(match, match_of({"greedy", "random"}, 20)).empty());
  EXPECT_THAT(differences(match, match_of({"greedy", "random"}, 10, 2)), ElementsAre("seed: 2, was 1"));
  EXPECT_THAT(differences(match, match_of({"random", "greedy"}, 10)).at(0), HasSubstr("random against greedy"));
}

TEST(Match, NamesAreDifferent) {
  EXPECT_THAT(names_of(match_of({"random", "greedy", "random"}, 2)), ElementsAre("random", "greedy", "random (2)"));
  Match engines;
  for (const char* text : {"usi:a/engine?depth=1", "usi:a/engine?depth=2", "usi:b/other?depth=1"})
    engines.players.push_back({*parse_player(text), ""});
  const auto names = names_of(engines);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 3U);
  EXPECT_EQ(names[2], "other");
  EXPECT_THAT(names[0], HasSubstr("depth=1"));
}

TEST(Match, TimeControlGoesToEnginesWithoutLimits) {
  std::vector<PlayerSpec> players = {*parse_player("usi:engine"), *parse_player("usi:engine?depth=3"),
                                     *parse_player("greedy")};
  const auto applied = apply_time_control(players, "nodes=100");
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(*applied, 1);
  EXPECT_EQ(players[0].engine->limits.nodes, 100);
  EXPECT_EQ(players[1].engine->limits.nodes, 0);
  EXPECT_NE(player_id(players[0], ""), player_id(players[1], ""));
  EXPECT_EQ(apply_time_control(players, "soon").error().code, Code::kUsage);
}

TEST(MatchJob, PlaysThePlannedGames) {
  const Match match = match_of({"greedy", "random", "random"}, 4, 9);
  for (const GameRecord& game : games_played(match)) {
    EXPECT_TRUE(is_of(match, game)) << game.game;
    EXPECT_TRUE(verify(game)) << game.game;
    EXPECT_GT(game.plies(), 0);
  }
}

TEST(MatchJob, AGameDependsOnItsNumberAlone) {
  const Match match = match_of({"greedy", "random"}, 6, 4);
  const auto all = games_played(match);
  const FakeClock clock;
  const MatchJob job = job_of(match, {5});
  const auto agent = builtin("greedy");
  const auto opponent = builtin("random");
  const auto alone = play_job(job, *agent, *opponent, clock, {});
  ASSERT_EQ(alone.size(), 1U);
  EXPECT_EQ(alone[0], all[5]);
}

TEST(MatchJob, CrossesTheProcessBoundaryStrictly) {
  const MatchJob job = job_of(match_of({"greedy", "random"}, 6, 4), {2, 3});
  const std::string text = encode(job);
  const auto read = decode_match_job(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode(*read), text);
  EXPECT_FALSE(decode_match_job(text + "x"));
  std::string three = text;
  three.replace(three.find("\"first_game\":2"), 14, "\"first_game\":3");  // games of two pairs
  EXPECT_FALSE(decode_match_job(three));
}

TEST(MatchJob, ARecordOfAnotherMatchIsNoneOfThisOne) {
  const Match match = match_of({"greedy", "random"}, 4, 4);
  const GameRecord game = games_played(match)[0];
  for (const auto& change : std::vector<std::function<void(GameRecord&)>>{
           [](GameRecord& g) { g.seed = 5; }, [](GameRecord& g) { g.agent = "random"; },
           [](GameRecord& g) { g.protocol = "0"; }, [](GameRecord& g) { g.agent_colour = ~g.agent_colour; },
           [](GameRecord& g) { g.pairing = 1; }, [](GameRecord& g) { g.game = ~std::uint64_t{0}; },
           [](GameRecord& g) { g.opponent_id = "other"; }, [](GameRecord& g) { g.rules.max_moves = 9; }}) {
    GameRecord other = game;
    change(other);
    EXPECT_FALSE(is_of(match, other));
  }
  EXPECT_TRUE(is_of(match, game));
}

}  // namespace
}  // namespace keisei::evaluation
