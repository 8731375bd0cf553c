// Mate by checks, far ahead: depth-first proof-number search (df-pn; Nagai, "Df-pn Algorithm for Searching AND/OR
// Trees", 2002) over a table of fixed size, for mates that the exact solver (tsume.h) cannot reach. It finds a mate,
// not always the shortest. A position that the attacker brings about again on one line is no progress and counts as
// lost for it; what is known only because of such a return is kept for that very line alone, so neither verdict depends
// on the way there. Pawn drops that mate are no moves. Owned by one player; one thread at a time. Memory: the table, in
// MiB.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "shogi/position.h"
#include "shogi/tsume.h"

namespace keisei::shogi {

inline constexpr std::size_t kMinMateTableMib = 1;
inline constexpr std::size_t kMaxMateTableMib = 65'536;
inline constexpr int kMaxMatePlies = 600;  ///< of one line; a verdict that rests on a longer one stays undecided

struct MateLimits {
  std::uint64_t most_nodes = 1'000'000;  ///< positions opened
  std::function<bool()> stop{};          ///< asked every kMateNodesBetweenAsks nodes; true ends the search
};
inline constexpr std::uint64_t kMateNodesBetweenAsks = 256;

struct MateFound {
  TsumeVerdict verdict = TsumeVerdict::kUndecided;
  std::vector<Move> line;  ///< kMate: from the position to the mate, the defender's longest of the answers seen
  std::uint64_t nodes = 0;
};

class MateSearch {
 public:
  /// A table of `table_mib` MiB, clamped to kMinMateTableMib..kMaxMateTableMib. May throw std::bad_alloc.
  explicit MateSearch(std::size_t table_mib);

  /// Whether the side to move mates by checks alone. The history of `position` does not count. kNoMate is exact: it is
  /// said of no position that has a mate; kUndecided when the limits were reached before.
  [[nodiscard]] MateFound search(const Position& position, const MateLimits& limits);

  /// Forgets everything that was found.
  void clear();
  /// How full the table is, in thousandths, from a sample.
  [[nodiscard]] int permille_full() const;

 private:
  using Number = std::uint32_t;
  static constexpr Number kInfinite = Number{1} << 30;

  /// A proof number, a disproof number and what they rest on.
  struct Value {
    Number proof = 1;
    Number disproof = 1;
    std::uint16_t plies = 0;     ///< of the mate, once proved
    std::uint16_t rests_on = 0;  ///< disproved: the earliest ply of the line that it needs; kNothing = any line
  };
  static constexpr std::uint16_t kNothing = 0xFFFF;
  struct Entry {
    std::uint64_t key = 0;
    Value value{};
    std::uint32_t work = 0;  ///< nodes spent below; 0 = empty
  };
  static_assert(sizeof(Entry) == 24);
  static constexpr std::size_t kWays = 4;

  struct Child {
    Move move;
    std::uint64_t key = 0;
    Value value{};
  };

  Value open(const Board& board, bool attacking, Number most_proof, Number most_disproof, std::uint64_t line_key);
  [[nodiscard]] std::vector<Child> children_of(const Board& board, bool attacking, std::uint64_t line_key);
  [[nodiscard]] Value look_up(const Board& board, bool attacking, std::uint64_t line_key);
  [[nodiscard]] static Value first_guess(const Board& board, bool attacking);
  [[nodiscard]] Entry* find(std::uint64_t key);
  void store(std::uint64_t key, const Value& value, std::uint32_t work);
  [[nodiscard]] bool spent();
  [[nodiscard]] bool write_line(const Board& board, std::vector<Move>& line);

  std::vector<Entry> entries_;
  std::vector<std::uint64_t> line_;  ///< keys of the positions from the root to the one at hand
  MateLimits limits_;
  std::uint64_t nodes_ = 0;
  bool stopped_ = false;
  bool too_deep_ = false;
};

}  // namespace keisei::shogi
