// What a reader that follows a run asks of its database: rows after a given one, a page of games, a stretch of one
// metric, and whether anything was committed at all. RunDatabase answers whole tables; a page that is open for days
// beside a run of a million rows must never read one. Reads only, through a connection of its own, so it holds up
// neither the writing run nor other readers. Not thread-safe: one owner, one thread. Times are UTC milliseconds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/run_database.h"

namespace keisei::store {

/// The highest id of each table; 0 = empty. A table grew when its number did.
struct NewestIds {
  std::int64_t metrics = 0;
  std::int64_t evaluations = 0;
  std::int64_t games = 0;
  std::int64_t ratings = 0;
  std::int64_t sla = 0;
  std::int64_t events = 0;
  friend bool operator==(const NewestIds&, const NewestIds&) = default;
};

struct NumberedMetric {
  std::int64_t id = 0;
  Metric metric;
};

/// A page of games, newest first.
struct GamePage {
  std::optional<std::int64_t> evaluation_id;  ///< of one evaluation only
  std::int64_t before_id = INT64_MAX;         ///< older than this one
  std::int64_t limit = 50;
  bool with_records = true;  ///< else GameRow::json is empty
};

class RunReader {
 public:
  /// An existing run database; errors as of RunDatabase::open.
  [[nodiscard]] static Result<RunReader> open(const std::filesystem::path& path);
  RunReader(RunReader&&) noexcept;
  RunReader& operator=(RunReader&&) noexcept;
  ~RunReader();

  /// A number that differs from the last answer when another connection committed in between.
  [[nodiscard]] Result<std::int64_t> data_version() const;
  [[nodiscard]] Result<NewestIds> newest() const;

  /// By rising id.
  [[nodiscard]] Result<std::vector<NumberedMetric>> metrics_after(std::int64_t id, std::int64_t limit) const;
  [[nodiscard]] Result<std::vector<EventRow>> events_after(std::int64_t id, std::int64_t limit) const;
  /// Rows of one metric with step <= `to`, behind the row (`step`, `id`), by rising step and id.
  [[nodiscard]] Result<std::vector<NumberedMetric>> metric_after(const std::string& name, std::int64_t step,
                                                                 std::int64_t id, std::int64_t to,
                                                                 std::int64_t limit) const;
  [[nodiscard]] Result<std::vector<GameRow>> games(const GamePage& page) const;
  [[nodiscard]] Result<std::optional<GameRow>> game(std::int64_t id) const;
  /// The keisei.evaluation/1 text of one evaluation; empty = none.
  [[nodiscard]] Result<std::string> evaluation_json(std::int64_t id) const;

 private:
  struct Connection;
  explicit RunReader(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace keisei::store
