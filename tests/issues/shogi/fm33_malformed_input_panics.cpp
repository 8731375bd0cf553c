// Failure mode 33: malformed text, or 18 and more pieces of a kind, brings the program down. Any text must give a value
// or an error, and what is accepted must be a position that can be played.
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

std::string mutated(std::string text, Random& random) {
  constexpr std::string_view kAlphabet = "plnsbrgkPLNSBRGK+/0123456789bw- *abcdefghi\t\n\xff";
  const std::uint32_t changes = 1 + random.below(4);
  for (std::uint32_t i = 0; i < changes; ++i) {
    const auto at = random.below(static_cast<std::uint32_t>(text.size()) + 1);
    const char c = kAlphabet[random.below(static_cast<std::uint32_t>(kAlphabet.size()))];
    switch (random.below(4)) {
      case 0:
        text.insert(at, 1, c);
        break;
      case 1:
        if (at < text.size()) text[at] = c;
        break;
      case 2:
        if (at < text.size()) text.erase(at, 1 + random.below(3));
        break;
      default:
        if (at < text.size()) text.insert(at, text.substr(random.below(at + 1), random.below(12)));
        break;
    }
  }
  return text;
}

TEST(FailureMode33, MutatedSfenGivesAPositionOrAnError) {
  Random random(33, Purpose::kTest);
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = mutated(std::string(kStarts[random.below(std::size(kStarts))]), random);
    auto p = Position::from_sfen(text);
    if (!p) {
      ++refused;
      ASSERT_EQ(p.error().code, Code::kBadData);
      ASSERT_FALSE(p.error().message.empty());
      continue;
    }
    ++accepted;
    MoveList moves;
    p->legal_moves(moves);
    ASSERT_EQ(position(p->sfen()).hash(), p->hash()) << text;
    if (moves.empty()) continue;
    p->make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
    static_cast<void>(p->mate_in_one());
    static_cast<void>(p->outcome({}));
    p->unmake();
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

TEST(FailureMode33, RandomBytesAreRefused) {
  Random random(34, Purpose::kTest);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    const std::uint32_t length = random.below(300);
    for (std::uint32_t n = 0; n < length; ++n) text += static_cast<char>(random.below(256));
    ASSERT_FALSE(Position::from_sfen(text).has_value());
    const auto m = parse_usi(text);
    if (m) {
      ASSERT_EQ(to_usi(*m), text);
    }
  }
}

TEST(FailureMode33, MutatedMovesGiveAMoveOrAnErrorAndAreNeverPlayedIllegally) {
  Random random(35, Purpose::kTest);
  Position p;
  for (int i = 0; i < 60'000; ++i) {
    const char* samples[] = {"7g7f", "8h2b+", "P*5e", "R*1i"};
    const std::string text = mutated(samples[random.below(4)], random);
    const auto m = parse_usi(text);
    if (!m) continue;
    ASSERT_EQ(to_usi(*m), text);
    const auto legal = sorted_legal(p);
    const bool expected = std::binary_search(legal.begin(), legal.end(), m->raw());
    ASSERT_EQ(p.play(*m).has_value(), expected) << text;
    if (p.plies_played() > 200 || p.outcome({})) p = Position();
  }
}

TEST(FailureMode33, TooManyPiecesAreRefusedAndAllPiecesAreNot) {
  EXPECT_FALSE(Position::from_sfen("4k4/9/9/9/9/9/9/9/4K4 b 19P 1").has_value());
  EXPECT_FALSE(Position::from_sfen("4k4/9/9/9/9/9/9/9/4K4 b 99P 1").has_value());
  EXPECT_FALSE(Position::from_sfen("4k4/9/9/9/9/9/9/9/4K4 b 18P18p1P 1").has_value());
  EXPECT_FALSE(Position::from_sfen("4k4/+P8/9/9/9/9/9/9/4K4 b 18P18p 1").has_value());
  EXPECT_TRUE(Position::from_sfen("4k4/ppppppppp/9/9/9/9/PPPPPPPPP/9/4K4 b - 1").has_value());
  const auto all = Position::from_sfen("4k4/9/9/9/9/9/9/9/4K4 b 2R2B4G4S4N4L18P 1");
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ(all->hand(Color::kBlack, Kind::kPawn), 18);
}

TEST(FailureMode33, TwiceAllPiecesStayWithinTheMoveList) {
  const Position p = position("kg7/gg7/9/2R1B4/4R1B2/6R1B/3B1R3/9/L1L1L1L1K b 4S4G4N4L18P 1");
  const auto legal = sorted_legal(p);
  EXPECT_GT(legal.size(), 300U);
  EXPECT_LE(legal.size(), MoveList::kCapacity);
}

}  // namespace
}  // namespace keisei::shogi::testing
