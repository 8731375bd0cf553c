// Records as text: exact files for short games, the telling words of KI2, and what is refused.
#include "shogi/record_text.h"

#include <cmath>
#include <limits>

#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

GameText game_of(const std::string& usi_moves, std::string_view start = "startpos") {
  GameText game;
  game.start_sfen = start;
  for (const std::string& text : words(usi_moves)) {
    if (!text.empty()) game.moves.push_back({*parse_usi(text), std::nullopt, ""});
  }
  return game;
}

std::string exported(const GameText& game, RecordFormat format) {
  const auto text = export_record(game, format);
  EXPECT_TRUE(text.has_value()) << (text ? "" : text.error().message);
  return text ? *text : "";
}

/// A game with a promotion, captures on the same square, a drop, a non-promotion, times and comments.
GameText short_game() {
  GameText game = game_of("7g7f 3c3d 8h2b 3a2b B*4e 5a4b 4e3d B*3c 2g2f 3c7g 8i7g");
  game.black_name = "keisei";
  game.white_name = "random";
  game.event = "evaluation";
  game.start_utc_s = 1772366400;  // 2026-03-01 12:00:00
  game.moves[0].time_s = 65.9;
  game.moves[1].time_s = 3;
  game.moves[2].time_s = 3600;
  game.moves[2].comment = "value 0.25\nsecond line";
  game.comment = "weights 0123";
  game.end = RecordEnd::kResign;
  game.winner = Winner::kBlack;
  return game;
}

TEST(RecordText, Kif) {
  EXPECT_EQ(exported(short_game(), RecordFormat::kKif),
            "# KIF version=2.0 encoding=UTF-8\n"
            "棋戦：evaluation\n"
            "開始日時：2026/03/01 12:00:00\n"
            "手合割：平手\n"
            "先手：keisei\n"
            "後手：random\n"
            "手数----指手---------消費時間--\n"
            "*weights 0123\n"
            "   1 ７六歩(77)    ( 1:05/00:01:05)\n"
            "   2 ３四歩(33)    ( 0:03/00:00:03)\n"
            "   3 ２二角(88)    (60:00/01:01:05)\n"
            "*value 0.25\n"
            "*second line\n"
            "   4 同　銀(31)\n"
            "   5 ４五角打\n"
            "   6 ４二玉(51)\n"
            "   7 ３四角(45)\n"
            "   8 ３三角打\n"
            "   9 ２六歩(27)\n"
            "  10 ７七角(33)\n"
            "  11 同　桂(89)\n"
            "  12 投了\n"
            "まで11手で先手の勝ち\n");
}

TEST(RecordText, Ki2) {
  EXPECT_EQ(exported(short_game(), RecordFormat::kKi2),
            "棋戦：evaluation\n"
            "開始日時：2026/03/01 12:00:00\n"
            "手合割：平手\n"
            "先手：keisei\n"
            "後手：random\n"
            "\n"
            "*weights 0123\n"
            "▲７六歩        △３四歩        ▲２二角不成\n"
            "*value 0.25\n"
            "*second line\n"
            "△同　銀        ▲４五角        △４二玉        ▲３四角        △３三角        ▲２六歩\n"
            "△７七角不成    ▲同　桂\n"
            "まで11手で先手の勝ち\n");
}

TEST(RecordText, Csa) {
  EXPECT_EQ(exported(short_game(), RecordFormat::kCsa),
            "V2.2\n"
            "N+keisei\n"
            "N-random\n"
            "$EVENT:evaluation\n"
            "$START_TIME:2026/03/01 12:00:00\n"
            "PI\n"
            "+\n"
            "'*weights 0123\n"
            "+7776FU\nT65\n"
            "-3334FU\nT3\n"
            "+8822KA\nT3600\n"
            "'*value 0.25\n"
            "'*second line\n"
            "-3122GI\n"
            "+0045KA\n"
            "-5142OU\n"
            "+4534KA\n"
            "-0033KA\n"
            "+2726FU\n"
            "-3377KA\n"
            "+8977KE\n"
            "%TORYO\n");
}

