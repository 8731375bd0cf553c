#include "evaluation/markup.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "base/shortest.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr std::string_view kUnknown = "\xE2\x80\x93";

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

/// The code point at `at`; an invalid one is one byte long.
CodePoint decode(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || at + length > text.size()) return {};
  std::uint32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xC0U) != 0x80) return {};
    value = (value << 6) | (byte & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (overlong || surrogate || value > 0x10FFFF) return {};
  return {value, length, true};
}

/// What XML 1.0 allows, without the C1 controls and the marks that turn the direction of a line round.
bool is_shown(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c & 0xFFFEU) == 0xFFFE) return false;
  return !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069);
}

bool is_wide(std::uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

}  // namespace

std::string markup(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode(text, at);
    if (!c.valid || !is_shown(c.value)) {
      out += kReplacement;
    } else if (c.value == '&') {
      out += "&amp;";
    } else if (c.value == '<') {
      out += "&lt;";
    } else if (c.value == '>') {
      out += "&gt;";
    } else if (c.value == '"') {
      out += "&quot;";
    } else if (c.value == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(at, c.bytes);
    }
    at += c.bytes;
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t characters = 0;
  std::size_t cut = text.size();
  for (std::size_t at = 0; at < text.size(); at += decode(text, at).bytes) {
    if (characters + 1 == most) cut = at;
    if (++characters > most) return std::string(text.substr(0, cut)) + std::string(kEllipsis);
  }
  return std::string(text);
}

std::string shortened_inside(std::string_view text, std::size_t most) {
  std::vector<std::size_t> starts;
  for (std::size_t at = 0; at < text.size(); at += decode(text, at).bytes) starts.push_back(at);
  if (starts.size() <= most || most < 3) return shortened(text, most);
  const std::size_t head = (most - 1) / 2;
  const std::size_t tail = most - 1 - head;
  return std::string(text.substr(0, starts[head])) + std::string(kEllipsis) +
         std::string(text.substr(starts[starts.size() - tail]));
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode(text, at);
    columns += is_wide(c.value) ? 2 : 1;
    at += c.bytes;
  }
  return columns;
}

std::string decimal(std::optional<double> value, int decimals, bool sign) {
  if (!value || !std::isfinite(*value)) return std::string(kUnknown);
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), sign ? "%+.*f" : "%.*f", decimals, *value);
  const std::string text = buffer.data();
  // "-0.0" says nothing that "0.0" does not.
  const bool zero = text.find_first_not_of("+-0.") == std::string::npos;
  return zero && (text[0] == '-' || text[0] == '+') ? text.substr(1) : text;
}

std::string exact(std::optional<double> value) { return value && std::isfinite(*value) ? shortest(*value) : ""; }

}  // namespace keisei::evaluation
