#include "store/schema.h"

#include <array>
#include <string>

namespace keisei::store {
namespace {

// Times are milliseconds since 1970 UTC. NULL means not known. docs/run-database.md explains every column.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE run(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE metrics(
  id INTEGER PRIMARY KEY, step INTEGER NOT NULL, time INTEGER NOT NULL, name TEXT NOT NULL, value REAL) STRICT;
CREATE INDEX metrics_by_name ON metrics(name, step);

CREATE TABLE evaluations(
  id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL, time INTEGER NOT NULL,
  strategy TEXT NOT NULL, agent TEXT NOT NULL, opponent TEXT NOT NULL,
  agent_id TEXT, opponent_id TEXT, protocol TEXT,
  games INTEGER NOT NULL CHECK(games >= 0), wins INTEGER NOT NULL CHECK(wins >= 0),
  losses INTEGER NOT NULL CHECK(losses >= 0), draws INTEGER NOT NULL CHECK(draws >= 0),
  faults INTEGER NOT NULL CHECK(faults >= 0),
  score REAL, score_low REAL, score_high REAL, elo REAL, elo_low REAL, elo_high REAL, wall_s REAL,
  json TEXT CHECK(json IS NULL OR json_valid(json))) STRICT;

CREATE TABLE games(
  id INTEGER PRIMARY KEY AUTOINCREMENT, evaluation_id INTEGER NOT NULL REFERENCES evaluations(id),
  number INTEGER NOT NULL, black TEXT NOT NULL, white TEXT NOT NULL,
  agent_colour TEXT CHECK(agent_colour IN ('black', 'white')),
  winner TEXT NOT NULL CHECK(winner IN ('black', 'white', 'none', 'fault')),
  reason TEXT NOT NULL, plies INTEGER NOT NULL CHECK(plies >= 0), seconds REAL,
  json TEXT CHECK(json IS NULL OR json_valid(json)), UNIQUE(evaluation_id, number)) STRICT;

CREATE TABLE ratings(
  id INTEGER PRIMARY KEY AUTOINCREMENT, evaluation_id INTEGER NOT NULL REFERENCES evaluations(id),
  player TEXT NOT NULL, name TEXT NOT NULL, protocol TEXT NOT NULL, games INTEGER NOT NULL CHECK(games >= 0),
  elo REAL, elo_low REAL, elo_high REAL) STRICT;
CREATE INDEX ratings_by_evaluation ON ratings(evaluation_id);

CREATE TABLE sla_ledger(
  id INTEGER PRIMARY KEY AUTOINCREMENT, evaluation_id INTEGER NOT NULL REFERENCES evaluations(id),
  clause TEXT NOT NULL, verdict TEXT NOT NULL CHECK(verdict IN ('met', 'violated', 'unknown')),
  value REAL, threshold REAL, source TEXT NOT NULL, time INTEGER NOT NULL) STRICT;
CREATE INDEX sla_ledger_by_evaluation ON sla_ledger(evaluation_id);

CREATE TABLE events(
  id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL,
  json TEXT CHECK(json IS NULL OR json_valid(json))) STRICT;
CREATE INDEX events_by_kind ON events(kind);

CREATE TABLE checkpoints(
  step INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
  time INTEGER NOT NULL) STRICT;

-- What was measured stays as it was measured.
CREATE TRIGGER evaluations_update BEFORE UPDATE ON evaluations
  BEGIN SELECT RAISE(ABORT, 'evaluations is append-only'); END;
CREATE TRIGGER evaluations_delete BEFORE DELETE ON evaluations
  BEGIN SELECT RAISE(ABORT, 'evaluations is append-only'); END;
CREATE TRIGGER games_update BEFORE UPDATE ON games BEGIN SELECT RAISE(ABORT, 'games is append-only'); END;
CREATE TRIGGER games_delete BEFORE DELETE ON games BEGIN SELECT RAISE(ABORT, 'games is append-only'); END;
CREATE TRIGGER ratings_update BEFORE UPDATE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings is append-only'); END;
CREATE TRIGGER ratings_delete BEFORE DELETE ON ratings BEGIN SELECT RAISE(ABORT, 'ratings is append-only'); END;
CREATE TRIGGER sla_update BEFORE UPDATE ON sla_ledger BEGIN SELECT RAISE(ABORT, 'sla_ledger is append-only'); END;
CREATE TRIGGER sla_delete BEFORE DELETE ON sla_ledger BEGIN SELECT RAISE(ABORT, 'sla_ledger is append-only'); END;
)sql";

constexpr std::array<std::string_view, 1> kSteps = {kFirst};

Result<int> read_number(const Sqlite& db, const std::string& sql) {
  return db.value(sql).map([](const std::string& text) { return text.empty() ? 0 : std::stoi(text); });
}

}  // namespace

std::span<const std::string_view> schema_steps() { return kSteps; }

Result<int> schema_version(const Sqlite& db) {
  const auto version = read_number(db, "PRAGMA user_version");
  if (!version) return version;
  const auto owner = read_number(db, "PRAGMA application_id");
  if (!owner) return owner;
  const auto tables = read_number(db, "SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables;
  const bool empty = *version == 0 && *owner == 0 && *tables == 0;
  if (empty || (*owner == kApplicationId && *version > 0 && *version <= kMaxVersion)) return version;
  return fail(Code::kBadData, db.path().string() + " is a database, but not a run database of Keisei",
              "it is left as it is; name another run");
}

tl::unexpected<Error> newer_schema(const Sqlite& db, int version, std::size_t known) {
  return fail(Code::kBadData,
              "run database " + db.path().string() + " has schema version " + std::to_string(version) +
                  ", newer than this program's " + std::to_string(known),
              "use the newer Keisei that wrote it; the file is left as it is");
}

Result<void> migrate(Sqlite& db, std::span<const std::string_view> steps) {
  return db.transaction([&]() -> Result<void> {
    const auto version = schema_version(db);
    if (!version) return tl::make_unexpected(version.error());
    const auto from = static_cast<std::size_t>(*version);
    if (from > steps.size()) return newer_schema(db, *version, steps.size());
    for (const std::string_view step : steps.subspan(from)) {
      if (auto done = db.execute(std::string(step)); !done) return done;
    }
    if (from == steps.size()) return {};
    return db.execute("PRAGMA application_id = " + std::to_string(kApplicationId) +
                      "; PRAGMA user_version = " + std::to_string(steps.size()));
  });
}

}  // namespace keisei::store
