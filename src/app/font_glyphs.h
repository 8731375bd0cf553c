// Whether this machine has a font with a given character, read from the fonts themselves (the cmap table of TrueType
// and OpenType files and collections), because fontconfig may be missing where a browser is not. For `doctor`: kanji
// of the board show as boxes without one. Reads files and follows no damaged offset; any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace keisei::app {

inline constexpr int kMaxFontFiles = 5000;  ///< looked at before the search gives up

/// Whether the font file has a glyph for the character; false for what is no font.
[[nodiscard]] bool has_glyph(const std::filesystem::path& font, char32_t character);

/// Where fonts lie: of the system and of the user (HOME, XDG_DATA_HOME).
[[nodiscard]] std::vector<std::filesystem::path> font_directories();

/// The first font below the directories that has the character; those named after CJK or Japanese first.
[[nodiscard]] std::optional<std::filesystem::path> find_font(const std::vector<std::filesystem::path>& directories,
                                                             char32_t character);

}  // namespace keisei::app
