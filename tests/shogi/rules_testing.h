// What the tests of the rules share: reading tables of cases, legal moves as sorted text, games of random moves.
#pragma once

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "gtest/gtest.h"
#include "shogi/notation.h"
#include "shogi/position.h"

namespace keisei::shogi::testing {

inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

/// The rows of tests/shogi/data/<name>, without comments; a "-" in a field of words stands for none.
inline std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::ifstream in(std::string(KEISEI_SOURCE_DIR) + "/tests/shogi/data/" + name);
  EXPECT_TRUE(in.is_open()) << name;
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') rows.push_back(split(line, '\t'));
  }
  EXPECT_FALSE(rows.empty()) << name;
  return rows;
}

inline std::vector<std::string> words(const std::string& field) {
  return field == "-" ? std::vector<std::string>{} : split(field, ' ');
}

inline Position position(std::string_view sfen) {
  auto p = Position::from_sfen(sfen);
  if (!p) ADD_FAILURE() << sfen << ": " << p.error().message;
  return p ? *p : Position();
}

inline std::vector<std::uint16_t> sorted_legal(const Position& p) {
  MoveList moves;
  p.legal_moves(moves);
  std::vector<std::uint16_t> raw;
  for (const Move m : moves) raw.push_back(m.raw());
  std::sort(raw.begin(), raw.end());
  return raw;
}

/// Text of an outcome: "black checkmate", or "none" where the game goes on.
inline std::string text_of(const std::optional<Outcome>& outcome) {
  if (!outcome) return "none";
  return std::string(to_string(outcome->winner)) + " " + std::string(to_string(outcome->reason));
}

/// Starts that lead games of random moves into every corner of the rules.
inline constexpr std::string_view kStarts[] = {
    Position::kStartSfen,
    "l6nl/5+P1gk/2np1S3/p1p4Pp/3P2Sp1/1PPb2P1P/P5GS1/R8/LN4bKL w RGgsn5p 1",
    "8l/1l+R2P3/p2pBG1pp/kps1p4/Nn1P2G2/P1P1P2PP/1PS6/1KSG3+r1/LN2+p3L w Sbgn3p 124",
    "4k4/9/9/9/9/9/9/9/4K4 b RB2G2S2N2L9Prb2g2s2n2l9p 1",
    "k8/9/9/9/4R4/4r4/9/9/8K b 2B4G4S4N4L18P 1",
    "4k4/ppppppppp/9/9/9/9/PPPPPPPPP/4K4/9 w RBGSNLrbgsnl 7",
};

/// Calls visit(position) at every position of a game of random moves.
template <class Visit>
void random_game(std::string_view start, std::uint64_t seed, int most_plies, Visit&& visit) {
  Position p = position(start);
  Random random(seed, Purpose::kTest);
  MoveList moves;
  for (int i = 0; i <= most_plies; ++i) {
    visit(p);
    p.legal_moves(moves);
    if (moves.empty()) return;
    p.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
  }
}

}  // namespace keisei::shogi::testing
