// keisei position: everything the rules say about one position of a game.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "shogi/notation.h"

namespace keisei::app {
namespace {

shogi::DeclarationRule rule_of(const std::string& name) {
  if (name == "24") return shogi::DeclarationRule::k24;
  return name == "none" ? shogi::DeclarationRule::kNone : shogi::DeclarationRule::k27;
}

std::string_view side_name(shogi::Color side) { return side == shogi::Color::kBlack ? "black" : "white"; }

nlohmann::ordered_json describe(const shogi::Position& position, const shogi::Rules& rules) {
  shogi::MoveList moves;
  position.legal_moves(moves);
  nlohmann::ordered_json usi = nlohmann::ordered_json::array();
  for (const shogi::Move move : moves) usi.push_back(shogi::to_usi(move));
  const shogi::DeclarationState declaration = position.declaration(rules.declaration);
  nlohmann::ordered_json out;
  out["schema"] = "keisei.position/1";
  out["sfen"] = position.sfen();
  out["side"] = side_name(position.side());
  out["ply"] = position.ply();
  out["in_check"] = position.in_check();
  out["legal_count"] = moves.size();
  out["legal_moves"] = usi;
  out["repetition"] = position.repetition();
  out["can_declare"] = declaration.can_declare;
  out["declaration_points"] = declaration.points;
  out["outcome"] = nullptr;
  if (const auto outcome = position.outcome(rules)) {
    out["outcome"] = {{"winner", shogi::to_string(outcome->winner)},
                      {"reason", shogi::to_string(outcome->reason)},
                      {"truncated", outcome->truncated}};
  }
  return out;
}

void print_board(const shogi::Position& position) {
  static constexpr std::string_view kLetters = ".PLNSBRGKPLNSBR";
  std::cout << "  9  8  7  6  5  4  3  2  1\n";
  for (int rank = 1; rank <= 9; ++rank) {
    for (int file = 9; file >= 1; --file) {
      const shogi::Piece piece = position.piece_on(shogi::square(file, rank));
      const char letter = kLetters[static_cast<std::size_t>(shogi::index(piece.kind))];
      const bool white = piece.color == shogi::Color::kWhite && piece.kind != shogi::Kind::kNone;
      std::cout << ' ' << (shogi::is_promoted(piece.kind) ? '+' : ' ')
                << (white ? static_cast<char>(letter - 'A' + 'a') : letter);
    }
    std::cout << "  " << static_cast<char>('a' + rank - 1) << "\n";
  }
}

}  // namespace

int run_position(const PositionArgs& args) {
  const auto position = shogi::position_from(args.sfen, args.moves);
  if (!position) return report(position.error());
  shogi::Rules rules;
  rules.max_moves = args.max_moves;
  rules.declaration = rule_of(args.rule);
  const nlohmann::ordered_json facts = describe(*position, rules);
  if (args.json) {
    std::cout << facts.dump() << "\n";
    return 0;
  }
  print_board(*position);
  std::cout << "sfen " << position->sfen() << "\n"
            << side_name(position->side()) << " to move, ply " << position->ply()
            << (position->in_check() ? ", in check" : "") << ", seen " << position->repetition()
            << (position->repetition() == 1 ? " time" : " times") << "\n"
            << "declaration: " << facts["declaration_points"] << " points, "
            << (facts["can_declare"] == true ? "may declare" : "may not declare") << "\n"
            << "legal moves " << facts["legal_count"] << ":";
  for (const auto& move : facts["legal_moves"]) std::cout << " " << move.get<std::string>();
  std::cout << "\n";
  if (!facts["outcome"].is_null()) {
    std::cout << "game over: " << facts["outcome"]["reason"].get<std::string>() << ", winner "
              << facts["outcome"]["winner"].get<std::string>() << "\n";
  }
  return 0;
}

}  // namespace keisei::app
