// Opening a run's database whatever became of it: damaged ones are kept aside, the checkpoint index follows the files.
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/file.h"
#include "store/run_connection.h"
#include "store/run_database.h"
#include "store/schema.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxCorruptDatabases = 10'000;

/// Whether the file is sound but belongs to a newer program: the one thing that is refused instead of moved aside.
bool is_newer(const fs::path& path) {
  const auto db = Sqlite::open(path, SqliteMode::kRead);
  const auto version = db ? schema_version(*db) : Result<int>(0);
  return version && static_cast<std::size_t>(*version) > schema_steps().size();
}

/// Renames run.db and its log to the first free run.db.corrupt, run.db.corrupt.1, …
Result<fs::path> set_database_aside(const fs::path& path) {
  for (int i = 0; i < kMaxCorruptDatabases; ++i) {
    const std::string target = path.string() + ".corrupt" + (i == 0 ? "" : "." + std::to_string(i));
    std::error_code error;
    if (fs::exists(target, error) || fs::exists(target + "-wal", error)) continue;
    for (const char* part : {"-wal", "-shm", ""}) {
      const std::string from = path.string() + part;
      if (fs::exists(from, error)) fs::rename(from, target + part, error);
      if (error) return fail(Code::kFailure, "cannot move " + from + " aside: " + error.message());
    }
    return fs::path(target);
  }
  return fail(Code::kFailure, "cannot move " + path.string() + " aside: too many damaged ones are kept");
}

std::int64_t modified_ms(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return 0;
  return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}

/// Adds rows for files the index lacks, removes rows whose file is gone.
Result<void> follow_files(RunDatabase& database, const CheckpointStore& store, std::vector<std::string>& notes) {
  const auto indexed = database.checkpoints();
  if (!indexed) return tl::make_unexpected(indexed.error());
  const auto files = store.list();
  if (!files) return tl::make_unexpected(files.error());
  std::map<std::int64_t, std::int64_t> bytes_by_step;
  for (const CheckpointRow& row : *indexed) bytes_by_step[row.step] = row.bytes;

  std::size_t added = 0;
  for (const CheckpointFile& file : *files) {
    const auto row = bytes_by_step.find(file.step);
    const bool indexed_already = row != bytes_by_step.end() && row->second == static_cast<std::int64_t>(file.bytes);
    if (row != bytes_by_step.end()) bytes_by_step.erase(row);
    if (indexed_already) continue;
    const auto bytes = read_file(file.path, kMaxFileBytes);
    if (!bytes || !verify(*bytes, file.path.string())) continue;  // named by newest_valid() when it matters
    const CheckpointRow fresh{file.step, file.path.filename().string(), sha256(*bytes),
                              static_cast<std::int64_t>(bytes->size()), modified_ms(file.path)};
    if (auto done = database.add_checkpoint(fresh); !done) return done;
    ++added;
  }
  std::vector<std::int64_t> gone;
  for (const auto& [step, bytes] : bytes_by_step) gone.push_back(step);
  if (auto done = database.remove_checkpoints(gone); !done) return done;
  if (added > 0) notes.push_back("indexed " + std::to_string(added) + " checkpoints from their files");
  if (!gone.empty()) notes.push_back("dropped " + std::to_string(gone.size()) + " checkpoints whose files are gone");
  return {};
}

}  // namespace

Result<RecoveredDatabase> open_or_rebuild(const fs::path& path, const CheckpointStore& checkpoints) {
  std::vector<std::string> notes;
  auto database = RunDatabase::open(path, RunDatabase::Mode::kWrite);
  if (!database && database.error().code == Code::kBadData && !is_newer(path)) {
    const std::string why = database.error().message;
    const auto kept = set_database_aside(path);
    if (!kept) return tl::make_unexpected(kept.error());
    notes.push_back(why + "; kept as " + kept->string() + ", its metrics and evaluations are not carried over");
    database = RunDatabase::open(path, RunDatabase::Mode::kWrite);
  }
  if (!database) return tl::make_unexpected(database.error());
  if (auto done = follow_files(*database, checkpoints, notes); !done) return tl::make_unexpected(done.error());
  return RecoveredDatabase{std::move(*database), std::move(notes)};
}

}  // namespace keisei::store
