// A record's text as numbered lines, and places in a line, for the readers: a fault always says file:line:column (in
// characters from 1), the game, the ply. Internal to the readers; record_read.h is the door. The text must outlive its
// source. Plain values, one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace keisei::shogi {

inline constexpr std::string_view kWideBlank = "　";

class RecordSource {
 public:
  RecordSource(std::string_view file, std::string_view utf8) : file_(file), rest_(utf8) {}

  /// Goes to the next line; false at the end.
  bool next();
  /// Goes on to the line that holds `place`, a byte of the text at or after the current line; its byte in the line.
  std::size_t go_to(const char* place);
  /// Without its line end ('\n', "\r\n" or '\r').
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] std::size_t number() const { return number_; }

  /// kBadData about the byte `at` of the current line; `game` and `ply` count from 1, 0 says nothing about them.
  [[nodiscard]] tl::unexpected<Error> fault(std::size_t at, std::size_t game, std::size_t ply, const std::string& what,
                                            std::string_view allowed) const;

 private:
  std::string file_;
  std::string_view rest_;
  std::string_view line_;
  std::size_t number_ = 0;
};

/// "game 1, ply 7: ", "game 1: " or "".
[[nodiscard]] std::string game_and_ply(std::size_t game, std::size_t ply);
/// kBadData that opens with "file:line:column: ".
[[nodiscard]] tl::unexpected<Error> fault_at(std::string_view file, std::size_t line, std::size_t column,
                                             const std::string& what, std::string_view allowed);
/// A text of the file's for a message: in quotes, cut at a character, control characters as '?'.
[[nodiscard]] std::string quoted_part(std::string_view utf8);
/// Without blanks, wide ones too, at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view utf8);
/// The bytes of the character that `utf8` begins with; empty at the end.
[[nodiscard]] std::string_view first_character(std::string_view utf8);

/// A place in a line that moves on while words are recognised.
class Scan {
 public:
  explicit Scan(std::string_view line) : line_(line) {}

  [[nodiscard]] std::string_view rest() const { return line_.substr(at_); }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool done() const { return at_ >= line_.size(); }
  void seek(std::size_t at) { at_ = at; }
  /// Moves past `token` if it comes next.
  bool take(std::string_view token);
  void skip_blanks();
  /// A number of ASCII digits, at most `most_digits` of them (up to 9).
  std::optional<int> number(int most_digits);

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace keisei::shogi