TEST(RecordText, UsiLine) {
  EXPECT_EQ(exported(short_game(), RecordFormat::kUsi),
            "startpos moves 7g7f 3c3d 8h2b 3a2b B*4e 5a4b 4e3d B*3c 2g2f 3c7g 8i7g\n");
  EXPECT_EQ(exported(game_of(""), RecordFormat::kUsi), "startpos\n");
  EXPECT_EQ(exported(game_of("5a6a", "4k4/9/9/9/9/9/9/9/4K4 w P2r 8"), RecordFormat::kUsi),
            "sfen 4k4/9/9/9/9/9/9/9/4K4 w P2r 8 moves 5a6a\n");
}

TEST(RecordText, OtherStartsHaveABoard) {
  GameText game = game_of("G*5b", "4k3+r/9/4P4/9/9/1+n1+l+s4/9/9/3+P1K2+B b G12Pr2p 1");
  game.end = RecordEnd::kCheckmate;
  game.winner = Winner::kBlack;
  EXPECT_EQ(exported(game, RecordFormat::kKif),
            "# KIF version=2.0 encoding=UTF-8\n"
            "後手の持駒：飛　歩二　\n"
            "  ９ ８ ７ ６ ５ ４ ３ ２ １\n"
            "+---------------------------+\n"
            "| ・ ・ ・ ・v玉 ・ ・ ・v龍|一\n"
            "| ・ ・ ・ ・ ・ ・ ・ ・ ・|二\n"
            "| ・ ・ ・ ・ 歩 ・ ・ ・ ・|三\n"
            "| ・ ・ ・ ・ ・ ・ ・ ・ ・|四\n"
            "| ・ ・ ・ ・ ・ ・ ・ ・ ・|五\n"
            "| ・v圭 ・v杏v全 ・ ・ ・ ・|六\n"
            "| ・ ・ ・ ・ ・ ・ ・ ・ ・|七\n"
            "| ・ ・ ・ ・ ・ ・ ・ ・ ・|八\n"
            "| ・ ・ ・ と ・ 玉 ・ ・ 馬|九\n"
            "+---------------------------+\n"
            "先手の持駒：金　歩十二　\n"
            "先手番\n"
            "手数----指手---------消費時間--\n"
            "   1 ５二金打\n"
            "   2 詰み\n"
            "まで1手で詰み\n");
  EXPECT_EQ(exported(game, RecordFormat::kCsa),
            "V2.2\n"
            "P1 *  *  *  * -OU *  *  * -RY\n"
            "P2 *  *  *  *  *  *  *  *  * \n"
            "P3 *  *  *  * +FU *  *  *  * \n"
            "P4 *  *  *  *  *  *  *  *  * \n"
            "P5 *  *  *  *  *  *  *  *  * \n"
            "P6 * -NK * -NY-NG *  *  *  * \n"
            "P7 *  *  *  *  *  *  *  *  * \n"
            "P8 *  *  *  *  *  *  *  *  * \n"
            "P9 *  *  * +TO * +OU *  * +UM\n"
            "P+00KI00FU00FU00FU00FU00FU00FU00FU00FU00FU00FU00FU00FU\n"
            "P-00HI00FU00FU\n"
            "+\n"
            "+0052KI\n"
            "%TSUMI\n");
}

/// An SFEN of pieces written like "G93" or "+P99" (file, rank) and kings that are out of the way.
std::string sfen_of(const std::string& pieces, const std::string& hand = "-") {
  std::string board[9][9];
  for (const std::string& piece : words("K19 k13 " + pieces)) {
    const std::size_t digits = piece.size() - 2;
    board[piece[digits + 1] - '1'][9 - (piece[digits] - '0')] = piece.substr(0, digits);
  }
  std::string out;
  for (int rank = 0; rank < 9; ++rank) {
    int empty = 0;
    if (rank > 0) out += "/";
    for (const std::string& piece : board[rank]) {
      if (piece.empty()) {
        ++empty;
        continue;
      }
      if (empty > 0) out += std::to_string(empty);
      empty = 0;
      out += piece;
    }
    if (empty > 0) out += std::to_string(empty);
  }
  return out + " b " + hand + " 1";
}

