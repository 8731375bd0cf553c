// The lock of a run: an open-file-description lock on run.lock, which also holds the owner's process number. It is
// released by the kernel when the owner ends, however it ends, so a stale one cannot exist; and it can be asked about
// without being taken, so that looking at a run never disturbs its start. Move-only, held from take() to destruction.
#pragma once

#include <filesystem>
#include <optional>

#include "base/file.h"
#include "base/result.h"

namespace keisei::store {

class RunLock {
 public:
  /// kFailure when another process holds it (named by number) or the file cannot be written.
  [[nodiscard]] static Result<RunLock> take(const std::filesystem::path& file);

 private:
  explicit RunLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// The process that holds the lock, or nothing where it is free. -1 when held by an unknown process.
[[nodiscard]] std::optional<int> lock_holder(const std::filesystem::path& file);

}  // namespace keisei::store
