#include "telemetry/tensorboard_file.h"

#include <bit>
#include <span>

#include "base/crc32c.h"
#include "telemetry/little_endian.h"

namespace keisei::telemetry {
namespace {

/// A checksum of data that holds checksums is weak, so the format stores it rotated and shifted.
std::uint32_t masked_crc(std::string_view bytes) {
  constexpr std::uint32_t kMaskDelta = 0xA282EAD8U;
  return std::rotr(crc32c(std::as_bytes(std::span(bytes))), 15) + kMaskDelta;
}

}  // namespace

void TensorboardFraming::add(std::string& batch, std::uint64_t, std::string_view record) {
  std::string length;
  append_u64(length, record.size());
  batch += length;
  append_u32(batch, masked_crc(length));
  batch += record;
  append_u32(batch, masked_crc(record));
}

}  // namespace keisei::telemetry
