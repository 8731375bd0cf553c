// Steps as small masks, so that all moves of a piece that steps are one table row and one store, without a loop and its
// mispredicted end: the eight neighbours of a square are eight bits, in rising order of squares, and `offsets` holds
// for each of the 256 masks the steps it stands for, packed to the front. Constant tables, thread-safe.
#pragma once

#include <cstdint>

#include "shogi/types.h"

namespace keisei::shogi {

inline constexpr int kNeighbours = 8;
/// From a square to its neighbours, rising; the bits of a neighbour mask.
inline constexpr int kNeighbourOffsets[kNeighbours] = {-10, -9, -8, -1, 1, 8, 9, 10};
/// From a square to where a knight of each colour jumps, rising; the bits of a jump mask.
inline constexpr int kJumpOffsets[2][2] = {{-11, 7}, {-7, 11}};

struct StepTables {
  alignas(16) std::int16_t offsets[256][kNeighbours];  ///< of the set bits; zeros behind them
  std::uint8_t steps[2][kKinds][kSquares];             ///< [colour][kSilver, kGold or kKing][from]: on the board
  std::uint8_t zone[2][kSquares];   ///< steps that may promote: all from the camp, else those into it
  std::uint8_t jumps[2][kSquares];  ///< of a knight: on the board
};
extern const StepTables kStepTables;

}  // namespace keisei::shogi
