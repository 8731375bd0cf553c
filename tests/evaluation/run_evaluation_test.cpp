#include "evaluation/run_evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "evaluation/report.h"
#include "evaluation/scripted_player.h"
#include "shogi/tsume.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

/// Hands out built-in players, and scripted ones by weights id; remembers what it was asked for.
struct Company {
  std::map<std::string, std::shared_ptr<ScriptedPlayer>> scripted;
  std::vector<std::string> asked;

  PlayerFor source() {
    return [this](const PlayerSpec& spec, const std::string& id) -> Result<std::shared_ptr<shogi::Player>> {
      asked.push_back(to_string(spec));
      if (const auto found = scripted.find(id); found != scripted.end()) return found->second;
      auto made = shogi::make_builtin(to_string(spec));
      if (!made) return tl::make_unexpected(made.error());
      return std::shared_ptr<shogi::Player>(*std::move(made));
    };
  }
};

std::shared_ptr<ScriptedPlayer> first_move() {
  return std::make_shared<ScriptedPlayer>([](const shogi::Turn& t) { return nth_legal(t); });
}
std::shared_ptr<ScriptedPlayer> quitter() { return std::make_shared<ScriptedPlayer>(resigns()); }

Request several(const char* strategy, const char* opponents, int games = 20) {
  Request request = request_of(games, "live");
  request.strategy = strategy;
  request.agent_id = "agent";
  request.opponents = *parse_opponents(opponents);
  for (std::size_t i = 0; i < request.opponents.size(); ++i) {
    if (request.opponents[i].spec.is_network()) request.opponents[i].id = "w" + std::to_string(i);
  }
  return request;
}

std::vector<GameRecord> run(const Request& request, Company& company, const LoopHooks& hooks = {}) {
  const FakeClock clock;
  auto games = run_evaluation(request, company.source(), clock, hooks);
  EXPECT_TRUE(games) << games.error().message;
  return games ? *games : std::vector<GameRecord>{};
}

TEST(RunEvaluation, OneSetOfWeightsIsOneBatchOverAllPairings) {
  Request request = several("tournament", "random; greedy; checkpoint:old", 24);
  request.rules.max_moves = 6;
  request.openings.random_plies = 0;
  Company company;
  company.scripted = {{"agent", first_move()}, {"w2", first_move()}};
  const auto games = run(request, company);
  ASSERT_EQ(games.size(), 24U);
  EXPECT_EQ(company.asked, (std::vector<std::string>{"live", "random", "greedy", "checkpoint:old"}));
  EXPECT_EQ(company.scripted["agent"]->calls, 12) << "once a tick, the first pair alone";
  EXPECT_EQ(company.scripted["agent"]->largest_batch, 11U);
  // The agent against a checkpoint of its own weights: one player in both seats.
  request.opponents[2].id = "agent";
  Company same;
  same.scripted = {{"agent", first_move()}};
  EXPECT_EQ(run(request, same).size(), 24U);
  EXPECT_EQ(same.scripted["agent"]->calls, 12);
  EXPECT_EQ(same.scripted["agent"]->largest_batch, 15U);
}

TEST(RunEvaluation, PairingsSideBySideEqualPairingsAlone) {
  Request request = several("tournament", "random; greedy", 12);
  request.agent = *parse_player("greedy");
  request.agent_id = "";
  Company company;
  const auto games = run(request, company);
  request.max_concurrent_games = 1;
  EXPECT_EQ(run(request, company), games);
  const Plan plan = *make_plan(request);
  const FakeClock clock;
  for (std::size_t p = 0; p < 2; ++p) {
    const auto agent = builtin("greedy");
    const auto opponent = builtin(p == 0 ? "random" : "greedy");
    const auto alone = play_pairing(plan, p, *agent, *opponent, {}, clock);
    ASSERT_EQ(alone.size(), 6U);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(alone[i], games[6 * p + i]);
  }
  for (const GameRecord& game : games) EXPECT_TRUE(verify(game)) << verify(game).error().message;
}

