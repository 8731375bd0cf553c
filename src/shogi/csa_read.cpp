// Reading CSA, versions 1 to 3: a move names the piece as it stands after it; "/" begins another game; statements may
// share a line with commas between them.
#include <algorithm>
#include <array>
#include <string>

#include "shogi/csa_words.h"
#include "shogi/illegal.h"
#include "shogi/notation.h"
#include "shogi/record_formats.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kMoveAllowed = "a move like +7776FU or -0055KA: side, origin (00 for a drop), square, piece";
constexpr std::string_view kStatements = "V N $ P + - % T statements, a move, ' and a comment, or / between games";
constexpr std::array<int, kHandKinds + 1> kSet{0, 18, 4, 4, 4, 2, 2, 4};  // pieces of a set, by kind

std::optional<Square> square_at(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '1' && text[i] <= '9'; };
  if (!digit(at) || !digit(at + 1)) return std::nullopt;
  return square(text[at] - '0', text[at + 1] - '0');
}

Color color_of(char sign) { return sign == '+' ? Color::kBlack : Color::kWhite; }

/// One game of the file.
class CsaGame {
 public:
  CsaGame(const RecordSource& source, std::size_t number) : reader_(source, number) {}

  /// Whether anything but blank lines and remarks was read.
  [[nodiscard]] bool is_used() const { return is_used_; }

  [[nodiscard]] Result<void> line(std::string_view text) {
    if (text.starts_with("'*")) {
      reader_.comment(text.substr(2));
      return {};
    }
    if (text.starts_with('\'')) return {};
    is_used_ = true;
    if (text.starts_with('N') || text.starts_with('$')) return header(text);
    for (std::size_t at = 0; at <= text.size();) {
      if (const std::string_view rest = trimmed(text.substr(at)); rest.starts_with('\'')) {
        if (rest.starts_with("'*")) reader_.comment(rest.substr(2));
        return {};
      }
      const std::size_t end = std::min(text.find(',', at), text.size());
      if (auto ok = statement(trimmed(text.substr(at, end - at)), at); !ok) return ok;
      at = end + 1;
    }
    return {};
  }

  [[nodiscard]] Result<ReadGame> finish() {
    if (!has_start_) return reader_.fault(0, "the side to move is missing", "PI or P lines, then + or -");
    return reader_.take();
  }

 private:
  [[nodiscard]] Result<void> statement(std::string_view text, std::size_t at) {
    if (text.empty()) return {};
    const char first = text.front();
    if (first == 'V') {
      if (text.size() > 1 && text[1] >= '1' && text[1] <= '3') return {};
      return reader_.fault(at, "the version " + quoted_part(text) + " is unknown", "V1 to V3.0");
    }
    if (first == 'P') return start_line(text, at);
    if (first == '%') return end(text, at);
    if (first == 'T') return time(text, at);
    if (text == "+" || text == "-") return side(color_of(first), at);
    if (first == '+' || first == '-') return move(text, at);
    return reader_.fault(at, quoted_part(text) + " is not understood", kStatements);
  }

  [[nodiscard]] Result<void> header(std::string_view text) {
    if (text.starts_with("N+")) return reader_.header("先手", text.substr(2), 2);
    if (text.starts_with("N-")) return reader_.header("後手", text.substr(2), 2);
    const std::size_t colon = text.find(':');
    if (text.front() == 'N' || colon == std::string_view::npos) {
      return reader_.fault(0, quoted_part(text) + " is not understood", "N+NAME, N-NAME or $KEYWORD:TEXT");
    }
    const std::string_view keyword = text.substr(1, colon - 1);
    const std::string_view key = keyword == "EVENT" ? "棋戦" : header_of_csa(keyword);
    return reader_.header(key, text.substr(colon + 1), colon + 1);
  }

  [[nodiscard]] Result<void> start_line(std::string_view text, std::size_t at) {
    if (has_start_) return reader_.fault(at, "a start position after the game has begun", "/ before another game");
    if (text.starts_with("PI")) return usual_start(text.substr(2), at + 2);
    if (text.starts_with("P+") || text.starts_with("P-")) return pieces(color_of(text[1]), text.substr(2), at + 2);
    if (text.size() > 1 && text[1] >= '1' && text[1] <= '9') return rank(text[1] - '0', text.substr(2), at + 2);
    return reader_.fault(at, quoted_part(text) + " is not understood", "PI, P1 to P9, P+ or P-");
  }

