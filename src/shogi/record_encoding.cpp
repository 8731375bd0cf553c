#include "shogi/record_encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "shogi/record_source.h"

namespace keisei::shogi {
namespace {

constexpr const char* kUtf8Name = "UTF-8";
constexpr const char* kShiftJisName = "CP932";  // as Windows has it, not the older standard
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Owns a conversion of the C library.
class Conversion {
 public:
  Conversion(const char* to, const char* from) : handle_(::iconv_open(to, from)) {}
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  ~Conversion() {
    if (is_open()) ::iconv_close(handle_);
  }
  [[nodiscard]] bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
  [[nodiscard]] iconv_t get() const { return handle_; }

 private:
  iconv_t handle_;
};

struct Converted {
  std::string text;
  std::size_t read = 0;  ///< bytes of the input that were understood; all of them where nothing is wrong
};

Result<Converted> convert(std::string_view input, const char* to, const char* from) {
  const Conversion conversion(to, from);
  if (!conversion.is_open()) {
    return fail(Code::kFailure, std::string("the C library cannot convert ") + from + " to " + to,
                "install its conversion tables, or use utf-8");
  }
  Converted out;
  std::vector<char> source(input.begin(), input.end());
  char* next = source.data();
  std::size_t left = source.size();
  std::array<char, 1 << 14> chunk{};
  while (left > 0) {
    char* end = chunk.data();
    std::size_t room = chunk.size();
    const std::size_t done = ::iconv(conversion.get(), &next, &left, &end, &room);
    out.text.append(chunk.data(), chunk.size() - room);
    if (done == static_cast<std::size_t>(-1) && errno != E2BIG) break;
  }
  out.read = source.size() - left;
  return out;
}

/// Of the first byte that is no UTF-8, or the size. Surrogates, overlong forms and what lies beyond U+10FFFF are none.
std::size_t valid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first >= 0x80 && (first < 0xC2 || first > 0xF4)) return at;
    if (at + length > text.size()) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(at + i) & 0xC0) != 0x80) return at;
    }
    if (first == 0xE0 && byte(at + 1) < 0xA0) return at;
    if (first == 0xED && byte(at + 1) > 0x9F) return at;
    if (first == 0xF0 && byte(at + 1) < 0x90) return at;
    if (first == 0xF4 && byte(at + 1) > 0x8F) return at;
    at += length;
  }
  return at;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// What "# KIF version=2.0 encoding=..." or "'CSA encoding=..." says in one of the first lines.
std::optional<TextEncoding> declared(std::string_view bytes) {
  constexpr int kLinesLookedAt = 3;
  constexpr std::string_view kWord = "encoding=";
  for (int i = 0; i < kLinesLookedAt && !bytes.empty(); ++i) {
    const std::string line = lower(bytes.substr(0, std::min(bytes.find('\n'), bytes.size())));
    const std::size_t at = line.find(kWord);
    if (at != std::string::npos && (line.starts_with('#') || line.starts_with('\''))) {
      std::string name = line.substr(at + kWord.size());
      name = name.substr(0, name.find_first_of(" \t\r;,"));
      if (const auto encoding = parse_text_encoding(name)) return *encoding;
    }
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
  }
  return std::nullopt;
}

/// Line and column of byte `at`; columns count bytes where the text is no UTF-8.
tl::unexpected<Error> bad_byte(std::string_view bytes, std::size_t at, std::string_view file, const std::string& what,
                               std::string_view allowed) {
  const std::string_view before = bytes.substr(0, at);
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t line_at = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fault_at(file, line, at - line_at + 1, what, allowed);
}

/// "0x8F"
std::string hex(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("0x") + kDigits[byte >> 4U] + kDigits[byte & 0xFU];
}

}  // namespace

Result<TextEncoding> parse_text_encoding(std::string_view name) {
  const std::string plain = lower(name);
  if (plain == "utf-8" || plain == "utf8") return TextEncoding::kUtf8;
  if (plain == "shift_jis" || plain == "shift-jis" || plain == "sjis" || plain == "cp932") {
    return TextEncoding::kShiftJis;
  }
  return fail(Code::kUsage, "unknown encoding " + quoted_part(name), "utf-8 or shift_jis");
}

