// Games of every kind for the tests of records: random ones from crowded starts, games between material players, and
// every way to end, with names, clocks and comments. Deterministic in the game's number.
#pragma once

#include <iterator>
#include <string>

#include "shogi/players.h"
#include "shogi/record_text.h"
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {

inline constexpr RecordFormat kFormats[] = {RecordFormat::kKif, RecordFormat::kKi2, RecordFormat::kCsa,
                                            RecordFormat::kUsi, RecordFormat::kJkf};

inline std::string moves_of(const GameText& game) {
  std::string out;
  for (const RecordedMove& played : game.moves) out += (out.empty() ? "" : " ") + to_usi(played.move);
  return out;
}

struct NamedEnd {
  RecordEnd end;
  const char* name;
};
inline constexpr NamedEnd kEnds[] = {
    {RecordEnd::kUnfinished, "unfinished"},    {RecordEnd::kResign, "resign"},
    {RecordEnd::kCheckmate, "checkmate"},      {RecordEnd::kNoLegalMoves, "no_legal_moves"},
    {RecordEnd::kRepetition, "repetition"},    {RecordEnd::kPerpetualCheck, "perpetual_check"},
    {RecordEnd::kDeclaration, "declaration"},  {RecordEnd::kMaxMoves, "max_moves"},
    {RecordEnd::kIllegalMove, "illegal_move"}, {RecordEnd::kIllegalDeclaration, "illegal_declaration"},
    {RecordEnd::kTimeout, "timeout"},          {RecordEnd::kFoulBefore, "foul_before"},
    {RecordEnd::kImpasse, "impasse"},
};

inline std::string name_of(RecordEnd end) {
  for (const NamedEnd& row : kEnds) {
    if (row.end == end) return row.name;
  }
  return "";
}

inline RecordEnd end_of(Reason reason) {
  switch (reason) {
    case Reason::kCheckmate:
      return RecordEnd::kCheckmate;
    case Reason::kNoLegalMoves:
      return RecordEnd::kNoLegalMoves;
    case Reason::kRepetition:
      return RecordEnd::kRepetition;
    case Reason::kPerpetualCheck:
      return RecordEnd::kPerpetualCheck;
    case Reason::kDeclaration:
      return RecordEnd::kDeclaration;
    case Reason::kMaxMoves:
      break;
  }
  return RecordEnd::kMaxMoves;
}

/// Plays game `number`: half of random moves from crowded starts, half between material players. Games that the limit
/// cuts end in the ways of people.
inline GameText play_game(std::uint64_t number, Position& position, int most_plies = 120) {
  constexpr RecordEnd kCutEnds[] = {RecordEnd::kMaxMoves,   RecordEnd::kResign,      RecordEnd::kTimeout,
                                    RecordEnd::kUnfinished, RecordEnd::kIllegalMove, RecordEnd::kIllegalDeclaration};
  GameText game;
  game.start_sfen = number % 2 == 0 ? kStarts[number / 2 % std::size(kStarts)] : "startpos";
  game.black_name = "Keisei 先手";
  game.white_name = number % 3 == 0 ? "" : "material:1";
  game.start_utc_s = 1'700'000'000 + static_cast<std::int64_t>(number) * 86'399;
  game.comment = number % 5 == 0 ? "game " + std::to_string(number) : "";
  position = testing::position(game.start_sfen);
  const auto player = make_builtin(number % 2 == 0 ? "random" : "material:1");
  std::optional<Outcome> outcome;
  for (std::uint64_t ply = 0; !(outcome = position.outcome({.max_moves = most_plies})); ++ply) {
    const Turn turn{&position, number, Random(9, Purpose::kTest, number, ply)};
    Choice choice;
    (*player)->choose({&turn, 1}, {&choice, 1});
    if (choice.kind == Choice::Kind::kDeclare) {
      outcome = Outcome{winner_of(position.side()), Reason::kDeclaration, false};
      break;
    }
    game.moves.push_back({choice.move, static_cast<double>(ply % 70), ply % 11 == 0 ? "value\nplies" : ""});
    position.make(choice.move);
  }
  game.end = end_of(outcome->reason);
  game.winner = outcome->winner;
  if (outcome->reason == Reason::kMaxMoves) {
    game.end = kCutEnds[number % std::size(kCutEnds)];
    const bool lost = game.end != RecordEnd::kMaxMoves && game.end != RecordEnd::kUnfinished;
    game.winner = lost ? winner_of(~position.side()) : Winner::kNone;
  }
  return game;
}

/// A game given by its moves, with the end that the rules see.
inline GameText scripted_game(std::string_view start, const std::string& moves, Position& position) {
  GameText game;
  game.start_sfen = start;
  position = testing::position(start);
  for (const std::string& text : words(moves)) {
    game.moves.push_back({*parse_usi(text), std::nullopt, ""});
    position.make(game.moves.back().move);
  }
  const std::optional<Outcome> outcome = position.outcome({});
  if (!outcome) return game;
  game.end = end_of(outcome->reason);
  game.winner = outcome->winner;
  return game;
}

inline constexpr const char* kPerpetualMoves = "4i5i 5a4a 5i4i 4a5a 4i5i 5a4a 5i4i 4a5a 4i5i 5a4a 5i4i 4a5a";
inline constexpr std::string_view kPerpetualStart = "4k4/9/9/9/9/9/9/9/K4R3 b - 1";

}  // namespace keisei::shogi::testing
