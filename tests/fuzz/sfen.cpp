// Any bytes as an SFEN: what is accepted prints canonically, and its moves can be made and taken back.
#include "round_trip.h"

using namespace keisei::shogi;
using fuzz::must;
using keisei::Result;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Result<Position> position = Position::from_sfen(fuzz::text_of(data, size));
  if (!position) {
    must(position.error().code == keisei::Code::kBadData && !position.error().message.empty(), "a refusal says why");
    return 0;
  }
  const std::string sfen = position->sfen();
  const Result<Position> again = Position::from_sfen(sfen);
  must(again && again->sfen() == sfen && again->hash() == position->hash(), "the canonical SFEN is the same position");
  MoveList moves;
  position->legal_moves(moves);
  must(moves.empty() == !position->has_legal_move(), "a list is empty where no move is legal");
  for (const Move m : moves) {
    must(position->is_legal(m), "a listed move is legal");
    const bool checks = position->gives_check(m);
    position->make(m);
    must(position->in_check() == checks, "a check is foreseen");
    const Result<Position> after = Position::from_sfen(position->sfen());
    // A hand may outgrow a set where there were two, and the move number its bound.
    const bool is_full = !after && (after.error().message.find("in hand") != std::string::npos ||
                                    position->ply() > Position::kMaxMoveNumber);
    must(is_full || (after && after->hash() == position->hash()), "a legal move leads to a position that can be");
    position->unmake();
    must(position->hash() == again->hash(), "a move is taken back");
  }
  must(position->sfen() == sfen, "nothing is left of the moves");
  return 0;
}
