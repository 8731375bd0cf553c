// Matches and their games for tests: real games of random and greedy players, played at once, and a folder that goes
// with the test. The games are records as a worker sends them, so that journals, tables and reports are fed with the
// real thing.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/match_job.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = testing::TempDir() + "keisei-match-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return root_ / name; }

 private:
  std::filesystem::path root_;
};

inline Match match_of(const std::vector<std::string>& players, int games, std::uint64_t seed = 1) {
  Match match;
  for (const std::string& text : players) {
    const PlayerSpec spec = *parse_player(text);
    match.players.push_back({spec, player_id(spec, "")});
  }
  match.games = games;
  match.seed = seed;
  match.rules.max_moves = 120;
  auto good = checked(std::move(match));
  EXPECT_TRUE(good) << good.error().message;
  return *good;
}

/// All games of the match, by number.
inline std::vector<GameRecord> games_played(const Match& match) {
  std::vector<GameRecord> games;
  const FakeClock clock;
  for (const MatchPair& pair : pairs_of(match)) {
    std::vector<std::uint64_t> numbers;
    for (int i = 0; i < pair.games; ++i) numbers.push_back(2 * pair.number + static_cast<std::uint64_t>(i));
    const MatchJob job = job_of(match, numbers);
    const auto agent = builtin(to_string(job.agent.spec).c_str());
    const auto opponent = builtin(to_string(job.opponent.spec).c_str());
    for (GameRecord& game : play_job(job, *agent, *opponent, clock, {})) games.push_back(std::move(game));
  }
  return games;
}

/// The planned game with this result for its agent, ended by resignation at once.
inline GameRecord decided(const Match& match, std::uint64_t number, GameResult result) {
  GameRecord record = planned_game(match, number);
  const shogi::Winner agent = shogi::winner_of(record.agent_colour);
  const shogi::Winner opponent = shogi::winner_of(~record.agent_colour);
  record.fault.clear();
  record.reason = EndReason::kResign;
  record.winner = result == GameResult::kWin ? agent : opponent;
  if (result == GameResult::kDraw) {
    record.reason = EndReason::kRepetition;
    record.winner = shogi::Winner::kNone;
  }
  if (result == GameResult::kFault) {
    record.reason = EndReason::kPlayerFault;
    record.winner = shogi::Winner::kNone;
    record.fault = "broken";
  }
  return record;
}

}  // namespace keisei::evaluation
