// What the control groups around this process allow, versions 1 and 2 and machines that have both. Groups nest and each
// ancestor's limit counts, so the tightest one is told, by name. The directories are arguments, so that a test can
// stand in for a machine. Descriptors are kept between readings. One owner, one thread. MB are 10^6 bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "guard/kept_file.h"
#include "guard/reading.h"

namespace keisei::guard {

inline constexpr std::size_t kMaxCgroupDepth = 32;

struct CgroupReadings {
  Reading memory_limit_mb;    ///< the tightest of all ancestors
  Reading memory_current_mb;  ///< used by the group that sets that limit, else by the process's own group
  Reading cpu_quota_cores;    ///< the tightest of all ancestors; 1.5 = one and a half cores
};

class Cgroups {
 public:
  explicit Cgroups(const std::filesystem::path& proc = "/proc", std::filesystem::path root = "/sys/fs/cgroup");
  [[nodiscard]] CgroupReadings read();

 private:
  struct Level {
    KeptFile limit;
    KeptFile current;  ///< of memory; the period of a version 1 quota
  };
  void resolve(const std::string& membership);
  void add_levels(const std::filesystem::path& tree, const std::filesystem::path& group, bool unified, bool memory);

  std::filesystem::path root_;
  KeptFile membership_;
  std::string resolved_;  ///< the membership that the levels below belong to
  std::vector<Level> memory_;
  std::vector<Level> cpu_;
};

/// The directories of a process's version 2 group and its ancestors, the group's own first; empty where there is none.
/// `membership` is the text of /proc/<pid>/cgroup. Paths that would leave `root` count as the root itself.
[[nodiscard]] std::vector<std::filesystem::path> unified_groups(const std::string& membership,
                                                                const std::filesystem::path& root);

}  // namespace keisei::guard