TEST(RunEvaluation, SingleEliminationStopsAfterTheFirstLoss) {
  Request request = several("custom", "checkpoint:a; checkpoint:b; checkpoint:c", 6);
  request.custom.plan = CustomPlan::kSingleElimination;
  Company company;
  // Against b the agent resigns: each answers by who it meets, which it cannot see; so by the number of the game.
  auto agent = std::make_shared<ScriptedPlayer>(
      [](const shogi::Turn& t) { return t.game == 3 ? kind_choice(shogi::Choice::Kind::kResign) : nth_legal(t); });
  company.scripted = {{"agent", agent}, {"w0", quitter()}, {"w2", quitter()}};
  company.scripted["w1"] = std::make_shared<ScriptedPlayer>(
      [](const shogi::Turn& t) { return t.game == 2 ? kind_choice(shogi::Choice::Kind::kResign) : nth_legal(t); });
  int reported = 0;
  const auto games = run(request, company, {.on_game = [&](const GameRecord&) { ++reported; }, .keep_going = {}});
  ASSERT_EQ(games.size(), 4U);
  EXPECT_EQ(reported, 4);
  EXPECT_EQ(company.scripted["w2"]->calls, 0) << "the third opponent is never met";
  const Summary summary = summarise(request, games);
  EXPECT_EQ(summary.status, "ok");
  EXPECT_EQ(summary.games_asked, 4);
  ASSERT_TRUE(summary.elimination);
  EXPECT_EQ(summary.elimination->lost_pairing, 1);
  EXPECT_EQ(summary.elimination->lost_game, 3U);
  EXPECT_EQ(summary.elimination->passed, 1);
  // What crossed a process boundary is accounted for the same way, and nothing beyond the loss is asked for.
  EXPECT_EQ(account_for_all(*make_plan(request), games, EndReason::kTimeout, "late"), games);
  const auto without_loss = account_for_all(*make_plan(request), {games[0], games[1]}, EndReason::kTimeout, "late");
  EXPECT_EQ(without_loss.size(), 6U) << "nobody knows that the missing games would have ended it";
}

TEST(RunEvaluation, AStopRuleCutsThePlanTheSameForAnyNumberOfGamesAtOnce) {
  Request request = several("tournament", "checkpoint:a; checkpoint:b", 80);
  request.stop = *parse_stop_rule("decided");
  const auto make = [] {
    Company company;
    company.scripted["agent"] = first_move();
    company.scripted["w0"] = quitter();
    company.scripted["w1"] = std::make_shared<ScriptedPlayer>(
        [](const shogi::Turn& t) { return t.game % 4 < 2 ? kind_choice(shogi::Choice::Kind::kResign) : nth_legal(t); });
    return company;
  };
  request.rules.max_moves = 20;
  request.max_concurrent_games = 1;
  Company company = make();
  const auto games = run(request, company);
  const Summary summary = summarise(request, games);
  EXPECT_EQ(summary.status, "ok");
  EXPECT_TRUE(summary.pairings[0].stop.reached);
  EXPECT_LT(summary.pairings[0].games_asked, 40);
  EXPECT_EQ(static_cast<int>(games.size()), summary.games_asked);
  for (const int concurrent : {3, 64, 200}) {
    request.max_concurrent_games = concurrent;
    Company other = make();
    std::vector<GameRecord> streamed;
    const LoopHooks hooks{.on_game = [&](const GameRecord& game) { streamed.push_back(game); }, .keep_going = {}};
    EXPECT_EQ(run(request, other, hooks), games) << concurrent;
    EXPECT_GE(streamed.size(), games.size());
    EXPECT_EQ(account_for_all(*make_plan(request), streamed, EndReason::kNotPlayed, ""), games);
  }
}

TEST(RunEvaluation, CancelledGamesAreAllAccountedFor) {
  const Request request = several("tournament", "random; greedy", 10);
  Company company;
  company.scripted["agent"] = first_move();
  int ticks = 0;
  std::set<std::uint64_t> reported;
  const auto games = run(request, company,
                         {.on_game = [&](const GameRecord& game) { reported.insert(game.game); },
                          .keep_going = [&] { return ++ticks < 3; }});
  EXPECT_EQ(games.size(), 10U);
  EXPECT_EQ(reported.size(), 10U);
  for (const GameRecord& game : games) EXPECT_EQ(game.reason, EndReason::kCancelled);
  EXPECT_EQ(summarise(request, games).status, "no games");
}

TEST(RunEvaluation, APlayerThatCannotBeMadeIsAnErrorBeforeTheFirstGame) {
  const Request request = several("tournament", "random; checkpoint:gone");
  Company company;
  company.scripted["agent"] = first_move();
  const FakeClock clock;
  const auto games = run_evaluation(request, company.source(), clock);
  ASSERT_FALSE(games);
  EXPECT_EQ(company.scripted["agent"]->calls, 0);
}

SuiteCase game_case(const char* id, int games) {
  SuiteCase found;
  found.id = id;
  found.sfen = "startpos";
  found.opponent = *parse_player("random");
  found.games = games;
  return found;
}

TEST(RunEvaluation, ABenchmarkPlaysItsCases) {
  Request request = request_of(1, "greedy");
  request.strategy = "benchmark";
  request.suite = {game_case("first", 3), game_case("second", 3)};
  request.suite[1].sfen = "4k4/9/9/9/9/9/9/9/4K4 b 2R2B4G4S4N4L18P 1";
  request.suite[1].agent_colour = SuiteCase::Colour::kWhite;
  Company company;
  const auto games = run(request, company);
  ASSERT_EQ(games.size(), 6U);
  for (std::size_t i = 3; i < 6; ++i) {
    EXPECT_EQ(games[i].agent_colour, shogi::Color::kWhite);
    EXPECT_EQ(games[i].opening_sfen, request.suite[1].sfen);
  }
  const Summary summary = summarise(request, games);
  ASSERT_EQ(summary.cases.size(), 2U);
  EXPECT_EQ(summary.cases[0].total.games(), 3);
  for (const CaseSummary& entry : summary.cases) {
    EXPECT_EQ(entry.passed, *score(entry.total) >= 0.5) << entry.id;
  }
  EXPECT_EQ(summary.opponent, "random");
  EXPECT_NE(summary.protocol, protocol_hash(request_of(1, "greedy"))) << "games from cases are not rated with others";
}

