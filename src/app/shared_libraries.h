// Shared libraries as the loader will look for them, found without starting anything: what a program names as needed
// (ELF), and where such a name lies (LD_LIBRARY_PATH, the loader's directories, the program's own RUNPATH). For `keisei
// doctor`: a library that is gone shows otherwise only when keisei-torch is started. Reads files; any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace keisei::app {

struct Needs {
  std::vector<std::string> libraries;               ///< DT_NEEDED, "libtorch.so.1.13"
  std::vector<std::filesystem::path> search_first;  ///< DT_RUNPATH or DT_RPATH, $ORIGIN replaced
};

/// Of a 64-bit little-endian ELF file; kBadData for anything else.
[[nodiscard]] Result<Needs> needs_of(const std::filesystem::path& program);

/// Where the loader looks, in its order: LD_LIBRARY_PATH, /etc/ld.so.conf and what it includes, /lib, /usr/lib.
[[nodiscard]] std::vector<std::filesystem::path> library_directories();

/// The file of that name in the first of the directories that has it.
[[nodiscard]] std::optional<std::filesystem::path> find_library(
    const std::string& name, const std::vector<std::filesystem::path>& directories);

/// Names with versions of what this process runs with, as the files are called: "libsqlite3.so.0.8.6".
[[nodiscard]] std::vector<std::string> loaded_libraries();

}  // namespace keisei::app
