#include "evaluation/record.h"
#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

tl::unexpected<Error> wrong(const GameRecord& record, const std::string& sentence) {
  return fail(Code::kBadData, "game " + std::to_string(record.game) + ": " + sentence);
}

/// Whether "refused" really is no legal move here.
bool is_no_move(const shogi::Position& position, const std::string& refused) {
  const auto move = shogi::parse_usi(refused);
  return !move || !position.is_legal(*move);
}

Result<void> verify_end(const GameRecord& record, const shogi::Position& position) {
  const auto outcome = position.outcome(record.rules);
  const shogi::Winner other_side = shogi::winner_of(~position.side());
  const std::string reason(to_string(record.reason));
  if (record.truncated != (record.reason == EndReason::kMaxMoves)) {
    return wrong(record, "it is marked truncated, but the reason is " + reason);
  }
  if (record.reason <= EndReason::kMaxMoves && record.reason != EndReason::kDeclaration) {
    if (!outcome) return wrong(record, "it is said to have ended by " + reason + ", but the rules let it go on");
    if (shogi::to_string(outcome->reason) != reason || outcome->winner != record.winner) {
      return wrong(record, "it is said to have ended by " + reason + ", winner " +
                               std::string(shogi::to_string(record.winner)) + "; the rules say " +
                               std::string(shogi::to_string(outcome->reason)) + ", winner " +
                               std::string(shogi::to_string(outcome->winner)));
    }
    return {};
  }
  if (outcome) return wrong(record, "the rules ended it by " + std::string(shogi::to_string(outcome->reason)));
  if (is_fault(record.reason)) {
    if (record.winner != shogi::Winner::kNone) return wrong(record, "a fault has no winner");
    return {};
  }
  const shogi::DeclarationState declaration = position.declaration(record.rules.declaration);
  if (record.reason == EndReason::kDeclaration) {
    if (!declaration.can_declare) return wrong(record, "the declaration has not its conditions");
    if (declaration.winner != record.winner) return wrong(record, "the declaration has another winner");
    return {};
  }
  if (record.winner != other_side) return wrong(record, "after " + reason + " the side to move loses");
  if (record.reason == EndReason::kIllegalMove && !is_no_move(position, record.refused)) {
    return wrong(record, "the refused move " + record.refused + " is legal");
  }
  if (record.reason == EndReason::kIllegalDeclaration && declaration.can_declare) {
    return wrong(record, "the refused declaration has its conditions");
  }
  return {};
}

}  // namespace

Result<void> verify(const GameRecord& record) {
  auto position = shogi::Position::from_sfen(record.opening_sfen);
  if (!position) return wrong(record, "opening: " + position.error().message);
  for (std::size_t i = 0; i < record.moves.size(); ++i) {
    const std::string ply = "ply " + std::to_string(i + 1) + " (" + record.moves[i] + ")";
    if (position->outcome(record.rules)) return wrong(record, ply + ": the game was over before");
    const auto move = shogi::parse_usi(record.moves[i]);
    if (!move) return wrong(record, ply + ": " + move.error().message);
    if (auto played = position->play(*move); !played) return wrong(record, ply + ": " + played.error().message);
  }
  return verify_end(record, *position);
}

}  // namespace keisei::evaluation
