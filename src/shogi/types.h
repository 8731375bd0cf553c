// Squares, pieces, moves: the vocabulary of the rules. Square = (file-1)*9 + (rank-1), file 1 is Black's right edge,
// rank 1 ('a') is White's home rank; rotating the board by 180 degrees is 80 - square.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace keisei::shogi {

enum class Color : std::uint8_t { kBlack = 0, kWhite = 1 };
[[nodiscard]] constexpr Color operator~(Color c) { return static_cast<Color>(static_cast<std::uint8_t>(c) ^ 1U); }
[[nodiscard]] constexpr int index(Color c) { return static_cast<int>(c); }

/// Kinds in hand order P L N S B R G; promoted = unpromoted + 8.
enum class Kind : std::uint8_t {
  kNone = 0,
  kPawn,
  kLance,
  kKnight,
  kSilver,
  kBishop,
  kRook,
  kGold,
  kKing,
  kProPawn,
  kProLance,
  kProKnight,
  kProSilver,
  kHorse,
  kDragon
};
inline constexpr int kKinds = 15;     ///< including kNone
inline constexpr int kHandKinds = 7;  ///< kPawn..kGold
[[nodiscard]] constexpr int index(Kind k) { return static_cast<int>(k); }
[[nodiscard]] constexpr bool is_promoted(Kind k) { return k >= Kind::kProPawn; }
[[nodiscard]] constexpr Kind unpromoted(Kind k) { return is_promoted(k) ? static_cast<Kind>(index(k) - 8) : k; }
[[nodiscard]] constexpr Kind promoted(Kind k) {
  return k <= Kind::kRook && k != Kind::kNone ? static_cast<Kind>(index(k) + 8) : k;
}

using Square = int;  ///< 0..80
inline constexpr int kSquares = 81;
[[nodiscard]] constexpr Square square(int file, int rank) { return (file - 1) * 9 + (rank - 1); }
[[nodiscard]] constexpr int file_of(Square s) { return s / 9 + 1; }
[[nodiscard]] constexpr int rank_of(Square s) { return s % 9 + 1; }
[[nodiscard]] constexpr Square rotated(Square s) { return 80 - s; }

/// 16 bits: to (7) | from or 81 + hand kind (7) << 7 | promotion << 14. 0 is "no move".
class Move {
 public:
  constexpr Move() = default;
  [[nodiscard]] static constexpr Move board(Square from, Square to, bool promote) {
    return Move(static_cast<std::uint16_t>(to | (from << 7) | (promote ? 1 << 14 : 0)));
  }
  [[nodiscard]] static constexpr Move drop(Kind kind, Square to) {
    return Move(static_cast<std::uint16_t>(to | ((81 + index(kind)) << 7)));
  }
  [[nodiscard]] static constexpr Move from_raw(std::uint16_t raw) { return Move(raw); }
  [[nodiscard]] constexpr Square to() const { return raw_ & 0x7F; }
  [[nodiscard]] constexpr bool is_drop() const { return ((raw_ >> 7) & 0x7F) > 80; }
  [[nodiscard]] constexpr Square from() const { return (raw_ >> 7) & 0x7F; }
  [[nodiscard]] constexpr Kind dropped() const { return static_cast<Kind>(((raw_ >> 7) & 0x7F) - 81); }
  [[nodiscard]] constexpr bool promotes() const { return (raw_ >> 14) != 0; }
  [[nodiscard]] constexpr std::uint16_t raw() const { return raw_; }
  friend constexpr bool operator==(Move, Move) = default;

 private:
  constexpr explicit Move(std::uint16_t raw) : raw_(raw) {}
  std::uint16_t raw_ = 0;
};

/// Legal moves of one position. 593 is the known maximum with the pieces of one set; Position takes up to twice a set,
/// and no position of that can have more than 1281 (every piece unhindered, every kind in hand). The storage is not
/// cleared: only what was pushed may be read.
class MoveList {
 public:
  static constexpr std::size_t kCapacity = 1296;
  MoveList() {}
  void push(Move m) { moves_[size_++] = m; }
  void clear() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Move operator[](std::size_t i) const { return moves_[i]; }
  [[nodiscard]] const Move* begin() const { return moves_.data(); }
  [[nodiscard]] const Move* end() const { return moves_.data() + size_; }
  [[nodiscard]] Move* data() { return moves_.data(); }
  void resize(std::size_t n) { size_ = n; }

 private:
  union {
    std::array<Move, kCapacity> moves_;
  };
  std::size_t size_ = 0;
};

}  // namespace keisei::shogi
