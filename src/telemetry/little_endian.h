// Numbers as little-endian bytes at the end of a text, as the file formats of W&B and TensorBoard frame their records;
// and big-endian ones for PNG. Written out byte by byte, so that the machine's own order does not matter. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace keisei::telemetry {

inline void append_u16(std::string& to, std::uint16_t value) {
  for (int shift = 0; shift < 16; shift += 8) to += static_cast<char>((value >> shift) & 0xFF);
}
inline void append_u32(std::string& to, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>((value >> shift) & 0xFF);
}
inline void append_u64(std::string& to, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) to += static_cast<char>((value >> shift) & 0xFF);
}
inline void append_u32_big(std::string& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>((value >> shift) & 0xFF);
}

}  // namespace keisei::telemetry