  /// Of "PI82HI22KA": what is named is taken off.
  [[nodiscard]] Result<void> usual_start(std::string_view off, std::size_t at) {
    setup_ = StartSetup::of(Position::start());
    has_pieces_ = true;
    for (std::size_t i = 0; i < off.size(); i += 4) {
      const std::optional<Square> s = square_at(off, i);
      const Kind kind = kind_of_csa(off.substr(i, 4).size() == 4 ? off.substr(i + 2, 2) : "");
      if (!s || kind == Kind::kNone || setup_.board[static_cast<std::size_t>(*s)].kind != kind) {
        return reader_.fault(at + i, quoted_part(off.substr(i, 4)) + " is no piece of the usual start",
                             "square and piece, such as 82HI");
      }
      setup_.board[static_cast<std::size_t>(*s)] = {};
    }
    return {};
  }

  [[nodiscard]] Result<void> rank(int number, std::string_view text, std::size_t at) {
    constexpr std::string_view kAllowed = "nine of +FU, -OU, or * with a blank on each side";
    Scan scan(text);
    for (int file = 9; file >= 1; --file) {
      scan.skip_blanks();
      if (scan.take("*")) continue;
      const std::string_view cell = scan.rest().substr(0, 3);
      const Kind kind = cell.size() == 3 ? kind_of_csa(cell.substr(1)) : Kind::kNone;
      if (kind == Kind::kNone || (cell[0] != '+' && cell[0] != '-')) {
        return reader_.fault(
            at + scan.at(), "square " + std::to_string(file) + std::to_string(number) + " is not understood", kAllowed);
      }
      setup_.board[static_cast<std::size_t>(square(file, number))] = {kind, color_of(cell[0])};
      scan.seek(scan.at() + cell.size());
    }
    scan.skip_blanks();
    if (!scan.done()) return reader_.fault(at + scan.at(), "the rank has more than nine squares", kAllowed);
    ranks_ |= 1U << static_cast<unsigned>(number);
    has_pieces_ = true;
    return {};
  }

  [[nodiscard]] Result<void> pieces(Color c, std::string_view text, std::size_t at) {
    constexpr std::string_view kAllowed = "square and piece such as 59OU, 00FU for the hand, or 00AL for all others";
    has_pieces_ = true;
    auto& hand = setup_.hands[static_cast<std::size_t>(index(c))];
    for (std::size_t i = 0; i < text.size(); i += 4) {
      const std::string_view one = text.substr(i, 4);
      if (one == "00AL") {
        give_all_others(c);
        continue;
      }
      const Kind kind = one.size() == 4 ? kind_of_csa(one.substr(2)) : Kind::kNone;
      const std::optional<Square> s = square_at(one, 0);
      const bool in_hand = one.starts_with("00") && kind != Kind::kNone && index(kind) <= kHandKinds;
      if (kind == Kind::kNone || (!s && !in_hand)) {
        return reader_.fault(at + i, quoted_part(one) + " is not understood", kAllowed);
      }
      if (s) {
        if (setup_.board[static_cast<std::size_t>(*s)].kind != Kind::kNone) {
          return reader_.fault(at + i, to_usi(*s) + " already holds a piece", kAllowed);
        }
        setup_.board[static_cast<std::size_t>(*s)] = {kind, c};
      } else if (++hand[static_cast<std::size_t>(index(kind))] > kSet[static_cast<std::size_t>(index(kind))]) {
        return reader_.fault(at + i, "more of a piece than a set has", kAllowed);
      }
    }
    return {};
  }

  void give_all_others(Color c) {
    for (int k = 1; k <= kHandKinds; ++k) {
      const auto kind = static_cast<std::size_t>(k);
      int left = kSet[kind] - setup_.hands[0][kind] - setup_.hands[1][kind];
      for (const Piece& piece : setup_.board) {
        if (unpromoted(piece.kind) == static_cast<Kind>(k)) --left;
      }
      setup_.hands[static_cast<std::size_t>(index(c))][kind] += std::max(left, 0);
    }
  }

  [[nodiscard]] Result<void> side(Color c, std::size_t at) {
    constexpr unsigned kAllRanks = 0x3FE;
    if (has_start_) return reader_.fault(at, "the side to move is said twice", "/ before another game");
    if (!has_pieces_) return reader_.fault(at, "the start position is missing", "PI or P lines before + or -");
    if (ranks_ != 0 && ranks_ != kAllRanks) {
      return reader_.fault(at, "the start position lacks ranks", "all of P1 to P9");
    }
    setup_.side = c;
    const Result<Position> start = setup_.position();
    if (!start) return reader_.fault(at, "the start position: " + start.error().message, start.error().hint);
    reader_.start_from(*start);
    has_start_ = true;
    return {};
  }

