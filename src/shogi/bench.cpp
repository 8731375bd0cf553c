#include "shogi/bench.h"

#include <array>
#include <string_view>

#include "base/random.h"
#include "shogi/perft.h"
#include "shogi/position.h"

namespace keisei::shogi {
namespace {

struct PerftItem {
  std::string_view sfen;
  int depth;
};
// Openings, crowded hands, both colours in check now and then, and the position of most moves.
constexpr std::array<PerftItem, 6> kPerfts = {{
    {Position::kStartSfen, 4},
    {"l6nl/5+P1gk/2np1S3/p1p4Pp/3P2Sp1/1PPb2P1P/P5GS1/R8/LN4bKL w RGgsn5p 1", 3},
    {"8l/1l+R2P3/p2pBG1pp/kps1p4/Nn1P2G2/P1P1P2PP/1PS6/1KSG3+r1/LN2+p3L w Sbgn3p 124", 3},
    {"l4S2l/4g1gs1/5p1p1/pr2N1pkp/4Gn3/PP3PPPP/2GPP4/1K7/L3r+s2L w BS2N5Pb 1", 3},
    {"ln1g5/1r2S1k2/p2pppn2/2ps2p2/1p7/2P6/PPSPPPPLP/2G2K1pr/LN4G1b w BGSLPnp 62", 3},
    {"R8/2K1S1SSk/4B4/9/9/9/9/9/1L1L1L3 b RBGSNLP3g3n17p 1", 2},
}};
constexpr std::uint64_t kSeed = 20260301;
constexpr std::uint64_t kGames = 64;
constexpr Rules kRules{.max_moves = 320, .declaration = DeclarationRule::k27};

std::uint64_t fold(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15 + (hash << 6) + (hash >> 2);
  hash ^= hash >> 29;
  return hash * 0xBF58476D1CE4E5B9;
}

/// The move a draw chooses: a mate if there is one, else one of three drawn moves with the most valuable capture.
Move choose(const Position& position, const MoveList& moves, Random& random) {
  if (const auto mate = position.mate_in_one()) return *mate;
  Move best;
  int best_rank = -1;
  for (int i = 0; i < 3; ++i) {
    const Move m = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
    const int rank = 2 * index(position.piece_on(m.to()).kind) + (position.gives_check(m) ? 1 : 0);
    if (rank > best_rank) {
      best_rank = rank;
      best = m;
    }
  }
  return best;
}

std::uint64_t play_game(std::uint64_t game) {
  Random random(kSeed, Purpose::kBench, game);
  Position position;
  MoveList moves;
  std::uint64_t hash = game;
  for (;;) {
    if (const auto outcome = position.outcome(kRules)) {
      hash = fold(hash, static_cast<std::uint64_t>(outcome->reason));
      return fold(hash, static_cast<std::uint64_t>(outcome->winner));
    }
    const DeclarationState declaration = position.declaration(kRules.declaration);
    if (declaration.can_declare) return fold(hash, static_cast<std::uint64_t>(declaration.points));
    position.legal_moves(moves);
    hash = fold(hash, moves.size());
    const Move m = choose(position, moves, random);
    position.make(m);
    hash = fold(fold(hash, m.raw()), position.hash() + static_cast<std::uint64_t>(position.repetition()));
  }
}

}  // namespace

std::uint64_t bench() {
  std::uint64_t leaves = 0;
  for (const PerftItem& item : kPerfts) {
    const auto position = Position::from_sfen(item.sfen);
    leaves += perft(position.value(), item.depth);
  }
  std::uint64_t games = 0;
  for (std::uint64_t game = 0; game < kGames; ++game) games = fold(games, play_game(game));
  return leaves ^ games;
}

}  // namespace keisei::shogi
