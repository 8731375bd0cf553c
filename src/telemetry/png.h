// A picture of four colours as a PNG file (RFC 2083): two bits a pixel with a palette, in stored (uncompressed) deflate
// blocks. Enough for a board diagram of some 30 KB, and no compression library is needed for it. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace keisei::telemetry {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
};

struct Picture {
  int width = 0;   ///< pixels
  int height = 0;  ///< pixels
  std::array<Rgb, 4> palette{};
  std::vector<std::uint8_t> pixels;  ///< height rows of width, each 0..3

  [[nodiscard]] std::uint8_t& at(int x, int y) {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};

/// The file's bytes.
[[nodiscard]] std::string png(const Picture& picture);

}  // namespace keisei::telemetry
