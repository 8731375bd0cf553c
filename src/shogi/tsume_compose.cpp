#include "shogi/tsume_compose.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>

#include "base/random.h"
#include "shogi/material_player.h"
#include "shogi/material_search.h"
#include "shogi/tsume.h"

namespace keisei::shogi {
namespace {

constexpr int kRandomPlies = 8;       ///< at the start of each game, uniform over the legal moves
constexpr int kLongestGame = 220;     ///< plies
constexpr int kFirstProblemPly = 30;  ///< mates of the opening are all alike
constexpr int kMostBalance = 25;      ///< hundredths of a pawn, for a start
constexpr int kStartMatePlies = 5;    ///< no start is within these plies of a mate
constexpr std::uint64_t kSolverNodes = 100'000;

/// The positions of one seeded game between material players of one ply, from its start on.
std::vector<Position> play_game(std::uint64_t seed, std::uint64_t game, Player& player) {
  std::vector<Position> positions(1);
  MoveList moves;
  for (int ply = 0; ply < kLongestGame; ++ply) {
    Position next = positions.back();
    if (next.outcome({})) break;
    Random random(seed, Purpose::kOpening, game, static_cast<std::uint64_t>(ply));
    Move move;
    if (ply < kRandomPlies) {
      next.legal_moves(moves);
      move = moves[random.below(static_cast<std::uint32_t>(moves.size()))];
    } else {
      const Turn turn{&next, game, random};
      Choice choice;
      player.choose({&turn, 1}, {&choice, 1});
      if (choice.kind != Choice::Kind::kMove) break;
      move = choice.move;
    }
    next.make(move);
    positions.push_back(std::move(next));
  }
  return positions;
}

/// Plies of the shortest mate if it is one of at most `longest` and only one first move keeps to it, else 0.
int problem_length(const Position& position, int longest) {
  const TsumeResult solved = solve(position, longest, kSolverNodes);
  if (solved.verdict != TsumeVerdict::kMate) return 0;
  MoveList moves;
  position.legal_moves(moves);
  for (const Move m : moves) {
    if (m == solved.line.front() || !position.gives_check(m)) continue;
    if (judge_first_move(position, m, solved.plies, kSolverNodes) != TsumeVerdict::kNoMate) return 0;
  }
  return solved.plies;
}

/// Whether games can be started here: even, quiet, no mate near.
bool is_balanced(const Position& position, MaterialSearch& search) {
  if (position.in_check() || position.outcome({})) return false;
  const SearchLimits limits{.depth = kBalanceDepth};
  const SearchResult found = search.search(position, limits, Random(0, Purpose::kOpening));
  if (found.depth < kBalanceDepth || std::abs(found.score) > kMostBalance) return false;
  return solve(position, kStartMatePlies, kSolverNodes).verdict == TsumeVerdict::kNoMate;
}

}  // namespace

std::vector<TsumeProblem> compose_tsume(const ComposeTsume& request) {
  std::vector<TsumeProblem> problems;
  const auto player = make_material_player(MaterialSpec{.depth = 1});
  const auto have = [&](int plies) {
    return std::count_if(problems.begin(), problems.end(), [&](const TsumeProblem& p) { return p.mate_in == plies; });
  };
  const auto complete = [&] {
    for (int plies = 1; plies <= request.longest_plies; plies += 2) {
      if (have(plies) < request.each) return false;
    }
    return true;
  };
  for (int game = 0; game < request.most_games && !complete(); ++game) {
    const std::vector<Position> positions = play_game(request.seed, static_cast<std::uint64_t>(game), *player);
    std::set<int> from_this_game;
    for (std::size_t i = kFirstProblemPly; i < positions.size(); ++i) {
      const int plies = problem_length(positions[i], request.longest_plies);
      if (plies == 0 || have(plies) >= request.each || !from_this_game.insert(plies).second) continue;
      problems.push_back({positions[i].sfen(), plies});
    }
  }
  std::stable_sort(problems.begin(), problems.end(),
                   [](const TsumeProblem& a, const TsumeProblem& b) { return a.mate_in < b.mate_in; });
  return problems;
}

std::vector<std::string> compose_starts(const ComposeStarts& request) {
  std::vector<std::string> starts;
  const auto player = make_material_player(MaterialSpec{.depth = 1});
  MaterialSearch search{Rules{}};
  for (int game = 0; game < request.most_games && static_cast<int>(starts.size()) < request.count; ++game) {
    const auto number = static_cast<std::uint64_t>(game);
    const std::vector<Position> positions = play_game(request.seed, number, *player);
    Random random(request.seed, Purpose::kPairing, number);
    const auto plies = static_cast<std::uint32_t>(std::max(0, request.last_ply - request.first_ply) + 1);
    const auto from = static_cast<std::size_t>(request.first_ply) + random.below(plies);
    for (std::size_t i = from; i < positions.size() && i <= static_cast<std::size_t>(request.last_ply); ++i) {
      if (!is_balanced(positions[i], search)) continue;
      starts.push_back(positions[i].sfen());
      break;
    }
  }
  return starts;
}

}  // namespace keisei::shogi
