// The frame of a record in a TensorBoard event file: length, masked CRC-32C of the length, record, masked CRC-32C of
// the record (the TFRecord format). Nothing stands before the first record. Pure functions for FramedFile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "telemetry/framed_file.h"

namespace keisei::telemetry {

struct TensorboardFraming {
  static void begin(std::string&) {}
  static void add(std::string& batch, std::uint64_t begin, std::string_view record);
};
using TensorboardFile = FramedFile<TensorboardFraming>;

}  // namespace keisei::telemetry
