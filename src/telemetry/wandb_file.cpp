#include "telemetry/wandb_file.h"

#include <algorithm>
#include <utility>

#include "telemetry/crc32.h"
#include "telemetry/little_endian.h"

namespace keisei::telemetry {
namespace {

constexpr std::uint64_t kBlockBytes = 32768;
constexpr std::uint64_t kChunkHeaderBytes = 7;
constexpr std::uint16_t kMagic = 0xBEE1;
constexpr char kVersion = 0;

enum ChunkType : char { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

ChunkType chunk_type(bool first, bool last) {
  if (first) return last ? kFull : kFirst;
  return last ? kLast : kMiddle;
}

}  // namespace

Result<WandbFile> WandbFile::create(std::filesystem::path path) {
  auto file = AppendFile::create(std::move(path));
  if (!file) return tl::make_unexpected(file.error());
  WandbFile made(std::move(*file));
  made.batch_ = ":W&B";
  append_u16(made.batch_, kMagic);
  made.batch_ += kVersion;
  return made;
}

void WandbFile::add(std::string_view record) {
  for (bool first = true; first || !record.empty(); first = false) {
    std::uint64_t left = kBlockBytes - bytes() % kBlockBytes;
    if (left < kChunkHeaderBytes) {
      batch_.append(left, '\0');
      left = kBlockBytes;
    }
    const std::string_view payload = record.substr(0, std::min(record.size(), left - kChunkHeaderBytes));
    record.remove_prefix(payload.size());
    const char type = chunk_type(first, record.empty());
    append_u32(batch_, crc32(payload, crc32(std::string_view(&type, 1))));
    append_u16(batch_, static_cast<std::uint16_t>(payload.size()));
    batch_ += type;
    batch_ += payload;
  }
}

void WandbFile::commit() { file_.append(std::exchange(batch_, {})); }

}  // namespace keisei::telemetry
