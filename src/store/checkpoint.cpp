#include "store/checkpoint.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/file.h"
#include "store/tensor_header.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "step-";
constexpr std::string_view kSuffix = ".safetensors";
constexpr int kMaxCorruptNames = 10'000;

std::optional<std::int64_t> parse_step(std::string_view digits) {
  std::int64_t step = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step);
  if (error != std::errc() || end != digits.data() + digits.size() || step < 0) return std::nullopt;
  return step;
}

/// The step in a checkpoint's name; nothing for any other file.
std::optional<std::int64_t> step_of(const std::string& name) {
  const std::string_view view = name;
  if (!view.starts_with(kPrefix) || !view.ends_with(kSuffix)) return std::nullopt;
  const auto step = parse_step(view.substr(kPrefix.size(), view.size() - kPrefix.size() - kSuffix.size()));
  return step && checkpoint_name(*step) == name ? step : std::nullopt;
}

/// Calls `visit` for each name in a directory; an absent directory has none.
template <class Visit>
Result<void> each_name(const fs::path& directory, Visit visit) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  if (error == std::errc::no_such_file_or_directory) return {};
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) visit(entries->path());
  if (error) return fail(Code::kFailure, "cannot list " + directory.string() + ": " + error.message());
  return {};
}

/// Removes what a killed write left behind. The caller is the only writer, so none of these is in use.
void remove_leftovers(const fs::path& directory) {
  std::vector<fs::path> leftovers;
  const std::string start = "." + std::string(kPrefix);
  const auto listed = each_name(directory, [&](const fs::path& path) {
    const std::string name = path.filename().string();
    if (name.starts_with(start) && name.find(std::string(kSuffix) + ".") != std::string::npos)
      leftovers.push_back(path);
  });
  std::error_code ignored;  // they only cost space, and the next save tries again
  if (listed) {
    for (const fs::path& path : leftovers) fs::remove(path, ignored);
  }
}

Result<void> check_step(const std::map<std::string, std::string>& metadata, std::int64_t step, const fs::path& path) {
  const auto found = metadata.find("step");
  if (found == metadata.end() || parse_step(found->second) == step) return {};
  return fail(Code::kBadData,
              path.string() + ": metadata says step " + found->second + ", the name says " + std::to_string(step));
}

/// Header first: a file that promises more than it holds is refused before its size is allocated.
Result<void> check_start(const fs::path& path) {
  std::error_code error;
  const std::uint64_t file_bytes = fs::file_size(path, error);
  if (error) return fail(Code::kFailure, "cannot read " + path.string() + ": " + error.message());
  std::ifstream in(path, std::ios::binary);
  std::uint64_t length = 0;
  std::vector<std::byte> start(sizeof length);
  const auto read = [&](std::size_t at, std::size_t bytes) {
    start.resize(at + bytes);
    in.read(reinterpret_cast<char*>(start.data()) + at, static_cast<std::streamsize>(bytes));
    start.resize(at + static_cast<std::size_t>(in.gcount()));
  };
  if (!in) return fail(Code::kFailure, "cannot open " + path.string());
  read(0, sizeof length);
  if (start.size() == sizeof length) {
    std::memcpy(&length, start.data(), sizeof length);
    read(sizeof length, static_cast<std::size_t>(std::clamp<std::uint64_t>(length, 2, kMaxHeaderBytes)));
  }
  if (in.bad()) return fail(Code::kFailure, "cannot read " + path.string());
  return read_header(start, file_bytes, path.string()).map([](const TensorHeader&) {});
}

Result<LoadedCheckpoint> read_checkpoint(const fs::path& path) {
  if (auto checked = check_start(path); !checked) return tl::make_unexpected(checked.error());
  const auto bytes = read_file(path, kMaxFileBytes);
  if (!bytes) return tl::make_unexpected(bytes.error());
  auto file = decode(*bytes, path.string());
  if (!file) return tl::make_unexpected(file.error());
  return LoadedCheckpoint{path, 0, sha256(*bytes), bytes->size(), std::move(*file), {}};
}

Result<LoadedCheckpoint> read_checkpoint(const CheckpointFile& entry) {
  auto loaded = read_checkpoint(entry.path);
  if (!loaded) return loaded;
  if (auto checked = check_step(loaded->file.metadata, entry.step, entry.path); !checked)
    return tl::make_unexpected(checked.error());
  loaded->step = entry.step;
  return loaded;
}

/// Renames a damaged file to the first free of X.corrupt, X.corrupt.1, …; its old path where that fails.
fs::path set_aside(const fs::path& path) {
  for (int i = 0; i < kMaxCorruptNames; ++i) {
    fs::path target = path.string() + ".corrupt" + (i == 0 ? "" : "." + std::to_string(i));
    std::error_code error;
    if (fs::exists(target, error) || error) continue;
    fs::rename(path, target, error);
    return error ? path : target;
  }
  return path;
}

}  // namespace

std::string checkpoint_name(std::int64_t step) {
  std::string digits = std::to_string(step);
  if (digits.size() < 12) digits.insert(0, 12 - digits.size(), '0');
  return std::string(kPrefix) + digits + std::string(kSuffix);
}

