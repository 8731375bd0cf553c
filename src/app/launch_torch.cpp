#include "app/launch_torch.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace keisei::app {

CpuFeatures cpu_features() {
  CpuFeatures features;
#if defined(__x86_64__)
  features.avx2 = __builtin_cpu_supports("avx2") != 0;
  features.avx512 = __builtin_cpu_supports("avx512f") != 0;
#endif
  return features;
}

std::vector<ThreadSetting> torch_settings(CpuFeatures features) {
  std::vector<ThreadSetting> settings = {
      {"OPENBLAS_NUM_THREADS", "1", "OpenBLAS's own threads would spin against those of training"},
      {"MALLOC_MMAP_THRESHOLD_", "268435456", "tensors are reused instead of mapped anew at every step"},
      {"MALLOC_TRIM_THRESHOLD_", "1073741824", "freed tensors stay with the program"},
  };
  const char* why = "OpenBLAS does not know newer processors by itself";
  if (features.avx512) {
    settings.push_back({"OPENBLAS_CORETYPE", "SkylakeX", why});
    settings.push_back({"ATEN_CPU_CAPABILITY", "avx512", "libtorch's widest kernels"});
  } else if (features.avx2) {
    settings.push_back({"OPENBLAS_CORETYPE", "Haswell", why});
  }
  return settings;
}

Result<std::string> sibling_program(std::string_view name) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(Code::kFailure, "this program's own path is unknown: " + error.message(), "is /proc mounted?");
  const std::filesystem::path path = self.parent_path() / name;
  if (::access(path.c_str(), X_OK) != 0) {
    return fail(Code::kFailure, path.string() + " is not there or cannot be run",
                "it is built where libtorch is found (libtorch-dev, -DKEISEI_WITH_TORCH=ON)");
  }
  return path.string();
}

Error become_torch(const std::vector<std::string>& args) {
  const auto program = sibling_program("keisei-torch");
  if (!program) return program.error();
  constexpr int kKeepWhatIsSet = 0;
  for (const ThreadSetting& setting : torch_settings(cpu_features())) {
    ::setenv(setting.name.c_str(), setting.value.c_str(), kKeepWhatIsSet);
  }
  std::vector<char*> argv;
  argv.push_back(const_cast<char*>(program->c_str()));
  for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  ::execv(program->c_str(), argv.data());
  return {Code::kFailure, *program + " cannot be started: " + std::strerror(errno), {}};
}

}  // namespace keisei::app
