// The numbers whose sum is a position's hash. Sums modulo 2^64 instead of xor, so that a hand of n pieces is n times
// one number and every change is one addition or subtraction. Constants, the same in every build.
#pragma once

#include <cstdint>

#include "shogi/types.h"

namespace keisei::shogi {

struct ZobristTables {
  std::uint64_t piece[2][16][kSquares];  ///< [colour][kind][square]
  std::uint64_t hand[2][8];              ///< [colour][kind], once a piece; odd, so that every count differs
  std::uint64_t white_to_move;
};
extern const ZobristTables kZobrist;

}  // namespace keisei::shogi
