#include "evaluation/xboard_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "evaluation/xboard_text.h"
#include "shogi/notation.h"
#include "shogi/position.h"

namespace keisei::evaluation {
namespace {

using Kind = XboardLine::Kind;
using Winner = XboardLine::Winner;
using testing::ElementsAre;

TEST(XboardText, MovesOfBothSpellings) {
  const auto protocol = [](const char* usi) { return xboard_move(usi, XboardSquares::kProtocol); };
  EXPECT_EQ(protocol("7g7f"), "c3c4");
  EXPECT_EQ(protocol("2d2c+"), "h6h7+");
  EXPECT_EQ(protocol("P*5e"), "P@e5");
  EXPECT_EQ(protocol("9i1a"), "a1i9");
  EXPECT_EQ(xboard_move("P*5e", XboardSquares::kShogi), "P*5e");
  EXPECT_EQ(usi_of_xboard("c3c4"), "7g7f");
  EXPECT_EQ(usi_of_xboard("7g7f"), "7g7f");
  EXPECT_EQ(usi_of_xboard("h6h7="), "2d2c");
  EXPECT_EQ(usi_of_xboard("p@e5"), "P*5e");
  EXPECT_EQ(usi_of_xboard("P*5e"), "P*5e");
  for (const char* word : {"", "c3", "castle", "c3c", "c3c4q", "c0c4", "j3c4", "K@e5", "P@e5+", "P@ee", "7g7f++", "O-O",
                           "7g\xff"
                           "f"}) {
    EXPECT_FALSE(usi_of_xboard(word)) << word;
  }
}

TEST(XboardText, PositionsAsTheProtocolHasThem) {
  EXPECT_EQ(xboard_fen(shogi::Position::kStartSfen),
            "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL[-] w 0 1");
  EXPECT_EQ(xboard_fen("4k4/9/9/9/9/9/9/9/4K4 w R2Pb12p 8"), "4k4/9/9/9/9/9/9/9/4K4[RPPbpppppppppppp] b 0 4");
  EXPECT_THAT(xboard_edit("4k4/1+r7/9/9/9/9/9/9/4K4 b 2Pg 1", XboardSquares::kProtocol),
              ElementsAre("#", "Ke1", "P*", "P*", "c", "Ke9", "Rb8+", "G*", "."));
  EXPECT_THAT(xboard_edit("4k4/1+r7/9/9/9/9/9/9/4K4 b 2Pg 1", XboardSquares::kShogi),
              ElementsAre("#", "K5i", "P*", "P*", "c", "K5a", "R8b+", "G*", "."));
  EXPECT_EQ(xboard_side(shogi::Color::kBlack, XboardSquares::kProtocol), "white");
  EXPECT_EQ(xboard_side(shogi::Color::kWhite, XboardSquares::kShogi), "white");
}

TEST(XboardText, EveryMoveAndPieceOfRandomGamesSurvives) {
  Random random(5, Purpose::kTest);
  for (int game = 0; game < 40; ++game) {
    shogi::Position position;
    for (int ply = 0; ply < 200 && !position.outcome(shogi::Rules{}); ++ply) {
      shogi::MoveList moves;
      position.legal_moves(moves);
      for (const shogi::Move move : moves) {
        const std::string usi = shogi::to_usi(move);
        for (const XboardSquares squares : {XboardSquares::kProtocol, XboardSquares::kShogi})
          ASSERT_EQ(usi_of_xboard(xboard_move(usi, squares)), usi);
      }
      int pieces = 0;
      position.for_each_piece([&](shogi::Square, shogi::Piece) { ++pieces; });
      const auto edit = xboard_edit(position.sfen(), XboardSquares::kShogi);
      ASSERT_EQ(edit.size(), 40U + 3U);  // all pieces, those in hand too, and #, c, the dot
      ASSERT_EQ(std::count_if(edit.begin(), edit.end(), [](const auto& line) { return line.ends_with('*'); }),
                40 - pieces);
      position.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
    }
  }
}

TEST(XboardProtocol, Features) {
  const auto features =
      parse_features(R"(feature ping=1 myname="A B=1" variants="normal,shogi" option="Hash -spin 16 1 64" done=1)");
  ASSERT_EQ(features.size(), 5U);
  EXPECT_EQ(features[1].name, "myname");
  EXPECT_EQ(features[1].value, "A B=1");
  XboardFeatures all;
  for (const XboardFeature& feature : features) EXPECT_TRUE(read_feature(feature, all)) << feature.name;
  EXPECT_TRUE(all.ping);
  EXPECT_FALSE(all.setboard);
  EXPECT_TRUE(all.time);
  EXPECT_TRUE(all.shogi);
  EXPECT_EQ(all.done, true);
  EXPECT_EQ(all.name, "A B=1");
  ASSERT_EQ(all.options.size(), 1U);
  EXPECT_EQ(all.options[0].name, "Hash");
  EXPECT_EQ(all.options[0].min, 1);
  EXPECT_EQ(all.options[0].max, 64);
  EXPECT_FALSE(read_feature({"antigravity", "1"}, all));
  EXPECT_FALSE(read_feature({"option", "nothing"}, all));
  EXPECT_TRUE(read_feature({"variants", "5x5+5_shogi,minishogi"}, all));
  EXPECT_FALSE(all.shogi);
  EXPECT_TRUE(parse_features("features ping=1").empty());
  EXPECT_TRUE(parse_features("feature").empty());
  EXPECT_EQ(parse_features("feature myname=\"never closed").at(0).value, "never closed");
}

TEST(XboardProtocol, Options) {
  XboardFeatures all;
  for (const char* text : {"Combo -combo a /// *b c /// d", "Check -check 1", "Text -string x y", "Path -path /a",
                           "Button -button", "Slide -slider 3 -5 9"}) {
    EXPECT_TRUE(read_feature({"option", text}, all)) << text;
  }
  ASSERT_EQ(all.options.size(), 6U);
  EXPECT_THAT(all.options[0].values, ElementsAre("a", "b c", "d"));
  EXPECT_EQ(all.options[0].default_value, "b c");
  EXPECT_EQ(all.options[1].default_value, "true");
  EXPECT_EQ(xboard_value(all.options[1], "false"), "0");
  EXPECT_EQ(xboard_value(all.options[2], "true"), "true");
  EXPECT_EQ(all.options[4].type, EngineOption::Type::kButton);
  EXPECT_EQ(all.options[5].min, -5);
}

TEST(XboardProtocol, LinesOfTheSecondGeneration) {
  const auto kind = [](const char* line) { return parse_xboard(line).kind; };
  EXPECT_EQ(parse_xboard("move c3c4").text, "7g7f");
  EXPECT_EQ(parse_xboard("1. ... c7c6").text, "7c7d");
  EXPECT_EQ(parse_xboard("move castle").text, "castle");
  EXPECT_EQ(kind("move"), Kind::kMove);
  EXPECT_EQ(kind("resign"), Kind::kResign);
  EXPECT_EQ(kind("tellics resign"), Kind::kResign);
  EXPECT_EQ(parse_xboard("1-0 {White mates}").winner, Winner::kFirst);
  EXPECT_EQ(parse_xboard("0-1").winner, Winner::kSecond);
  EXPECT_EQ(kind("1/2-1/2 {Draw}"), Kind::kOther);
  EXPECT_EQ(parse_xboard("pong 7").text, "7");
  EXPECT_EQ(kind("Illegal move (in check): c3c4"), Kind::kRefusal);
  EXPECT_EQ(kind("tellusererror Illegal position"), Kind::kRefusal);
  EXPECT_EQ(kind("Error (unknown command): easy"), Kind::kComplaint);
  EXPECT_EQ(kind("Error (unkown command): i7i1"), Kind::kRefusal);
  EXPECT_EQ(kind("  4 -12 33 1200 c3c4 g7g6"), Kind::kThinking);
  for (const char* line : {"", "# move c3c4", "telluser move c3c4", "moved", "4 12 33", "1. c3c4", "offer draw"}) {
    EXPECT_EQ(kind(line), Kind::kOther) << line;
  }
}

TEST(XboardProtocol, LinesOfGnuShogi) {
  const auto kind = [](const char* line) { return parse_gnushogi(line).kind; };
  EXPECT_EQ(parse_gnushogi("12. ... 2d2c+ 297000").text, "2d2c+");
  EXPECT_EQ(kind("12. ... P*5e 297000"), Kind::kMove);
  EXPECT_EQ(kind("1. 7g7f 300000"), Kind::kEcho);
  EXPECT_EQ(kind("Illegal move (no match) 7g7e"), Kind::kRefusal);
  EXPECT_EQ(parse_gnushogi("otime 0 0").text, "0");
  EXPECT_EQ(parse_gnushogi("Black mates!").winner, Winner::kFirst);
  EXPECT_EQ(parse_gnushogi("White mates!").winner, Winner::kSecond);
  for (const char* line :
       {"", "depth = Clocks: 0 0", "Drawn game!", "time 0 0", "GNU Shogi 1.4.2", "#   Clear board"}) {
    EXPECT_EQ(kind(line), Kind::kOther) << line;
  }
}

TEST(XboardProtocol, ThinkingOutput) {
  EngineInfo info;
  read_thinking("  4 -120 33 1200\tc3c4 g7g6", info);
  EXPECT_EQ(info.depth, 4);
  EXPECT_EQ(info.nodes, 1200);
  EXPECT_EQ(info.score_cp, -120);
  EXPECT_THAT(info.pv, ElementsAre("c3c4", "g7g6"));
  read_thinking("1 -94 0 36 1 18000 0\t g7g6", info);
  EXPECT_THAT(info.pv, ElementsAre("g7g6"));
  read_thinking("5 100002 33 1300 c3c4", info);
  EXPECT_EQ(info.score_mate, 3);
  EXPECT_EQ(info.value(), 1);
  read_thinking("5 -100002 33 1300 c3c4", info);
  EXPECT_EQ(info.score_mate, -4);
  read_thinking("6 x 33 1300", info);
  EXPECT_EQ(info.depth, 5);
  read_thinking("5 2147483647 33 1300", info);
  EXPECT_EQ(info.value(), 1);
}

TEST(XboardProtocol, AnyBytesAreTaken) {
  Random random(9, Purpose::kTest);
  const std::string letters = "move 1-09.+*@=\"/{}#PRc\t\xff";
  for (int run = 0; run < 20'000; ++run) {
    std::string line = random.below(3) == 0 ? "feature " : "";
    for (std::uint32_t i = random.below(40); i > 0; --i) {
      line += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
    }
    XboardFeatures all;
    for (const XboardFeature& feature : parse_features(line)) (void)read_feature(feature, all);
    EXPECT_LE(parse_xboard(line).text.size(), kMaxEngineTextBytes);
    EXPECT_LE(parse_gnushogi(line).text.size(), kMaxEngineTextBytes);
    EngineInfo info;
    read_thinking(line, info);
  }
}

}  // namespace
}  // namespace keisei::evaluation
