// Alpha-beta on material: iterative deepening, captures and promotions to quiet, mates in one seen at every node. Pure
// material keeps it a yardstick that anybody can rebuild. Everything that it remembers is forgotten before each search,
// so the result is a function of position (with its history), depth and random stream, unless `stop` ends it. Scores
// are in hundredths of a pawn for the side to move. About 1 MiB, owned by a player; one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/random.h"
#include "shogi/position.h"

namespace keisei::shogi {

inline constexpr int kMaxRootDepth = 32;  ///< plies

struct SearchResult {
  Move best{};   ///< the null move if there is no legal move
  Move reply{};  ///< the answer that it expects; the null move where it knows none
  int score = 0;
  int depth = 0;  ///< the depth finished; 0 if not even the first
  std::uint64_t nodes = 0;
};

struct SearchLimits {
  int depth = 1;                         ///< plies, 1 to kMaxRootDepth
  std::uint64_t most_nodes = 1'000'000;  ///< the search ends here and answers with the last depth that it finished
  std::vector<Move> only{};              ///< legal moves to choose among; empty = all
  std::function<bool()> stop{};          ///< asked every kNodesBetweenAsks nodes; true ends as spent nodes do
  std::function<void(const SearchResult&)> finished{};  ///< told of every depth that was finished
};
inline constexpr std::uint64_t kNodesBetweenAsks = 256;

class MaterialSearch {
 public:
  static constexpr int kMateScore = 1'000'000;  ///< less one a ply until the mate
  static constexpr int kMostPlies = 64;         ///< of any line, quiescence included

  explicit MaterialSearch(const Rules& rules);

  /// Equal best moves are drawn from by `random`: it shuffles the moves, and the first of the best is kept.
  [[nodiscard]] SearchResult search(const Position& position, const SearchLimits& limits, Random random);

  /// Plies until the mate that a score stands for; 0 if it stands for none.
  [[nodiscard]] static int plies_to_mate(int score);

 private:
  enum class Bound : std::uint8_t { kNone, kExact, kLower, kUpper };
  struct Entry {
    std::uint64_t key = 0;
    std::int32_t score = 0;
    std::uint16_t move = 0;
    std::int8_t depth = 0;
    Bound bound = Bound::kNone;
  };
  static_assert(sizeof(Entry) == 16);
  static constexpr std::size_t kEntries = std::size_t{1} << 16;
  static constexpr std::size_t kOrigins = kSquares + kHandKinds + 1;  ///< squares, then hand kinds from 81 on

  struct Ranked {
    Move move;
    std::int32_t rank;
  };
  using Killers = std::array<Move, 2>;

  void forget();
  [[nodiscard]] int root(int depth, std::vector<Move>& moves, Move& best);
  [[nodiscard]] int full_width(int depth, int ply, int alpha, int beta, int balance);
  [[nodiscard]] int quiesce(int quiet_ply, int ply, int alpha, int beta, int balance);
  /// Counts a node; true when the search has to end.
  [[nodiscard]] bool spent();
  [[nodiscard]] bool can_win_by_declaration() const;
  [[nodiscard]] int gain(Move m) const;
  [[nodiscard]] std::int32_t capture_rank(Move m) const;
  void rank_all(const MoveList& moves, Move first, int ply, std::vector<Ranked>& ranked) const;
  void rank_tactical(const MoveList& moves, std::vector<Ranked>& ranked) const;
  [[nodiscard]] std::vector<Ranked>& buffer(int ply);
  void reward(Move m, int ply, int depth);
  /// A position that occurred before is nearer to a repetition: another position, as far as the table goes.
  [[nodiscard]] std::uint64_t table_key() const;
  /// What the table expects after `m`.
  [[nodiscard]] Move expected_reply(Move m);
  [[nodiscard]] Entry& entry_of(std::uint64_t key) { return entries_[key & (kEntries - 1)]; }

  Rules rules_;
  Position position_;
  std::vector<Entry> entries_;
  std::array<Killers, kMostPlies> killers_{};
  std::array<std::array<std::array<std::int32_t, kSquares>, kOrigins>, 2> history_{};
  std::vector<std::vector<Ranked>> buffers_;
  std::uint64_t nodes_ = 0;
  std::uint64_t most_nodes_ = 0;
  std::function<bool()> stop_;
  bool stopped_ = false;
};

}  // namespace keisei::shogi
