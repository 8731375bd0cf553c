#include "telemetry/tensorboard_file.h"

#include <bit>
#include <span>
#include <utility>

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

Result<TensorboardFile> TensorboardFile::create(std::filesystem::path path) {
  auto file = AppendFile::create(std::move(path));
  if (!file) return tl::make_unexpected(file.error());
  return TensorboardFile(std::move(*file));
}

void TensorboardFile::add(std::string_view record) {
  std::string length;
  append_u64(length, record.size());
  batch_ += length;
  append_u32(batch_, masked_crc(length));
  batch_ += record;
  append_u32(batch_, masked_crc(record));
}

void TensorboardFile::commit() { file_.append(std::exchange(batch_, {})); }

}  // namespace keisei::telemetry
