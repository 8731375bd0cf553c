#include "net/planes.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace keisei::net {
namespace {
using shogi::Color;
using shogi::Kind;

constexpr int kOwnHand = 28;
constexpr int kOtherHand = 35;
constexpr int kRepetition = 42;
constexpr int kInCheck = 43;
constexpr int kMoveNumber = 44;
constexpr int kBlackToMove = 45;

constexpr std::array<PlaneInfo, 8> kTable{{
    {0, 14, "own pieces, kinds P L N S B R G K +P +L +N +S +B +R", "1"},
    {14, 14, "the opponent's pieces, same kinds", "1"},
    {kOwnHand, 7, "own hand, kinds P L N S B R G, whole plane", "count / number of such pieces"},
    {kOtherHand, 7, "the opponent's hand, same kinds, whole plane", "count / number of such pieces"},
    {kRepetition, 1, "earlier occurrences of this position, whole plane", "count / 3, at most 1"},
    {kInCheck, 1, "the side to move is in check, whole plane", "1"},
    {kMoveNumber, 1, "plies played, whole plane", "plies / 512, at most 1"},
    {kBlackToMove, 1, "Black is to move, whole plane", "1"},
}};
constexpr std::array<int, 8> kHandMaximum{0, 18, 4, 4, 4, 2, 2, 4};

constexpr std::uint8_t kWhite = 1U << shogi::Board::kColorShift;
constexpr std::uint8_t kKindMask = kWhite - 1;
constexpr std::size_t kBytes = 16;
using Bytes = std::uint8_t __attribute__((vector_size(kBytes)));
constexpr std::size_t kLanes = 16;
using Lanes = std::int32_t __attribute__((vector_size(kLanes * sizeof(std::int32_t))));  ///< bits of as many floats
/// The same among floats. No memcpy: what has an address, GCC 12's AddressSanitizer aligns to 32 bytes, not to 64.
using LanesInMemory __attribute__((may_alias, aligned(alignof(float)))) = Lanes;
static_assert(2 * kLanes < kPlanes && kPlanes <= 3 * kLanes && kOwnHand > kLanes && kOwnHand <= 2 * kLanes);

/// Pieces as Features has them, from Board::squares(), with the squares in order or from the end.
template <bool kTurned>
void encode_board(const std::uint8_t* squares, std::uint8_t* board) {
  constexpr std::size_t kLast = shogi::kSquares - kBytes;  // the last piece of the board overlaps the one before it
  for (std::size_t next = 0; next < shogi::kSquares; next += kBytes) {
    const std::size_t first = std::min(next, kLast);
    Bytes pieces;
    std::memcpy(&pieces, squares + first, kBytes);
    const Bytes theirs = reinterpret_cast<Bytes>((pieces & kWhite) == std::uint8_t{kTurned ? 0 : kWhite}) &
                         reinterpret_cast<Bytes>(pieces != 0);
    Bytes codes = (pieces & kKindMask) + (theirs & 14);
    if (kTurned) codes = __builtin_shufflevector(codes, codes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    std::memcpy(board + (kTurned ? kLast - first : first), &codes, kBytes);
  }
}
}  // namespace

std::span<const PlaneInfo> plane_table() { return kTable; }

int hand_maximum(Kind kind) { return kHandMaximum[static_cast<std::size_t>(index(kind))]; }

Features encode(const shogi::Position& position) {
  const Color us = position.side();
  Features f{};
  if (us == Color::kWhite)
    encode_board<true>(position.board().squares().data(), f.board.data());
  else
    encode_board<false>(position.board().squares().data(), f.board.data());
  for (int k = 1; k <= shogi::kHandKinds; ++k) {
    f.hands[static_cast<std::size_t>(k - 1)] = static_cast<std::uint8_t>(position.hand(us, static_cast<Kind>(k)));
    f.hands[static_cast<std::size_t>(k + 6)] = static_cast<std::uint8_t>(position.hand(~us, static_cast<Kind>(k)));
  }
  f.repetition = static_cast<std::uint8_t>(std::clamp(position.repetition() - 1, 0, 3));
  f.in_check = position.in_check() ? 1 : 0;
  f.black_to_move = us == Color::kBlack ? 1 : 0;
  f.ply = static_cast<std::uint16_t>(std::min(position.move_count(), 65535));
  return f;
}

void write_planes(const Features& f, std::span<float, static_cast<std::size_t>(shogi::kSquares) * kPlanes> out) {
  std::array<float, 3 * kLanes> whole{};
  for (std::size_t k = 1; k <= 7; ++k) {
    whole[kOwnHand + k - 1] = static_cast<float>(f.hands[k - 1]) / static_cast<float>(kHandMaximum[k]);
    whole[kOtherHand + k - 1] = static_cast<float>(f.hands[k + 6]) / static_cast<float>(kHandMaximum[k]);
  }
  whole[kRepetition] = static_cast<float>(f.repetition) / 3.0F;
  whole[kInCheck] = f.in_check;
  whole[kMoveNumber] =
      static_cast<float>(std::min<int>(f.ply, kMoveNumberScale)) / static_cast<float>(kMoveNumberScale);
  whole[kBlackToMove] = f.black_to_move;
  // A square has one plane of its pieces or none: those are compared, so that no branch can be guessed wrong. What a
  // row has beyond its planes falls on the next row, which comes later.
  constexpr std::int32_t kOne = std::bit_cast<std::int32_t>(1.0F);
  constexpr Lanes kFirst{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const Lanes middle = *reinterpret_cast<const LanesInMemory*>(whole.data() + kLanes);
  const Lanes end = *reinterpret_cast<const LanesInMemory*>(whole.data() + 2 * kLanes);
  float* row = out.data();
  for (std::size_t s = 0; s < shogi::kSquares; ++s, row += kPlanes) {
    const std::int32_t plane = f.board[s] - 1;
    const Lanes low = (kFirst == plane) & kOne;
    const Lanes high = ((kFirst + static_cast<std::int32_t>(kLanes) == plane) & kOne) | middle;
    *reinterpret_cast<LanesInMemory*>(row) = low;
    *reinterpret_cast<LanesInMemory*>(row + kLanes) = high;
    if (s + 1 < shogi::kSquares) {
      *reinterpret_cast<LanesInMemory*>(row + 2 * kLanes) = end;
    } else {
      std::copy(whole.begin() + 2 * kLanes, whole.begin() + kPlanes, row + 2 * kLanes);
    }
  }
}

}  // namespace keisei::net