/// The same position with colours exchanged and the board turned.
std::string turned(const std::string& sfen) {
  const std::vector<std::string> fields = split(sfen, ' ');
  std::string board(fields[0].rbegin(), fields[0].rend());
  for (std::size_t i = 1; i < board.size(); ++i) {
    if (board[i] == '+') std::swap(board[i - 1], board[i]);
  }
  const auto swapped = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::isupper(c) != 0 ? std::tolower(c) : std::toupper(c));
    return text;
  };
  return swapped(board) + " w " + swapped(fields[2]) + " 1";
}

struct Ki2Case {
  const char* pieces;
  const char* hand;
  const char* move;
  const char* words;  ///< after the mark and the square
};
// As the Japan Shogi Association spells out its notation: movement first, then 左 直 右, then both.
const Ki2Case kKi2Cases[] = {
    {"G93 G72", "-", "9c8b", "金上"},
    {"G93 G72", "-", "7b8b", "金寄"},
    {"G43 G31", "-", "4c3b", "金上"},
    {"G43 G31", "-", "3a3b", "金引"},
    {"G56 G45", "-", "5f5e", "金上"},
    {"G56 G45", "-", "4e5e", "金寄"},
    {"S86 S94", "-", "8f8e", "銀上"},
    {"S86 S94", "-", "9d8e", "銀引"},
    {"G92 G72", "-", "9b8a", "金左"},
    {"G92 G72", "-", "7b8a", "金右"},
    {"G83 G73", "-", "8c7b", "金左"},
    {"G83 G73", "-", "7c7b", "金直"},
    {"S65 S45", "-", "6e5f", "銀左"},
    {"S65 S45", "-", "4e5f", "銀右"},
    {"S78 S68", "-", "7h7g", "銀直"},
    {"S78 S68", "-", "6h7g", "銀右"},
    {"G63 G53 G43", "-", "6c5b", "金左"},
    {"G63 G53 G43", "-", "5c5b", "金直"},
    {"G63 G53 G43", "-", "4c5b", "金右"},
    {"+P79 +P89 +P99 +P98 +P87", "-", "7i8h", "と右"},
    {"+P79 +P89 +P99 +P98 +P87", "-", "8i8h", "と直"},
    {"+P79 +P89 +P99 +P98 +P87", "-", "9i8h", "と左上"},
    {"+P79 +P89 +P99 +P98 +P87", "-", "9h8h", "と寄"},
    {"+P79 +P89 +P99 +P98 +P87", "-", "8g8h", "と引"},
    {"S29 S17 S39 S37", "-", "2i2h", "銀直"},
    {"S29 S17 S39 S37", "-", "1g2h", "銀右"},
    {"S29 S17 S39 S37", "-", "3i2h", "銀左上"},
    {"S29 S17 S39 S37", "-", "3g2h", "銀左引"},
    {"+R91 +R84", "-", "9a8b", "龍引"},
    {"+R91 +R84", "-", "8d8b", "龍上"},
    {"+R55 +R25", "-", "5e3e", "龍左"},
    {"+R55 +R25", "-", "2e3e", "龍右"},
    {"+R99 +R89", "-", "9i8h", "龍左"},
    {"+R99 +R89", "-", "8i8h", "龍右"},
    {"+R38 +R28", "-", "3h2g", "龍左"},
    {"+R38 +R28", "-", "2h2g", "龍右"},
    {"+B91 +B81", "-", "9a8b", "馬左"},
    {"+B91 +B81", "-", "8a8b", "馬右"},
    {"+B95 +B63", "-", "9e8e", "馬寄"},
    {"+B95 +B63", "-", "6c8e", "馬引"},
    {"+B99 +B59", "-", "9i7g", "馬左"},
    {"+B99 +B59", "-", "5i7g", "馬右"},
    {"+B99 +B39", "-", "3i2h", "馬"},
    {"N95 N75", "-", "9e8c+", "桂左成"},
    {"N95 N75", "-", "7e8c", "桂右不成"},
    {"R85 R32", "-", "8e8b+", "飛上成"},
    {"R85 R32", "-", "3b8b", "飛寄不成"},
    {"G56", "G", "G*5e", "金打"},
    {"G56", "G", "G*8e", "金"},
    {"G56", "G", "5f5e", "金"},
    {"+S56", "S", "S*5e", "銀"},
    {"P33", "-", "3c3b+", "歩成"},
    {"+P33 P44", "-", "3c3b", "と"},
    // The gold on 1h is pinned to the king on 1i: it counts nevertheless.
    {"G18 r14 G27", "-", "2g2h", "金引"},
};

