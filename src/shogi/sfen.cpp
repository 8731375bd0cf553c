// Reading and writing SFEN: the board rank by rank from file 9 to file 1, the side, the hands, the move number.
#include <array>
#include <optional>
#include <string>

#include "shogi/movegen.h"
#include "shogi/notation.h"
#include "shogi/position.h"

namespace keisei::shogi {
namespace {

constexpr std::string_view kLetters = ".PLNSBRGK";                 // by kind
constexpr std::array<int, 9> kSet = {0, 18, 4, 4, 4, 2, 2, 4, 2};  // pieces of a set, by kind
// Composed positions have a few pieces too many, or two pawns on a file, and are played by the same rules; the bound is
// what MoveList and the hands rest on. One hand alone holds no more than a set.
constexpr int kMostSets = 2;
constexpr std::array<std::string_view, 9> kNames = {"",        "pawns", "lances", "knights", "silvers",
                                                    "bishops", "rooks", "golds",  "kings"};
constexpr std::array<Kind, kHandKinds> kHandOrder = {Kind::kRook,   Kind::kBishop, Kind::kGold, Kind::kSilver,
                                                     Kind::kKnight, Kind::kLance,  Kind::kPawn};
constexpr std::string_view kHandHint =
    "'-', or letters of RBGSNLP (Black) and rbgsnlp (White), each once, with a count before it";

std::string_view name(Color c) { return c == Color::kBlack ? "Black" : "White"; }

/// A character for a message: as it is, or its code if it would not print.
std::string shown(char c) {
  if (c >= 0x20 && c < 0x7F) return std::string("'") + c + "'";
  return "the byte " + std::to_string(static_cast<unsigned char>(c));
}

/// A text of the user's for a message, cut and made printable.
std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 32;
  std::string out = "'";
  for (const char c : text.substr(0, kMost)) out += c >= 0x20 && c < 0x7F ? c : '?';
  return out + (text.size() > kMost ? "...'" : "'");
}

std::optional<Piece> piece_of(char letter) {
  const bool white = letter >= 'a' && letter <= 'z';
  const char upper = white ? static_cast<char>(letter - 'a' + 'A') : letter;
  const std::size_t at = kLetters.find(upper, 1);
  if (at == std::string_view::npos) return std::nullopt;
  return Piece{static_cast<Kind>(at), white ? Color::kWhite : Color::kBlack};
}

tl::unexpected<Error> bad(const std::string& message, std::string_view hint) {
  return fail(Code::kBadData, "SFEN: " + message, std::string(hint));
}

Result<void> read_rank(std::string_view text, int rank, Board& board) {
  const std::string where = "rank " + std::to_string(rank) + " (" + shown(text) + ")";
  constexpr std::string_view kHint =
      "a rank is nine squares from file 9 to file 1: digits 1-9 for empty squares, letters PLNSBRGK or plnsbrgk, '+' "
      "before a promoted piece";
  int file = 9;
  bool plus = false;
  bool digit_before = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (c == '0' || plus || digit_before) {
        return bad(where + ": " + shown(c) +
                       (plus           ? " after '+'"
                        : digit_before ? " after another digit"
                                       : "") +
                       " is not allowed",
                   kHint);
      }
      file -= c - '0';
      digit_before = true;
    } else if (c == '+') {
      if (plus) return bad(where + ": '+' after '+'", kHint);
      plus = true;
      digit_before = false;
    } else {
      std::optional<Piece> piece = piece_of(c);
      if (!piece) return bad(where + ": " + shown(c) + " is no piece", kHint);
      if (plus && promoted(piece->kind) == piece->kind)
        return bad(where + ": " + shown(c) + " cannot be promoted", kHint);
      if (plus) piece->kind = promoted(piece->kind);
      if (file < 1) return bad(where + " has more than nine squares", kHint);
      board.put(square(file, rank), *piece);
      --file;
      plus = digit_before = false;
    }
    if (file < 0) return bad(where + " has more than nine squares", kHint);
  }
  if (plus) return bad(where + " ends in '+'", kHint);
  if (file != 0) return bad(where + " has " + std::to_string(9 - file) + " squares instead of nine", kHint);
  return {};
}

