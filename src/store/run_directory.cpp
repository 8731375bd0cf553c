#include "store/run_directory.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "base/file.h"
#include "store/run_index.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxConfigBytes = std::size_t{4} << 20;

/// Well-formed UTF-8 without control characters (C0, DEL, C1).
bool is_printable_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80         ? 1
                               : (lead >> 5) == 6  ? 2
                               : (lead >> 4) == 14 ? 3
                               : (lead >> 3) == 30 ? 4
                                                   : 0;
    if (length == 0 || i + length > text.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next >> 6) != 2) return false;
      code = (code << 6) | (next & 0x3FU);
    }
    static constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kLeast[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return false;
    i += length;
  }
  return true;
}

Result<void> make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    return fail(Code::kFailure, "cannot create directory " + path.string() + ": " + error.message(),
                "choose a writable directory with --savedir");
  }
  return {};
}

}  // namespace

Result<void> check_run_name(std::string_view name) {
  const auto bad = [&](const std::string& why) {
    return fail(Code::kUsage, "the run name is not allowed: " + why,
                "1 to " + std::to_string(kMaxRunNameBytes) + " bytes of text without '/' and control characters, not " +
                    "starting with '.', '-' or a space, not 'latest'");
  };
  if (name.empty()) return bad("it is empty");
  if (name.size() > kMaxRunNameBytes) return bad("it has " + std::to_string(name.size()) + " bytes");
  if (!is_printable_utf8(name)) return bad("it holds control characters or is no UTF-8");
  if (name.find_first_of("/\\") != std::string_view::npos)
    return bad("'" + std::string(name) + "' holds a path separator");
  if (name.front() == '.' || name.front() == '-' || name.front() == ' ') {
    return bad("'" + std::string(name) + "' starts with '" + name.front() + "'");
  }
  if (name == "latest") return bad("'latest' means the newest run");
  return {};
}

std::string default_run_name(std::int64_t utc_ms) {
  const std::time_t seconds = static_cast<std::time_t>(utc_ms / 1000);
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  std::array<char, 64> text{};
  const std::size_t n = std::strftime(text.data(), text.size(), "keisei-%Y%m%d-%H%M%S", &tm);
  return std::string(text.data(), n);
}

std::string RunPaths::name() const {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(root, error);
  return (error ? root : whole).filename().string();
}

Result<RunDirectory> RunDirectory::create(const fs::path& savedir, const std::string& name) {
  if (auto checked = check_run_name(name); !checked) return tl::make_unexpected(checked.error());
  RunPaths paths{savedir / name};
  if (auto made = make_directory(paths.root); !made) return tl::make_unexpected(made.error());
  // The lock first: of two that start at once, one sees the other here or its files below.
  auto lock = RunLock::take(paths.lock());
  if (!lock) return tl::make_unexpected(lock.error());
  if (is_run(paths.root)) {
    return fail(Code::kFailure, "run " + paths.root.string() + " exists already",
                "continue it with --resume " + paths.root.string() + ", or choose another --run-name");
  }
  for (const fs::path& directory : {paths.checkpoints(), paths.games()}) {
    if (auto made = make_directory(directory); !made) return tl::make_unexpected(made.error());
  }
  return RunDirectory(std::move(paths), std::move(*lock));
}

Result<RunDirectory> RunDirectory::resume(const fs::path& root) {
  RunPaths paths{root};
  if (!is_run(root)) {
    return fail(Code::kFailure, root.string() + " is no run", "see `keisei runs list` for what there is");
  }
  auto lock = RunLock::take(paths.lock());
  if (!lock) return tl::make_unexpected(lock.error());
  for (const fs::path& directory : {paths.checkpoints(), paths.games()}) {
    if (auto made = make_directory(directory); !made) return tl::make_unexpected(made.error());
  }
  return RunDirectory(std::move(paths), std::move(*lock));
}

Result<void> RunDirectory::write_config(std::string_view yaml) const { return write_durably(paths_.config(), yaml); }

Result<std::string> RunDirectory::read_config() const { return read_text(paths_.config(), kMaxConfigBytes); }

}  // namespace keisei::store
