// Perft against an independent engine, where one is installed. Fairy-Stockfish counts a pawn drop that mates as a move,
// so the positions compared cannot reach one at the depths compared.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "shogi/perft.h"
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

constexpr const char* kPeer = "/usr/games/fairy-stockfish";

std::uint64_t peer_perft(const std::string& sfen, int depth) {
  const auto script =
      std::filesystem::path(::testing::TempDir()) / ("keisei_peer_" + std::to_string(getpid()) + ".txt");
  {
    std::ofstream out(script);
    out << "usi\nsetoption name UCI_Variant value shogi\nposition sfen " << sfen << "\ngo perft " << depth
        << "\nquit\n";
  }
  const std::string command = std::string(kPeer) + " < " + script.string() + " 2>&1";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::uint64_t nodes = 0;
  char line[512];
  while (pipe && std::fgets(line, sizeof line, pipe.get()) != nullptr) {
    unsigned long long n = 0;
    if (std::sscanf(line, "Nodes searched: %llu", &n) == 1) nodes = n;
  }
  std::filesystem::remove(script);
  return nodes;
}

TEST(Peer, PerftEqualsFairyStockfish) {
  if (!std::filesystem::exists(kPeer)) GTEST_SKIP() << kPeer << " is not installed";
  const std::pair<std::string, int> cases[] = {
      {std::string(Position::kStartSfen), 4},
      {"lnsgkgsnl/1r7/p1ppp1bpp/1p3pp2/7P1/2P6/PP1PPPP1P/1B3S1R1/LNSGKG1NL b - 9", 3},
      {"l6nl/5+P1gk/2np1S3/p1p4Pp/3P2Sp1/1PPb2P1P/P5GS1/R8/LN4bKL w RGgsn5p 1", 2},
      {"ln5nl/1r1sk1gs1/p1pppp1pp/6p2/1p5P1/2P1P4/PPSP1PP1P/2G1S2R1/LN1GK2NL b Bb 21", 3},
      {"4k4/9/4n4/9/9/4R4/9/9/3K5 w rb2g4s3n4l 1", 2},
      {"ln3k2l/3+R2gs1/p3p1npp/2ppspp2/5N3/2PPPP3/PPS3PPP/2GS2G2/LN1K4L w BPrb2p 40", 2},
  };
  for (const auto& [sfen, depth] : cases) EXPECT_EQ(perft(position(sfen), depth), peer_perft(sfen, depth)) << sfen;
}

}  // namespace
}  // namespace keisei::shogi::testing
