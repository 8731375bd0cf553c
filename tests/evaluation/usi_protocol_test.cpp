#include "evaluation/usi_protocol.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace keisei::evaluation {
namespace {

TEST(UsiProtocol, ReadsOptionLines) {
  const auto spin = parse_option("option name Skill Level type spin default 20 min -20 max 20");
  ASSERT_TRUE(spin);
  EXPECT_EQ(spin->name, "Skill Level");
  EXPECT_EQ(spin->type, EngineOption::Type::kSpin);
  EXPECT_EQ(spin->default_value, "20");
  EXPECT_EQ(spin->min, -20);
  EXPECT_EQ(spin->max, 20);
  const auto combo = parse_option("option name UCI_Variant type combo default shogi var 3check var ai-wok var shogi\r");
  ASSERT_TRUE(combo);
  EXPECT_EQ(combo->values, (std::vector<std::string>{"3check", "ai-wok", "shogi"}));
  const auto text = parse_option("option name Debug Log File type string default ");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->name, "Debug Log File");
  EXPECT_EQ(text->default_value, "");
  EXPECT_EQ(parse_option("option name SyzygyPath type string default <empty>")->default_value, "");
  EXPECT_EQ(parse_option("option name Clear Hash type button")->type, EngineOption::Type::kButton);
  for (const char* line : {"", "option", "option name", "option name X", "option name X type",
                           "option name X type dial", "option type spin default 1", "id name X"}) {
    EXPECT_FALSE(parse_option(line)) << line;
  }
}

TEST(UsiProtocol, ReadsInfoLines) {
  EngineInfo info;
  read_info("info depth 12 seldepth 20 multipv 1 score cp -238 nodes 31 nps 10333 time 3 pv 5a4b 2h2f+ P*5e", info);
  EXPECT_EQ(info.depth, 12);
  EXPECT_EQ(info.nodes, 31);
  EXPECT_EQ(info.score_cp, -238);
  EXPECT_EQ(info.pv, (std::vector<std::string>{"5a4b", "2h2f+", "P*5e"}));
  EXPECT_LT(info.value(), -0.1);
  EXPECT_GT(info.value(), -1);
  read_info("info multipv 2 score cp 9000 depth 3 pv 1a1b", info);  // not the first variation
  read_info("info string score cp 9000", info);
  read_info("info score cp x", info);
  EXPECT_EQ(info.score_cp, -238);
  read_info("info score mate 3", info);
  EXPECT_EQ(info.value(), 1.0);
  EXPECT_FALSE(info.score_cp);
  for (const char* line : {"info score mate -2", "info score mate -", "info score mate 0"}) {
    EngineInfo mated;
    read_info(line, mated);
    EXPECT_EQ(mated.value(), -1.0) << line;
  }
  EXPECT_EQ(EngineInfo{}.value(), 0.0);
}

TEST(UsiProtocol, ReadsBestmove) {
  using Kind = EngineAnswer::Kind;
  EXPECT_EQ(parse_bestmove("bestmove 7g7f ponder 3c3d")->move, "7g7f");
  EXPECT_EQ(parse_bestmove("bestmove 7g7f ponder 3c3d")->ponder, "3c3d");
  EXPECT_EQ(parse_bestmove("  bestmove\t8h2b+ \r")->move, "8h2b+");
  EXPECT_EQ(parse_bestmove("bestmove resign")->kind, Kind::kResign);
  EXPECT_EQ(parse_bestmove("bestmove win")->kind, Kind::kWin);
  EXPECT_EQ(parse_bestmove("bestmove")->kind, Kind::kNone);
  EXPECT_EQ(parse_bestmove("bestmove 7g7f7g7f7g7f")->kind, Kind::kNone);
  for (const char* line : {"", "bestmov 7g7f", "bestmoves 7g7f", "info bestmove 7g7f"})
    EXPECT_FALSE(parse_bestmove(line));
}

TEST(UsiProtocol, AnyBytesAreBounded) {
  EXPECT_EQ(printable_ascii("  a\x1b[31mb\xff "), "a?[31mb?");
  EXPECT_EQ(printable_ascii(std::string(5000, 'x')).size(), kMaxEngineTextBytes);
  Random random(5, Purpose::kTest);
  const std::string words[] = {"option ", "name ",    "type ", "spin ", "info ", "score ", "cp ",       "mate ",
                               "pv ",     "multipv ", "1 ",    "-",     "+ ",    "var ",   "bestmove ", "\t"};
  for (int run = 0; run < 20'000; ++run) {
    std::string line;
    for (int i = 0; i < 12; ++i) {
      line += random.below(8) == 0 ? std::string(1, static_cast<char>(random.below(256))) : words[random.below(16)];
    }
    EngineInfo info;
    read_info(line, info);
    EXPECT_LE(info.pv.size(), kMaxPvMoves);
    if (const auto option = parse_option(line)) {
      EXPECT_FALSE(option->name.empty());
    }
    if (const auto answer = parse_bestmove(line)) {
      EXPECT_LE(answer->move.size(), 8U);
    }
  }
}

}  // namespace
}  // namespace keisei::evaluation
