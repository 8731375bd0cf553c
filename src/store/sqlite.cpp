#include "store/sqlite.h"

#include <sqlite3.h>

#include <cmath>
#include <utility>

namespace keisei::store {
namespace {

constexpr int kBusyTimeoutMs = 5000;

/// The file as a URI, so that an archived database on a read-only medium can be opened as immutable.
std::string uri_of(const std::filesystem::path& path, const char* query) {
  std::string uri = "file:";
  static constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += {'%', kDigits[static_cast<unsigned char>(c) >> 4], kDigits[static_cast<unsigned char>(c) & 15]};
    } else {
      uri += c;
    }
  }
  return uri + query;
}

}  // namespace

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_, next_++, value);
  return *this;
}
Statement& Statement::bind(double value) {
  if (std::isnan(value)) {
    sqlite3_bind_null(statement_, next_++);
  } else {
    sqlite3_bind_double(statement_, next_++, value);
  }
  return *this;
}
Statement& Statement::bind(std::optional<double> value) { return bind(value.value_or(std::nan(""))); }
Statement& Statement::bind(std::string_view value) {
  sqlite3_bind_text64(statement_, next_++, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind_or_null(std::string_view value) {
  if (!value.empty()) return bind(value);
  sqlite3_bind_null(statement_, next_++);
  return *this;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
std::optional<double> Statement::real(int column) const {
  if (is_null(column)) return std::nullopt;
  return sqlite3_column_double(statement_, column);
}
std::string Statement::text(int column) const {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Result<Sqlite> Sqlite::open(const std::filesystem::path& path, SqliteMode mode) {
  const auto try_open = [&](const char* query) -> Result<Sqlite> {
    sqlite3* raw = nullptr;
    const int flags = (mode == SqliteMode::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
    const int result = sqlite3_open_v2(uri_of(path, query).c_str(), &raw, flags, nullptr);
    Sqlite db(path, raw);
    if (raw == nullptr) return fail(Code::kFailure, "no memory to open " + path.string());
    if (result != SQLITE_OK) return db.error(result);
    sqlite3_busy_timeout(raw, kBusyTimeoutMs);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    // A database from a stranger is only read; the checks of our own tables need json_valid().
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, mode == SqliteMode::kWrite ? 1 : 0, nullptr);
    return db;
  };
  auto db = try_open("");
  if (mode == SqliteMode::kWrite || !db) return db;
  // Without write permission a reader cannot make the shared index of the log; with no log there is none to miss.
  std::error_code error;
  if (db->value("PRAGMA schema_version") || std::filesystem::exists(path.string() + "-wal", error)) return db;
  auto frozen = try_open("?immutable=1");
  if (frozen && frozen->value("PRAGMA schema_version")) return frozen;
  return try_open("");
}

Sqlite::~Sqlite() { sqlite3_close_v2(db_); }

tl::unexpected<Error> Sqlite::error(int result) const {
  const std::string what = path_.string() + ": " + sqlite3_errmsg(db_);
  switch (result & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
      return fail(Code::kBadData, "run database " + what, "resuming the run keeps it as .corrupt and starts another");
    case SQLITE_BUSY:
      return fail(Code::kFailure, "run database " + what, "another process is writing to it");
    case SQLITE_FULL:
      return fail(Code::kFailure, "run database " + what, "free disk space; what was stored is intact");
    default:
      return fail(Code::kFailure, "run database " + what);
  }
}

Result<void> Sqlite::execute(const std::string& sql) {
  const int result = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return error(result);
  return {};
}

Result<Statement> Sqlite::prepare(std::string_view sql) const {
  sqlite3_stmt* raw = nullptr;
  const int result = sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (result != SQLITE_OK) return error(result);
  return Statement(raw);
}

Result<void> Sqlite::run(Statement& statement) const {
  return each(statement, [](const Statement&) {});
}

Result<void> Sqlite::each(Statement& statement, const std::function<void(const Statement&)>& row) const {
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement.statement_)) == SQLITE_ROW) row(statement);
  auto done = result == SQLITE_DONE ? Result<void>{} : Result<void>{error(result)};
  sqlite3_reset(statement.statement_);
  statement.next_ = 1;
  return done;
}

Result<std::string> Sqlite::value(const std::string& sql) const {
  auto statement = prepare(sql);
  if (!statement) return tl::make_unexpected(statement.error());
  std::string value;
  if (auto done = each(*statement, [&](const Statement& row) { value = row.text(0); }); !done) {
    return tl::make_unexpected(done.error());
  }
  return value;
}

Result<void> Sqlite::transaction(const std::function<Result<void>()>& body) {
  if (auto begun = execute("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = body();
  if (done) done = execute("COMMIT");
  if (!done && sqlite3_get_autocommit(db_) == 0) {
    const auto rolled_back = execute("ROLLBACK");
    if (!rolled_back) done.error().message += "; " + rolled_back.error().message;
  }
  return done;
}

std::int64_t Sqlite::last_id() const { return sqlite3_last_insert_rowid(db_); }

}  // namespace keisei::store
