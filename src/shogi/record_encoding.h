// The bytes of a game record as UTF-8 text and back. Old records are in Windows' Shift_JIS (code page 932), many say
// which they are and some say it wrongly, so a reader asks in order: a byte order mark, what the text declares, which
// encoding its bytes are valid in. The tables are those of the C library (iconv). Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace keisei::shogi {

enum class TextEncoding : std::uint8_t { kUtf8, kShiftJis };

inline constexpr std::size_t kMaxRecordBytes = std::size_t{16} << 20;

/// utf-8 | shift_jis, in any case, with or without the dash. kUsage for any other name.
[[nodiscard]] Result<TextEncoding> parse_text_encoding(std::string_view name);
[[nodiscard]] std::string_view to_string(TextEncoding encoding);

struct DecodedText {
  std::string text;  ///< UTF-8 without a byte order mark
  TextEncoding encoding = TextEncoding::kUtf8;
  std::string note;  ///< where the bytes contradict what the text declares; else empty
};

/// The text of a file named `file` (for messages). kBadData with line and column for bytes that fit neither encoding,
/// for UTF-16, NUL bytes and more than kMaxRecordBytes.
[[nodiscard]] Result<DecodedText> decode_record(std::string_view bytes, std::string_view file);

/// `utf8` as bytes of a file. A KIF declaration in its first line is changed to fit. kBadData with line and column for
/// a character that the encoding has not.
[[nodiscard]] Result<std::string> encode_record(std::string_view utf8, TextEncoding encoding, std::string_view file);

}  // namespace keisei::shogi
