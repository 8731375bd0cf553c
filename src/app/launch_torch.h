// The step from `keisei` to `keisei-torch`. libtorch and its BLAS read some of their settings before main, so the small
// program sets those that are unset and then becomes the large one, with the same arguments. Also what `keisei doctor`
// reports. No thread rule: called before any thread starts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::app {

struct CpuFeatures {
  bool avx2 = false;
  bool avx512 = false;
};
[[nodiscard]] CpuFeatures cpu_features();

struct ThreadSetting {
  std::string name;
  std::string value;
  std::string because;
};
/// What is set for libtorch where it is unset.
[[nodiscard]] std::vector<ThreadSetting> torch_settings(CpuFeatures features);

/// The program beside this one, through /proc/self/exe.
[[nodiscard]] Result<std::string> sibling_program(std::string_view name);

/// Becomes keisei-torch with these arguments (without the program's name); returns only on failure.
[[nodiscard]] Error become_torch(const std::vector<std::string>& args);

}  // namespace keisei::app
