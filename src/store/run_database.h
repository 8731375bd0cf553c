// run.db, the memory of one run (SQLite, WAL, synchronous NORMAL, STRICT tables; docs/run-database.md). Append-only in
// use: rows are added, never rewritten, each call is one transaction, so kill -9 loses nothing that was acknowledged.
// Values not known are NULL (std::nullopt, or NaN for a metric), never 0.
// One object is one connection; its calls are serialised, so threads may share it. One writing process (the run lock),
// readers open their own. Times are milliseconds since 1970 UTC.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/checkpoint.h"

namespace keisei::store {

struct Metric {
  std::int64_t step = 0;
  std::int64_t time_ms = 0;
  std::string name;
  double value = 0;  ///< NaN: unknown, stored as NULL
};

struct EvaluationRow {
  std::int64_t id = 0;  ///< given by the database
  std::int64_t step = 0;
  std::int64_t time_ms = 0;
  std::string strategy;
  std::string agent;  ///< display name or player spec
  std::string opponent;
  std::string agent_id;  ///< weights id; empty = none
  std::string opponent_id;
  std::string protocol;  ///< hash of search, temperature, openings, rules; empty = none
  std::int64_t games = 0;
  std::int64_t wins = 0;
  std::int64_t losses = 0;
  std::int64_t draws = 0;
  std::int64_t faults = 0;
  std::optional<double> score, score_low, score_high;  ///< share of points in [0, 1], 95 % interval
  std::optional<double> elo, elo_low, elo_high;        ///< against the opponent, 95 % interval
  std::optional<double> wall_s;
  std::string json;  ///< the whole `keisei.evaluation/1` object; empty = none; must be valid JSON
};

/// One game of an evaluation; the record is kept whole as JSON.
struct GameRow {
  std::int64_t id = 0;             ///< given by the database
  std::int64_t evaluation_id = 0;  ///< set by add_evaluation
  std::int64_t number = 0;         ///< index within its evaluation
  std::string black, white;        ///< weights ids or player specs
  std::string agent_colour;        ///< black | white | empty
  std::string winner;              ///< black | white | none (draw or truncated) | fault
  std::string reason;
  std::int64_t plies = 0;
  std::optional<double> seconds;
  std::string json;  ///< the record; must be valid JSON; empty = none
};

struct RatingRow {
  std::int64_t evaluation_id = 0;  ///< set by add_evaluation
  std::string player;              ///< weights id
  std::string name;                ///< for people
  std::string protocol;            ///< ratings of different protocols never mix
  std::int64_t games = 0;
  std::optional<double> elo, elo_low, elo_high;  ///< anchored at random = 0
};

struct SlaRow {
  std::int64_t evaluation_id = 0;  ///< set by add_evaluation
  std::string clause;
  std::string verdict;  ///< met | violated | unknown
  std::optional<double> value, threshold;
  std::string source;
  std::int64_t time_ms = 0;
};

struct EventRow {
  std::int64_t id = 0;  ///< given by the database
  std::int64_t step = 0;
  std::int64_t time_ms = 0;
  std::string kind;
  std::string json;  ///< must be valid JSON; empty = none
};

struct CheckpointRow {
  std::int64_t step = 0;
  std::string file;  ///< name within checkpoints/
  std::string sha256;
  std::int64_t bytes = 0;
  std::int64_t time_ms = 0;
};

class RunDatabase {
 public:
  enum class Mode {
    kWrite,  ///< creates what is missing, migrates an older schema, checks the whole file's integrity
    kRead,   ///< an existing database only
  };

  /// kBadData: damaged, no run database, or of a newer schema (named; the file is left as it is). kFailure: the disk.
  [[nodiscard]] static Result<RunDatabase> open(const std::filesystem::path& path, Mode mode);

  RunDatabase(RunDatabase&&) noexcept;
  RunDatabase& operator=(RunDatabase&&) noexcept;
  ~RunDatabase();

  // Writing: one transaction each, all or nothing.
  [[nodiscard]] Result<void> add_metrics(std::span<const Metric> metrics);
  /// The evaluation's id. Its games, ratings and verdicts are stored with it or not at all.
  [[nodiscard]] Result<std::int64_t> add_evaluation(const EvaluationRow& evaluation, std::span<const GameRow> games,
                                                    std::span<const RatingRow> ratings, std::span<const SlaRow> sla);
  [[nodiscard]] Result<void> add_events(std::span<const EventRow> events);
  [[nodiscard]] Result<void> add_checkpoint(const CheckpointRow& checkpoint);  ///< replaces the row of that step
  [[nodiscard]] Result<void> remove_checkpoints(std::span<const std::int64_t> steps);  ///< rows of pruned files
  /// Facts of the run by key: name, status, started, finished, pid, config_hash, weights_sha256, …
  [[nodiscard]] Result<void> set_meta(const std::map<std::string, std::string>& values);

  // Reading.
  [[nodiscard]] Result<std::map<std::string, std::string>> meta() const;
  [[nodiscard]] Result<std::optional<std::string>> meta(const std::string& key) const;
  [[nodiscard]] Result<std::vector<std::string>> metric_names() const;
  /// Rows of one metric by rising step, from `from_step` on, at most `limit`.
  [[nodiscard]] Result<std::vector<Metric>> metrics(const std::string& name, std::int64_t from_step = 0,
                                                    std::int64_t limit = kNoLimit) const;
  /// The newest row of every metric.
  [[nodiscard]] Result<std::vector<Metric>> latest_metrics() const;
  [[nodiscard]] Result<std::vector<EvaluationRow>> evaluations() const;  ///< by rising id
  /// Games of one evaluation, or of all (the ledger that ratings are computed from), by rising id.
  [[nodiscard]] Result<std::vector<GameRow>> games(std::optional<std::int64_t> evaluation_id = {}) const;
  [[nodiscard]] Result<std::vector<RatingRow>> ratings(std::optional<std::int64_t> evaluation_id = {}) const;
  [[nodiscard]] Result<std::vector<SlaRow>> sla(std::optional<std::int64_t> evaluation_id = {}) const;
  [[nodiscard]] Result<std::vector<EventRow>> events(const std::string& kind = {}, std::int64_t limit = kNoLimit) const;
  /// What somebody should know of, the newest `limit` by rising id: warnings, errors, and governor.* and evaluation.*
  /// without the figures of every pair, set point and evaluation.
  [[nodiscard]] Result<std::vector<EventRow>> notable_events(std::int64_t limit = kNoLimit) const;
  [[nodiscard]] Result<std::vector<CheckpointRow>> checkpoints() const;  ///< by rising step
  /// SQLite's own check of every page and index; kBadData with its first finding.
  [[nodiscard]] Result<void> check_integrity() const;

  static constexpr std::int64_t kNoLimit = -1;

 private:
  struct Connection;
  explicit RunDatabase(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

struct RecoveredDatabase {
  RunDatabase database;
  std::vector<std::string> notes;  ///< what was moved aside and rebuilt; empty when all was well
};

/// Opens a run's database for writing. A damaged one is moved to run.db.corrupt (never overwritten), a missing or moved
/// one is started anew, and the checkpoint index is brought in line with the files on disk. A newer schema is refused.
[[nodiscard]] Result<RecoveredDatabase> open_or_rebuild(const std::filesystem::path& path,
                                                        const CheckpointStore& checkpoints);

}  // namespace keisei::store
