// Which run at Weights & Biases a run of ours is, kept in the run's directory: a resumed training continues into the
// same one. Beside the id stands a step that no row has reached, because W&B wants steps to rise over all processes of
// a run and a resumed one starts at an earlier checkpoint. It is reserved ahead, so a crash leaves a gap in W&B's own
// step (charts are drawn over progress/timesteps) and never a step that falls. One line of JSON. Owned by the outlet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace keisei::telemetry {

inline constexpr std::size_t kMaxWandbIdBytes = 64;

struct WandbMemory {
  std::string id;
  std::int64_t step = -1;  ///< of W&B's own counting: no row has a higher one
  friend bool operator==(const WandbMemory&, const WandbMemory&) = default;
};

/// 1 to kMaxWandbIdBytes letters, digits, '-' and '_': what may be part of a folder's name and of an address.
[[nodiscard]] bool is_wandb_id(std::string_view id);

/// Nothing where nothing was kept. kBadData for a file that holds something else, kFailure from the disk.
[[nodiscard]] Result<std::optional<WandbMemory>> read_wandb_memory(const std::filesystem::path& file);
[[nodiscard]] Result<void> write_wandb_memory(const std::filesystem::path& file, const WandbMemory& memory);

struct WandbChoice {
  WandbMemory run;
  bool resumed = false;  ///< it is there already
};
/// The run to write: `asked` (empty = none) before the `kept` one before a `fresh` id. `resume` is "allow", "must"
/// (kUsage where no id is known) or "never" (kUsage where the one asked for was written already). kUsage for what is no
/// id.
[[nodiscard]] Result<WandbChoice> choose_wandb_run(const std::string& asked, std::string_view resume,
                                                   const std::optional<WandbMemory>& kept, const std::string& fresh);

}  // namespace keisei::telemetry
