// Where the king may step, for all eight squares at once: the pieces of the other side within two files of the king are
// taken into one word of five files, and all their steps are a few shifts of it; lances fill their file in the same
// word; bishops and rooks, seldom more than two, are followed one by one with the king lifted off the board. No loop
// over the king's squares, and no branch on what stands there. Pure functions, thread-safe.
#pragma once

#include <cstdint>

#include "shogi/board.h"
#include "shogi/step_tables.h"

namespace keisei::shogi {

/// The files within two of a square as one word: file f - 2 in the bits 0-8, file f in 18-26, file f + 2 in 36-44.
class FileWindow {
 public:
  static constexpr int kHome = 18;  ///< bit of rank 1 of the middle file
  static constexpr std::uint64_t kAll = (std::uint64_t{1} << 45) - 1;
  static constexpr std::uint64_t kRank1 = 0x10'0804'0201;

  explicit FileWindow(Square middle) {
    const int first = middle / 9 - 2;
    left_ = first < 0 ? -9 * first : 0;
    right_ = first < 0 ? 0 : 9 * first;
    high_ = Bitboard::kSplit - right_;
  }
  /// May have bits beyond the 45.
  [[nodiscard]] std::uint64_t of(Bitboard b) const { return ((b.lo << left_) >> right_) | (b.hi << high_); }

 private:
  int left_, right_, high_;
};

/// The neighbours of a square out of a word in which it is bit 10 and files are 9 bits apart.
[[nodiscard]] inline unsigned neighbours(std::uint64_t around) {
  constexpr std::uint64_t kPattern = 0b111'000000'101'000000'111;
#ifdef __BMI2__
  return static_cast<unsigned>(__builtin_ia32_pext_di(around, kPattern));
#else
  const std::uint64_t w = around & kPattern;
  return static_cast<unsigned>((w & 0x7) | ((w >> 6) & 0x8) | ((w >> 7) & 0x10) | ((w >> 13) & 0xE0));
#endif
}

/// The squares of a window that steps of `kBy` attack.
template <Color kBy>
[[nodiscard]] std::uint64_t attacked_by_steps(const Board& board, FileWindow window) {
  constexpr bool kUp = kBy == Color::kBlack;  // towards rank 1: falling squares
  constexpr std::uint64_t kFirst = kUp ? FileWindow::kRank1 : FileWindow::kRank1 << 8;
  constexpr std::uint64_t kSecond = kUp ? kFirst << 1 : kFirst >> 1;
  constexpr std::uint64_t kLast = kUp ? FileWindow::kRank1 << 8 : FileWindow::kRank1;
  constexpr std::uint64_t kCanAdvance = FileWindow::kAll & ~kFirst;
  constexpr std::uint64_t kCanJump = kCanAdvance & ~kSecond;
  constexpr std::uint64_t kCanRetreat = FileWindow::kAll & ~kLast;
  const auto of = [&](Words set) { return window.of(to_bitboard(set & words(board.pieces(kBy)))); };
  const std::uint64_t silvers = of(words(board.pieces(Kind::kSilver)));
  const std::uint64_t golds = of(words(board.golds()));
  const std::uint64_t kings =
      of(words(board.pieces(Kind::kKing)) | words(board.pieces(Kind::kHorse)) | words(board.pieces(Kind::kDragon)));
  const std::uint64_t knights = of(words(board.pieces(Kind::kKnight))) & kCanJump;
  const std::uint64_t diagonal = silvers | kings;
  const std::uint64_t straight = golds | kings;
  const std::uint64_t forward = (of(words(board.pieces(Kind::kPawn))) | diagonal | golds) & kCanAdvance;
  const std::uint64_t forward_diagonal = (diagonal | golds) & kCanAdvance;
  const std::uint64_t back = straight & kCanRetreat;
  const std::uint64_t back_diagonal = diagonal & kCanRetreat;
  std::uint64_t attacked = (straight << 9) | (straight >> 9);
  if constexpr (kUp) {
    attacked |= (forward >> 1) | (forward_diagonal >> 10) | (forward_diagonal << 8);
    attacked |= (knights >> 11) | (knights << 7);
    attacked |= (back << 1) | (back_diagonal << 10) | (back_diagonal >> 8);
  } else {
    attacked |= (forward << 1) | (forward_diagonal << 10) | (forward_diagonal >> 8);
    attacked |= (knights << 11) | (knights >> 7);
    attacked |= (back >> 1) | (back_diagonal >> 10) | (back_diagonal << 8);
  }
  return attacked;
}

/// The squares of a window that lances of `kBy` attack; `lances` and `empty` squares lie in the window.
template <Color kBy>
[[nodiscard]] std::uint64_t attacked_by_lances(std::uint64_t lances, std::uint64_t empty) {
  constexpr bool kUp = kBy == Color::kBlack;
  constexpr std::uint64_t kEntered = FileWindow::kAll & ~(kUp ? FileWindow::kRank1 << 8 : FileWindow::kRank1);
  const auto ahead = [](std::uint64_t set, int n) { return kUp ? set >> n : set << n; };
  std::uint64_t passable = empty & kEntered;
  std::uint64_t filled = lances;
  filled |= passable & ahead(filled, 1);
  passable &= ahead(passable, 1);
  filled |= passable & ahead(filled, 2);
  passable &= ahead(passable, 2);
  filled |= passable & ahead(filled, 4);
  return ahead(filled, 1) & kEntered;
}

/// The safe steps of the king of `kUs`, as a neighbour mask; its own pieces are taken out.
template <Color kUs>
[[nodiscard]] unsigned safe_king_mask(const Board& board) {
  constexpr Color kThem = ~kUs;
  const Square king = board.king(kUs);
  const FileWindow window(king);
  const Words others = words(board.pieces(kThem));
  const Words without_king = (others | words(board.pieces(kUs))) ^ words(kAttackTables.bits[king]);
  const Bitboard occupied = to_bitboard(without_king);
  std::uint64_t bad = attacked_by_steps<kThem>(board, window) | window.of(board.pieces(kUs));
  constexpr std::uint64_t kNextFiles = ((std::uint64_t{1} << 27) - 1) << 9;
  const std::uint64_t lances = window.of(to_bitboard(words(board.pieces(Kind::kLance)) & others)) & kNextFiles;
  if (lances != 0) bad |= attacked_by_lances<kThem>(lances, ~window.of(occupied));
  Bitboard lines;
  to_bitboard(words(board.bishops()) & others).for_each([&](Square s) { lines |= bishop_attacks(s, occupied); });
  to_bitboard(words(board.rooks()) & others).for_each([&](Square s) { lines |= rook_attacks(s, occupied); });
  bad |= window.of(lines);
  const int rank = king % 9;
  return kStepTables.steps[0][index(Kind::kKing)][king] & ~neighbours(bad >> (FileWindow::kHome + rank - 10));
}

}  // namespace keisei::shogi
