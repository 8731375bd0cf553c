// Records as other programs write them, with what is not in any standard.
#include <gmock/gmock.h>

#include "shogi/record_games.h"
#include "shogi/record_read.h"

namespace keisei::shogi::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kHeader = "手合割：平手\n先手：A\n後手：B\n手数----指手---------消費時間--\n";
const std::string kTwoMoves = "   1 ７六歩(77)   ( 0:01/00:00:01)\n   2 ３四歩(33)   ( 0:02/00:00:02)\n";

ReadGame good(const std::string& text, RecordFormat format = RecordFormat::kKif) {
  const auto games = read_records(text, format, "game");
  EXPECT_TRUE(games) << games.error().message << "\n" << text;
  return games && games->size() == 1 ? games->front() : ReadGame{};
}
Error bad(const std::string& text, RecordFormat format = RecordFormat::kKif) {
  const auto games = read_records(text, format, "game");
  EXPECT_FALSE(games) << text;
  return games ? Error{} : games.error();
}
std::string again(const ReadGame& read, RecordFormat format) { return export_record(read.game, format).value_or("?"); }

TEST(WildRecords, ATurnedBoardIsSkipped) {
  EXPECT_EQ(moves_of(good("手合割：平手\n盤面回転\n" + kTwoMoves).game), "7g7f 3c3d");
}

TEST(WildRecords, AnImpasseStaysOne) {
  const std::string csa = "V2.2\nPI\n+\n+7776FU\n-3334FU\n%JISHOGI\n";
  EXPECT_THAT(again(good(csa, RecordFormat::kCsa), RecordFormat::kCsa), HasSubstr("%JISHOGI\n"));
  EXPECT_THAT(again(good(csa, RecordFormat::kCsa), RecordFormat::kJkf), HasSubstr("\"special\":\"JISHOGI\""));
  EXPECT_THAT(again(good(kHeader + kTwoMoves + "   3 持将棋\n"), RecordFormat::kCsa), HasSubstr("%JISHOGI\n"));
}

TEST(WildRecords, AClosingLineThatContradictsIsSaid) {
  EXPECT_THAT(bad("▲７六歩 △３四歩\nまで2手で時間切れにより先手の勝ち\n", RecordFormat::kKi2).message,
              HasSubstr("does not fit the side to move"));
  EXPECT_EQ(good("▲７六歩 △３四歩\nまで2手で時間切れにより後手の勝ち\n", RecordFormat::kKi2).game.end,
            RecordEnd::kTimeout);
  EXPECT_EQ(good(kHeader + kTwoMoves + "まで2手で先手の切れ負け\n").game.end, RecordEnd::kTimeout);
  const ReadGame read = good(kHeader + kTwoMoves + "   3 投了\nまで87手で先手の勝ち\n");
  EXPECT_THAT(read.notes,
              ElementsAre("the closing line counts 87 moves, 2 were read", "the closing line says that Black wins"));
  EXPECT_THAT(good(kHeader + kTwoMoves + "   3 投了\nまで2手で後手の勝ち\n").notes, IsEmpty());
  EXPECT_EQ(good(kHeader + kTwoMoves + "まで2手詰\n").game.end, RecordEnd::kCheckmate);
}

TEST(WildRecords, WhatIsNoRecordIsNoEmptyGame) {
  for (const char* text :
       {"{\"header\":{},\"initial\":{\"preset\":\"HIRATE\"},\"moves\":[{}]}\n", "hello: world\n", "# a remark\n"}) {
    EXPECT_THAT(bad(text).message, HasSubstr("there is no game in the file")) << text;
  }
  EXPECT_EQ(good("手合割：平手\n").game.moves.size(), 0U);
}

TEST(WildRecords, LinesMayEndAsOnAnOldMac) {
  std::string text = "# KIF\n" + kHeader + kTwoMoves;
  for (char& c : text) c = c == '\n' ? '\r' : c;
  EXPECT_EQ(moves_of(good(text).game), "7g7f 3c3d");
  text += "   3 ９九歩(98)\r";
  EXPECT_THAT(bad(text).message, HasSubstr("game:8:6: game 1, ply 3"));
}