  [[nodiscard]] Result<void> move(std::string_view text, std::size_t at) {
    if (!has_start_) return reader_.move_fault(at, "a move before the side to move is said", "+ or - after the start");
    if (auto ok = reader_.expect_move(at, "/ before another game"); !ok) return ok;
    constexpr std::size_t kLength = 7;
    const Kind kind = text.size() == kLength ? kind_of_csa(text.substr(5)) : Kind::kNone;
    const std::optional<Square> from = square_at(text, 1);
    const std::optional<Square> to = square_at(text, 3);
    const bool is_drop = text.substr(1, 2) == "00";
    if (kind == Kind::kNone || !to || (!from && !is_drop)) {
      return reader_.move_fault(at, quoted_part(text) + " is no move", kMoveAllowed);
    }
    const Color us = reader_.position().side();
    if (color_of(text.front()) != us) {
      return reader_.move_fault(at, std::string(us == Color::kBlack ? "White" : "Black") + " moves out of turn",
                                us == Color::kBlack ? "+: Black is to move" : "-: White is to move");
    }
    if (is_drop) {
      if (index(kind) > kHandKinds) {
        return reader_.move_fault(at, "a " + std::string(kind_name(kind)) + " cannot be dropped",
                                  "FU KY KE GI KI KA HI");
      }
      return reader_.play(Move::drop(kind, *to), at);
    }
    const Kind stands = reader_.position().piece_on(*from).kind;
    const bool promotes = stands != kind && promoted(stands) == kind;
    if (stands != Kind::kNone && stands != kind && !promotes) {
      return reader_.move_fault(at,
                                "the record moves a " + std::string(kind_name(kind)) + ", but " + to_usi(*from) +
                                    " holds a " + std::string(kind_name(stands)),
                                "the piece's name after the move");
    }
    if (*from == *to) return reader_.move_fault(at, "origin and destination are the same square", kMoveAllowed);
    return reader_.play(Move::board(*from, *to, promotes), at);
  }

  [[nodiscard]] Result<void> time(std::string_view text, std::size_t at) {
    constexpr int kMostDigits = 8;
    constexpr int kMostDecimals = 3;
    Scan scan(text);
    scan.take("T");
    const std::optional<int> whole = scan.number(kMostDigits);
    double time_s = whole.value_or(0);
    if (whole && scan.take(".")) {
      double unit_s = 1;
      const std::size_t decimals_at = scan.at();
      const int decimals = scan.number(kMostDecimals).value_or(0);
      for (std::size_t i = decimals_at; i < scan.at(); ++i) unit_s /= 10;
      time_s += decimals * unit_s;
    }
    if (!whole || !scan.done() || time_s > kMaxMoveSeconds) {
      return reader_.last_fault(at, "the time " + quoted_part(text) + " is not understood",
                                "T and seconds, at most 10,000,000");
    }
    reader_.spent(time_s);
    return {};
  }

  [[nodiscard]] Result<void> end(std::string_view text, std::size_t at) {
    if (!has_start_) return reader_.fault(at, "an end before the start", "PI or P lines, then + or -");
    if (reader_.ended()) return reader_.fault(at, "the game ends twice", "/ before another game");
    if (end_by_csa(reader_, text.substr(1))) return {};
    return reader_.fault(at, "there is no end " + quoted_part(text), "% and " + std::string(kCsaEnds));
  }

  GameReader reader_;
  StartSetup setup_;
  unsigned ranks_ = 0;  ///< bit n: rank n was read
  bool has_pieces_ = false;
  bool has_start_ = false;
  bool is_used_ = false;
};

}  // namespace

ReadGames read_csa(RecordSource& source) {
  std::vector<ReadGame> games;
  std::optional<CsaGame> game;
  game.emplace(source, 1);
  const auto close = [&]() -> Result<void> {
    if (!game->is_used()) return {};
    Result<ReadGame> one = game->finish();
    if (!one) return tl::make_unexpected(one.error());
    games.push_back(std::move(*one));
    if (games.size() >= kMaxGamesPerFile) {
      return source.fault(0, 0, 0, "there are too many games", "at most " + std::to_string(kMaxGamesPerFile - 1));
    }
    return {};
  };
  while (source.next()) {
    const std::string_view line = source.line().substr(0, source.line().find_last_not_of(" \t") + 1);
    if (line.empty()) continue;
    if (line == "/") {
      if (auto ok = close(); !ok) return tl::make_unexpected(ok.error());
      game.emplace(source, games.size() + 1);
      continue;
    }
    // Blanks at the end mean nothing but in a comment.
    if (auto ok = game->line(line.starts_with('\'') ? source.line() : line); !ok) {
      return tl::make_unexpected(ok.error());
    }
  }
  if (auto ok = close(); !ok) return tl::make_unexpected(ok.error());
  return games;
}

}  // namespace keisei::shogi
