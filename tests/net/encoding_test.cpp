#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <vector>

#include "net/actions.h"
#include "net/planes.h"
#include "net/random_games.h"
#include "shogi/notation.h"

namespace keisei::net {
namespace {

std::vector<float> planes_of(const shogi::Position& position) {
  std::vector<float> out(static_cast<std::size_t>(shogi::kSquares) * kPlanes);
  write_planes(encode(position), std::span<float, static_cast<std::size_t>(shogi::kSquares) * kPlanes>(out));
  return out;
}
float at(const std::vector<float>& planes, int plane, shogi::Square s) {
  return planes[static_cast<std::size_t>(s) * kPlanes + static_cast<std::size_t>(plane)];
}

TEST(Planes, TableCoversEachPlaneOnce) {
  int next = 0;
  for (const PlaneInfo& row : plane_table()) {
    EXPECT_EQ(row.first, next);
    next += row.count;
  }
  EXPECT_EQ(next, kPlanes);
}

TEST(Planes, ShowTheStartPosition) {
  const auto planes = planes_of(shogi::Position::start());
  std::vector<int> sums(kPlanes);
  for (shogi::Square s = 0; s < shogi::kSquares; ++s)
    for (int p = 0; p < kPlanes; ++p) sums[static_cast<std::size_t>(p)] += static_cast<int>(at(planes, p, s));
  const std::vector<int> own{9, 2, 2, 2, 1, 1, 2, 1, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(std::vector<int>(sums.begin(), sums.begin() + 14), own);
  EXPECT_EQ(std::vector<int>(sums.begin() + 14, sums.begin() + 28), own);
  for (int file = 1; file <= 9; ++file) {
    EXPECT_EQ(at(planes, 0, shogi::square(file, 7)), 1.0F) << "own pawns stand on the seventh rank";
    EXPECT_EQ(at(planes, 14, shogi::square(file, 3)), 1.0F);
  }
  EXPECT_EQ(at(planes, 7, shogi::square(5, 9)), 1.0F) << "own king";
  EXPECT_EQ(sums[45], 81) << "Black is to move";
  EXPECT_EQ(std::accumulate(sums.begin() + 28, sums.begin() + 45, 0), 0);
}

TEST(Planes, ShowEveryPieceToBothSidesAndWriteNothingElse) {
  constexpr std::size_t kRow = static_cast<std::size_t>(shogi::kSquares) * kPlanes;
  constexpr float kUntouched = -7;
  int white = 0;
  int promoted = 0;
  random_games(11, 4, [&](const shogi::Position& position) {
    const bool turned = position.side() == shogi::Color::kWhite;
    white += turned ? 1 : 0;
    std::vector<float> out(kRow + 16, kUntouched);
    write_planes(encode(position), std::span<float, kRow>(out.data(), kRow));
    for (shogi::Square s = 0; s < shogi::kSquares; ++s) {
      const shogi::Piece piece = position.piece_on(turned ? shogi::rotated(s) : s);
      const int kind = index(piece.kind);
      promoted += kind > index(shogi::Kind::kKing) ? 1 : 0;
      const int shown = kind == 0 ? -1 : kind - 1 + (piece.color == position.side() ? 0 : 14);
      for (int p = 0; p < 28; ++p) ASSERT_EQ(at(out, p, s), p == shown ? 1.0F : 0.0F) << position.sfen();
      for (int p = 28; p < kPlanes; ++p) ASSERT_EQ(at(out, p, s), at(out, p, 0)) << position.sfen();
      for (int k = 1; k <= shogi::kHandKinds; ++k) {
        const auto hand = static_cast<shogi::Kind>(k);
        const auto most = static_cast<float>(hand_maximum(hand));
        ASSERT_EQ(at(out, 27 + k, s), static_cast<float>(position.hand(position.side(), hand)) / most);
        ASSERT_EQ(at(out, 34 + k, s), static_cast<float>(position.hand(~position.side(), hand)) / most);
      }
    }
    for (std::size_t i = kRow; i < out.size(); ++i) ASSERT_EQ(out[i], kUntouched);
  });
  EXPECT_GT(white, 50);
  EXPECT_GT(promoted, 50);
}

TEST(Planes, ScaleHandsByTheNumberOfSuchPieces) {
  const auto planes = planes_of(*shogi::Position::from_sfen("4k4/9/9/9/9/9/9/9/4K4 b P2b 1"));
  EXPECT_FLOAT_EQ(at(planes, 28, 40), 1.0F / 18);
  EXPECT_FLOAT_EQ(at(planes, 39, 40), 1.0F) << "both bishops in the opponent's hand";
}

TEST(Planes, CountRepetitionAndCheck) {
  auto position = *shogi::position_from("startpos", std::vector<std::string>{"2h3h", "8b7b", "3h2h", "7b8b"});
  EXPECT_FLOAT_EQ(at(planes_of(position), 42, 0), 1.0F / 3);
  EXPECT_FLOAT_EQ(at(planes_of(position), 44, 0), 4.0F / 512);
  EXPECT_FLOAT_EQ(at(planes_of(*shogi::Position::from_sfen("4k4/4r4/9/9/9/9/9/9/4K4 b - 1")), 43, 0), 1.0F);
}

TEST(Actions, EveryLegalMoveHasItsOwnIndexBothWays) {  // cases.md D06
  random_games(300, 11, [](const shogi::Position& position) {
    shogi::MoveList legal;
    position.legal_moves(legal);
    std::set<Action> seen;
    for (const shogi::Move move : legal) {
      const Action action = action_of(move, position.side());
      ASSERT_LT(action, kActions);
      ASSERT_TRUE(seen.insert(action).second) << position.sfen() << " " << shogi::to_usi(move);
      const auto back = move_of(action, position);
      ASSERT_TRUE(back.has_value()) << position.sfen() << " " << shogi::to_usi(move);
      ASSERT_EQ(*back, move) << position.sfen() << " " << shogi::to_usi(move);
    }
  });
}

TEST(Actions, MeanNothingWhereNoPieceArrives) {
  const auto position = shogi::Position::start();
  int meant = 0;
  for (int a = 0; a < kActions; ++a) {
    const auto move = move_of(static_cast<Action>(a), position);
    if (move && position.is_legal(*move)) ++meant;
  }
  EXPECT_EQ(meant, 30);
  EXPECT_FALSE(move_of(kActions, position));
}

}  // namespace
}  // namespace keisei::net
