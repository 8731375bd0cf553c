// Positions of random games, for tests that want many of them.
#pragma once

#include <functional>

#include "base/random.h"
#include "shogi/position.h"

namespace keisei {

/// Calls `visit` before each move of `games` uniformly random games.
inline void random_games(int games, std::uint64_t seed, const std::function<void(const shogi::Position&)>& visit) {
  for (int g = 0; g < games; ++g) {
    Random random(seed, Purpose::kTest, static_cast<std::uint64_t>(g));
    shogi::Position position = shogi::Position::start();
    while (!position.outcome({.max_moves = 300, .declaration = shogi::DeclarationRule::kNone})) {
      visit(position);
      shogi::MoveList legal;
      position.legal_moves(legal);
      position.make(legal[random.below(static_cast<std::uint32_t>(legal.size()))]);
    }
  }
}

/// The position with colours swapped and the board turned by 180 degrees: the same game seen from the other side.
inline shogi::Position swapped(const shogi::Position& position) {
  std::string sfen = position.sfen();
  const std::size_t board_end = sfen.find(' ');
  const auto flip = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::isupper(c) != 0 ? std::tolower(c) : std::toupper(c));
    return text;
  };
  std::string board = flip(sfen.substr(0, board_end));
  std::string turned;
  for (std::size_t i = board.size(); i-- > 0;) {
    turned += board[i];
    if (i > 0 && board[i - 1] == '+') {
      turned.insert(turned.size() - 1, "+");
      --i;
    }
  }
  const std::string side = sfen[board_end + 1] == 'b' ? "w" : "b";
  const std::size_t hand = board_end + 3;
  const std::size_t hand_end = sfen.find(' ', hand);
  return *shogi::Position::from_sfen(turned + " " + side + " " + flip(sfen.substr(hand, hand_end - hand)) +
                                     sfen.substr(hand_end));
}

}  // namespace keisei