TEST(WildRecords, AProblemIsWhatItsDiagramSays) {
  const std::string diagram =
      "後手の持駒：なし\n  ９ ８ ７ ６ ５ ４ ３ ２ １\n+---------------------------+\n"
      "| ・ ・ ・ ・v玉 ・ ・ ・ ・|一\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|二\n| ・ ・ ・ ・ 歩 ・ ・ ・ ・|三\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|四\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|五\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|六\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|七\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|八\n| ・ ・ ・ ・ 玉 ・ ・ ・ ・|九\n"
      "+---------------------------+\n先手の持駒：金\n";
  EXPECT_EQ(moves_of(good("手合割：詰将棋\n" + diagram + "   1 ５二金打\nまで1手詰\n").game), "G*5b");
  for (const char* name : {"詰将棋", "その他", "七枚落ち"}) {
    const Error error = bad("手合割：" + std::string(name) + "\n" + kTwoMoves);
    EXPECT_THAT(error.message, HasSubstr("game:1:5: game 1: the handicap")) << name;
    EXPECT_THAT(error.hint, HasSubstr("左七枚落ち"));
  }
}

TEST(WildRecords, NothingIsMadeUp) {
  const ReadGame foul = good("V2.2\nPI\n+\n+7776FU\n-3334FU\n%ILLEGAL_MOVE\n", RecordFormat::kCsa);
  EXPECT_EQ(again(foul, RecordFormat::kCsa), "V2.2\nPI\n+\n+7776FU\n-3334FU\n%ILLEGAL_MOVE\n");
  const std::string kif = again(foul, RecordFormat::kKif);
  EXPECT_EQ(kif.find('('), kif.find("(77)")) << kif;  // no time
  EXPECT_EQ(again(good(kif), RecordFormat::kCsa).find("\nT"), std::string::npos);
}

// White leaves its king in check: once said to have ended the game, the foul is told and left out; else it is refused.
TEST(WildRecords, AFoulMayStandBeforeTheEndThatItIs) {
  const std::string csa = "V2.2\nPI\n+\n+7776FU\n-3334FU\n+8833UM\n-8384FU\nT7\n";
  const std::string kif = kHeader + kTwoMoves + "   3 ３三角成(88)\n   4 ８四歩(83)   ( 0:07/00:00:09)\n*forgot\n";
  const std::string ki2 = "▲７六歩 △３四歩 ▲３三角成 △８四歩\n";
  const std::string jkf =
      R"({"header":{},"initial":{"preset":"HIRATE"},"moves":[{},
      {"move":{"color":0,"from":{"x":7,"y":7},"to":{"x":7,"y":6},"piece":"FU"}},
      {"move":{"color":1,"from":{"x":3,"y":3},"to":{"x":3,"y":4},"piece":"FU"}},
      {"move":{"color":0,"from":{"x":8,"y":8},"to":{"x":3,"y":3},"piece":"KA","promote":true}},
      {"move":{"color":1,"from":{"x":8,"y":3},"to":{"x":8,"y":4},"piece":"FU"},"time":{"now":{"m":0,"s":7}}})";
  struct Case {
    std::string text;
    std::string foul_end, other_end, next_move;
    RecordFormat format;
  };
  const std::vector<Case> cases{
      {csa, "%-ILLEGAL_ACTION\n", "%TORYO\n", "+3331UM\n", RecordFormat::kCsa},
      {csa, "%-ILLEGAL_ACTION\n", "%+ILLEGAL_ACTION\n", "-8485FU\n", RecordFormat::kCsa},
      {kif, "   5 反則勝ち\nまで4手で後手の反則負け\n", "   5 投了\n", "   5 ３一馬(33)\n", RecordFormat::kKif},
      {kif, "まで4手で先手の反則勝ち\n", "   5 反則負け\n", "   5 ３一馬(33)\n", RecordFormat::kKif},
      {ki2, "まで4手で後手の反則負け\n", "まで4手で後手の勝ち\n", "▲３一馬\n", RecordFormat::kKi2},
      {jkf, R"(,{"special":"-ILLEGAL_ACTION"}]})", "]}",
       R"(,{"move":{"color":0,"from":{"x":3,"y":3},"to":{"x":3,"y":1},"piece":"UM"}})", RecordFormat::kJkf}};
  for (const Case& c : cases) {
    const ReadGame read = good(c.text + c.foul_end, c.format);
    EXPECT_EQ(moves_of(read.game), "7g7f 3c3d 8h3c+") << c.foul_end;
    EXPECT_EQ(read.game.end, RecordEnd::kIllegalMove);
    EXPECT_EQ(read.game.winner, Winner::kBlack);
    EXPECT_EQ(read.game.end_time_s.value_or(0), c.format == RecordFormat::kKi2 ? 0 : 7);
    ASSERT_EQ(read.notes.size(), 1U) << read.notes.back();
    EXPECT_THAT(read.notes.front(), HasSubstr("the foul that ended the game is left out: "));
    EXPECT_THAT(read.notes.front(), HasSubstr("game 1, ply 4: 8c8d is illegal: "));
    const ReadGame twice = good(again(read, c.format), c.format);
    EXPECT_THAT(twice.notes, IsEmpty());
    EXPECT_EQ(again(twice, c.format), again(read, c.format));
    const std::string close = c.format == RecordFormat::kJkf ? "]}" : "";
    for (const std::string& after : {close, c.other_end, c.next_move + close, c.next_move + c.foul_end}) {
      EXPECT_THAT(bad(c.text + after, c.format).message, HasSubstr("game 1, ply 4: 8c8d is illegal: ")) << after;
    }
  }
}