std::string_view to_string(TextEncoding encoding) { return encoding == TextEncoding::kUtf8 ? "utf-8" : "shift_jis"; }

Result<DecodedText> decode_record(std::string_view bytes, std::string_view file) {
  constexpr std::string_view kAllowed = "text in UTF-8 or Shift_JIS";
  if (bytes.size() > kMaxRecordBytes) {
    return fault_at(file, 1, 1, "the file has " + std::to_string(bytes.size()) + " bytes",
                    "at most " + std::to_string(kMaxRecordBytes) + " bytes");
  }
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return fault_at(file, 1, 1, "the file is in UTF-16", kAllowed);
  }
  if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    return bad_byte(bytes, nul, file, "a NUL byte", kAllowed);
  }
  DecodedText out;
  if (bytes.starts_with(kByteOrderMark)) {
    const std::string_view text = bytes.substr(kByteOrderMark.size());
    const std::size_t good = valid_utf8(text);
    if (good < text.size()) {
      return bad_byte(text, good, file, "the byte " + hex(text[good]) + " is no UTF-8",
                      "UTF-8, which the byte order mark announces");
    }
    out.text = text;
    return out;
  }
  const std::size_t good = valid_utf8(bytes);
  const bool is_utf8 = good == bytes.size();
  const bool is_ascii = std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
  const std::optional<TextEncoding> said = declared(bytes);
  if (is_ascii || (is_utf8 && said != TextEncoding::kShiftJis)) {
    out.text = bytes;
    return out;
  }
  Result<Converted> japanese = convert(bytes, kUtf8Name, kShiftJisName);
  if (!japanese) return tl::make_unexpected(japanese.error());
  if (japanese->read == bytes.size()) {
    out.text = std::move(japanese->text);
    out.encoding = TextEncoding::kShiftJis;
    if (said == TextEncoding::kUtf8) out.note = "the file says that it is in UTF-8, and is in Shift_JIS";
    return out;
  }
  if (is_utf8) {
    out.text = bytes;
    out.note = "the file says that it is in Shift_JIS, and is in UTF-8";
    return out;
  }
  const std::size_t at = said == TextEncoding::kShiftJis ? japanese->read : std::max(good, japanese->read);
  return bad_byte(bytes, at, file, "the byte " + hex(bytes[at]) + " is neither UTF-8 nor Shift_JIS", kAllowed);
}

Result<std::string> encode_record(std::string_view utf8, TextEncoding encoding, std::string_view file) {
  constexpr std::string_view kKifUtf8 = "# KIF version=2.0 encoding=UTF-8\n";
  constexpr std::string_view kKifShiftJis = "# KIF version=2.0 encoding=Shift_JIS\n";
  if (encoding == TextEncoding::kUtf8) return std::string(utf8);
  std::string text(utf8);
  if (utf8.starts_with(kKifUtf8)) text = std::string(kKifShiftJis) + text.substr(kKifUtf8.size());
  Result<Converted> bytes = convert(text, kShiftJisName, kUtf8Name);
  if (!bytes) return tl::make_unexpected(bytes.error());
  if (bytes->read == text.size()) return std::move(bytes->text);
  RecordSource source(file, text);
  while (source.next()) {
    const auto line_at = static_cast<std::size_t>(source.line().data() - text.data());
    if (bytes->read <= line_at + source.line().size()) {
      const std::size_t at = bytes->read - line_at;
      return source.fault(at, 0, 0,
                          "Shift_JIS has no character " + quoted_part(first_character(source.line().substr(at))),
                          "--encoding utf-8, or a name that ends in .kifu or .ki2u");
    }
  }
  return fault_at(file, 1, 1, "the text is no UTF-8", "UTF-8");
}

}  // namespace keisei::shogi
