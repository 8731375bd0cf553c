#include "store/run_index.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "store/run_database.h"
#include "store/run_lock.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

constexpr int kAnyKeep = 1;  // a store that only reads prunes nothing

std::optional<std::int64_t> number(const std::map<std::string, std::string>& meta, const std::string& key) {
  const auto found = meta.find(key);
  if (found == meta.end()) return std::nullopt;
  std::int64_t value = 0;
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> modified_ms(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

}  // namespace

bool is_run(const fs::path& root) {
  const RunPaths paths{root};
  return is_there(paths.database()) || is_there(paths.config()) || is_there(paths.checkpoints());
}

RunSummary summarise_run(const fs::path& root) {
  RunSummary run;
  run.paths.root = root;
  run.pid = lock_holder(run.paths.lock());
  std::map<std::string, std::string> meta;
  if (auto database = RunDatabase::open(run.paths.database(), RunDatabase::Mode::kRead); !database) {
    run.trouble = database.error();
  } else if (auto read = database->meta(); !read) {
    run.trouble = read.error();
  } else {
    meta = std::move(*read);
  }
  run.started_ms = number(meta, "started");
  if (!run.started_ms) run.started_ms = modified_ms(run.paths.config());
  run.finished_ms = number(meta, "finished");
  const auto status = meta.find("status");
  run.status = run.pid ? "running" : status == meta.end() ? "unknown" : status->second;
  if (run.status == "running" && !run.pid) run.status = "interrupted";  // it ended without a word
  if (const auto files = CheckpointStore(run.paths.checkpoints(), kAnyKeep).list(); files && !files->empty()) {
    run.checkpoints = files->size();
    run.step = files->back().step;
  }
  return run;
}

Result<std::vector<RunSummary>> list_runs(const fs::path& savedir) {
  std::vector<RunSummary> runs;
  std::error_code error;
  fs::directory_iterator entries(savedir, error);
  if (error == std::errc::no_such_file_or_directory) return runs;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (runs.size() == kMaxRunsListed) break;
    if (is_run(entries->path())) runs.push_back(summarise_run(entries->path()));
  }
  if (error) return fail(Code::kFailure, "cannot list runs in " + savedir.string() + ": " + error.message());
  std::sort(runs.begin(), runs.end(), [](const RunSummary& a, const RunSummary& b) {
    return std::pair(a.started_ms, a.paths.root) > std::pair(b.started_ms, b.paths.root);
  });
  return runs;
}

Result<LatestRun> latest_run(const fs::path& savedir) {
  const auto runs = list_runs(savedir);
  if (!runs) return tl::make_unexpected(runs.error());
  LatestRun latest;
  for (const RunSummary& run : *runs) {
    const auto loaded = CheckpointStore(run.paths.checkpoints(), kAnyKeep).newest_valid(OnDamage::kLeave);
    if (loaded) {
      latest.paths = run.paths;
      latest.step = loaded->step;
      return latest;
    }
    latest.passed_over.push_back(run.paths.name() + ": " + loaded.error().message);
  }
  std::string message = "no run with a valid checkpoint in " + savedir.string();
  for (const std::string& why : latest.passed_over) message += "; " + why;
  return fail(Code::kBadData, message, "start a fresh run without --resume, or name a checkpoint");
}

Result<RunPaths> find_run(const fs::path& savedir, const std::string& run) {
  if (run.empty() || run == "latest") {
    const auto runs = list_runs(savedir);
    if (!runs) return tl::make_unexpected(runs.error());
    if (runs->empty()) return fail(Code::kUsage, "no runs in " + savedir.string(), "name another place with --savedir");
    return runs->front().paths;
  }
  for (const fs::path& root : {savedir / run, fs::path(run)}) {
    if (is_run(root)) return RunPaths{root};
  }
  return fail(Code::kUsage, "no run '" + run + "' in " + savedir.string(), "see `keisei runs list` for what there is");
}

Result<LoadedCheckpoint> open_checkpoint(const std::string& what, const fs::path& savedir) {
  std::error_code error;
  if (fs::is_regular_file(what, error)) return load_checkpoint(what);
  for (const fs::path& root : {fs::path(what), savedir / what}) {
    if (!what.empty() && is_run(root)) {
      return CheckpointStore(RunPaths{root}.checkpoints(), kAnyKeep).newest_valid(OnDamage::kLeave);
    }
  }
  if (fs::is_directory(what, error)) return CheckpointStore(what, kAnyKeep).newest_valid(OnDamage::kLeave);
  return load_checkpoint(what);
}

}  // namespace keisei::store
