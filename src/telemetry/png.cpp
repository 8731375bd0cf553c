#include "telemetry/png.h"

#include <algorithm>
#include <string_view>

#include "telemetry/crc32.h"
#include "telemetry/little_endian.h"

namespace keisei::telemetry {
namespace {

constexpr std::size_t kPixelsPerByte = 4;
constexpr std::size_t kMaxStoredBytes = 65535;
constexpr std::uint32_t kAdlerModulus = 65521;

void append_chunk(std::string& to, std::string_view type, std::string_view data) {
  append_u32_big(to, static_cast<std::uint32_t>(data.size()));
  to += type;
  to += data;
  append_u32_big(to, crc32(data, crc32(type)));
}

std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % kAdlerModulus;
    b = (b + a) % kAdlerModulus;
  }
  return (b << 16) | a;
}

/// A zlib stream of stored blocks.
std::string stored(std::string_view bytes) {
  std::string out = "\x78\x01";
  const std::uint32_t checksum = adler32(bytes);
  while (!bytes.empty()) {
    const std::size_t length = std::min(bytes.size(), kMaxStoredBytes);
    out += length == bytes.size() ? '\1' : '\0';
    append_u16(out, static_cast<std::uint16_t>(length));
    append_u16(out, static_cast<std::uint16_t>(~length & 0xFFFFU));
    out += bytes.substr(0, length);
    bytes.remove_prefix(length);
  }
  append_u32_big(out, checksum);
  return out;
}

}  // namespace

std::string png(const Picture& picture) {
  std::string file = "\x89PNG\r\n\x1a\n";
  std::string header;
  append_u32_big(header, static_cast<std::uint32_t>(picture.width));
  append_u32_big(header, static_cast<std::uint32_t>(picture.height));
  header += std::string("\x02\x03\x00\x00\x00", 5);  // two bits a pixel, palette; the rest has one value each
  append_chunk(file, "IHDR", header);
  std::string palette;
  for (const Rgb& colour : picture.palette) {
    for (const std::uint8_t part : {colour.red, colour.green, colour.blue}) palette += static_cast<char>(part);
  }
  append_chunk(file, "PLTE", palette);

  std::string rows;
  const auto width = static_cast<std::size_t>(picture.width);
  for (std::size_t begin = 0; begin < picture.pixels.size(); begin += width) {
    rows += '\0';  // no filter
    for (std::size_t x = 0; x < width; x += kPixelsPerByte) {
      unsigned byte = 0;
      for (std::size_t i = 0; i < kPixelsPerByte; ++i) {
        byte = (byte << 2) | (x + i < width ? picture.pixels[begin + x + i] & 3U : 0U);
      }
      rows += static_cast<char>(byte);
    }
  }
  append_chunk(file, "IDAT", stored(rows));
  append_chunk(file, "IEND", {});
  return file;
}

}  // namespace keisei::telemetry
