// The legal moves of positions from random games against rules that nobody here wrote: move by move with lishogi's
// (shogiops, where node and tests/peers are installed), and by perft with Fairy-Stockfish, which counts a pawn drop
// that mates as a move. 200 positions; 2,000 with KEISEI_LONG=1.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "shogi/movegen.h"
#include "shogi/perft.h"
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFairy = "/usr/games/fairy-stockfish";

bool is_long() { return std::getenv("KEISEI_LONG") != nullptr; }
std::size_t positions_wanted() { return is_long() ? 2000 : 200; }

/// Positions of random games from all starts, two plies of every seven, so that both sides are to move.
std::vector<Position> random_positions(std::size_t wanted) {
  constexpr int kMostPlies = 400;
  std::vector<Position> found;
  for (std::uint64_t seed = 0; found.size() < wanted; ++seed) {
    int ply = 0;
    random_game(kStarts[seed % std::size(kStarts)], 7000 + seed, kMostPlies, [&](const Position& p) {
      if (ply++ % 7 < 2 && found.size() < wanted && found.size() < (seed + 1) * 40) found.push_back(p);
    });
  }
  return found;
}

/// What a command prints.
std::string said_by(const std::string& command) {
  std::string said;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  char line[4096];
  while (pipe && std::fgets(line, sizeof line, pipe.get()) != nullptr) said += line;
  return said;
}

/// A file in the temporary folder that goes with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_(fs::path(::testing::TempDir()) / ("keisei_" + name + std::to_string(getpid()))) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { fs::remove(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(RulesPeer, LegalMovesEqualShogiops) {
  const fs::path peers = fs::path(KEISEI_SOURCE_DIR) / "tests" / "peers";
  if (!fs::exists(peers / "node_modules" / "shogiops")) GTEST_SKIP() << "tests/peers: npm ci has not been run";
  if (std::system("node --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "node is not installed";
  const TemporaryFile file("legal_moves");
  const std::vector<Position> positions = random_positions(positions_wanted());
  std::size_t in_check = 0;
  {
    std::ofstream out(file.path());
    for (const Position& p : positions) {
      MoveList moves;
      p.legal_moves(moves);
      std::vector<std::string> texts;
      for (const Move m : moves) texts.push_back(to_usi(m));
      std::sort(texts.begin(), texts.end());
      out << p.sfen() << '\t';
      for (std::size_t i = 0; i < texts.size(); ++i) out << (i == 0 ? "" : " ") << texts[i];
      out << '\n';
      in_check += p.in_check() ? 1U : 0U;
    }
  }
  EXPECT_GT(in_check, positions.size() / 100);  // checks are among what is compared
  const std::string said =
      said_by("node '" + (peers / "legal_moves.mjs").string() + "' '" + file.path().string() + "' 2>&1");
  const std::string all = std::to_string(positions.size());
  EXPECT_TRUE(said.ends_with("agreed " + all + " of " + all + "\n")) << said;
}

/// Leaves of the tree in which a pawn drop that mates is a move too, as long as it does not end the count early.
std::uint64_t perft_with_mating_drops(const Position& p, int depth) {
  MoveList moves;
  p.legal_moves(moves);
  const Board& board = p.board();
  std::uint64_t mating = 0;
  if (board.hand(p.side(), Kind::kPawn) > 0) {
    const Bitboard front = reach(~p.side(), Kind::kPawn, p.king(~p.side())) & ~board.occupied() &
                           pawn_drop_squares(board, p.side()) & answer_squares(board);
    // The drop ends the game: it counts as a leaf at the last ply and leads to no other.
    front.for_each([&](Square s) { mating += is_mating_pawn_drop(board, s) ? 1U : 0U; });
  }
  if (depth == 1) return moves.size() + mating;
  std::uint64_t leaves = 0;
  Position next = p;
  for (const Move m : moves) {
    next.make(m);
    leaves += perft_with_mating_drops(next, depth - 1);
    next.unmake();
  }
  return leaves;
}

TEST(RulesPeer, PerftOfRandomPositionsEqualsFairyStockfish) {
  if (!fs::exists(kFairy)) GTEST_SKIP() << kFairy << " is not installed";
  const std::uint64_t most_leaves = is_long() ? 300'000 : 30'000;  // of a position at a depth
  const std::vector<Position> positions = random_positions(positions_wanted());
  struct Case {
    std::string name;
    std::uint64_t leaves;
  };
  std::vector<Case> cases;
  const TemporaryFile script("perft");
  {
    std::ofstream out(script.path());
    out << "usi\nsetoption name UCI_Variant value shogi\n";
    for (const Position& p : positions) {
      std::uint64_t leaves = 0;
      for (int depth = 1; depth <= 3; ++depth) {
        const auto moves = sorted_legal(p).size();
        if (depth > 1 && leaves * moves > most_leaves) break;
        leaves = perft_with_mating_drops(p, depth);
        cases.push_back({p.sfen() + " depth " + std::to_string(depth), leaves});
        out << "position sfen " << p.sfen() << "\ngo perft " << depth << "\n";
      }
    }
    out << "quit\n";
  }
  const std::string said = said_by(std::string(kFairy) + " < '" + script.path().string() + "' 2>&1");
  std::istringstream lines(said);
  std::size_t compared = 0;
  for (std::string line; std::getline(lines, line);) {
    unsigned long long leaves = 0;
    if (std::sscanf(line.c_str(), "Nodes searched: %llu", &leaves) != 1) continue;
    ASSERT_LT(compared, cases.size());
    EXPECT_EQ(cases[compared].leaves, leaves) << cases[compared].name;
    ++compared;
  }
  EXPECT_EQ(compared, cases.size());
  EXPECT_GT(compared, positions.size());
}

}  // namespace
}  // namespace keisei::shogi::testing
