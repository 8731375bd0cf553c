// Inside the store: how rows of a run database become values, one function a kind of row, for both readers of it (whole
// tables: run_queries.cpp; rows after a given one: run_reader.cpp). Columns stand in the order of the texts here, so a
// query names them through these. Not thread-safe: whoever holds the connection calls.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/run_database.h"
#include "store/sqlite.h"

namespace keisei::store {

/// All rows of a statement, each made by `make`. `bind` sets the parameters.
template <class Row, class Bind, class Make>
Result<std::vector<Row>> rows_of(const Sqlite& db, std::string_view sql, Bind bind, Make make) {
  auto statement = db.prepare(sql);
  if (!statement) return tl::make_unexpected(statement.error());
  bind(*statement);
  std::vector<Row> all;
  if (auto done = db.each(*statement, [&](const Statement& row) { all.push_back(make(row)); }); !done) {
    return tl::make_unexpected(done.error());
  }
  return all;
}

/// For statements without parameters.
inline constexpr auto kNothingToBind = [](Statement&) {};

inline constexpr const char* kMetricColumns = "id, step, time, name, value";
[[nodiscard]] inline Metric metric_of(const Statement& row) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  return {row.integer(1), row.integer(2), row.text(3), row.real(4).value_or(kUnknown)};
}

inline constexpr const char* kEventColumns = "id, step, time, kind, json";
[[nodiscard]] inline EventRow event_of(const Statement& row) {
  return {row.integer(0), row.integer(1), row.integer(2), row.text(3), row.text(4)};
}

/// The record comes last: a query may put NULL in its place.
inline constexpr const char* kGameColumns =
    "id, evaluation_id, number, black, white, agent_colour, winner, reason, plies, seconds";
[[nodiscard]] inline GameRow game_of(const Statement& row) {
  GameRow g;
  g.id = row.integer(0);
  g.evaluation_id = row.integer(1);
  g.number = row.integer(2);
  g.black = row.text(3);
  g.white = row.text(4);
  g.agent_colour = row.text(5);
  g.winner = row.text(6);
  g.reason = row.text(7);
  g.plies = row.integer(8);
  g.seconds = row.real(9);
  g.json = row.text(10);
  return g;
}

}  // namespace keisei::store
