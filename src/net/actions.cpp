#include "net/actions.h"

#include <array>
#include <cassert>

namespace keisei::net {
namespace {
using shogi::Color;
using shogi::Kind;
using shogi::Move;
using shogi::Square;

/// Steps of the ten directions for the mover (rank falls when moving forward): forward, its two diagonals, sideways,
/// back, its two diagonals, the two knight's jumps.
struct Step {
  int file, rank;
  bool slides;
};
constexpr std::array<Step, 10> kSteps{{{0, -1, true},
                                       {1, -1, true},
                                       {-1, -1, true},
                                       {1, 0, true},
                                       {-1, 0, true},
                                       {0, 1, true},
                                       {1, 1, true},
                                       {-1, 1, true},
                                       {1, -2, false},
                                       {-1, -2, false}}};
constexpr int kPromoted = 10;  ///< added to a kind by promotion
constexpr int kDrops = 20;

constexpr bool on_board(int file, int rank) { return file >= 1 && file <= 9 && rank >= 1 && rank <= 9; }

constexpr unsigned kPromotion = 1U << 14;  ///< in Move::raw(); below it stand origin and destination
static_assert((Move::board(0, 1, true).raw() ^ Move::board(0, 1, false).raw()) == kPromotion);
static_assert(Move::drop(Kind::kGold, shogi::kSquares - 1).raw() < kPromotion);

/// The kind of move by the mover's colour and by what raw() says without the promotion, -1 where no piece moves so: one
/// look-up for moves on the board and drops alike.
constexpr auto kKindOf = [] {
  std::array<std::array<std::int8_t, kPromotion>, 2> table{};
  for (auto& side : table) side.fill(-1);
  for (std::size_t us = 0; us < 2; ++us) {
    const int forward = us == 0 ? 1 : -1;
    for (Square from = 0; from < shogi::kSquares; ++from)
      for (std::size_t d = 0; d < kSteps.size(); ++d)
        for (int n = 1; n <= (kSteps[d].slides ? 8 : 1); ++n) {
          const int file = shogi::file_of(from) + n * forward * kSteps[d].file;
          const int rank = shogi::rank_of(from) + n * forward * kSteps[d].rank;
          if (!on_board(file, rank)) break;
          table[us][Move::board(from, shogi::square(file, rank), false).raw()] = static_cast<std::int8_t>(d);
        }
    for (int kind = 1; kind <= shogi::kHandKinds; ++kind)
      for (Square to = 0; to < shogi::kSquares; ++to)
        table[us][Move::drop(static_cast<Kind>(kind), to).raw()] = static_cast<std::int8_t>(kDrops + kind - 1);
  }
  return table;
}();
}  // namespace

Action action_of(Move move, Color side) {
  Action action = 0;
  write_actions({&move, 1}, side, &action);
  return action;
}

void write_actions(std::span<const Move> moves, Color side, Action* out) {
  const auto& kinds = kKindOf[static_cast<std::size_t>(index(side))];
  const int first = side == Color::kWhite ? shogi::rotated(0) : 0;
  const int step = side == Color::kWhite ? -1 : 1;
  for (const Move move : moves) {
    const int kind = kinds[move.raw() % kPromotion];
    assert(kind >= 0);
    *out++ = static_cast<Action>((first + step * move.to()) * kMoveKinds + kind + (move.promotes() ? kPromoted : 0));
  }
}

std::optional<Move> move_of(Action action, const shogi::Position& position) {
  if (action >= kActions) return std::nullopt;
  const bool turn = position.side() == Color::kWhite;
  const Square seen = action / kMoveKinds;
  const Square to = turn ? shogi::rotated(seen) : seen;
  const int kind = action % kMoveKinds;
  if (kind >= kDrops) return Move::drop(static_cast<Kind>(kind - kDrops + 1), to);
  const Step step = kSteps[static_cast<std::size_t>(kind % 10)];
  int file = shogi::file_of(seen);
  int rank = shogi::rank_of(seen);
  do {
    file -= step.file;
    rank -= step.rank;
    if (!on_board(file, rank)) return std::nullopt;
    const Square from = turn ? shogi::rotated(shogi::square(file, rank)) : shogi::square(file, rank);
    const shogi::Piece piece = position.piece_on(from);
    if (piece.kind == Kind::kNone) continue;
    if (piece.color != position.side()) return std::nullopt;
    return Move::board(from, to, kind >= 10);
  } while (step.slides);
  return std::nullopt;
}

}  // namespace keisei::net
