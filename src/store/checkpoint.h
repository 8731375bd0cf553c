// The checkpoints of one run: files step-%012d.safetensors in one directory, written whole or not at all, verified
// after writing, pruned by a rule that needs no memory of its own. On load the newest *valid* file wins, by the step in
// its name, never by its time; a rejected file is named with its reason and kept under `.corrupt`.
// One writer (the run's lock sees to that), any number of readers in other processes. No state beside the directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/sha256.h"
#include "store/tensor_file.h"

namespace keisei::store {

struct SavedCheckpoint {
  std::filesystem::path path;
  std::int64_t step = 0;
  std::string sha256;  ///< of the whole file
  std::size_t bytes = 0;
  std::vector<std::filesystem::path> pruned;  ///< older files removed after this one was verified
};

struct CheckpointFile {
  std::filesystem::path path;
  std::int64_t step = 0;
  std::size_t bytes = 0;
};

/// A file that was passed over, and why. `kept_as` is its new name, or its old one where it was left alone.
struct RejectedCheckpoint {
  std::filesystem::path path;
  std::filesystem::path kept_as;
  std::string reason;
};

struct LoadedCheckpoint {
  std::filesystem::path path;
  std::int64_t step = 0;  ///< from the file's name, else from metadata "step", else 0
  std::string sha256;     ///< of the whole file
  std::size_t bytes = 0;
  TensorFile file;
  std::vector<RejectedCheckpoint> rejected;  ///< newer files that did not verify
};

/// What newest_valid() does with a damaged file: only the run's owner may rename it.
enum class OnDamage { kSetAside, kLeave };

class CheckpointStore {
 public:
  /// `keep`: how many of the newest files stay (at least 1), beside the milestones: the first of each power of two
  /// of the step count, so that a long run keeps a log-spaced history.
  CheckpointStore(std::filesystem::path directory, int keep);

  /// Verifies `bytes`, writes them durably, reads them back, then prunes. On any error the older files are intact, no
  /// temporary file is left, and the caller may go on. kBadData when `bytes` are no valid tensor file or their
  /// metadata "step" is another; kFailure for the disk.
  [[nodiscard]] Result<SavedCheckpoint> save(std::int64_t step, std::span<const std::byte> bytes);

  /// All checkpoints by rising step, unverified. A missing directory is an empty list.
  [[nodiscard]] Result<std::vector<CheckpointFile>> list() const;

  /// The valid checkpoint with the greatest step. kBadData, naming each rejected file, when there is none.
  [[nodiscard]] Result<LoadedCheckpoint> newest_valid(OnDamage on_damage = OnDamage::kSetAside) const;

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
  int keep_;
};

/// One explicit file: never replaced by another one. kBadData when missing, truncated, foreign or damaged.
[[nodiscard]] Result<LoadedCheckpoint> load_checkpoint(const std::filesystem::path& path);

/// "step-000000300000.safetensors"
[[nodiscard]] std::string checkpoint_name(std::int64_t step);

/// Which of `steps` (rising) retention removes: all but the last `keep` and the first of each power of two.
[[nodiscard]] std::vector<std::int64_t> steps_to_prune(std::span<const std::int64_t> steps, int keep);

}  // namespace keisei::store