TEST(WildRecords, AFoulInUsiIsRefusedWhateverFollows) {
  for (const char* after : {"", " 3c3b+", " 3c4b 9i9a"}) {
    EXPECT_THAT(bad("startpos moves 7g7f 3c3d 8h3c+ 8c8d" + std::string(after), RecordFormat::kUsi).message,
                HasSubstr("game:1:32: game 1, ply 4: 8c8d is illegal: "));
  }
}

TEST(WildRecords, CommentsOfCsaBehindACommaGoToTheEndOfTheLine) {
  const ReadGame read =
      good("PI\n+\n+7776FU,T12,'*30 -3334FU, good, or not\n-3334FU,T1,'remark, this\n", RecordFormat::kCsa);
  ASSERT_EQ(read.game.moves.size(), 2U);
  EXPECT_EQ(read.game.moves[0].comment, "30 -3334FU, good, or not");
  EXPECT_EQ(read.game.moves[0].time_s, 12);
  EXPECT_EQ(read.game.moves[1].comment, "");
}

TEST(WildRecords, HeaderLinesStayWithinTheFormat) {
  const ReadGame read = good("持ち時間：各6時間\n備考：x\n備考：y\n" + kHeader + kTwoMoves);
  EXPECT_THAT(again(read, RecordFormat::kCsa), HasSubstr("'持ち時間:各6時間\n"));
  EXPECT_THAT(again(read, RecordFormat::kJkf), HasSubstr("\"備考\":\"x / y\""));
  EXPECT_THAT(again(good("持ち時間：00:25+00\n" + kHeader + kTwoMoves), RecordFormat::kCsa),
              HasSubstr("$TIME_LIMIT:00:25+00\n"));
}

TEST(WildRecords, ADropNeedsNoWordWhereThePieceOnTheBoardIsPinned) {
  const std::string diagram =
      "後手の持駒：なし\n+---------------------------+\n"
      "| ・ ・ ・ ・v飛 ・ ・ ・v玉|一\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|二\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|三\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|四\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|五\n| ・ ・ ・ ・ ・ ・ ・ ・ ・|六\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|七\n| ・ ・ ・ ・ 金 ・ ・ ・ ・|八\n| ・ ・ ・ ・ 玉 ・ ・ ・ ・|九\n"
      "+---------------------------+\n先手の持駒：金\n";
  EXPECT_EQ(moves_of(good(diagram + "▲４八金\n", RecordFormat::kKi2).game), "G*4h");
  EXPECT_THAT(bad("▲６八飛直\n", RecordFormat::kKi2).message, HasSubstr("do not fit a piece that gets to 6h"));
}

TEST(WildRecords, AnSfenMayLackItsMoveNumber) {
  for (const char* text : {"sfen 4k4/9/9/9/9/9/9/9/4K4 b - moves 5i5h\n", "4k4/9/9/9/9/9/9/9/4K4 b -  moves 5i5h\n"}) {
    const ReadGame read = good(text, RecordFormat::kUsi);
    EXPECT_EQ(read.game.start_sfen, "4k4/9/9/9/9/9/9/9/4K4 b - 1") << text;
    EXPECT_EQ(moves_of(read.game), "5i5h") << text;
  }
  bad("4k4/9/9/9/9/9/9/9/4K4 b\n", RecordFormat::kUsi);
}

TEST(WildRecords, AMoveLineWithoutAMoveSaysSo) {
  EXPECT_THAT(bad(kHeader + "   1 \n").message, HasSubstr("the move is missing after its number"));
}

}  // namespace
}  // namespace keisei::shogi::testing
