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
constexpr int kDrops = 20;

constexpr bool on_board(int file, int rank) { return file >= 1 && file <= 9 && rank >= 1 && rank <= 9; }

/// Direction from square to square, -1 where no piece moves so.
constexpr auto kDirection = [] {
  std::array<std::array<std::int8_t, 81>, 81> table{};
  for (auto& row : table) row.fill(-1);
  for (Square from = 0; from < 81; ++from)
    for (std::size_t d = 0; d < kSteps.size(); ++d)
      for (int n = 1; n <= (kSteps[d].slides ? 8 : 1); ++n) {
        const int file = shogi::file_of(from) + n * kSteps[d].file;
        const int rank = shogi::rank_of(from) + n * kSteps[d].rank;
        if (!on_board(file, rank)) break;
        table[static_cast<std::size_t>(from)][static_cast<std::size_t>(shogi::square(file, rank))] =
            static_cast<std::int8_t>(d);
      }
  return table;
}();
}  // namespace

Action action_of(Move move, Color side) {
  const bool turn = side == Color::kWhite;
  const Square to = turn ? shogi::rotated(move.to()) : move.to();
  int kind = 0;
  if (move.is_drop()) {
    kind = kDrops + index(move.dropped()) - 1;
  } else {
    const Square from = turn ? shogi::rotated(move.from()) : move.from();
    kind = kDirection[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
    assert(kind >= 0);
    if (move.promotes()) kind += 10;
  }
  return static_cast<Action>(to * kMoveKinds + kind);
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
