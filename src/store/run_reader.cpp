#include "store/run_reader.h"

#include <limits>
#include <utility>

#include "store/schema.h"
#include "store/sqlite.h"

namespace keisei::store {
namespace {

template <class Row, class Bind, class Make>
Result<std::vector<Row>> rows(const Sqlite& db, std::string_view sql, Bind bind, Make make) {
  auto statement = db.prepare(sql);
  if (!statement) return tl::make_unexpected(statement.error());
  bind(*statement);
  std::vector<Row> all;
  const auto done = db.each(*statement, [&](const Statement& row) { all.push_back(make(row)); });
  if (!done) return tl::make_unexpected(done.error());
  return all;
}

NumberedMetric metric_of(const Statement& row) {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  return {row.integer(0), {row.integer(1), row.integer(2), row.text(3), row.real(4).value_or(kUnknown)}};
}

GameRow game_of(const Statement& row) {
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

constexpr const char* kGameColumns =
    "SELECT id, evaluation_id, number, black, white, agent_colour, winner, reason, plies, seconds, ";

}  // namespace

struct RunReader::Connection {
  explicit Connection(Sqlite opened) : db(std::move(opened)) {}
  Sqlite db;
};

RunReader::RunReader(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
RunReader::RunReader(RunReader&&) noexcept = default;
RunReader& RunReader::operator=(RunReader&&) noexcept = default;
RunReader::~RunReader() = default;

Result<RunReader> RunReader::open(const std::filesystem::path& path) {
  auto db = Sqlite::open(path, SqliteMode::kRead);
  if (!db) return tl::make_unexpected(db.error());
  const auto version = schema_version(*db);
  if (!version) return tl::make_unexpected(version.error());
  const std::size_t known = schema_steps().size();
  if (*version == 0) return fail(Code::kBadData, path.string() + " is empty: its run has written nothing yet");
  if (static_cast<std::size_t>(*version) > known) return newer_schema(*db, *version, known);
  return RunReader(std::make_unique<Connection>(std::move(*db)));
}

Result<std::int64_t> RunReader::data_version() const {
  auto found = rows<std::int64_t>(
      connection_->db, "PRAGMA data_version", [](Statement&) {}, [](const Statement& row) { return row.integer(0); });
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? 0 : found->front();
}

Result<NewestIds> RunReader::newest() const {
  auto found = rows<NewestIds>(
      connection_->db,
      "SELECT (SELECT max(id) FROM metrics), (SELECT max(id) FROM evaluations), (SELECT max(id) FROM games), "
      "(SELECT max(id) FROM ratings), (SELECT max(id) FROM sla_ledger), (SELECT max(id) FROM events)",
      [](Statement&) {},
      [](const Statement& row) {
        return NewestIds{row.integer(0), row.integer(1), row.integer(2),
                         row.integer(3), row.integer(4), row.integer(5)};
      });
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? NewestIds{} : found->front();
}

Result<std::vector<NumberedMetric>> RunReader::metrics_after(std::int64_t id, std::int64_t limit) const {
  return rows<NumberedMetric>(
      connection_->db, "SELECT id, step, time, name, value FROM metrics WHERE id > ? ORDER BY id LIMIT ?",
      [&](Statement& query) { query.bind(id).bind(limit); }, metric_of);
}

Result<std::vector<EventRow>> RunReader::events_after(std::int64_t id, std::int64_t limit) const {
  return rows<EventRow>(
      connection_->db, "SELECT id, step, time, kind, json FROM events WHERE id > ? ORDER BY id LIMIT ?",
      [&](Statement& query) { query.bind(id).bind(limit); },
      [](const Statement& row) {
        return EventRow{row.integer(0), row.integer(1), row.integer(2), row.text(3), row.text(4)};
      });
}

Result<std::vector<NumberedMetric>> RunReader::metric_after(const std::string& name, std::int64_t step,
                                                            std::int64_t id, std::int64_t to,
                                                            std::int64_t limit) const {
  return rows<NumberedMetric>(
      connection_->db,
      "SELECT id, step, time, name, value FROM metrics WHERE name = ? AND (step, id) > (?, ?) AND step <= ? "
      "ORDER BY step, id LIMIT ?",
      [&](Statement& query) { query.bind(std::string_view(name)).bind(step).bind(id).bind(to).bind(limit); },
      metric_of);
}

Result<std::vector<GameRow>> RunReader::games(const GamePage& page) const {
  const std::string sql = std::string(kGameColumns) + (page.with_records ? "json" : "NULL") +
                          " FROM games WHERE id < ?1 AND (?2 < 0 OR evaluation_id = ?2) ORDER BY id DESC LIMIT ?3";
  return rows<GameRow>(
      connection_->db, sql,
      [&](Statement& query) { query.bind(page.before_id).bind(page.evaluation_id.value_or(-1)).bind(page.limit); },
      game_of);
}

Result<std::optional<GameRow>> RunReader::game(std::int64_t id) const {
  auto found = rows<GameRow>(
      connection_->db, std::string(kGameColumns) + "json FROM games WHERE id = ?",
      [&](Statement& query) { query.bind(id); }, game_of);
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::string> RunReader::evaluation_json(std::int64_t id) const {
  auto found = rows<std::string>(
      connection_->db, "SELECT json FROM evaluations WHERE id = ?", [&](Statement& query) { query.bind(id); },
      [](const Statement& row) { return row.text(0); });
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? std::string() : std::move(found->front());
}

}  // namespace keisei::store
