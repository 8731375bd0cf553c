#include "store/run_database.h"

#include <set>
#include <utility>

#include "store/run_connection.h"
#include "store/schema.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

// The log is folded back every 1,000 pages and cut to 4 MiB, so it does not grow with the length of a run.
constexpr const char* kWriterSettings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; "
    "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 4194304";

Result<void> check_pages(const Sqlite& db, const std::string& pragma) {
  const auto found = db.value(pragma);
  if (!found) return tl::make_unexpected(found.error());
  if (*found == "ok") return {};
  return fail(Code::kBadData, "run database " + db.path().string() + " is damaged: " + *found,
              "resuming the run keeps it as .corrupt and starts another");
}

}  // namespace

RunDatabase::RunDatabase(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
RunDatabase::RunDatabase(RunDatabase&&) noexcept = default;
RunDatabase& RunDatabase::operator=(RunDatabase&&) noexcept = default;
RunDatabase::~RunDatabase() = default;

Result<RunDatabase> RunDatabase::open(const fs::path& path, Mode mode) {
  const bool writes = mode == Mode::kWrite;
  std::error_code error;
  if (!writes && !fs::exists(path, error)) {
    return fail(Code::kFailure, "run database " + path.string() + " does not exist");
  }
  auto db = Sqlite::open(path, writes ? SqliteMode::kWrite : SqliteMode::kRead);
  if (!db) return tl::make_unexpected(db.error());
  const auto version = schema_version(*db);
  if (!version) return tl::make_unexpected(version.error());
  const std::size_t known = schema_steps().size();
  if (static_cast<std::size_t>(*version) > known) return newer_schema(*db, *version, known);
  if (writes) {
    if (auto done = db->execute(kWriterSettings); !done) return tl::make_unexpected(done.error());
    if (auto sound = check_pages(*db, "PRAGMA quick_check(1)"); !sound) return tl::make_unexpected(sound.error());
    if (auto done = migrate(*db, schema_steps()); !done) return tl::make_unexpected(done.error());
  } else if (*version == 0) {
    return fail(Code::kBadData, "run database " + path.string() + " is empty");
  } else if (static_cast<std::size_t>(*version) < known) {
    // Brought forward in place: the steps only add, so a program that still writes the older form is not disturbed.
    if (auto migrated = open(path, Mode::kWrite); !migrated) return migrated;
  }
  return RunDatabase(std::make_unique<Connection>(std::move(*db)));
}

Result<void> RunDatabase::add_metrics(std::span<const Metric> metrics) {
  return connection_->locked([&] {
    Sqlite& db = connection_->db;
    return db.transaction([&]() -> Result<void> {
      auto insert = db.prepare("INSERT INTO metrics(step, time, name, value) VALUES(?, ?, ?, ?)");
      if (!insert) return tl::make_unexpected(insert.error());
      for (const Metric& metric : metrics) {
        insert->bind(metric.step).bind(metric.time_ms).bind(std::string_view(metric.name)).bind(metric.value);
        if (auto done = db.run(*insert); !done) return done;
      }
      return {};
    });
  });
}

Result<std::int64_t> RunDatabase::add_evaluation(const EvaluationRow& evaluation, std::span<const GameRow> games,
                                                 std::span<const RatingRow> ratings, std::span<const SlaRow> sla) {
  using View = std::string_view;
  std::int64_t id = 0;
  const auto add_all = [&](Sqlite& db) -> Result<void> {
    auto insert = db.prepare(
        "INSERT INTO evaluations(step, time, strategy, agent, opponent, agent_id, opponent_id, protocol, games, wins, "
        "losses, draws, faults, score, score_low, score_high, elo, elo_low, elo_high, wall_s, json) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!insert) return tl::make_unexpected(insert.error());
    const EvaluationRow& e = evaluation;
    insert->bind(e.step).bind(e.time_ms).bind(View(e.strategy)).bind(View(e.agent)).bind(View(e.opponent));
    insert->bind_or_null(e.agent_id).bind_or_null(e.opponent_id).bind_or_null(e.protocol);
    insert->bind(e.games).bind(e.wins).bind(e.losses).bind(e.draws).bind(e.faults);
    insert->bind(e.score).bind(e.score_low).bind(e.score_high).bind(e.elo).bind(e.elo_low).bind(e.elo_high);
    insert->bind(e.wall_s).bind_or_null(e.json);
    if (auto done = db.run(*insert); !done) return done;
    id = db.last_id();

    auto game = db.prepare(
        "INSERT INTO games(evaluation_id, number, black, white, agent_colour, winner, reason, plies, seconds, json) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    if (!game) return tl::make_unexpected(game.error());
    for (const GameRow& g : games) {
      game->bind(id).bind(g.number).bind(View(g.black)).bind(View(g.white)).bind_or_null(g.agent_colour);
      game->bind(View(g.winner)).bind(View(g.reason)).bind(g.plies).bind(g.seconds).bind_or_null(g.json);
      if (auto done = db.run(*game); !done) return done;
    }
    auto rating = db.prepare(
        "INSERT INTO ratings(evaluation_id, player, name, protocol, games, elo, elo_low, elo_high) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    if (!rating) return tl::make_unexpected(rating.error());
    for (const RatingRow& r : ratings) {
      rating->bind(id).bind(View(r.player)).bind(View(r.name)).bind(View(r.protocol)).bind(r.games);
      rating->bind(r.elo).bind(r.elo_low).bind(r.elo_high);
      if (auto done = db.run(*rating); !done) return done;
    }
    auto verdict = db.prepare(
        "INSERT INTO sla_ledger(evaluation_id, clause, verdict, value, threshold, source, time) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)");
    if (!verdict) return tl::make_unexpected(verdict.error());
    for (const SlaRow& s : sla) {
      verdict->bind(id).bind(View(s.clause)).bind(View(s.verdict)).bind(s.value).bind(s.threshold);
      verdict->bind(View(s.source)).bind(s.time_ms);
      if (auto done = db.run(*verdict); !done) return done;
    }
    return {};
  };
  return connection_->locked([&]() -> Result<std::int64_t> {
    Sqlite& db = connection_->db;
    if (auto done = db.transaction([&] { return add_all(db); }); !done) return tl::make_unexpected(done.error());
    return id;
  });
}

Result<void> RunDatabase::add_events(std::span<const EventRow> events) {
  return connection_->locked([&] {
    Sqlite& db = connection_->db;
    return db.transaction([&]() -> Result<void> {
      auto insert = db.prepare("INSERT INTO events(step, time, kind, json) VALUES(?, ?, ?, ?)");
      if (!insert) return tl::make_unexpected(insert.error());
      for (const EventRow& event : events) {
        insert->bind(event.step).bind(event.time_ms).bind(std::string_view(event.kind)).bind_or_null(event.json);
        if (auto done = db.run(*insert); !done) return done;
      }
      return {};
    });
  });
}

Result<void> RunDatabase::add_checkpoint(const CheckpointRow& checkpoint) {
  return connection_->locked([&] {
    Sqlite& db = connection_->db;
    return db.transaction([&]() -> Result<void> {
      auto insert =
          db.prepare("INSERT OR REPLACE INTO checkpoints(step, file, sha256, bytes, time) VALUES(?, ?, ?, ?, ?)");
      if (!insert) return tl::make_unexpected(insert.error());
      insert->bind(checkpoint.step).bind(std::string_view(checkpoint.file)).bind(std::string_view(checkpoint.sha256));
      insert->bind(checkpoint.bytes).bind(checkpoint.time_ms);
      return db.run(*insert);
    });
  });
}

Result<void> RunDatabase::remove_checkpoints(std::span<const std::int64_t> steps) {
  return connection_->locked([&] {
    Sqlite& db = connection_->db;
    return db.transaction([&]() -> Result<void> {
      auto remove = db.prepare("DELETE FROM checkpoints WHERE step = ?");
      if (!remove) return tl::make_unexpected(remove.error());
      for (const std::int64_t step : steps) {
        remove->bind(step);
        if (auto done = db.run(*remove); !done) return done;
      }
      return {};
    });
  });
}

Result<void> RunDatabase::set_meta(const std::map<std::string, std::string>& values) {
  return connection_->locked([&] {
    Sqlite& db = connection_->db;
    return db.transaction([&]() -> Result<void> {
      auto insert = db.prepare("INSERT OR REPLACE INTO run(key, value) VALUES(?, ?)");
      if (!insert) return tl::make_unexpected(insert.error());
      for (const auto& [key, value] : values) {
        insert->bind(std::string_view(key)).bind(std::string_view(value));
        if (auto done = db.run(*insert); !done) return done;
      }
      return {};
    });
  });
}

Result<void> RunDatabase::check_integrity() const {
  return connection_->locked([&] { return check_pages(connection_->db, "PRAGMA integrity_check(1)"); });
}

}  // namespace keisei::store
