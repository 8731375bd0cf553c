// Rows as an evaluation gives them, and a database to put them in.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "store/run_database.h"

namespace keisei::store {

inline RunDatabase open_new(const std::filesystem::path& path) {
  auto database = RunDatabase::open(path, RunDatabase::Mode::kWrite);
  if (!database) throw std::runtime_error(database.error().message);
  return std::move(*database);
}

inline EvaluationRow sample_evaluation(std::int64_t step) {
  EvaluationRow row;
  row.step = step;
  row.time_ms = 1'772'368'496'789;
  row.strategy = "single_opponent";
  row.agent = "checkpoint";
  row.opponent = "random";
  row.agent_id = std::string(64, 'a');
  row.games = 4;
  row.wins = 3;
  row.draws = 1;
  row.score = 0.875;
  row.score_low = 0.5;
  row.score_high = 0.98;
  row.json = R"({"schema":"keisei.evaluation/1"})";
  return row;
}

inline std::vector<GameRow> sample_games(int count) {
  std::vector<GameRow> games;
  for (int i = 0; i < count; ++i) {
    GameRow game;
    game.number = i;
    game.black = "a";
    game.white = "random";
    game.agent_colour = i % 2 == 0 ? "black" : "white";
    game.winner = i == 3 ? "none" : "black";
    game.reason = i == 3 ? "max_moves" : "checkmate";
    game.plies = 57 + i;
    game.json = "{\"moves\":[\"7g7f\"]}";
    games.push_back(game);
  }
  return games;
}

}  // namespace keisei::store