TEST(RunEvaluation, TsumeProblemsAreSolvedOrNot) {
  Request request = request_of(1, "live");
  request.agent_id = "agent";
  request.strategy = "benchmark";
  SuiteCase mate;  // gold in hand, king in the corner: one drop mates
  mate.kind = SuiteCase::Kind::kTsume;
  mate.id = "gold";
  mate.sfen = "8k/9/8P/9/9/9/9/9/4K4 b G 1";
  mate.games = 1;
  mate.mate_in = 1;
  request.suite = {mate};
  const auto solved_by = [&](const char* usi) {
    Company company;
    company.scripted["agent"] = std::make_shared<ScriptedPlayer>(line({usi}));
    const auto games = run(request, company);
    EXPECT_EQ(games.size(), 1U);
    EXPECT_TRUE(verify(games[0])) << verify(games[0]).error().message;
    EXPECT_EQ(games[0].opponent, "tsume:1");
    EXPECT_EQ(games[0].opponent_id, "") << "a problem is no player that could be rated";
    const Summary summary = summarise(request, games);
    EXPECT_EQ(read_summary(to_json(summary, {})).value_or(Summary{}), summary);
    return summary.cases[0].passed;
  };
  EXPECT_TRUE(solved_by("G*1b"));
  EXPECT_FALSE(solved_by("G*2b")) << "a check that is answered by capture";
  EXPECT_FALSE(solved_by("5i5h")) << "no check at all";
}

TEST(RunEvaluation, TheDefenderHoldsOutAsLongAsItCan) {
  const auto suite = read_suite(std::string(KEISEI_SOURCE_DIR) + "/configs/suites/tsume.jsonl");
  ASSERT_TRUE(suite) << suite.error().message;
  Request request = request_of(1, "live");
  request.agent_id = "agent";
  request.strategy = "benchmark";
  for (const SuiteCase& entry : *suite) {
    if (entry.mate_in <= 5) request.suite.push_back(entry);
  }
  ASSERT_GE(request.suite.size(), 10U);
  const auto play_problems = [&](auto attack) {
    Company company;
    company.scripted["agent"] = std::make_shared<ScriptedPlayer>(attack);
    return summarise(request, run(request, company));
  };
  const Plan plan = *make_plan(request);
  const auto left = [&](const shogi::Turn& turn) {
    return request.suite[static_cast<std::size_t>(turn.game)].mate_in - turn.position->plies_played();
  };
  const Summary best = play_problems([&](const shogi::Turn& turn) {
    const auto result = shogi::solve(*turn.position, left(turn), 1'000'000);
    return result.verdict == shogi::TsumeVerdict::kMate ? move_choice(result.line.front()) : nth_legal(turn);
  });
  for (const CaseSummary& entry : best.cases) EXPECT_TRUE(entry.passed) << entry.id;
  // An attacker that gives any check but the solution where the solution is the only one that mates.
  const Summary worst = play_problems([&](const shogi::Turn& turn) {
    shogi::MoveList moves;
    turn.position->legal_moves(moves);
    for (const shogi::Move move : moves) {
      if (shogi::judge_first_move(*turn.position, move, left(turn), 1'000'000) == shogi::TsumeVerdict::kNoMate) {
        return move_choice(move);
      }
    }
    return nth_legal(turn);
  });
  for (const CaseSummary& entry : worst.cases) EXPECT_FALSE(entry.passed) << entry.id;
}

TEST(RunEvaluation, ALadderRatingIsCarriedFromRunToRun) {
  Request request = several("ladder", "random; greedy");
  request.ladder.num_games_per_match = 4;
  Company company;
  company.scripted["agent"] = std::make_shared<ScriptedPlayer>(resigns());
  const Summary first = summarise(request, run(request, company));
  ASSERT_TRUE(first.ladder);
  EXPECT_EQ(first.ladder->before, 1500);
  EXPECT_LT(first.ladder->after, 1450);
  request.ladder.elo.ratings = first.ladder->ratings;
  const Summary second = summarise(request, run(request, company));
  EXPECT_EQ(second.ladder->before, first.ladder->after);
  EXPECT_LT(second.ladder->after, second.ladder->before);
  EXPECT_EQ(second.ladder->choices[0].rating, first.ladder->ratings.at("random"));
}

}  // namespace
}  // namespace keisei::evaluation
