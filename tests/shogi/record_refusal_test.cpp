// Records that are wrong, one fault each: what is said, where, and about which ply.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "shogi/illegal.h"
#include "shogi/record_encoding.h"
#include "shogi/record_games.h"
#include "shogi/record_read.h"

namespace keisei::shogi::testing {
namespace {

struct Refusal {
  const char* text;
  const char* message;
};

void expect_refused(RecordFormat format, const std::vector<Refusal>& cases) {
  for (const Refusal& c : cases) {
    const auto games = read_records(c.text, format, "f");
    ASSERT_FALSE(games.has_value()) << c.text;
    EXPECT_EQ(games.error().code, Code::kBadData) << c.text;
    EXPECT_EQ(games.error().message, c.message) << c.text;
    EXPECT_FALSE(games.error().hint.empty()) << c.message;
  }
}

TEST(RecordRefusal, Kif) {
  expect_refused(
      RecordFormat::kKif,
      {{"", "f:1:1: there is no game in the file"},
       {" \n　\n", "f:1:1: there is no game in the file"},
       {"先手：甲\nwhat is this\n", "f:2:1: game 1: the line 'what is this' is not understood"},
       {"手合割：無\n", "f:1:5: game 1: the handicap '無' says nothing without a diagram"},
       {"1 ７六歩(77)\n3 ３四歩(33)\n", "f:2:1: game 1, ply 2: this move has the number 3"},
       {"1 ７六歩(77)\n 2 ３五歩(33)\n", "f:2:4: game 1, ply 2: 3c3e is illegal: a pawn does not get from 3c to 3e"},
       {"1 ７六歩\n", "f:1:6: game 1, ply 1: the origin is missing"},
       {"1 ７六玉将(77)\n", "f:1:6: game 1, ply 1: the origin is missing"},
       {"1 ７六銀(77)\n", "f:1:5: game 1, ply 1: the record moves a silver, but 7g holds a pawn"},
       {"1 ７六犬(77)\n", "f:1:5: game 1, ply 1: '犬' is no piece"},
       {"1 同　歩(77)\n", "f:1:3: game 1, ply 1: 同 has no move before it"},
       {"1 まいった\n", "f:1:3: game 1, ply 1: 'まいった' is neither a move nor an end"},
       {"1 ７六歩(77) (0:1\n", "f:1:12: game 1, ply 1: the time is not understood"},
       {"1 ７六歩(77) (99999999:00/)\n", "f:1:12: game 1, ply 1: the time is not understood"},
       {"1 ７六歩(77) ok\n", "f:1:11: game 1, ply 1: 'ok' is not understood"},
       {"1 投了\n2 ７六歩(77)\n", "f:2:1: game 1, ply 1: a move after the end of the game"},
       {"1 ５五歩打\n", "f:1:3: game 1, ply 1: P*5e is illegal: Black has no pawn in hand"},
       {"1 ５五玉打\n", "f:1:5: game 1, ply 1: a king cannot be dropped like this"},
       {"1 ３四歩(33)\n", "f:1:3: game 1, ply 1: 3c3d is illegal: the pawn on 3c is White's, and Black is to move"},
       {"1 ５八玉(55)\n", "f:1:3: game 1, ply 1: 5e5h is illegal: 5e holds no piece"},
       {"| ・ ・ ・ ・v犬 ・ ・ ・ ・|一\n", "f:1:11: game 1: '犬' is no piece"},
       {"| ・ ・ ・|一\n", "f:1:8: game 1: '|' is no piece"},
       {"| ・ ・ ・ ・v玉 ・ ・ ・ ・|二\n", "f:1:21: game 1: this is rank 1 of the diagram"},
       {"| ・ ・ ・ ・v玉 ・ ・ ・ ・|一\n1 ７六歩(77)\n", "f:2:1: game 1: the diagram has 1 ranks instead of nine"},
       {"先手の持駒：歩\n", "f:1:1: game 1: pieces in hand, but no diagram"},
       {"先手の持駒：玉\n", "f:1:7: game 1: '玉' cannot be in hand"},
       {"先手の持駒：歩十八歩\n", "f:1:10: game 1: too many of a piece in hand"},
       {"手数＝x\n", "f:1:4: game 1: the number of moves is missing"},
       {"1 ７六歩(77)\nまで1手で先手の負け\n", "f:2:6: game 1: the end '先手の負け' does not fit the side to move"},
       {"1 ７六歩(77)\nまで1手で大爆発\n", "f:2:6: game 1: there is no end '大爆発'"}});
}

TEST(RecordRefusal, Ki2) {
  expect_refused(RecordFormat::kKi2,
                 {{"△７六歩\n", "f:1:1: game 1, ply 1: White moves out of turn"},
                  {"▲７六歩 ７七角\n", "f:1:6: game 1, ply 2: '７七角' is no move"},
                  {"▲七六歩\n", "f:1:2: game 1, ply 1: '七六歩' is no square"},
                  {"▲７六犬\n", "f:1:4: game 1, ply 1: '犬' is no piece"},
                  {"▲５五歩\n", "f:1:1: game 1, ply 1: no such piece gets to 5e"},
                  {"▲５八金\n", "f:1:1: game 1, ply 1: the move can start from 4i or 6i"},
                  {"▲５八金引\n", "f:1:1: game 1, ply 1: 左 直 右 上 寄 引 do not fit a piece that gets to 5h"},
                  {"▲同　歩\n", "f:1:2: game 1, ply 1: 同 has no move before it"},
                  {"▲５五と打\n", "f:1:1: game 1, ply 1: a drop of what cannot be dropped"},
                  {"▲７六歩\nまで1手で中断\n▲２六歩\n", "f:3:1: game 1, ply 2: a move after the end of the game"}});
}

TEST(RecordRefusal, Csa) {
  expect_refused(RecordFormat::kCsa,
                 {{"V9\n", "f:1:1: game 1: the version 'V9' is unknown"},
                  {"V2.2\n", "f:1:1: game 1: the side to move is missing"},
                  {"+\n", "f:1:1: game 1: the start position is missing"},
                  {"PI55HI\n+\n", "f:1:3: game 1: '55HI' is no piece of the usual start"},
                  {"PX\n", "f:1:1: game 1: 'PX' is not understood"},
                  {"P1 *  * \n", "f:1:8: game 1: square 71 is not understood"},
                  {"P1 * * * * -OU * * * * * \n", "f:1:24: game 1: the rank has more than nine squares"},
                  {"P1 * * * * -OU * * * *\n+\n", "f:2:1: game 1: the start position lacks ranks"},
                  {"P+59OU59KI\n", "f:1:7: game 1: 5i already holds a piece"},
                  {"P+00OU\n", "f:1:3: game 1: '00OU' is not understood"},
                  {"P+00HI00HI00HI\n", "f:1:11: game 1: more of a piece than a set has"},
                  {"P+59OU\n+\n", "f:2:1: game 1: the start position: SFEN: White has 0 kings"},
                  {"PI\n+\n+\n", "f:3:1: game 1: the side to move is said twice"},
                  {"PI\n+7776FU\n", "f:2:1: game 1, ply 1: a move before the side to move is said"},
                  {"PI\n+\n-3334FU\n", "f:3:1: game 1, ply 1: White moves out of turn"},
                  {"PI\n+\n+7776XX\n", "f:3:1: game 1, ply 1: '+7776XX' is no move"},
                  {"PI\n+\n+7776GI\n", "f:3:1: game 1, ply 1: the record moves a silver, but 7g holds a pawn"},
                  {"PI\n+\n+7776TO\n",
                   "f:3:1: game 1, ply 1: 7g7f+ is illegal: a piece promotes only on its way into, within or out of "
                   "the last three "
                   "ranks"},
                  {"PI\n+\n+7776FU,T1\n-3334FU,Tx\n", "f:4:9: game 1, ply 2: the time 'Tx' is not understood"},
                  {"PI\n+\n+7776FU\n%TORYO\n-3334FU\n", "f:5:1: game 1, ply 2: a move after the end of the game"},
                  {"PI\n+\n%TORYO\n%TORYO\n", "f:4:1: game 1: the game ends twice"},
                  {"PI\n+\n%NANI\n", "f:3:1: game 1: there is no end '%NANI'"},
                  {"PI\n+\nhello\n", "f:3:1: game 1: 'hello' is not understood"},
                  {"$EVENT\n", "f:1:1: game 1: '$EVENT' is not understood"},
                  {"PI\n+\n%TORYO\n/\nPI\n+\n+7776FU\n-3334FU\n+8877KA\n-2288UM\n",
                   "f:10:1: game 2, ply 4: 2b8h+ is illegal: a bishop does not get from 2b to 8h"}});
}

TEST(RecordRefusal, Usi) {
  expect_refused(
      RecordFormat::kUsi,
      {{"# nothing\n", "f:1:1: there is no game in the file"},
       {"startposs\n", "f:1:1: game 1: 'startposs' is no start"},
       {"startpos move 7g7f\n", "f:1:10: game 1: 'move 7g7f' is not understood"},
       {"startpos moves 7g7f\nstartpos moves 7g7f 7g7f\n", "f:2:21: game 2, ply 2: 7g7f is illegal: 7g holds no piece"},
       {"startpos moves 7g7x\n", "f:1:16: game 1, ply 1: move '7g7x': its destination is no square"},
       {"sfen 9/9/9 b - 1\n", "f:1:1: game 1: SFEN: the board has 3 ranks instead of nine"},
       {"nonsense\n", "f:1:1: game 1: SFEN: the field 'side' is missing"}});
}

TEST(RecordRefusal, Jkf) {
  expect_refused(
      RecordFormat::kJkf,
      {{"{\"moves\":[\n", "f:1:11: the text is no JSON"},
       {"[]", "f:1:1: the text is no JSON object"},
       {"{}", "f:1:1: moves are missing"},
       {"{\"header\":[],\"moves\":[]}", "f:1:1: header is no object"},
       {"{\"header\":{\"a\":1},\"moves\":[]}", "f:1:1: header: 'a' is no text"},
       {"{\"initial\":{\"preset\":\"9\"},\"moves\":[]}", "f:1:1: initial: the preset '9' is unknown"},
       {"{\"initial\":{\"preset\":\"OTHER\"},\"moves\":[]}", "f:1:1: initial: OTHER without a whole position"},
       {"{\"moves\":[{},\n{\"move\":{}}]}", "f:2:1: game 1, ply 1: the move is not understood"},
       {"{\"moves\":[{},\n 7]}", "f:2:2: game 1, ply 1: an element of moves is no object"},
       {"{\"moves\":[{\"special\":\"TORYO\"},{\"special\":\"TORYO\"}]}",
        "f:1:31: game 1, ply 1: the game ends twice"},
       {"{\"moves\":[{\"special\":\"X\"}]}", "f:1:11: game 1, ply 1: there is no end 'X'"},
       {"{\"moves\":[{\"move\":{\"to\":{\"x\":7,\"y\":6},\"piece\":\"FU\",\"relative\":\"U\"}}]}",
        "f:1:11: game 1, ply 1: the move has words instead of its origin"},
       {"{\"moves\":[{\"move\":{\"to\":{\"x\":7,\"y\":6},\"piece\":\"FU\"}}]}",
        "f:1:11: game 1, ply 1: P*7f is illegal: Black has no pawn in hand"},
       {"{\"moves\":[{\"move\":{\"color\":1,\"from\":{\"x\":7,\"y\":7},\"to\":{\"x\":7,\"y\":6},\"piece\":\"FU\"}}]}",
        "f:1:11: game 1, ply 1: the color of the move is not that of the side to move"},
       {"{\"moves\":[{\"time\":{\"now\":{\"m\":-1,\"s\":0}}}]}", "f:1:11: game 1: the time is not understood"},
       {"{\"moves\":[{\"comments\":\"a\"}]}", "f:1:11: game 1: comments are no array"}});
  const std::string deep = "{\"moves\":" + std::string(300, '[') + std::string(300, ']') + "}";
  const auto refused = read_records(deep, RecordFormat::kJkf, "f");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "f:1:209: the brackets nest too deep");
}

TEST(RecordRefusal, Encoding) {
  const std::pair<std::string, const char*> cases[] = {
      {"ab\ncd\xFF\n", "f:2:3: the byte 0xFF is neither UTF-8 nor Shift_JIS"},
      {"\xEF\xBB\xBFok\n\xC0\x80", "f:2:1: the byte 0xC0 is no UTF-8"},
      {std::string("a\0b", 3), "f:1:2: a NUL byte"},
      {"\xFF\xFE"
       "a",
       "f:1:1: the file is in UTF-16"},
      {std::string(kMaxRecordBytes + 1, ' '), "f:1:1: the file has 16777217 bytes"},
  };
  for (const auto& [bytes, message] : cases) {
    const auto text = decode_record(bytes, "f");
    ASSERT_FALSE(text.has_value()) << message;
    EXPECT_EQ(text.error().message, message);
    EXPECT_EQ(text.error().code, Code::kBadData);
  }
  EXPECT_EQ(parse_text_encoding("latin1").error().code, Code::kUsage);
}

TEST(RecordRefusal, LongLinesAndManyMoves) {
  const std::string line(kMaxRecordLineBytes + 1, 'x');
  const auto refused = read_records("先手：甲\n" + line, RecordFormat::kKif, "f");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "f:2:1: the line has 1048577 bytes");
}

