#include "net/planes.h"

#include <algorithm>

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

constexpr int kColourBit = 4;  ///< a piece as a number: kind | colour << kColourBit

/// What stands for a piece in Features, by the side to move: a look-up has no branch that could be guessed wrong.
constexpr auto kCodes = [] {
  std::array<std::array<std::uint8_t, 2U << kColourBit>, 2> codes{};
  for (std::size_t us = 0; us < 2; ++us)
    for (std::size_t colour = 0; colour < 2; ++colour)
      for (std::size_t kind = 1; kind < shogi::kKinds; ++kind)
        codes[us][kind | colour << kColourBit] = static_cast<std::uint8_t>(kind + (colour == us ? 0 : 14));
  return codes;
}();
}  // namespace

std::span<const PlaneInfo> plane_table() { return kTable; }

int hand_maximum(Kind kind) { return kHandMaximum[static_cast<std::size_t>(index(kind))]; }

Features encode(const shogi::Position& position) {
  const Color us = position.side();
  const bool turn = us == Color::kWhite;
  Features f{};
  const auto& codes = kCodes[static_cast<std::size_t>(index(us))];
  for (shogi::Square s = 0; s < shogi::kSquares; ++s) {
    const shogi::Piece piece = position.piece_on(s);
    const int number = index(piece.kind) | index(piece.color) << kColourBit;
    f.board[static_cast<std::size_t>(turn ? shogi::rotated(s) : s)] = codes[static_cast<std::size_t>(number)];
  }
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
  std::array<float, kPlanes> whole{};
  for (std::size_t k = 1; k <= 7; ++k) {
    whole[kOwnHand + k - 1] = static_cast<float>(f.hands[k - 1]) / static_cast<float>(kHandMaximum[k]);
    whole[kOtherHand + k - 1] = static_cast<float>(f.hands[k + 6]) / static_cast<float>(kHandMaximum[k]);
  }
  whole[kRepetition] = static_cast<float>(f.repetition) / 3.0F;
  whole[kInCheck] = f.in_check;
  whole[kMoveNumber] =
      static_cast<float>(std::min<int>(f.ply, kMoveNumberScale)) / static_cast<float>(kMoveNumberScale);
  whole[kBlackToMove] = f.black_to_move;
  float* row = out.data();
  for (std::size_t s = 0; s < shogi::kSquares; ++s, row += kPlanes) {
    std::copy(whole.begin(), whole.end(), row);
    if (f.board[s] != 0) row[f.board[s] - 1] = 1.0F;
  }
}

}  // namespace keisei::net
