#include "shogi/attacks.h"

#include "shogi/step_tables.h"

namespace keisei::shogi {
namespace {

struct Step {
  int file;  ///< towards file 9 is positive
  int rank;  ///< towards rank 9 is positive
};
constexpr Step kSteps[kDirections] = {{0, 1}, {0, -1}, {1, 0}, {-1, 0}, {1, -1}, {-1, 1}, {1, 1}, {-1, -1}};

constexpr bool on_board(int file, int rank) { return file >= 1 && file <= 9 && rank >= 1 && rank <= 9; }

constexpr bool steps_to(Kind k, int file, int rank) {  // as Black
  switch (k) {
    case Kind::kPawn:
      return file == 0 && rank == -1;
    case Kind::kKnight:
      return (file == 1 || file == -1) && rank == -2;
    case Kind::kSilver:
      return rank == -1 || (rank == 1 && file != 0);
    case Kind::kGold:
      return rank == -1 || rank == 0 || (rank == 1 && file == 0);
    case Kind::kKing:
      return true;
    default:
      return false;
  }
}

constexpr void fill_steps(AttackTables& t, Kind k) {
  for (Square s = 0; s < kSquares; ++s) {
    for (int file = -1; file <= 1; ++file) {
      for (int rank = -2; rank <= 2; ++rank) {
        const bool knight = k == Kind::kKnight;
        if ((file == 0 && rank == 0) || !steps_to(k, file, rank)) continue;
        if (!knight && (rank < -1 || rank > 1)) continue;
        for (int c = 0; c < 2; ++c) {
          const int sign = c == 0 ? 1 : -1;
          const int f = file_of(s) + sign * file;
          const int r = rank_of(s) + sign * rank;
          if (on_board(f, r)) t.reach[c][index(k)][s].set(square(f, r));
        }
      }
    }
  }
}

constexpr AttackTables make_tables() {
  AttackTables t{};
  for (Square s = 0; s < kSquares; ++s) {
    t.bits[s] = Bitboard::of(s);
    for (Square other = 0; other < kSquares; ++other) t.direction[s][other] = kNoDirection;
    for (int d = 0; d < kDirections; ++d) {
      int f = file_of(s) + kSteps[d].file;
      int r = rank_of(s) + kSteps[d].rank;
      for (; on_board(f, r); f += kSteps[d].file, r += kSteps[d].rank) {
        t.rays[d][s].set(square(f, r));
        t.direction[s][square(f, r)] = static_cast<std::uint8_t>(d);
      }
      t.swapped_rays[d][s] = swap_bytes(t.rays[d][s]);
    }
    const auto ray = [&](Direction d) { return t.rays[static_cast<int>(d)][s]; };
    t.reach[0][index(Kind::kLance)][s] = ray(Direction::kUp);
    t.reach[1][index(Kind::kLance)][s] = ray(Direction::kDown);
    for (auto& of_color : t.reach) {
      of_color[index(Kind::kBishop)][s] =
          ray(Direction::kUpLeft) | ray(Direction::kUpRight) | ray(Direction::kDownLeft) | ray(Direction::kDownRight);
      of_color[index(Kind::kRook)][s] =
          ray(Direction::kUp) | ray(Direction::kDown) | ray(Direction::kLeft) | ray(Direction::kRight);
    }
  }
  for (const Kind k : {Kind::kPawn, Kind::kKnight, Kind::kSilver, Kind::kGold, Kind::kKing}) fill_steps(t, k);
  return t;
}

constexpr AttackTables kTables = make_tables();

constexpr void fill_masks(StepTables& t, Color c, Square s) {
  const int of_color = index(c);
  for (int i = 0; i < kNeighbours; ++i) {
    const Square to = s + kNeighbourOffsets[i];
    if (to < 0 || to >= kSquares) continue;
    const auto bit = static_cast<std::uint8_t>(1U << i);
    for (const Kind k : {Kind::kSilver, Kind::kGold, Kind::kKing}) {
      if (kTables.reach[of_color][index(k)][s].has(to)) t.steps[of_color][index(k)][s] |= bit;
    }
    if (camp(c).has(s) || camp(c).has(to)) t.zone[of_color][s] |= bit;
  }
  for (int i = 0; i < 2; ++i) {
    const Square to = s + kJumpOffsets[of_color][i];
    if (to < 0 || to >= kSquares || !kTables.reach[of_color][index(Kind::kKnight)][s].has(to)) continue;
    t.jumps[of_color][s] |= static_cast<std::uint8_t>(1U << i);
  }
}

constexpr StepTables make_step_tables() {
  StepTables t{};
  for (unsigned mask = 0; mask < 256; ++mask) {
    int n = 0;
    for (int i = 0; i < kNeighbours; ++i) {
      if (((mask >> i) & 1U) != 0) t.offsets[mask][n++] = static_cast<std::int16_t>(kNeighbourOffsets[i]);
    }
  }
  for (const Color c : {Color::kBlack, Color::kWhite}) {
    for (Square s = 0; s < kSquares; ++s) fill_masks(t, c, s);
  }
  return t;
}

}  // namespace

constinit const AttackTables kAttackTables = kTables;
constinit const StepTables kStepTables = make_step_tables();

Bitboard attacks(Color c, Kind k, Square s, Bitboard occupied) {
  switch (k) {
    case Kind::kLance:
      return lance_attacks(c, s, occupied);
    case Kind::kBishop:
      return bishop_attacks(s, occupied);
    case Kind::kRook:
      return rook_attacks(s, occupied);
    case Kind::kHorse:
      return bishop_attacks(s, occupied) | king_steps(s);
    case Kind::kDragon:
      return rook_attacks(s, occupied) | king_steps(s);
    case Kind::kKing:
      return king_steps(s);
    default:
      return reach(c, step_kind(k), s);
  }
}

}  // namespace keisei::shogi
