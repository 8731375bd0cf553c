// The reading half of RunDatabase.
#include <utility>

#include "store/run_connection.h"
#include "store/run_database.h"
#include "store/run_rows.h"

namespace keisei::store {
namespace {

/// Binds an optional evaluation id for "WHERE ?1 IS NULL OR evaluation_id = ?1".
void bind_id(Statement& statement, std::optional<std::int64_t> id) {
  if (id) {
    statement.bind(*id);
  } else {
    statement.bind_or_null({});
  }
}

}  // namespace

Result<std::map<std::string, std::string>> RunDatabase::meta() const {
  return connection_->locked([&]() -> Result<std::map<std::string, std::string>> {
    using Pair = std::pair<std::string, std::string>;
    auto all = rows_of<Pair>(connection_->db, "SELECT key, value FROM run", kNothingToBind,
                             [](const Statement& row) { return Pair(row.text(0), row.text(1)); });
    if (!all) return tl::make_unexpected(all.error());
    return std::map<std::string, std::string>(all->begin(), all->end());
  });
}

Result<std::optional<std::string>> RunDatabase::meta(const std::string& key) const {
  auto all = meta();
  if (!all) return tl::make_unexpected(all.error());
  const auto found = all->find(key);
  return found == all->end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<std::string>> RunDatabase::metric_names() const {
  return connection_->locked([&] {
    return rows_of<std::string>(connection_->db, "SELECT DISTINCT name FROM metrics ORDER BY name", kNothingToBind,
                                [](const Statement& row) { return row.text(0); });
  });
}

Result<std::vector<Metric>> RunDatabase::metrics(const std::string& name, std::int64_t from_step,
                                                 std::int64_t limit) const {
  return connection_->locked([&] {
    return rows_of<Metric>(
        connection_->db,
        std::string("SELECT ") + kMetricColumns +
            " FROM metrics WHERE name = ? AND step >= ? ORDER BY step, id LIMIT ?",
        [&](Statement& query) { query.bind(std::string_view(name)).bind(from_step).bind(limit); }, metric_of);
  });
}

Result<std::vector<Metric>> RunDatabase::latest_metrics() const {
  return connection_->locked([&] {
    return rows_of<Metric>(connection_->db,
                           std::string("SELECT ") + kMetricColumns +
                               " FROM metrics WHERE id IN (SELECT max(id) FROM metrics GROUP BY name) ORDER BY name",
                           kNothingToBind, metric_of);
  });
}

Result<std::vector<EvaluationRow>> RunDatabase::evaluations() const {
  return connection_->locked([&] {
    return rows_of<EvaluationRow>(
        connection_->db,
        "SELECT id, step, time, strategy, agent, opponent, agent_id, opponent_id, protocol, games, wins, losses, "
        "draws, "
        "faults, score, score_low, score_high, elo, elo_low, elo_high, wall_s, json FROM evaluations ORDER BY id",
        kNothingToBind, [](const Statement& row) {
          EvaluationRow e;
          e.id = row.integer(0);
          e.step = row.integer(1);
          e.time_ms = row.integer(2);
          e.strategy = row.text(3);
          e.agent = row.text(4);
          e.opponent = row.text(5);
          e.agent_id = row.text(6);
          e.opponent_id = row.text(7);
          e.protocol = row.text(8);
          e.games = row.integer(9);
          e.wins = row.integer(10);
          e.losses = row.integer(11);
          e.draws = row.integer(12);
          e.faults = row.integer(13);
          e.score = row.real(14);
          e.score_low = row.real(15);
          e.score_high = row.real(16);
          e.elo = row.real(17);
          e.elo_low = row.real(18);
          e.elo_high = row.real(19);
          e.wall_s = row.real(20);
          e.json = row.text(21);
          return e;
        });
  });
}

Result<std::vector<GameRow>> RunDatabase::games(std::optional<std::int64_t> evaluation_id) const {
  return connection_->locked([&] {
    return rows_of<GameRow>(
        connection_->db,
        std::string("SELECT ") + kGameColumns + ", json FROM games WHERE ?1 IS NULL OR evaluation_id = ?1 ORDER BY id",
        [&](Statement& query) { bind_id(query, evaluation_id); }, game_of);
  });
}

Result<std::vector<RatingRow>> RunDatabase::ratings(std::optional<std::int64_t> evaluation_id) const {
  return connection_->locked([&] {
    return rows_of<RatingRow>(
        connection_->db,
        "SELECT evaluation_id, player, name, protocol, games, elo, elo_low, elo_high FROM ratings "
        "WHERE ?1 IS NULL OR evaluation_id = ?1 ORDER BY id",
        [&](Statement& query) { bind_id(query, evaluation_id); },
        [](const Statement& row) {
          return RatingRow{row.integer(0), row.text(1), row.text(2), row.text(3),
                           row.integer(4), row.real(5), row.real(6), row.real(7)};
        });
  });
}

Result<std::vector<SlaRow>> RunDatabase::sla(std::optional<std::int64_t> evaluation_id) const {
  return connection_->locked([&] {
    return rows_of<SlaRow>(
        connection_->db,
        "SELECT evaluation_id, clause, verdict, value, threshold, source, time FROM sla_ledger "
        "WHERE ?1 IS NULL OR evaluation_id = ?1 ORDER BY id",
        [&](Statement& query) { bind_id(query, evaluation_id); },
        [](const Statement& row) {
          return SlaRow{row.integer(0), row.text(1), row.text(2),   row.real(3),
                        row.real(4),    row.text(5), row.integer(6)};
        });
  });
}

Result<std::vector<EventRow>> RunDatabase::events(const std::string& kind, std::int64_t limit) const {
  return connection_->locked([&] {
    return rows_of<EventRow>(
        connection_->db,
        "SELECT id, step, time, kind, json FROM events WHERE ?1 IS NULL OR kind = ?1 ORDER BY id LIMIT ?2",
        [&](Statement& query) { query.bind_or_null(kind).bind(limit); }, event_of);
  });
}

Result<std::vector<EventRow>> RunDatabase::notable_events(std::int64_t limit) const {
  return connection_->locked([&] {
    return rows_of<EventRow>(
        connection_->db,
        "SELECT id, step, time, kind, json FROM (SELECT * FROM events WHERE kind IN ('warning', 'error') "
        "OR (kind >= 'governor.' AND kind < 'governor/' "
        "AND kind NOT IN ('governor.pair', 'governor.pair_dropped', 'governor.set_point')) "
        "OR (kind >= 'evaluation.' AND kind < 'evaluation/' "
        "AND kind NOT IN ('evaluation.performance', 'evaluation.sla')) ORDER BY id DESC LIMIT ?) ORDER BY id",
        [&](Statement& query) { query.bind(limit); }, event_of);
  });
}

Result<std::vector<CheckpointRow>> RunDatabase::checkpoints() const {
  return connection_->locked([&] {
    return rows_of<CheckpointRow>(
        connection_->db, "SELECT step, file, sha256, bytes, time FROM checkpoints ORDER BY step", kNothingToBind,
        [](const Statement& row) {
          return CheckpointRow{row.integer(0), row.text(1), row.text(2), row.integer(3), row.integer(4)};
        });
  });
}

}  // namespace keisei::store
