#include "evaluation/tsume_defender.h"

#include "shogi/tsume.h"

namespace keisei::evaluation {

void TsumeDefender::choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) {
  for (std::size_t i = 0; i < turns.size(); ++i) {
    choices[i].kind = shogi::Choice::Kind::kMove;
    choices[i].move = answer(*turns[i].position);
  }
}

shogi::Move TsumeDefender::answer(shogi::Position position) const {
  shogi::MoveList moves;
  position.legal_moves(moves);
  shogi::Move best = moves[0];
  if (!position.in_check()) return best;  // the attacker gave no check: the problem is failed whatever is played
  const int left = mate_in_ - position.plies_played() - 1;
  int longest = -1;
  for (const shogi::Move move : moves) {
    position.make(move);
    const shogi::TsumeResult result = shogi::solve(position, left, kDefenceNodes);
    position.unmake();
    if (result.verdict != shogi::TsumeVerdict::kMate) return move;
    if (result.plies > longest) {
      longest = result.plies;
      best = move;
    }
  }
  return best;
}

}  // namespace keisei::evaluation
