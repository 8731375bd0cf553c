#include "shogi/notation.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kDropLetters = ".PLNSBRG";  // by kind
constexpr std::string_view kHint = "a move like 7g7f, 8h2b+ (promotion) or P*5e (drop): files 1-9, ranks a-i";

/// Printable and short, for a message.
std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 16;
  std::string out = "'";
  for (const char c : text.substr(0, kMost)) out += c >= 0x20 && c < 0x7F ? c : '?';
  return out + (text.size() > kMost ? "...'" : "'");
}

bool is_file(char c) { return c >= '1' && c <= '9'; }
bool is_rank(char c) { return c >= 'a' && c <= 'i'; }
Square square_of(char file, char rank) { return square(file - '0', rank - 'a' + 1); }

tl::unexpected<Error> bad(std::string_view text, std::string_view what) {
  return fail(Code::kBadData, "move " + shown(text) + ": " + std::string(what), std::string(kHint));
}

}  // namespace

std::string to_usi(Square s) { return {static_cast<char>('0' + file_of(s)), static_cast<char>('a' + rank_of(s) - 1)}; }

std::string to_usi(Move m) {
  if (m == Move()) return "none";
  if (m.is_drop()) {
    const auto kind = static_cast<std::size_t>(index(m.dropped()));
    const char letter = kind < kDropLetters.size() ? kDropLetters[kind] : '?';
    return std::string{letter, '*'} + to_usi(m.to());
  }
  return to_usi(m.from()) + to_usi(m.to()) + (m.promotes() ? "+" : "");
}

Result<Move> parse_usi(std::string_view text) {
  constexpr std::size_t kShortest = 4;
  if (text.size() < kShortest || text.size() > kShortest + 1) return bad(text, "four or five characters are expected");
  if (!is_file(text[2]) || !is_rank(text[3])) return bad(text, "its destination is no square");
  const Square to = square_of(text[2], text[3]);
  if (text[1] == '*') {
    const std::size_t kind = kDropLetters.find(text[0], 1);
    if (kind == std::string_view::npos) return bad(text, "only P L N S B R G can be dropped");
    if (text.size() != kShortest) return bad(text, "a drop ends after its square");
    return Move::drop(static_cast<Kind>(kind), to);
  }
  if (!is_file(text[0]) || !is_rank(text[1])) return bad(text, "its origin is no square");
  if (text.size() > kShortest && text[4] != '+') return bad(text, "only '+' may follow the destination");
  const Square from = square_of(text[0], text[1]);
  if (from == to) return bad(text, "origin and destination are the same square");
  return Move::board(from, to, text.size() > kShortest);
}

Result<Position> position_from(std::string_view sfen_or_startpos, std::span<const std::string> usi_moves) {
  Result<Position> position = Position::from_sfen(sfen_or_startpos);
  if (!position) return position;
  for (std::size_t i = 0; i < usi_moves.size(); ++i) {
    const std::string where = "move " + std::to_string(i + 1) + " of " + std::to_string(usi_moves.size());
    const Result<Move> move = parse_usi(usi_moves[i]);
    if (!move) return fail(Code::kBadData, where + ": " + move.error().message, move.error().hint);
    if (!position->is_legal(*move)) {
      return fail(Code::kBadData, where + ": " + usi_moves[i] + " is illegal in the position " + position->sfen(),
                  "the moves before it are legal; check the order of the moves and the start position");
    }
    position->make(*move);
  }
  return position;
}

}  // namespace keisei::shogi
