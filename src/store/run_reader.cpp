#include "store/run_reader.h"

#include <utility>

#include "store/run_rows.h"
#include "store/schema.h"
#include "store/sqlite.h"

namespace keisei::store {
namespace {

NumberedMetric numbered_of(const Statement& row) { return {row.integer(0), metric_of(row)}; }

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
  auto found = rows_of<std::int64_t>(connection_->db, "PRAGMA data_version", kNothingToBind,
                                     [](const Statement& row) { return row.integer(0); });
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? 0 : found->front();
}

Result<NewestIds> RunReader::newest() const {
  auto found = rows_of<NewestIds>(
      connection_->db,
      "SELECT (SELECT max(id) FROM metrics), (SELECT max(id) FROM evaluations), (SELECT max(id) FROM games), "
      "(SELECT max(id) FROM ratings), (SELECT max(id) FROM sla_ledger), (SELECT max(id) FROM events)",
      kNothingToBind, [](const Statement& row) {
        return NewestIds{row.integer(0), row.integer(1), row.integer(2),
                         row.integer(3), row.integer(4), row.integer(5)};
      });
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? NewestIds{} : found->front();
}

Result<std::vector<NumberedMetric>> RunReader::metrics_after(std::int64_t id, std::int64_t limit) const {
  return rows_of<NumberedMetric>(
      connection_->db, std::string("SELECT ") + kMetricColumns + " FROM metrics WHERE id > ? ORDER BY id LIMIT ?",
      [&](Statement& query) { query.bind(id).bind(limit); }, numbered_of);
}

Result<std::vector<EventRow>> RunReader::events_after(std::int64_t id, std::int64_t limit) const {
  return rows_of<EventRow>(
      connection_->db, std::string("SELECT ") + kEventColumns + " FROM events WHERE id > ? ORDER BY id LIMIT ?",
      [&](Statement& query) { query.bind(id).bind(limit); }, event_of);
}

Result<std::vector<NumberedMetric>> RunReader::metric_after(const std::string& name, std::int64_t step, std::int64_t id,
                                                            std::int64_t to, std::int64_t limit) const {
  return rows_of<NumberedMetric>(
      connection_->db,
      std::string("SELECT ") + kMetricColumns +
          " FROM metrics WHERE name = ? AND (step, id) > (?, ?) AND step <= ? "
          "ORDER BY step, id LIMIT ?",
      [&](Statement& query) { query.bind(std::string_view(name)).bind(step).bind(id).bind(to).bind(limit); },
      numbered_of);
}

Result<std::vector<GameRow>> RunReader::games(const GamePage& page) const {
  const std::string sql = std::string("SELECT ") + kGameColumns + (page.with_records ? ", json" : ", NULL") +
                          " FROM games WHERE id < ?1 AND (?2 < 0 OR evaluation_id = ?2) ORDER BY id DESC LIMIT ?3";
  return rows_of<GameRow>(
      connection_->db, sql,
      [&](Statement& query) { query.bind(page.before_id).bind(page.evaluation_id.value_or(-1)).bind(page.limit); },
      game_of);
}

Result<std::optional<GameRow>> RunReader::game(std::int64_t id) const {
  auto found = rows_of<GameRow>(
      connection_->db, std::string("SELECT ") + kGameColumns + ", json FROM games WHERE id = ?",
      [&](Statement& query) { query.bind(id); }, game_of);
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::string> RunReader::evaluation_json(std::int64_t id) const {
  auto found = rows_of<std::string>(
      connection_->db, "SELECT json FROM evaluations WHERE id = ?", [&](Statement& query) { query.bind(id); },
      [](const Statement& row) { return row.text(0); });
  if (!found) return tl::make_unexpected(found.error());
  return found->empty() ? std::string() : std::move(found->front());
}

}  // namespace keisei::store
