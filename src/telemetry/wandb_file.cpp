#include "telemetry/wandb_file.h"

#include <algorithm>

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

void WandbFraming::begin(std::string& batch) {
  batch += ":W&B";
  append_u16(batch, kMagic);
  batch += kVersion;
}

void WandbFraming::add(std::string& batch, std::uint64_t begin, std::string_view record) {
  for (bool first = true; first || !record.empty(); first = false) {
    std::uint64_t left = kBlockBytes - (begin + batch.size()) % kBlockBytes;
    if (left < kChunkHeaderBytes) {
      batch.append(left, '\0');
      left = kBlockBytes;
    }
    const std::string_view payload = record.substr(0, std::min(record.size(), left - kChunkHeaderBytes));
    record.remove_prefix(payload.size());
    const char type = chunk_type(first, record.empty());
    append_u32(batch, crc32(payload, crc32(std::string_view(&type, 1))));
    append_u16(batch, static_cast<std::uint16_t>(payload.size()));
    batch += type;
    batch += payload;
  }
}

}  // namespace keisei::telemetry