Result<void> read_board(std::string_view text, Board& board) {
  int rank = 1;
  for (;;) {
    const std::size_t slash = text.find('/');
    if (rank > 9) return bad("the board has more than nine ranks", "nine ranks with '/' between them");
    if (auto ok = read_rank(text.substr(0, slash), rank, board); !ok) return ok;
    if (slash == std::string_view::npos) break;
    text.remove_prefix(slash + 1);
    ++rank;
  }
  if (rank != 9) {
    return bad("the board has " + std::to_string(rank) + " ranks instead of nine", "nine ranks with '/' between them");
  }
  return {};
}

Result<void> read_hands(std::string_view text, Board& board) {
  if (text == "-") return {};
  constexpr int kMostDigits = 2;
  int count = 0;
  int digits = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (digits == 0 && c == '0') return bad("hands " + shown(text) + ": a count starts with 0", kHandHint);
      if (++digits > kMostDigits) return bad("hands " + shown(text) + ": a count has more than two digits", kHandHint);
      count = 10 * count + (c - '0');
      continue;
    }
    const std::optional<Piece> piece = piece_of(c);
    if (!piece || piece->kind == Kind::kKing) {
      return bad("hands " + shown(text) + ": " + shown(c) + " cannot be in hand", kHandHint);
    }
    if (board.hand(piece->color, piece->kind) > 0) {
      return bad("hands " + shown(text) + ": " + shown(c) + " is named twice", kHandHint);
    }
    board.set_hand(piece->color, piece->kind, digits == 0 ? 1 : count);
    count = digits = 0;
  }
  if (digits > 0 || text.empty()) return bad("hands " + shown(text) + ": a piece is missing at the end", kHandHint);
  return {};
}

Result<int> read_move_number(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > Position::kMaxMoveNumber) {
      number = 0;
      break;
    }
    number = 10 * number + (c - '0');
  }
  if (number < 1 || number > Position::kMaxMoveNumber || text.front() == '0') {
    return bad("move number " + shown(text), "a whole number from 1 to " + std::to_string(Position::kMaxMoveNumber));
  }
  return number;
}

Result<void> check_pieces(const Board& board) {
  for (const Color c : {Color::kBlack, Color::kWhite}) {
    const int kings = board.pieces(c, Kind::kKing).count();
    if (kings != 1) {
      return bad(std::string(name(c)) + " has " + std::to_string(kings) + " kings", "each side has exactly one king");
    }
  }
  for (int k = 1; k <= index(Kind::kGold); ++k) {
    const Kind kind = static_cast<Kind>(k);
    const auto at = static_cast<std::size_t>(k);
    const std::string hint = "a set has " + std::to_string(kSet[at]) + " " + std::string(kNames[at]) +
                             "; a hand holds at most these, a position at most twice as many";
    Bitboard on_board = board.pieces(kind);
    if (promoted(kind) != kind) on_board |= board.pieces(promoted(kind));
    int total = on_board.count();
    for (const Color c : {Color::kBlack, Color::kWhite}) {
      const int in_hand = board.hand(c, kind);
      total += in_hand;
      if (in_hand > kSet[at]) {
        return bad(
            std::string(name(c)) + " has " + std::to_string(in_hand) + " " + std::string(kNames[at]) + " in hand",
            hint);
      }
    }
    if (total > kMostSets * kSet[at]) {
      return bad(std::to_string(total) + " " + std::string(kNames[at]) + " on the board and in hand", hint);
    }
  }
  for (const Color c : {Color::kBlack, Color::kWhite}) {
    for (const Kind kind : {Kind::kPawn, Kind::kLance, Kind::kKnight}) {
      const Bitboard stuck = board.pieces(c, kind) & dead_squares(c, kind);
      if (stuck.any()) {
        return bad(std::string(name(c)) + " has one of the " +
                       std::string(kNames[static_cast<std::size_t>(index(kind))]) + " on " + to_usi(stuck.first()) +
                       ", from where it can never move",
                   "pawns and lances not on the last rank, knights not on the last two");
      }
    }
  }
  if (board.attacked(board.side(), board.king(~board.side()), board.occupied())) {
    return bad(std::string(name(~board.side())) + " is in check but " + std::string(name(board.side())) + " is to move",
               "the side in check must be the side to move");
  }
  return {};
}