TEST(WhyIllegal, NamesTheRule) {
  struct Case {
    const char* sfen;
    const char* move;
    const char* why;
  };
  const Case cases[] = {
      {"9/9/P8/9/4k4/9/9/9/4K4 b P 1", "P*9d", "Black already has a pawn on file 9"},
      {"9/9/9/9/4K4/9/9/9/4k4 b P 1", "P*5a", "a pawn on 5a could never move again"},
      {"9/9/9/9/4K4/9/9/9/4k4 b P 1", "P*5e", "5e is occupied"},
      {"9/9/9/9/4K4/9/9/9/4k4 b P 1", "G*5d", "Black has no gold in hand"},
      {"7lk/7p1/8G/9/9/9/9/9/K8 b P 1", "P*1b", "a dropped pawn may not mate"},
      {"4k4/4r4/9/9/9/9/9/9/4K4 b P 1", "P*4e", "Black is in check and the drop does not end it"},
      {"4k4/4r4/9/9/9/9/9/9/4K4 b - 1", "5i5h", "Black's king would be in check after it"},
      {"k3r4/9/9/9/4R4/9/9/9/4K4 b - 1", "5e6e", "Black's king would be in check after it"},
      {"4k4/9/4P4/9/9/9/9/9/4K4 b - 1", "5i5h+", "a king cannot promote"},
      {"3k5/9/4L4/9/9/9/9/9/4K4 b - 1", "5c5a", "a lance on 5a could never move again"},
      {"4k4/9/4P4/9/9/9/9/9/3GK4 b - 1", "5i6i", "6i holds a gold of the same side"},
      {"4k4/9/4P4/9/9/9/9/9/4K4 b - 1", "5a5b", "the king on 5a is White's, and Black is to move"},
      {"4k4/9/4P4/9/9/9/9/9/4K4 b - 1", "5c5b", ""},
  };
  for (const Case& c : cases) EXPECT_EQ(why_illegal(position(c.sfen), *parse_usi(c.move)), c.why) << c.sfen << c.move;
}

TEST(WhyIllegal, IsSilentForExactlyTheLegalMoves) {
  for (const std::string_view start : kStarts) {
    const Position p = position(start);
    for (std::uint32_t raw = 0; raw <= 0xFFFF; ++raw) {
      const Move m = Move::from_raw(static_cast<std::uint16_t>(raw));
      ASSERT_EQ(why_illegal(p, m).empty(), p.is_legal(m)) << start << " " << raw;
    }
  }
}

}  // namespace
}  // namespace keisei::shogi::testing
