// Landlock by its system calls: the kernel's way to confine a process's own file access without privilege. Which rights
// exist depends on the kernel's ABI number, which is asked for; the header of the build machine may be older than the
// kernel, so numbers are written here. One thread: the caller's domain changes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace keisei::guard {

struct PathRule {
  enum class Allow { kRead, kReadWrite, kEverything };  ///< kRead: also execute and list
  std::string path;
  Allow allow = Allow::kRead;
  bool required = false;  ///< an error when it cannot be opened; others are left out
};

/// The kernel's Landlock ABI; 0 when it has none or it is switched off.
[[nodiscard]] int landlock_abi();

/// Confines the calling thread to the rules; needs no-new-privileges. Returns what this ABI cannot confine, one
/// sentence each.
[[nodiscard]] Result<std::vector<std::string>> restrict_files(const std::vector<PathRule>& rules);

}  // namespace keisei::guard