constexpr std::string_view kFieldsHint =
    "four fields with one space between them: board, side (b or w), hands (or -), move number; or startpos";

Result<std::array<std::string_view, 4>> split_fields(std::string_view text) {
  constexpr std::array<std::string_view, 4> kFieldNames = {"board", "side", "hands", "move number"};
  std::array<std::string_view, 4> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t space = text.find(' ');
    const bool last = i + 1 == fields.size();
    fields[i] = text.substr(0, space);
    if (fields[i].empty()) return bad("the field '" + std::string(kFieldNames[i]) + "' is empty", kFieldsHint);
    if (!last && space == std::string_view::npos) {
      return bad("the field '" + std::string(kFieldNames[i + 1]) + "' is missing", kFieldsHint);
    }
    if (last && space != std::string_view::npos) {
      return bad("unexpected text " + shown(text.substr(space)) + " after the move number", kFieldsHint);
    }
    if (!last) text.remove_prefix(space + 1);
  }
  return fields;
}

void write_hand(std::string& out, const Position& position, Color c) {
  for (const Kind k : kHandOrder) {
    const int n = position.hand(c, k);
    if (n == 0) continue;
    if (n > 1) out += std::to_string(n);
    const char letter = kLetters[static_cast<std::size_t>(index(k))];
    out += c == Color::kBlack ? letter : static_cast<char>(letter - 'A' + 'a');
  }
}

}  // namespace

Result<Position> Position::from_sfen(std::string_view sfen) {
  if (sfen == "startpos") return Position();
  if (sfen.size() > kMaxSfenLength) {
    return bad(std::to_string(sfen.size()) + " characters",
               "at most " + std::to_string(kMaxSfenLength) + " characters");
  }
  const auto fields = split_fields(sfen);
  if (!fields) return tl::make_unexpected(fields.error());
  const auto& [board_text, side_text, hands_text, number_text] = *fields;
  Board board;
  if (auto ok = read_board(board_text, board); !ok) return tl::make_unexpected(ok.error());
  if (side_text != "b" && side_text != "w") return bad("side " + shown(side_text), "'b' (Black) or 'w' (White)");
  board.set_side(side_text == "b" ? Color::kBlack : Color::kWhite);
  if (auto ok = read_hands(hands_text, board); !ok) return tl::make_unexpected(ok.error());
  const Result<int> number = read_move_number(number_text);
  if (!number) return tl::make_unexpected(number.error());
  if (auto ok = check_pieces(board); !ok) return tl::make_unexpected(ok.error());
  board.derive();
  return Position(board, *number);
}

std::string Position::sfen() const {
  std::string out;
  for (int rank = 1; rank <= 9; ++rank) {
    int empty = 0;
    const auto flush = [&] {
      if (empty > 0) out += std::to_string(empty);
      empty = 0;
    };
    for (int file = 9; file >= 1; --file) {
      const Piece p = piece_on(square(file, rank));
      if (p.kind == Kind::kNone) {
        ++empty;
        continue;
      }
      flush();
      if (is_promoted(p.kind)) out += '+';
      const char letter = kLetters[static_cast<std::size_t>(index(unpromoted(p.kind)))];
      out += p.color == Color::kBlack ? letter : static_cast<char>(letter - 'A' + 'a');
    }
    flush();
    if (rank < 9) out += '/';
  }
  out += side() == Color::kBlack ? " b " : " w ";
  const std::size_t before_hands = out.size();
  write_hand(out, *this, Color::kBlack);
  write_hand(out, *this, Color::kWhite);
  if (out.size() == before_hands) out += '-';
  return out + ' ' + std::to_string(ply());
}

}  // namespace keisei::shogi