TEST(RecordText, Ki2TellsPiecesOfAKindApart) {
  for (const Ki2Case& c : kKi2Cases) {
    for (const bool white : {false, true}) {
      const std::string sfen = white ? turned(sfen_of(c.pieces, c.hand)) : sfen_of(c.pieces, c.hand);
      Move m = *parse_usi(c.move);
      if (white) {
        m = m.is_drop() ? Move::drop(m.dropped(), rotated(m.to()))
                        : Move::board(rotated(m.from()), rotated(m.to()), m.promotes());
      }
      GameText game = game_of("", sfen);
      game.moves.push_back({m, std::nullopt, ""});
      const std::string text = exported(game, RecordFormat::kKi2);
      const std::size_t at = text.find(white ? "△" : "▲");
      ASSERT_NE(at, std::string::npos) << sfen << c.move;
      constexpr std::size_t kMarkAndSquareBytes = 9;
      const std::size_t from = at + kMarkAndSquareBytes;
      EXPECT_EQ(text.substr(from, text.find('\n', at) - from), c.words) << sfen << " " << to_usi(m);
    }
  }
}

struct EndCase {
  RecordEnd end;
  Winner winner;
  const char* kif;
  const char* last;
  const char* csa;
};

TEST(RecordText, EveryEndHasItsWords) {
  // Two moves are played: Black is to move.
  const EndCase cases[] = {
      {RecordEnd::kUnfinished, Winner::kNone, "中断", "まで2手で中断", "%CHUDAN"},
      {RecordEnd::kResign, Winner::kWhite, "投了", "まで2手で後手の勝ち", "%TORYO"},
      {RecordEnd::kCheckmate, Winner::kWhite, "詰み", "まで2手で詰み", "%TSUMI"},
      {RecordEnd::kNoLegalMoves, Winner::kWhite, "投了", "まで2手で後手の勝ち", "%TORYO"},
      {RecordEnd::kRepetition, Winner::kNone, "千日手", "まで2手で千日手", "%SENNICHITE"},
      {RecordEnd::kPerpetualCheck, Winner::kWhite, "反則負け", "まで2手で先手の反則負け", "%+ILLEGAL_ACTION"},
      {RecordEnd::kPerpetualCheck, Winner::kBlack, "反則勝ち", "まで2手で先手の反則勝ち", "%-ILLEGAL_ACTION"},
      {RecordEnd::kDeclaration, Winner::kBlack, "入玉勝ち", "まで2手で先手の入玉勝ち", "%KACHI"},
      {RecordEnd::kDeclaration, Winner::kNone, "持将棋", "まで2手で持将棋", "%HIKIWAKE"},
      {RecordEnd::kImpasse, Winner::kNone, "持将棋", "まで2手で持将棋", "%JISHOGI"},
      {RecordEnd::kMaxMoves, Winner::kNone, "中断", "まで2手で中断", "%CHUDAN"},
      {RecordEnd::kIllegalMove, Winner::kWhite, "反則負け", "まで2手で先手の反則負け", "%ILLEGAL_MOVE"},
      {RecordEnd::kIllegalDeclaration, Winner::kWhite, "反則負け", "まで2手で先手の反則負け", "%ILLEGAL_MOVE"},
      {RecordEnd::kTimeout, Winner::kWhite, "切れ負け", "まで2手で時間切れにより後手の勝ち", "%TIME_UP"},
  };
  for (const EndCase& c : cases) {
    GameText game = game_of("7g7f 3c3d");
    game.end = c.end;
    game.winner = c.winner;
    const std::string kif = exported(game, RecordFormat::kKif);
    EXPECT_NE(kif.find("\n   3 " + std::string(c.kif) + "\n"), std::string::npos) << kif;
    EXPECT_TRUE(kif.ends_with("\n" + std::string(c.last) + "\n")) << kif;
    EXPECT_TRUE(exported(game, RecordFormat::kKi2).ends_with("\n" + std::string(c.last) + "\n"));
    EXPECT_TRUE(exported(game, RecordFormat::kCsa).ends_with("\n" + std::string(c.csa) + "\n"));
  }
}

