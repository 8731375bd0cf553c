// The system calls that a caged program does not get, as a seccomp filter: written as a table, checked by architecture,
// everything else allowed. Refusals are EPERM, so that a program that merely tries goes on without. Inherited by
// everything it starts. Needs no-new-privileges. One thread: the filter is the caller's.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::guard {

struct RefusedCall {
  long number = 0;
  std::string_view name;
};

/// The table, for tests and for doctor.
[[nodiscard]] const std::vector<RefusedCall>& refused_calls();

/// Installs the filter for the calling thread. kFailure with the kernel's reason when it has none.
[[nodiscard]] Result<void> install_syscall_filter();

}  // namespace keisei::guard
