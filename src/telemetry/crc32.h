// CRC-32 (IEEE 802.3, as in zlib and PNG): the checksum of W&B run files and of PNG chunks. Everything of our own uses
// CRC-32C (base/crc32c.h); this one is here because those formats ask for it. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace keisei::telemetry {

namespace detail {
consteval std::array<std::uint32_t, 256> crc32_table() {
  constexpr std::uint32_t kReflectedPolynomial = 0xEDB88320U;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kReflectedPolynomial : 0U);
    table[byte] = crc;
  }
  return table;
}
inline constexpr std::array<std::uint32_t, 256> kCrc32Table = crc32_table();
}  // namespace detail

/// CRC of `bytes`, continuing from `crc` (0 to start).
[[nodiscard]] constexpr std::uint32_t crc32(std::string_view bytes, std::uint32_t crc = 0) {
  crc = ~crc;
  for (const char c : bytes) crc = detail::kCrc32Table[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8);
  return ~crc;
}

}  // namespace keisei::telemetry
