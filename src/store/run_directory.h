// A run is <savedir>/<run-name>/ with run.db, config.yaml, checkpoints/, games/ and log.jsonl. This object is the right
// to write there: it holds the run's lock from creation to destruction, so two trainings never share a directory, and
// the lock goes with the process however it ends. Reading a run needs no lock (run_index.h).
// Move-only; owned by the session; not thread-safe (its paths may be read from anywhere).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/run_lock.h"

namespace keisei::store {

inline constexpr std::size_t kMaxRunNameBytes = 100;

/// kUsage unless `name` is 1..kMaxRunNameBytes bytes of UTF-8 without path separators and control characters, does not
/// start with '.', '-' or a space, and is not "latest".
[[nodiscard]] Result<void> check_run_name(std::string_view name);

/// "keisei-20260301-123456" for an empty `logging.run_name`.
[[nodiscard]] std::string default_run_name(std::int64_t utc_ms);

/// Where things lie in a run; no check that they exist.
struct RunPaths {
  std::filesystem::path root;
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::filesystem::path database() const { return root / "run.db"; }
  [[nodiscard]] std::filesystem::path config() const { return root / "config.yaml"; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return root / "checkpoints"; }
  [[nodiscard]] std::filesystem::path games() const { return root / "games"; }
  [[nodiscard]] std::filesystem::path log() const { return root / "log.jsonl"; }
  [[nodiscard]] std::filesystem::path metrics() const { return root / "metrics.prom"; }
  [[nodiscard]] std::filesystem::path lock() const { return root / "run.lock"; }
};

class RunDirectory {
 public:
  /// Makes and locks a fresh run. kUsage for a bad name; kFailure when the run exists already (it is never resumed or
  /// overwritten silently), is in use, or the directory cannot be written.
  [[nodiscard]] static Result<RunDirectory> create(const std::filesystem::path& savedir, const std::string& name);

  /// Locks an existing run for resuming. kFailure when it is missing, no run, in use (names the process), unwritable.
  [[nodiscard]] static Result<RunDirectory> resume(const std::filesystem::path& root);

  [[nodiscard]] const RunPaths& paths() const { return paths_; }

  /// Saves the resolved configuration durably.
  [[nodiscard]] Result<void> write_config(std::string_view yaml) const;
  [[nodiscard]] Result<std::string> read_config() const;

 private:
  RunDirectory(RunPaths paths, RunLock lock) : paths_(std::move(paths)), lock_(std::move(lock)) {}
  RunPaths paths_;
  RunLock lock_;
};

}  // namespace keisei::store
