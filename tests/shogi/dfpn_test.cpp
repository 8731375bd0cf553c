// The proof-number search against the exact solver: on the suite, on random positions, on long mates, within its
// bounds.
#include "shogi/dfpn.h"

#include <nlohmann/json.hpp>

#include "shogi/rules_testing.h"
#include "shogi/tsume.h"

namespace keisei::shogi::testing {
namespace {

constexpr std::uint64_t kNodes = 2'000'000;
constexpr std::size_t kTableMib = 16;

/// Legal to the end, checks by the attacker, mate by the last move.
void expect_mates(const Position& start, const std::vector<Move>& line) {
  ASSERT_EQ(line.size() % 2, 1U) << start.sfen();
  Position p = start;
  for (std::size_t i = 0; i < line.size(); ++i) {
    ASSERT_TRUE(p.is_legal(line[i])) << start.sfen() << " move " << i << " " << to_usi(line[i]);
    if (i % 2 == 0) {
      ASSERT_TRUE(p.gives_check(line[i])) << start.sfen();
    }
    p.make(line[i]);
  }
  EXPECT_FALSE(p.has_legal_move()) << start.sfen();
  EXPECT_TRUE(p.in_check()) << start.sfen();
}

TEST(MateSearch, SolvesTheWholeSuite) {
  std::ifstream in(std::string(KEISEI_SOURCE_DIR) + "/configs/suites/tsume.jsonl");
  MateSearch search(kTableMib);
  int solved = 0;
  for (std::string line; std::getline(in, line);) {
    const auto problem = nlohmann::json::parse(line);
    const Position p = position(problem["sfen"].get<std::string>());
    const MateFound found = search.search(p, {.most_nodes = kNodes});
    ASSERT_EQ(found.verdict, TsumeVerdict::kMate) << line;
    expect_mates(p, found.line);
    const int plies = static_cast<int>(found.line.size());
    EXPECT_GE(plies, problem["mate_in"].get<int>()) << line;
    if (plies <= 9) {
      EXPECT_EQ(solve(p, plies, 20'000'000).verdict, TsumeVerdict::kMate) << line;
    }
    ++solved;
  }
  EXPECT_GE(solved, 80);
}

TEST(MateSearch, AgreesWithTheExactSolverOnRandomGames) {
  MateSearch search(kTableMib);
  int mates = 0;
  int none = 0;
  for (std::uint64_t game = 0; game < 30; ++game) {
    int ply = 0;
    random_game(kStarts[game % std::size(kStarts)], 500 + game, 60, [&](const Position& p) {
      if (HasFatalFailure() || ++ply % 3 != 0) return;
      const TsumeResult exact = solve(p, 3, 20'000);
      const MateFound found = search.search(p, {.most_nodes = 2'000});
      if (exact.verdict == TsumeVerdict::kMate) {
        ASSERT_EQ(found.verdict, TsumeVerdict::kMate) << p.sfen();
      }
      if (found.verdict == TsumeVerdict::kNoMate) {
        ASSERT_NE(exact.verdict, TsumeVerdict::kMate) << p.sfen();
        ++none;
      }
      if (found.verdict == TsumeVerdict::kMate) {
        expect_mates(p, found.line);
        const int plies = static_cast<int>(found.line.size());
        if (plies <= 7) {
          ASSERT_NE(solve(p, plies, 50'000).verdict, TsumeVerdict::kNoMate) << p.sfen();
        }
        ++mates;
      }
    });
  }
  EXPECT_GT(mates, 20);
  EXPECT_GT(none, 100);
}

TEST(MateSearch, SolvesLongMates) {
  // From seeded games; none has a mate within nine plies.
  const std::pair<const char*, std::size_t> problems[] = {
      {"2+S1kn1gl/l3s4/p1N1n1p2/3p4p/Ppp1K4/LP1PP1P1P/B1G2P2+b/2PS5/1R6L w RN3P2gsp 134", 11},
      {"1n5+NS/4kg1+B1/psp1pp3/npgp2L1l/4P1+B1p/KPGP5/2P+n1P2L/Ps4+rPP/1+l7 w RPgs2p 192", 11},
      {"7nk/2+L2G+R1l/1p1rp2gp/2p3Pp1/3pP4/1PG4P1/2PP2NKP/+l1GS4L/1+p3S3 b 2B2SN3Pnp 89", 11},
      {"ln1n4+P/2s2k1P1/ppp1sg3/4ppp+P1/P2P5/1PPL5/2+r2PP1S/N6R1/5K3 w B2G2LPbgsn2p 114", 11},
      {"l1s1g1+Ln1/3k4n/r1pgb1p1l/1p2pp2p/7p1/1P1P2P1P/B1P1PPSP1/1K3+p3/1NS4NL w Sr2g2p 64", 11},
      {"1nsg+R4/2k1ln3/2ppp3p/1p3P3/2PP4P/1P1bP1+B2/GL3SN1L/2+s1G1K2/1L4G2 b RSN7P 125", 11},
      {"ls2sb3/1lk3b1+R/8p/1pp+R3P1/1n1pPn2P/2P2SP1L/PP1PGP2N/1S2K4/GNG6 b L5Pg 127", 11},
  };
  std::size_t longest = 0;
  for (const auto& [sfen, at_least] : problems) {
    const Position start = position(sfen);
    MateSearch search(kTableMib);
    const MateFound found = search.search(start, {.most_nodes = 200'000});
    ASSERT_EQ(found.verdict, TsumeVerdict::kMate) << sfen;
    EXPECT_GE(found.line.size(), at_least) << sfen;
    EXPECT_NE(solve(start, 7, 200'000).verdict, TsumeVerdict::kMate) << sfen;
    expect_mates(start, found.line);
    longest = std::max(longest, found.line.size());
    // Whatever else the defender tries along the way, a search that knows nothing of the first finds the mate again.
    Position p = start;
    for (std::size_t i = 0; i + 1 < found.line.size(); i += 2) {
      p.make(found.line[i]);
      for (const std::uint16_t raw : sorted_legal(p)) {
        p.make(Move::from_raw(raw));
        MateSearch again(1);
        ASSERT_EQ(again.search(p, {.most_nodes = 500'000}).verdict, TsumeVerdict::kMate) << p.sfen();
        p.unmake();
      }
      p.make(found.line[i + 1]);
    }
  }
  EXPECT_GE(longest, 19U);
}

TEST(MateSearch, KnowsThatADroppedPawnMayNotMate) {
  MateSearch search(1);
  for (const char* sfen : {"7nk/7s1/8G/9/9/9/9/9/K8 b P 1", "8k/9/9/9/9/9/g8/1S7/KN7 w p 1"}) {
    const TsumeVerdict exact = solve(position(sfen), 7, kNodes).verdict;
    EXPECT_EQ(search.search(position(sfen), {.most_nodes = kNodes}).verdict, exact) << sfen;
  }
  const MateFound moved = search.search(position("7nk/7s1/8P/8R/9/9/9/9/K8 b - 1"), {.most_nodes = kNodes});
  EXPECT_EQ(moved.verdict, TsumeVerdict::kMate);
}

TEST(MateSearch, EndlessChecksAreNoMate) {
  // A dragon that can check for ever: every line comes back to a position that was there before.
  MateSearch search(kTableMib);
  for (const char* sfen : {"4k4/9/9/9/9/9/9/9/K4L3 b - 1", "4k4/9/9/9/9/9/9/9/K8 b G 1"}) {
    EXPECT_EQ(search.search(position(sfen), {.most_nodes = kNodes}).verdict, TsumeVerdict::kNoMate) << sfen;
  }
  const MateFound lone = search.search(position("4k4/9/9/9/9/9/9/9/K4+R3 b - 1"), {.most_nodes = 100'000});
  EXPECT_NE(lone.verdict, TsumeVerdict::kMate);
}

TEST(MateSearch, StopsAtItsLimits) {
  const Position crowded = position("4k4/9/9/9/9/9/9/9/4K4 b RB2G2S2N2L9Prb2g2s2n2l9p 1");
  const Position quiet = position("4k4/9/9/9/4P4/9/9/9/4K4 b - 1");
  MateSearch search(1);
  const MateFound spent = search.search(crowded, {.most_nodes = 50});
  EXPECT_LE(spent.nodes, 51U);
  const MateFound stopped = search.search(crowded, {.most_nodes = kNodes, .stop = [] { return true; }});
  EXPECT_LE(stopped.nodes, kMateNodesBetweenAsks + 1);
  EXPECT_EQ(search.search(quiet, {.most_nodes = kNodes}).verdict, TsumeVerdict::kNoMate);
  EXPECT_LE(search.permille_full(), 1000);
  search.clear();
  EXPECT_EQ(search.permille_full(), 0);
}

TEST(MateSearch, AnswersThePositionWithoutAnyMove) {
  MateSearch search(1);
  // Mated already, and a lone king without checks.
  EXPECT_EQ(search.search(position("4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2"), {.most_nodes = kNodes}).verdict,
            TsumeVerdict::kNoMate);
}

}  // namespace
}  // namespace keisei::shogi::testing
