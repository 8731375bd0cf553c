// W&B's own `wandb beta sync --live DIR` beside a training (wandb.mode: live): it follows the run's folder and uploads
// what is written, so that this program needs neither network nor key. It gets a clean environment: keys come from what
// `wandb login` stored in the home directory. Training never waits for it and never fails with it; at the end it has
// kSyncGrace_s to upload the rest. Owned by the session; the starting thread must outlive it.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "guard/spawn.h"

namespace keisei::app {

inline constexpr double kSyncGrace_s = 20;

class WandbSync {
 public:
  /// Looks `program` up in PATH and starts it for `folder`; kFailure when it is not there.
  [[nodiscard]] static Result<WandbSync> start(const std::filesystem::path& folder,
                                               const std::string& program = "wandb");
  WandbSync(WandbSync&&) noexcept = default;
  WandbSync& operator=(WandbSync&&) = delete;
  /// Waits for the end of the upload (the folder must hold its last record by now), then ends the program.
  ~WandbSync();

 private:
  explicit WandbSync(guard::Child child) : child_(std::move(child)) {}
  guard::Child child_;
};

}  // namespace keisei::app
