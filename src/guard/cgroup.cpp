#include "guard/cgroup.h"

#include <algorithm>
#include <string_view>

#include "guard/proc_text.h"

namespace keisei::guard {
namespace {

namespace fs = std::filesystem;

constexpr double kUnlimitedBytes = 9e18;   ///< version 1 writes "no limit" as a number near 2^63
constexpr double kDefaultPeriod_us = 1e5;  ///< of a quota, where the kernel does not tell it
constexpr std::size_t kMaxHierarchies = 64;

struct Hierarchy {
  std::string controllers;  ///< "cpu,cpuacct"; empty = version 2
  fs::path group;
};

std::vector<Hierarchy> hierarchies(std::string_view membership) {
  std::vector<Hierarchy> found;
  while (!membership.empty() && found.size() < kMaxHierarchies) {
    const std::string_view line = membership.substr(0, membership.find('\n'));
    membership.remove_prefix(std::min(membership.size(), line.size() + 1));
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos || !line.substr(second + 1).starts_with('/')) continue;
    found.push_back({std::string(line.substr(first + 1, second - first - 1)), std::string(line.substr(second + 2))});
  }
  return found;
}

bool names(const std::string& controllers, const std::string& one) {
  return ("," + controllers + ",").find("," + one + ",") != std::string::npos;
}

/// The group and its ancestors up to the tree itself, the group first.
std::vector<fs::path> with_ancestors(const fs::path& tree, const fs::path& group) {
  std::vector<fs::path> levels = {tree};
  fs::path at = tree;
  const bool leaves = std::any_of(group.begin(), group.end(), [](const fs::path& part) { return part == ".."; });
  if (leaves) return levels;
  for (const fs::path& part : group) {
    if (part.empty() || part == ".") continue;
    if (levels.size() >= kMaxCgroupDepth) break;
    at /= part;
    levels.push_back(at);
  }
  std::reverse(levels.begin(), levels.end());
  return levels;
}

bool present(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::optional<double> limit_bytes(KeptFile& file, bool& readable) {
  const auto text = file.read();
  readable = readable || text.has_value();
  const auto bytes = text ? proc::parse_number(*text) : std::nullopt;
  return bytes && *bytes < kUnlimitedBytes ? bytes : std::nullopt;
}

/// "150000 100000", or the quota alone with the period in a file of its own.
std::optional<double> quota_cores(KeptFile& limit, KeptFile& period, bool& readable) {
  const auto text = limit.read();
  readable = readable || text.has_value();
  const auto quota_us = text ? proc::parse_number(*text) : std::nullopt;
  if (!quota_us || *quota_us <= 0) return std::nullopt;
  const std::size_t blank = text->find(' ');
  const auto other = blank == std::string_view::npos ? period.read() : std::optional(text->substr(blank));
  const auto period_us = other ? proc::parse_number(*other) : std::nullopt;
  return *quota_us / (period_us && *period_us > 0 ? *period_us : kDefaultPeriod_us);
}

}  // namespace

Cgroups::Cgroups(const fs::path& proc, fs::path root) : root_(std::move(root)), membership_(proc / "self" / "cgroup") {}

void Cgroups::add_levels(const fs::path& tree, const fs::path& group, bool unified, bool memory) {
  const char* limit =
      unified ? (memory ? "memory.max" : "cpu.max") : (memory ? "memory.limit_in_bytes" : "cpu.cfs_quota_us");
  const char* current = memory ? (unified ? "memory.current" : "memory.usage_in_bytes") : "cpu.cfs_period_us";
  for (const fs::path& level : with_ancestors(tree, group)) {
    (memory ? memory_ : cpu_).push_back({KeptFile(level / limit), KeptFile(level / current)});
  }
}

void Cgroups::resolve(const std::string& membership) {
  resolved_ = membership;
  memory_.clear();
  cpu_.clear();
  for (const Hierarchy& one : hierarchies(membership)) {
    if (one.controllers.empty()) {
      for (const fs::path& tree : {root_, root_ / "unified"}) {
        add_levels(tree, one.group, true, true);
        add_levels(tree, one.group, true, false);
      }
      continue;
    }
    for (const bool memory : {true, false}) {
      const std::string controller = memory ? "memory" : "cpu";
      if (!names(one.controllers, controller)) continue;
      // The directory is named after the controller, or after all that share the hierarchy.
      const fs::path own = root_ / controller;
      add_levels(present(own) ? own : root_ / one.controllers, one.group, false, memory);
    }
  }
}

CgroupReadings Cgroups::read() {
  const auto membership = membership_.read();
  if (!membership) {
    const Reading why = unknown("cannot read " + membership_.path());
    return {why, why, why};
  }
  if (*membership != resolved_) resolve(std::string(*membership));

  CgroupReadings out;
  Level* limiting = nullptr;
  bool readable = false;
  for (Level& level : memory_) {
    const auto bytes = limit_bytes(level.limit, readable);
    if (!bytes || (out.memory_limit_mb.value && *bytes * 1e-6 >= *out.memory_limit_mb.value)) continue;
    out.memory_limit_mb = known(*bytes * 1e-6, level.limit.path());
    limiting = &level;
  }
  if (limiting == nullptr) {
    out.memory_limit_mb = unknown(readable ? "no control group limits memory" : "no memory control group is readable");
  }
  out.memory_current_mb = unknown("no memory control group is readable");
  for (Level& level : memory_) {
    if (limiting != nullptr && &level != limiting) continue;
    const auto text = level.current.read();
    const auto bytes = text ? proc::parse_number(*text) : std::nullopt;
    if (!bytes) continue;
    out.memory_current_mb = known(*bytes * 1e-6, level.current.path());
    break;
  }
  readable = false;
  for (Level& level : cpu_) {
    const auto cores = quota_cores(level.limit, level.current, readable);
    if (!cores || (out.cpu_quota_cores.value && *cores >= *out.cpu_quota_cores.value)) continue;
    out.cpu_quota_cores = known(*cores, level.limit.path());
  }
  if (!out.cpu_quota_cores.value) {
    out.cpu_quota_cores =
        unknown(readable ? "no control group limits processor time" : "no processor control group is readable");
  }
  return out;
}

std::vector<fs::path> unified_groups(const std::string& membership, const fs::path& root) {
  for (const Hierarchy& one : hierarchies(membership)) {
    if (!one.controllers.empty()) continue;
    for (const fs::path& tree : {root, root / "unified"}) {
      if (!present(tree / "cgroup.controllers")) continue;
      std::vector<fs::path> levels = with_ancestors(tree, one.group);
      // In a container the group's own path may not be visible.
      std::erase_if(levels, [](const fs::path& level) { return !present(level / "cgroup.procs"); });
      return levels;
    }
  }
  return {};
}

}  // namespace keisei::guard
