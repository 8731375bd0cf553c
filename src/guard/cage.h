// What a foreign program is put into before its first instruction: no new privileges, no capabilities, resource limits,
// an environment of listed names, files by Landlock (reads below listed places, writes in one scratch directory) and
// system calls by seccomp (no sockets, no looking into other processes, no kernel administration). Entered by the
// launcher stage, inherited by everything the program starts, left by nobody. What a kernel lacks is reported.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::guard {

inline constexpr long kDefaultCageFileMb = 64;
inline constexpr long kDefaultCageOpenFiles = 256;

struct Cage {
  std::string scratch;                ///< absolute; the one place to write; HOME and TMPDIR are there
  std::string directory;              ///< absolute; working directory
  std::vector<std::string> readable;  ///< absolute; files, and directories with all below: read and execute
  long data_mb = 0;                   ///< private writable memory of one process (RLIMIT_DATA); 0 = as inherited
  long file_mb = kDefaultCageFileMb;  ///< largest file
  long open_files = kDefaultCageOpenFiles;
  bool strict = false;  ///< an error where a part of the cage is not available
  friend bool operator==(const Cage&, const Cage&) = default;
};

/// One argument of the launcher. kUsage for a path with a line break.
[[nodiscard]] Result<std::string> encode(const Cage& cage);
/// The cage of encode(); kUsage for anything else.
[[nodiscard]] Result<Cage> decode_cage(std::string_view text);

/// Puts the calling process (of one thread) into the cage, for ever. Returns what is not available, one sentence each
/// ("landlock not available: …"). Errors: a limit that could not be set, a place that cannot be opened, and with
/// `strict` any part that is missing.
[[nodiscard]] Result<std::vector<std::string>> enter_cage(const Cage& cage);

/// The variables of `environment` that a caged program may see, with HOME and TMPDIR in the scratch directory.
[[nodiscard]] std::vector<std::string> caged_environment(const Cage& cage, const char* const* environment);

}  // namespace keisei::guard