TEST(RecordText, SaysWhatTheFormatsHaveNoWordFor) {
  GameText game = game_of("7g7f 3c3d");
  game.end = RecordEnd::kMaxMoves;
  game.moves.back().comment = "last";
  EXPECT_NE(exported(game, RecordFormat::kCsa).find("'*last\n'*Cut by the move limit.\n%CHUDAN\n"), std::string::npos);
  game.moves.clear();
  EXPECT_NE(exported(game, RecordFormat::kKif).find("*Cut by the move limit.\n   1 中断"), std::string::npos);
}

TEST(RecordText, NamesAndCommentsStayOnTheirLines) {
  GameText game = game_of("7g7f");
  game.black_name = "a\nN-b\r\x01";
  game.moves[0].comment = "%TORYO\n\nまで\r\n";
  const std::string csa = exported(game, RecordFormat::kCsa);
  EXPECT_NE(csa.find("N+a N-b  \n"), std::string::npos) << csa;
  EXPECT_NE(csa.find("'*%TORYO\n'*\n'*まで \n"), std::string::npos) << csa;
}

TEST(RecordText, RefusesWhatNeverHappened) {
  const auto message = [](const GameText& game) {
    const auto text = export_record(game, RecordFormat::kKif);
    EXPECT_FALSE(text.has_value());
    EXPECT_TRUE(text || text.error().code == Code::kBadData);
    return text ? "" : text.error().message;
  };
  EXPECT_NE(message(game_of("7g7f 7g7f")).find("move 2"), std::string::npos);
  EXPECT_NE(message(game_of("", "nonsense")).size(), 0U);
  GameText game = game_of("7g7f");
  game.winner = Winner::kBlack;
  message(game);
  game.end = RecordEnd::kResign;
  EXPECT_TRUE(export_record(game, RecordFormat::kKif).has_value());
  game.winner = Winner::kWhite;
  message(game);
  game.winner = Winner::kBlack;
  for (const double time_s : {-1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e8}) {
    game.moves[0].time_s = time_s;
    EXPECT_NE(message(game).find("time"), std::string::npos);
  }
  game.moves[0].time_s.reset();
  game.start_utc_s = -1;
  message(game);
  game.start_utc_s = std::numeric_limits<std::int64_t>::max();
  message(game);
}

TEST(RecordText, FormatsAreFoundByName) {
  for (const RecordFormat format : {RecordFormat::kKif, RecordFormat::kKi2, RecordFormat::kCsa, RecordFormat::kUsi}) {
    EXPECT_EQ(*parse_record_format(to_string(format)), format);
    EXPECT_TRUE(file_extension(format).starts_with("."));
  }
  const auto unknown = parse_record_format("KIF ");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, Code::kUsage);
}

}  // namespace
}  // namespace keisei::shogi::testing
