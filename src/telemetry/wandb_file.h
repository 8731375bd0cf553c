// The frame of a record in a Weights & Biases run file (run-ID.wandb): a 7-byte header, then blocks of 32 KiB in which
// records lie in chunks of checksum, length and type, like a LevelDB log but with plain CRC-32. A reader that follows
// the growing file (`wandb beta sync --live`) sees whole records. Pure functions for FramedFile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "telemetry/framed_file.h"

namespace keisei::telemetry {

struct WandbFraming {
  static void begin(std::string& batch);
  static void add(std::string& batch, std::uint64_t begin, std::string_view record);
};
using WandbFile = FramedFile<WandbFraming>;

}  // namespace keisei::telemetry