std::vector<std::int64_t> steps_to_prune(std::span<const std::int64_t> steps, int keep) {
  std::vector<std::int64_t> pruned;
  std::set<std::uint64_t> octaves;
  const std::size_t kept = std::min(steps.size(), static_cast<std::size_t>(std::max(keep, 1)));
  for (std::size_t i = 0; i + kept < steps.size(); ++i) {
    const bool first_of_its_octave = octaves.insert(std::bit_width(static_cast<std::uint64_t>(steps[i]))).second;
    if (!first_of_its_octave) pruned.push_back(steps[i]);
  }
  return pruned;
}

CheckpointStore::CheckpointStore(fs::path directory, int keep)
    : directory_(std::move(directory)), keep_(std::max(keep, 1)) {}

Result<SavedCheckpoint> CheckpointStore::save(std::int64_t step, std::span<const std::byte> bytes) {
  if (step < 0) return fail(Code::kBadData, "a checkpoint at step " + std::to_string(step) + " cannot be saved");
  const fs::path path = directory_ / checkpoint_name(step);
  const std::string name = "new checkpoint " + path.filename().string();
  if (auto valid = verify(bytes, name); !valid) return tl::make_unexpected(valid.error());
  const auto header = read_header(bytes, bytes.size(), name);
  if (!header) return tl::make_unexpected(header.error());
  if (auto checked = check_step(header->metadata, step, name); !checked) return tl::make_unexpected(checked.error());

  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) return fail(Code::kFailure, "cannot create " + directory_.string() + ": " + error.message());
  remove_leftovers(directory_);
  if (auto written = write_durably(path, bytes); !written) return tl::make_unexpected(written.error());

  const auto read_back = read_file(path, kMaxFileBytes);
  if (!read_back) return tl::make_unexpected(read_back.error());
  if (!std::equal(read_back->begin(), read_back->end(), bytes.begin(), bytes.end())) {
    return fail(Code::kFailure,
                path.string() + " reads back other than it was written; kept as " + set_aside(path).string(),
                "the disk may be failing; older checkpoints are intact");
  }
  SavedCheckpoint saved{path, step, sha256(bytes), bytes.size(), {}};

  const auto files = list();
  if (!files) return saved;  // saved all the same; the next save prunes
  std::vector<std::int64_t> steps;
  for (const CheckpointFile& file : *files) steps.push_back(file.step);
  for (const std::int64_t old : steps_to_prune(steps, keep_)) {
    const fs::path old_path = directory_ / checkpoint_name(old);
    if (old != step && fs::remove(old_path, error)) saved.pruned.push_back(old_path);
  }
  return saved;
}

Result<std::vector<CheckpointFile>> CheckpointStore::list() const {
  std::vector<CheckpointFile> files;
  const auto listed = each_name(directory_, [&](const fs::path& path) {
    std::error_code error;
    const auto step = step_of(path.filename().string());
    if (!step || !fs::is_regular_file(path, error)) return;
    const auto bytes = fs::file_size(path, error);
    if (!error) files.push_back({path, *step, static_cast<std::size_t>(bytes)});
  });
  if (!listed) return tl::make_unexpected(listed.error());
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  return files;
}

Result<LoadedCheckpoint> CheckpointStore::newest_valid(OnDamage on_damage) const {
  const auto files = list();
  if (!files) return tl::make_unexpected(files.error());
  std::vector<RejectedCheckpoint> rejected;
  for (auto entry = files->rbegin(); entry != files->rend(); ++entry) {
    auto loaded = read_checkpoint(*entry);
    if (loaded) {
      loaded->rejected = std::move(rejected);
      return loaded;
    }
    std::error_code error;
    if (!fs::exists(entry->path, error)) continue;  // pruned by its run meanwhile
    // Only damage in the bytes is a reason to rename: a disk or permission error may pass.
    const bool rename = on_damage == OnDamage::kSetAside && loaded.error().code == Code::kBadData;
    rejected.push_back({entry->path, rename ? set_aside(entry->path) : entry->path, loaded.error().message});
  }
  if (rejected.empty()) {
    return fail(Code::kBadData, "no checkpoint in " + directory_.string(),
                "checkpoints are named " + checkpoint_name(300000));
  }
  std::string message = "no valid checkpoint in " + directory_.string();
  for (const RejectedCheckpoint& one : rejected) message += "; " + one.reason;
  return fail(Code::kBadData, message, "damaged files are kept under .corrupt");
}

Result<LoadedCheckpoint> load_checkpoint(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    return fail(Code::kBadData, "checkpoint " + path.string() + " does not exist",
                "see `keisei runs list` for what there is");
  }
  if (!fs::is_regular_file(path, error))
    return fail(Code::kBadData, "checkpoint " + path.string() + " is not a regular file");
  auto loaded = read_checkpoint(path);
  if (!loaded) return loaded;
  if (const auto step = step_of(path.filename().string())) {
    if (auto checked = check_step(loaded->file.metadata, *step, path); !checked)
      return tl::make_unexpected(checked.error());
    loaded->step = *step;
  } else if (const auto meta = loaded->file.metadata.find("step"); meta != loaded->file.metadata.end()) {
    loaded->step = parse_step(meta->second).value_or(0);
  }
  return loaded;
}

}  // namespace keisei::store
