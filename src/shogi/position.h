// A game so far: board, hands, side to move, and the whole history, so that repetition and perpetual check are exact
// and a copy keeps them. Plain value type; one thread at a time. The history is one record a ply in a flat array, with
// a table of chains by hash on top, and a bit table before it that says for most positions that they are new: a
// repetition is found in near constant time over any distance, and each hit is verified by walking the moves back.
// make() trusts its caller, play() checks.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "shogi/bitboard.h"
#include "shogi/board.h"
#include "shogi/types.h"

namespace keisei::shogi {

enum class DeclarationRule : std::uint8_t { kNone, k24, k27 };

struct Rules {
  int max_moves = 0;  ///< plies from the start of the game after which it is truncated; 0 = no limit
  DeclarationRule declaration = DeclarationRule::k27;
};

enum class Winner : std::uint8_t { kBlack, kWhite, kNone };
enum class Reason : std::uint8_t { kCheckmate, kNoLegalMoves, kRepetition, kPerpetualCheck, kDeclaration, kMaxMoves };

struct Outcome {
  Winner winner = Winner::kNone;
  Reason reason = Reason::kRepetition;
  bool truncated = false;  ///< cut by the move limit: no result to learn from
  friend constexpr bool operator==(Outcome, Outcome) = default;
};
[[nodiscard]] constexpr Winner winner_of(Color c) { return c == Color::kBlack ? Winner::kBlack : Winner::kWhite; }
/// black | white | none
[[nodiscard]] std::string_view to_string(Winner w);
/// checkmate | no_legal_moves | repetition | perpetual_check | declaration | max_moves
[[nodiscard]] std::string_view to_string(Reason r);

/// What the side to move could declare as an entering king.
struct DeclarationState {
  int points = 0;          ///< own hand and own pieces in the enemy camp: rook and bishop 5, others 1, king 0
  int pieces_in_camp = 0;  ///< without the king
  bool king_in_camp = false;
  bool in_check = false;
  bool can_declare = false;       ///< all conditions of the rule hold
  Winner winner = Winner::kNone;  ///< when declared: the declarer, or kNone for a draw (24-point rule, 24-30 points)
};

class Position {
 public:
  static constexpr std::string_view kStartSfen = "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1";
  static constexpr std::size_t kMaxSfenLength = 256;
  static constexpr int kMaxMoveNumber = 1'000'000;

  /// The start position.
  Position();
  [[nodiscard]] static Position start() { return Position(); }
  /// Strict in form; one king each, no piece that can never move, the side not to move not in check. "startpos" is
  /// understood. Composed positions with two pawns on a file or up to twice the pieces of a set are taken. kBadData.
  [[nodiscard]] static Result<Position> from_sfen(std::string_view sfen);
  /// Canonical SFEN: hands in the order R B G S N L P, Black's first.
  [[nodiscard]] std::string sfen() const;

  [[nodiscard]] Color side() const { return board_.side(); }
  /// SFEN move number: 1 for the first move of a game from the start.
  [[nodiscard]] int ply() const { return first_move_number_ + plies_played(); }
  /// Moves made before this position since move number 1: ply() - 1.
  [[nodiscard]] int move_count() const { return ply() - 1; }
  /// Moves made in this object since it was set up.
  [[nodiscard]] int plies_played() const { return static_cast<int>(records_.size()) - 1; }
  [[nodiscard]] Piece piece_on(Square s) const { return board_.piece_on(s); }
  /// Pieces of a hand kind (kPawn..kGold) in a player's hand.
  [[nodiscard]] int hand(Color c, Kind k) const { return board_.hand(c, k); }
  [[nodiscard]] Square king(Color c) const { return board_.king(c); }
  [[nodiscard]] Bitboard pieces(Color c, Kind k) const { return board_.pieces(c, k); }
  [[nodiscard]] Bitboard pieces(Color c) const { return board_.pieces(c); }
  [[nodiscard]] Bitboard occupied() const { return board_.occupied(); }
  [[nodiscard]] const Board& board() const { return board_; }
  /// Calls f(square, piece) for every piece on the board, in rising order of squares.
  template <class F>
  void for_each_piece(F&& f) const {
    board_.occupied().for_each([&](Square s) { f(s, board_.piece_on(s)); });
  }

  [[nodiscard]] bool in_check() const { return board_.checkers().any(); }
  /// Replaces the list by all legal moves, non-promotions included.
  void legal_moves(MoveList& moves) const;
  [[nodiscard]] bool has_legal_move() const;
  /// For any 16 bits, not only for sensible moves.
  [[nodiscard]] bool is_legal(Move m) const;
  /// Whether this legal move gives check.
  [[nodiscard]] bool gives_check(Move m) const;
  /// A legal move that mates at once, exact: nothing when there is none.
  [[nodiscard]] std::optional<Move> mate_in_one() const;

  /// Plays a legal move; anything else is a bug of the caller.
  void make(Move m);
  /// Takes back the last move; plies_played() must not be 0.
  void unmake();
  /// Plays a move if it is legal; otherwise kBadData and nothing has changed.
  [[nodiscard]] Result<void> play(Move m);
  /// The last move, or the null move in the first position.
  [[nodiscard]] Move last_move() const { return records_.back().move; }
  /// The move that led from the position after `ply_index` plies to the next; 0 <= ply_index < plies_played().
  [[nodiscard]] Move move_at(int ply_index) const { return records_[static_cast<std::size_t>(ply_index) + 1].move; }

  /// Hash of board, hands and side to move; the move number does not count.
  [[nodiscard]] std::uint64_t hash() const { return board_.key(); }
  /// How often this position has occurred by now: 1 = first time.
  [[nodiscard]] int repetition() const { return records_.back().count; }
  /// How the game ended here, or nothing while it goes on. Declarations and resignations are acts of the players.
  [[nodiscard]] std::optional<Outcome> outcome(const Rules& rules) const;
  /// The same for a caller that has the legal moves anyway: whether there is one is not asked again.
  [[nodiscard]] std::optional<Outcome> outcome(const Rules& rules, bool can_move) const;
  [[nodiscard]] DeclarationState declaration(DeclarationRule rule) const;

 private:
  struct Record {
    Board::Derived derived;
    std::int32_t link;           ///< the record before this one in the same chain, -1 at its end
    std::int32_t first;          ///< where this position occurred first
    std::uint16_t count;         ///< occurrences up to here
    bool fresh;                  ///< the first of this game with its bit of seen_
    std::uint16_t check_run[2];  ///< by colour: its latest moves that all gave check
    Move move;                   ///< that led here
    Kind captured;               ///< by that move
  };
  static constexpr std::size_t kChains = 256;
  static constexpr std::size_t kSeenBits = 8192;

  Position(const Board& board, int move_number);
  [[nodiscard]] static std::size_t chain_of(std::uint64_t key) { return key >> 56; }
  void remember(Move m, Kind captured);
  /// Fills in `first` and `count` of the newest record from the latest earlier one of the same position, if any.
  void find_repetition(Record& r) const;
  /// Whether the board of the newest record equals the one of an earlier record: the moves are walked back.
  [[nodiscard]] bool is_repetition(std::int32_t earlier) const;

  Board board_;
  std::vector<Record> records_;
  std::array<std::int32_t, kChains> heads_;
  /// A bit for each hash that has occurred: where it is clear, as nearly always, no chain is looked at.
  std::array<std::uint64_t, kSeenBits / 64> seen_{};
  int first_move_number_ = 1;
};

}  // namespace keisei::shogi
