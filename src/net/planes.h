// What the network sees: 46 planes of 9x9 from the mover's view (for White the board is rotated by 180 degrees, and
// net/actions.h rotates the actions with it). One table names each plane; documentation and tests read it. A position
// is kept as Features (under 0.6 KB) and written out as floats only when a batch is put together, so a rollout of
// 8,192 positions takes 5 MB instead of 122.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "shogi/position.h"

namespace keisei::net {

inline constexpr int kPlanes = 46;

struct PlaneInfo {
  int first;  ///< first plane
  int count;  ///< number of planes
  std::string_view meaning;
  std::string_view scale;  ///< value of a set square
};
/// In plane order, without gaps.
[[nodiscard]] std::span<const PlaneInfo> plane_table();

/// The number of pieces of a kind that exist, which scales its hand plane (P 18, L N S G 4, B R 2).
[[nodiscard]] int hand_maximum(shogi::Kind kind);

/// Plies after which the move-number plane is 1.
inline constexpr int kMoveNumberScale = 512;

/// One position from the mover's view.
struct Features {
  std::array<std::uint8_t, shogi::kSquares> board;  ///< 0 empty, 1..14 own kind, 15..28 opponent's kind (kind + 14)
  std::array<std::uint8_t, 14> hands;               ///< own P L N S B R G, then the opponent's
  std::uint8_t repetition;                          ///< occurrences before this one, at most 3
  std::uint8_t in_check;
  std::uint8_t black_to_move;
  std::uint16_t ply;  ///< moves made since move number 1
  friend bool operator==(const Features&, const Features&) = default;
};

[[nodiscard]] Features encode(const shogi::Position& position);

/// Writes kSquares * kPlanes floats, square by square (channels last), as one row of a batch.
void write_planes(const Features& features, std::span<float, static_cast<std::size_t>(shogi::kSquares) * kPlanes> out);

}  // namespace keisei::net
