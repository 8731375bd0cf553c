#include "app/font_glyphs.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>

namespace keisei::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kCollection = 0x74746366;  // "ttcf"
constexpr std::uint32_t kCmap = 0x636D6170;        // "cmap"
constexpr std::uint32_t kMaxTables = 256;
constexpr std::uint32_t kMaxCmapBytes = 4U << 20;

/// A font file by offset; what lies beyond its end reads as 0.
class FontFile {
 public:
  explicit FontFile(const fs::path& path) : file_(path, std::ios::binary) {}

  std::vector<std::uint8_t> bytes(std::uint64_t offset, std::size_t count) {
    std::vector<std::uint8_t> read(count, 0);
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(reinterpret_cast<char*>(read.data()), static_cast<std::streamsize>(count));
    return read;
  }
  std::uint32_t u32(std::uint64_t offset) {
    const auto b = bytes(offset, 4);
    return static_cast<std::uint32_t>(b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]);
  }
  std::uint32_t u16(std::uint64_t offset) {
    const auto b = bytes(offset, 2);
    return static_cast<std::uint32_t>(b[0] << 8 | b[1]);
  }

 private:
  std::ifstream file_;
};

/// A cmap table in memory; what lies beyond its end reads as 0.
struct Table {
  std::vector<std::uint8_t> data;
  [[nodiscard]] std::uint32_t u16(std::size_t at) const {
    return at + 2 <= data.size() ? static_cast<std::uint32_t>(data[at] << 8 | data[at + 1]) : 0;
  }
  [[nodiscard]] std::uint32_t u32(std::size_t at) const { return u16(at) << 16 | u16(at + 2); }
};

/// Segments of 16-bit characters.
bool in_format_4(const Table& table, std::size_t at, char32_t character) {
  if (character > 0xFFFF) return false;
  const std::size_t segments = table.u16(at + 6) / 2;
  const std::size_t ends = at + 14, starts = ends + 2 * segments + 2, deltas = starts + 2 * segments,
                    ranges = deltas + 2 * segments;
  for (std::size_t i = 0; i < segments; ++i) {
    if (table.u16(ends + 2 * i) < character) continue;
    const std::uint32_t start = table.u16(starts + 2 * i);
    if (start > character) return false;
    const std::uint32_t delta = table.u16(deltas + 2 * i), range = table.u16(ranges + 2 * i);
    if (range == 0) return ((character + delta) & 0xFFFF) != 0;
    return table.u16(ranges + 2 * i + range + 2 * (character - start)) != 0;
  }
  return false;
}

/// Groups of 32-bit characters.
bool in_format_12(const Table& table, std::size_t at, char32_t character) {
  const std::size_t groups = std::min<std::size_t>(table.u32(at + 12), table.data.size() / 12);
  for (std::size_t i = 0; i < groups; ++i) {
    const std::size_t group = at + 16 + 12 * i;
    if (character >= table.u32(group) && character <= table.u32(group + 4))
      return table.u32(group + 8) + (character - table.u32(group)) != 0;
  }
  return false;
}

bool is_font(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".ttf" || extension == ".otf" || extension == ".ttc" || extension == ".otc";
}

/// Names that promise Japanese: their fonts are looked at first.
bool promises_japanese(const fs::path& path) {
  static constexpr std::array<const char*, 8> kParts = {"CJK", "cjk", "JP", "jp", "ipa", "IPA", "Gothic", "Mincho"};
  const std::string name = path.string();
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](const char* part) { return name.find(part) != std::string::npos; });
}

}  // namespace

bool has_glyph(const fs::path& font, char32_t character) {
  FontFile file(font);
  std::uint64_t start = 0;
  if (file.u32(0) == kCollection) start = file.u32(12);  // the first font of the collection
  const std::uint32_t tables = std::min(file.u16(start + 4), kMaxTables);
  for (std::uint32_t i = 0; i < tables; ++i) {
    const std::uint64_t entry = start + 12 + std::uint64_t{16} * i;
    if (file.u32(entry) != kCmap) continue;
    const Table table{file.bytes(file.u32(entry + 8), std::min(file.u32(entry + 12), kMaxCmapBytes))};
    const std::size_t subtables = std::min<std::size_t>(table.u16(2), kMaxTables);
    for (std::size_t k = 0; k < subtables; ++k) {
      const std::size_t at = table.u32(4 + 8 * k + 4);
      const std::uint32_t format = table.u16(at);
      if (format == 4 && in_format_4(table, at, character)) return true;
      if (format == 12 && in_format_12(table, at, character)) return true;
    }
  }
  return false;
}

std::vector<fs::path> font_directories() {
  std::vector<fs::path> directories = {"/usr/share/fonts", "/usr/local/share/fonts"};
  const char* home = std::getenv("HOME");
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') directories.push_back(fs::path(data) / "fonts");
  if (home != nullptr && *home != '\0') {
    if (data == nullptr || *data == '\0') directories.push_back(fs::path(home) / ".local/share/fonts");
    directories.push_back(fs::path(home) / ".fonts");
  }
  return directories;
}

std::optional<fs::path> find_font(const std::vector<fs::path>& directories, char32_t character) {
  std::vector<fs::path> fonts;
  for (const fs::path& directory : directories) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(directory, fs::directory_options::skip_permission_denied, error), end;
         !error && at != end && fonts.size() < kMaxFontFiles; at.increment(error)) {
      std::error_code ignored;
      if (is_font(at->path()) && at->is_regular_file(ignored)) fonts.push_back(at->path());
    }
  }
  std::sort(fonts.begin(), fonts.end());
  std::stable_partition(fonts.begin(), fonts.end(), promises_japanese);
  for (const fs::path& font : fonts) {
    if (has_glyph(font, character)) return font;
  }
  return std::nullopt;
}

}  // namespace keisei::app
