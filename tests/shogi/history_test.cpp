// Position as a value: unmake, copies, hashes, accessors that encoders rely on.
#include <unordered_map>

#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

void expect_same(const Position& a, const Position& b) {
  ASSERT_EQ(a.sfen(), b.sfen());
  ASSERT_EQ(a.hash(), b.hash());
  ASSERT_EQ(a.repetition(), b.repetition());
  ASSERT_EQ(a.in_check(), b.in_check());
  ASSERT_EQ(a.board().checkers(), b.board().checkers());
  ASSERT_EQ(a.board().pinned(), b.board().pinned());
  ASSERT_EQ(a.last_move(), b.last_move());
  ASSERT_TRUE(a.board().same_position(b.board()));
}

TEST(Position, EveryMoveCanBeTakenBack) {
  for (const std::string_view start : kStarts) {
    random_game(start, 21, 80, [&](const Position& p) {
      Position copy = p;
      for (const std::uint16_t raw : sorted_legal(p)) {
        copy.make(Move::from_raw(raw));
        const Position rebuilt = position(copy.sfen());
        ASSERT_EQ(copy.hash(), rebuilt.hash());
        ASSERT_EQ(copy.board().checkers(), rebuilt.board().checkers()) << copy.sfen();
        ASSERT_EQ(copy.board().pinned(), rebuilt.board().pinned()) << copy.sfen();
        copy.unmake();
        ASSERT_NO_FATAL_FAILURE(expect_same(copy, p));
      }
    });
  }
}

TEST(Position, CopyKeepsTheHistory) {
  Position p;
  const char* cycle[] = {"2h3h", "8b7b", "3h2h", "7b8b"};
  for (int i = 0; i < 8; ++i) p.make(parse_usi(cycle[i % 4]).value());
  Position copy = p;
  for (int i = 0; i < 4; ++i) copy.make(parse_usi(cycle[i % 4]).value());
  EXPECT_EQ(text_of(copy.outcome({})), "none repetition");
  EXPECT_EQ(p.repetition(), 3) << "the copy is independent";
  const Position moved = std::move(copy);
  EXPECT_EQ(moved.repetition(), 4);
}

TEST(Position, HashesDifferWhereSidesOrHandsDiffer) {
  const std::string board = "4k4/9/9/9/9/9/9/9/4K4";
  std::vector<std::uint64_t> hashes;
  for (const char* rest : {" b - 1", " w - 1", " b P 1", " b p 1", " b 2P 1", " b Pp 1", " b L 1", " w 2P 1"}) {
    hashes.push_back(position(board + rest).hash());
  }
  std::sort(hashes.begin(), hashes.end());
  EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end());
  EXPECT_EQ(position(board + " b P 1").hash(), position(board + " b P 77").hash());
}

TEST(Position, HashesOfRandomGamesDoNotCollide) {
  std::unordered_map<std::uint64_t, std::string> seen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    random_game(kStarts[seed % std::size(kStarts)], 1000 + seed, 250, [&](const Position& p) {
      const std::string text = p.sfen().substr(0, p.sfen().rfind(' '));
      const auto [at, added] = seen.emplace(p.hash(), text);
      ASSERT_EQ(at->second, text);
    });
  }
  EXPECT_GT(seen.size(), 4000U);
}

TEST(Position, BitboardsAndPiecesAgree) {
  random_game(kStarts[1], 4, 100, [&](const Position& p) {
    int pieces = 0;
    p.for_each_piece([&](Square s, Piece piece) {
      ++pieces;
      ASSERT_EQ(p.piece_on(s), piece);
      ASSERT_TRUE(p.pieces(piece.color, piece.kind).has(s));
      ASSERT_FALSE(p.pieces(~piece.color).has(s));
    });
    ASSERT_EQ(p.occupied().count(), pieces);
    int in_hand = 0;
    for (int k = 1; k <= kHandKinds; ++k) {
      in_hand += p.hand(Color::kBlack, static_cast<Kind>(k)) + p.hand(Color::kWhite, static_cast<Kind>(k));
    }
    ASSERT_EQ(pieces + in_hand, 40);
    ASSERT_EQ(p.piece_on(p.king(Color::kWhite)), (Piece{Kind::kKing, Color::kWhite}));
  });
}

}  // namespace
}  // namespace keisei::shogi::testing
