#include "guard/worker_cgroup.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/file.h"
#include "guard/cgroup.h"
#include "guard/proc_text.h"

namespace keisei::guard {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxControlBytes = 64u << 10;
constexpr std::string_view kNamePrefix = "keisei-workers-";
constexpr int kRemoveTries = 100;
constexpr auto kRemovePause = std::chrono::milliseconds(2);

std::optional<std::string> read_control(const fs::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::string text(kMaxControlBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Result<void> write_control(const fs::path& path, const std::string& text) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_TRUNC));
  if (fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
  return fail(Code::kFailure, "cannot write " + text + " to " + path.string() + ": " + std::strerror(errno));
}

bool lists(const fs::path& path, std::string_view word) {
  std::istringstream words(read_control(path).value_or(""));
  std::string one;
  while (words >> one) {
    if (one == word) return true;
  }
  return false;
}

/// The name of a limit that the group itself sets; a group beside it would not be under that.
std::optional<std::string> own_limit(const fs::path& group) {
  for (const char* name : {"memory.max", "memory.high", "cpu.max", "pids.max"}) {
    const auto text = read_control(group / name);
    if (text && !text->starts_with("max")) return name;
  }
  return std::nullopt;
}

bool make_group(const CgroupTree& tree, const fs::path& path) {
  return tree.make ? tree.make(path) : ::mkdir(path.c_str(), 0755) == 0;
}

bool remove_group(const CgroupTree& tree, const fs::path& path) {
  return tree.remove ? tree.remove(path) : ::rmdir(path.c_str()) == 0;
}

/// Groups of supervisors that were killed before they could remove them; one in use is not removable.
void remove_stale(const CgroupTree& tree, const fs::path& parent) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kNamePrefix)) continue;
    long pid = 0;
    std::from_chars(name.data() + kNamePrefix.size(), name.data() + name.size(), pid);
    if (pid > 0 && ::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH) remove_group(tree, entry.path());
  }
}

}  // namespace

Result<fs::path> worker_cgroup_parent(const CgroupTree& tree) {
  const auto membership = read_control(tree.proc / "self" / "cgroup");
  const auto groups = unified_groups(membership.value_or(""), tree.root);
  if (groups.empty())
    return fail(Code::kFailure, "there is no control group tree of version 2 at " + tree.root.string());
  const fs::path& own = groups.front();
  fs::path parent;
  if (lists(own / "cgroup.subtree_control", "memory")) {
    parent = own;
  } else if (groups.size() > 1 && lists(groups[1] / "cgroup.subtree_control", "memory")) {
    parent = groups[1];
    if (const auto limit = own_limit(own)) {
      return fail(Code::kFailure, own.string() + " sets " + *limit + ", which would not hold for a group beside it",
                  "delegate a group with the memory controller handed on, and start Keisei below it");
    }
  } else {
    return fail(Code::kFailure, "the memory controller is not handed on below " + own.string() + " or beside it",
                "delegate a group with the memory controller handed on, and start Keisei below it");
  }
  for (const fs::path& path : {parent, parent / "cgroup.procs"}) {
    if (::access(path.c_str(), W_OK) == 0) continue;
    return fail(Code::kFailure, path.string() + " is not writable: " + std::strerror(errno),
                "systemd-run --user --scope -p Delegate=yes gives a writable one");
  }
  return parent;
}

Result<WorkerCgroup> WorkerCgroup::make(const CgroupTree& tree, const std::string& name) {
  const auto parent = worker_cgroup_parent(tree);
  if (!parent) return tl::make_unexpected(parent.error());
  remove_stale(tree, *parent);
  const fs::path path = *parent / (std::string(kNamePrefix) + name);
  if (!make_group(tree, path)) {
    return fail(Code::kFailure, "cannot make the control group " + path.string() + ": " + std::strerror(errno));
  }
  WorkerCgroup group(path, tree);
  if (auto unlimited = write_control(path / "memory.max", "max"); !unlimited) {
    return tl::make_unexpected(unlimited.error());
  }
  // Swapped memory would be memory beyond the limit. Where swap is not accounted there is no such file.
  (void)write_control(path / "memory.swap.max", "0");
  return group;
}

WorkerCgroup::WorkerCgroup(fs::path path, CgroupTree tree) : path_(std::move(path)), tree_(std::move(tree)) {}

WorkerCgroup::WorkerCgroup(WorkerCgroup&& other) noexcept
    : path_(std::exchange(other.path_, {})), tree_(std::move(other.tree_)), limit_mb_(other.limit_mb_) {}

WorkerCgroup::~WorkerCgroup() {
  if (path_.empty()) return;
  (void)write_control(path_ / "cgroup.kill", "1");
  // The kernel lets go of a group a moment after its last process has ended.
  for (int i = 0; i < kRemoveTries && !remove_group(tree_, path_) && errno == EBUSY; ++i) {
    std::this_thread::sleep_for(kRemovePause);
  }
}

Result<void> WorkerCgroup::limit_memory(double memory_mb) {
  const double wanted_mb = std::isfinite(memory_mb) && memory_mb > 0 ? memory_mb : 0;
  if (wanted_mb == limit_mb_) return {};
  const std::string text = wanted_mb > 0 ? std::to_string(std::llround(wanted_mb * 1e6)) : "max";
  auto written = write_control(path_ / "memory.max", text);
  if (written) limit_mb_ = wanted_mb;
  return written;
}

Result<void> WorkerCgroup::add(pid_t pid) { return write_control(path_ / "cgroup.procs", std::to_string(pid)); }

std::uint64_t WorkerCgroup::kills() const {
  const auto text = read_control(path_ / "memory.events");
  return static_cast<std::uint64_t>(text ? proc::parse_keyed(*text, "oom_kill ").value_or(0) : 0);
}

}  // namespace keisei::guard
