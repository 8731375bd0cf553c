// Inside the store: the SQLite C interface as values, errors as Result. Statements are prepared, stepped and finalised
// within one call, so no reader is left open to hold the write-ahead log back. Not thread-safe; RunDatabase locks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace keisei::store {

enum class SqliteMode { kRead, kWrite };

/// A prepared statement with its bindings and, after a step, the columns of one row. Parameters are numbered from 1,
/// columns from 0.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  // Binding; each returns *this so that a row reads as one line.
  Statement& bind(std::int64_t value);
  Statement& bind(double value);                 ///< NaN becomes NULL
  Statement& bind(std::optional<double> value);  ///< nothing becomes NULL
  Statement& bind(std::string_view value);
  Statement& bind_or_null(std::string_view value);  ///< empty becomes NULL

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::optional<double> real(int column) const;
  [[nodiscard]] std::string text(int column) const;  ///< NULL reads as empty
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Sqlite;
  sqlite3_stmt* statement_;
  int next_ = 1;
};

class Sqlite {
 public:
  /// Opens or (kWrite) creates. Errors of damaged files come with the first statement, as kBadData.
  [[nodiscard]] static Result<Sqlite> open(const std::filesystem::path& path, SqliteMode mode);
  Sqlite(Sqlite&& other) noexcept : path_(std::move(other.path_)), db_(std::exchange(other.db_, nullptr)) {}
  Sqlite& operator=(Sqlite&&) = delete;
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  ~Sqlite();

  /// Runs statements without parameters or results.
  [[nodiscard]] Result<void> execute(const std::string& sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
  /// Runs a bound statement that gives no row, and makes it ready for the next bindings.
  [[nodiscard]] Result<void> run(Statement& statement) const;
  /// Calls `row` for each row.
  [[nodiscard]] Result<void> each(Statement& statement, const std::function<void(const Statement&)>& row) const;
  /// The first column of the only row.
  [[nodiscard]] Result<std::string> value(const std::string& sql) const;
  /// `body` within one transaction: committed when it succeeds, rolled back otherwise.
  [[nodiscard]] Result<void> transaction(const std::function<Result<void>()>& body);

  [[nodiscard]] std::int64_t last_id() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  Sqlite(std::filesystem::path path, sqlite3* db) : path_(std::move(path)), db_(db) {}
  [[nodiscard]] tl::unexpected<Error> error(int result) const;
  std::filesystem::path path_;
  sqlite3* db_;
};

}  // namespace keisei::store
