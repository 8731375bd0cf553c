#include "shogi/record_source.h"

#include <algorithm>

namespace keisei::shogi {
namespace {

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool RecordSource::next() {
  if (rest_.empty()) return false;
  line_ = rest_.substr(0, rest_.find_first_of("\r\n"));
  rest_.remove_prefix(line_.size());
  rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, rest_.size()));
  ++number_;
  return true;
}

std::size_t RecordSource::go_to(const char* place) {
  while (number_ == 0 || place > line_.data() + line_.size()) {
    if (!next()) break;
  }
  return place < line_.data() ? 0 : static_cast<std::size_t>(place - line_.data());
}

tl::unexpected<Error> RecordSource::fault(std::size_t at, std::size_t game, std::size_t ply, const std::string& what,
                                          std::string_view allowed) const {
  const std::size_t column = characters(line_.substr(0, std::min(at, line_.size()))) + 1;
  return fault_at(file_, std::max<std::size_t>(number_, 1), column, game_and_ply(game, ply) + what, allowed);
}

std::string game_and_ply(std::size_t game, std::size_t ply) {
  if (game == 0) return {};
  return "game " + std::to_string(game) + (ply == 0 ? "" : ", ply " + std::to_string(ply)) + ": ";
}

tl::unexpected<Error> fault_at(std::string_view file, std::size_t line, std::size_t column, const std::string& what,
                               std::string_view allowed) {
  return fail(Code::kBadData,
              std::string(file) + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + what,
              std::string(allowed));
}

std::string quoted_part(std::string_view utf8) {
  constexpr std::size_t kMostCharacters = 24;
  std::string out = "'";
  for (std::size_t n = 0; !utf8.empty(); ++n) {
    if (n == kMostCharacters) return out + "...'";
    const std::string_view c = first_character(utf8);
    out += c.size() == 1 && (c[0] < 0x20 || c[0] == 0x7F) ? "?" : c;
    utf8.remove_prefix(c.size());
  }
  return out + "'";
}

std::string_view trimmed(std::string_view utf8) {
  for (;;) {
    if (utf8.starts_with(' ') || utf8.starts_with('\t')) {
      utf8.remove_prefix(1);
    } else if (utf8.starts_with(kWideBlank)) {
      utf8.remove_prefix(kWideBlank.size());
    } else if (utf8.ends_with(' ') || utf8.ends_with('\t')) {
      utf8.remove_suffix(1);
    } else if (utf8.ends_with(kWideBlank)) {
      utf8.remove_suffix(kWideBlank.size());
    } else {
      return utf8;
    }
  }
}

std::string_view first_character(std::string_view utf8) {
  std::size_t n = std::min<std::size_t>(1, utf8.size());
  while (n < utf8.size() && (utf8[n] & 0xC0) == 0x80) ++n;
  return utf8.substr(0, n);
}

bool Scan::take(std::string_view token) {
  if (!rest().starts_with(token)) return false;
  at_ += token.size();
  return true;
}

void Scan::skip_blanks() {
  while (take(" ") || take("\t") || take(kWideBlank)) {
  }
}

std::optional<int> Scan::number(int most_digits) {
  const std::size_t before = at_;
  int value = 0;
  while (!done() && is_digit(line_[at_])) {
    if (at_ - before >= static_cast<std::size_t>(most_digits)) {
      at_ = before;
      return std::nullopt;
    }
    value = 10 * value + (line_[at_++] - '0');
  }
  if (at_ == before) return std::nullopt;
  return value;
}

}  // namespace keisei::shogi
