// Legality, case by case, and against the plain second implementation of the rules.
#include "shogi/reference_rules.h"
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

Move usi(const std::string& text) {
  const auto m = parse_usi(text);
  EXPECT_TRUE(m.has_value()) << text;
  return m.value_or(Move());
}

TEST(LegalMoves, EveryCaseOfTheTable) {
  for (const auto& row : read_table("moves.tsv")) {
    ASSERT_EQ(row.size(), 6U) << row[0];
    SCOPED_TRACE(row[0] + ": " + row[5] + ", " + row[1]);
    const Position p = position(row[1]);
    const auto legal = sorted_legal(p);
    if (row[2] != "?") {
      EXPECT_EQ(legal.size(), std::stoul(row[2]));
    }
    EXPECT_EQ(legal, reference::sorted_raw(reference::Game(p).legal_moves()));
    EXPECT_EQ(std::adjacent_find(legal.begin(), legal.end()), legal.end());
    for (const auto& text : words(row[3])) EXPECT_TRUE(p.is_legal(usi(text))) << text;
    for (const auto& text : words(row[4])) EXPECT_FALSE(p.is_legal(usi(text))) << text;
  }
}

TEST(LegalMoves, EqualThePlainRulesInRandomGames) {
  for (const std::string_view start : kStarts) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      random_game(start, seed, 120, [&](const Position& p) {
        const reference::Game game(p);
        ASSERT_EQ(sorted_legal(p), reference::sorted_raw(game.legal_moves())) << p.sfen();
        ASSERT_EQ(p.in_check(), game.in_check(p.side())) << p.sfen();
      });
    }
  }
}

TEST(LegalMoves, HasLegalMoveEqualsANonEmptyList) {
  for (const std::string_view start : kStarts) {
    for (std::uint64_t seed = 10; seed < 30; ++seed) {
      random_game(start, seed, 300,
                  [&](const Position& p) { ASSERT_EQ(p.has_legal_move(), !sorted_legal(p).empty()) << p.sfen(); });
    }
  }
}

TEST(LegalMoves, IsLegalEqualsMembershipForAllBitPatterns) {
  std::size_t positions = 0;
  for (const std::string_view start : kStarts) {
    random_game(start, 99, 100, [&](const Position& p) {
      if (p.plies_played() % 9 != 0) return;
      ++positions;
      const auto legal = sorted_legal(p);
      for (unsigned raw = 0; raw <= 0xFFFF; ++raw) {
        const auto bits = static_cast<std::uint16_t>(raw);
        ASSERT_EQ(p.is_legal(Move::from_raw(bits)), std::binary_search(legal.begin(), legal.end(), bits))
            << p.sfen() << " " << raw;
      }
    });
  }
  EXPECT_GT(positions, 30U);
}

TEST(LegalMoves, AreTheSameForTheOtherColourOnTheRotatedBoard) {
  const auto turned = [](const Position& p) {
    // Rotate the text of the board and swap the case of every letter.
    const auto fields = split(p.sfen(), ' ');
    std::string text;
    for (std::size_t i = 0; i < fields[0].size(); ++i) {
      const char c = fields[0][fields[0].size() - 1 - i];
      if (c == '+') {
        text.insert(text.size() - 1, 1, '+');
      } else {
        text += c;
      }
    }
    std::string hands = fields[2];
    for (std::string* s : {&text, &hands}) {
      for (char& c : *s) c = static_cast<char>(std::isupper(c) ? std::tolower(c) : std::toupper(c));
    }
    return text + (fields[1] == "b" ? " w " : " b ") + hands + " " + fields[3];
  };
  for (const std::string_view start : kStarts) {
    random_game(start, 5, 150, [&](const Position& p) {
      const Position other = position(turned(p));
      std::vector<std::uint16_t> expected;
      for (const std::uint16_t raw : sorted_legal(p)) {
        const Move m = Move::from_raw(raw);
        expected.push_back(m.is_drop() ? Move::drop(m.dropped(), rotated(m.to())).raw()
                                       : Move::board(rotated(m.from()), rotated(m.to()), m.promotes()).raw());
      }
      std::sort(expected.begin(), expected.end());
      ASSERT_EQ(sorted_legal(other), expected) << p.sfen();
    });
  }
}

TEST(CheckedPlay, RefusesIllegalMovesAndChangesNothing) {
  Position p = position("4k4/9/9/9/4P4/9/9/9/4K4 b P 1");
  const std::string before = p.sfen();
  const std::uint64_t hash = p.hash();
  for (const char* text : {"G*5f", "P*5e", "P*5f", "P*4a", "5e5f", "1a1b", "5i5g", "5a5b"}) {
    const auto done = p.play(usi(text));
    ASSERT_FALSE(done.has_value()) << text;
    EXPECT_EQ(done.error().code, Code::kBadData);
    EXPECT_NE(done.error().message.find(text), std::string::npos) << done.error().message;
    EXPECT_EQ(p.sfen(), before);
    EXPECT_EQ(p.hash(), hash);
    EXPECT_EQ(p.plies_played(), 0);
  }
  EXPECT_TRUE(p.play(usi("P*4f")).has_value());
  EXPECT_EQ(p.hand(Color::kBlack, Kind::kPawn), 0);
  EXPECT_EQ(p.last_move(), usi("P*4f"));
}

}  // namespace
}  // namespace keisei::shogi::testing
