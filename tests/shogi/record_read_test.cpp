// Reading records: what is written comes back from every format, and what other programs write is understood.
#include "shogi/record_read.h"

#include <gmock/gmock.h>

#include "shogi/record_encoding.h"
#include "shogi/record_games.h"

namespace keisei::shogi::testing {
namespace {

std::vector<ReadGame> read_all(std::string_view text, RecordFormat format) {
  auto games = read_records(text, format, "game");
  if (!games) ADD_FAILURE() << games.error().message << "\n" << games.error().hint << "\n" << text;
  return games ? *games : std::vector<ReadGame>(1);
}
ReadGame read_one(std::string_view text, RecordFormat format) {
  const std::vector<ReadGame> games = read_all(text, format);
  EXPECT_EQ(games.size(), 1U);
  return games.front();
}

/// Board, side and hands: KIF, KI2, CSA and JKF have no move number.
std::string start_of(const GameText& game) {
  const std::vector<std::string> fields = split(position(game.start_sfen).sfen(), ' ');
  return fields[0] + " " + fields[1] + " " + fields[2];
}

/// Whether `read` is what `format` can say of `game`.
void expect_same(const GameText& read, const GameText& game, RecordFormat format) {
  EXPECT_EQ(moves_of(read), moves_of(game));
  EXPECT_EQ(start_of(read), start_of(game));
  if (format == RecordFormat::kUsi) {
    EXPECT_EQ(position(read.start_sfen).sfen(), position(game.start_sfen).sfen());
    return;
  }
  EXPECT_EQ(name_of(read.end), name_of(game.end));
  EXPECT_EQ(read.winner, game.winner);
  EXPECT_EQ(read.black_name, game.black_name);
  EXPECT_EQ(read.white_name, game.white_name);
  EXPECT_EQ(read.event, game.event);
  EXPECT_EQ(read.start_utc_s, game.start_utc_s);
  // The keys of a JSON object have no order.
  EXPECT_THAT(read.headers, ::testing::UnorderedElementsAreArray(game.headers));
  EXPECT_EQ(read.comment, game.comment);
  const bool has_times = format != RecordFormat::kKi2;
  ASSERT_EQ(read.moves.size(), game.moves.size());
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    EXPECT_EQ(read.moves[i].comment, game.moves[i].comment) << i;
    if (has_times) {
      EXPECT_EQ(read.moves[i].time_s.value_or(0), game.moves[i].time_s.value_or(0)) << i;
    }
  }
  if (has_times) {
    EXPECT_EQ(read.end_time_s.value_or(0), game.end_time_s.value_or(0));
  }
}

/// `game` with `end`, as the side to move at its end allows.
void set_end(GameText& game, RecordEnd end, const Position& last) {
  game.end = end;
  game.winner = winner_of(~last.side());
  if (end == RecordEnd::kUnfinished || end == RecordEnd::kRepetition || end == RecordEnd::kMaxMoves ||
      end == RecordEnd::kImpasse) {
    game.winner = Winner::kNone;
  }
  if (end == RecordEnd::kFoulBefore || end == RecordEnd::kDeclaration) game.winner = winner_of(last.side());
}

TEST(RecordRead, EveryFormatGivesBackGamesOfEveryEnd) {
  constexpr std::uint64_t kGames = 96;
  for (std::uint64_t number = 0; number < kGames; ++number) {
    Position last;
    GameText game = play_game(number, last, static_cast<int>(number % 80) + 1);
    if (number % 4 != 0) set_end(game, kEnds[number / 2 % std::size(kEnds)].end, last);
    game.event = number % 3 == 0 ? "" : "第1回 テスト";
    game.end_time_s = number % 2 == 0 ? std::nullopt : std::optional<double>(7);
    if (number % 7 == 0) game.headers = {{"場所", "東京"}, {"持ち時間", "6:00+60"}, {"MAX_MOVES", "256"}};
    for (const RecordFormat format : kFormats) {
      SCOPED_TRACE(std::string(to_string(format)) + " " + std::to_string(number));
      const auto text = export_record(game, format);
      ASSERT_TRUE(text) << text.error().message;
      const ReadGame read = read_one(*text, format);
      expect_same(read.game, game, format);
      EXPECT_TRUE(read.notes.empty()) << read.notes.front();
      EXPECT_EQ(read.game.headers.size(), format == RecordFormat::kUsi ? 0 : game.headers.size());
      const bool is_windows_format = format == RecordFormat::kKif || format == RecordFormat::kKi2;
      if (!is_windows_format && format != RecordFormat::kCsa) continue;
      const auto bytes = encode_record(*text, TextEncoding::kShiftJis, "game");
      ASSERT_TRUE(bytes) << bytes.error().message;
      const auto decoded = decode_record(*bytes, "game");
      ASSERT_TRUE(decoded) << decoded.error().message;
      EXPECT_EQ(decoded->encoding, TextEncoding::kShiftJis);
      EXPECT_EQ(decoded->note, "");
      expect_same(read_one(decoded->text, format).game, game, format);
    }
  }
}

TEST(RecordRead, RealEndsComeBackAsTheRulesSeeThem) {
  Position last;
  const GameText perpetual = scripted_game(kPerpetualStart, kPerpetualMoves, last);
  ASSERT_EQ(perpetual.end, RecordEnd::kPerpetualCheck);
  for (const RecordFormat format : {RecordFormat::kKif, RecordFormat::kKi2, RecordFormat::kCsa, RecordFormat::kJkf}) {
    // Without the remark as well: the moves themselves are a perpetual check.
    std::string text = *export_record(perpetual, format);
    for (const std::string_view line : {"'*Perpetual check.\n", "*Perpetual check.\n", "\"Perpetual check.\""}) {
      if (const std::size_t at = text.find(line); at != std::string::npos) text.erase(at, line.size());
    }
    expect_same(read_one(text, format).game, perpetual, format);
  }
}

TEST(RecordRead, EveryHandicapByName) {
  const std::pair<const char*, const char*> cases[] = {
      {"平手", "lnsgkgsnl/1r5b1/"}, {"香落ち", "lnsgkgsn1/1r5b1/"}, {"右香落ち", "1nsgkgsnl/1r5b1/"},
      {"角落ち", "lnsgkgsnl/1r7/"}, {"飛車落ち", "lnsgkgsnl/7b1/"}, {"飛香落ち", "lnsgkgsn1/7b1/"},
      {"二枚落ち", "lnsgkgsnl/9/"}, {"四枚落ち", "1nsgkgsn1/9/"},   {"六枚落ち", "2sgkgs2/9/"},
      {"八枚落ち", "3gkg3/9/"},     {"十枚落ち", "4k4/9/"},
  };
  for (const auto& [name, ranks] : cases) {
    const ReadGame read =
        read_one("手合割：" + std::string(name) + "　　\n上手：strong\n下手：weak\n", RecordFormat::kKif);
    const Position start = position(read.game.start_sfen);
    EXPECT_TRUE(start.sfen().starts_with(ranks)) << name << " " << start.sfen();
    EXPECT_EQ(start.side(), std::string(name) == "平手" ? Color::kBlack : Color::kWhite) << name;
    EXPECT_EQ(read.game.white_name, "strong");
    EXPECT_EQ(read.game.black_name, "weak");
    for (const RecordFormat format : kFormats) {
      const auto text = export_record(read.game, format);
      ASSERT_TRUE(text) << text.error().message;
      EXPECT_EQ(start_of(read_one(*text, format).game), start_of(read.game)) << *text;
    }
    EXPECT_NE(export_record(read.game, RecordFormat::kKif)->find("手合割：" + std::string(name) + "\n"),
              std::string::npos);
  }
}

TEST(RecordRead, KifAsOtherProgramsWriteIt) {
  const ReadGame read = read_one(
      "\r\n#KIF version=2.0\r\n"
      "開始日時：2024/05/06 10:00\r\n"
      "棋戦：\r\n"
      "場所：将棋会館\r\n"
      "手合割：平手　　\r\n"
      "先手：甲 \r\n"
      "後手:乙\r\n"
      "手数----指手---------消費時間--\r\n"
      "*before\r\n"
      "&bookmark\r\n"
      "   1 ７六歩(77)   ( 0:16/00:00:16)+\r\n"
      "   2 ▽34歩(33)   (1:02:03/01:02:03)\r\n"
      "*first line\r\n"
      "*\r\n"
      "*third line\r\n"
      "3 ２二角成(88)\r\n"
      "4 同銀(31)   ( 0:01/01:02:04)\r\n"
      "\r\n"
      "   5 ５五角打   ( 0:00/00:00:16)\r\n"
      "   6 投了   ( 0:09/01:02:13)\r\n"
      "まで5手で先手の勝ち\r\n"
      "\r\n"
      "変化：5手\r\n"
      "   5 ４五角打   ( 0:00/00:00:16)\r\n"
      "*nonsense is not read here\r\n"
      "変化：3手\r\n"
      "   3 anything\r\n",
      RecordFormat::kKif);
  const GameText& game = read.game;
  EXPECT_EQ(moves_of(game), "7g7f 3c3d 8h2b+ 3a2b B*5e");
  EXPECT_EQ(game.black_name, "甲");
  EXPECT_EQ(game.white_name, "乙");
  EXPECT_EQ(game.comment, "before");
  EXPECT_EQ(game.moves[1].comment, "first line\n\nthird line");
  EXPECT_EQ(game.moves[0].time_s, 16);
  EXPECT_EQ(game.moves[1].time_s, 3723);
  EXPECT_EQ(game.moves[2].time_s, std::nullopt);
  EXPECT_EQ(game.end_time_s, 9);
  EXPECT_EQ(game.end, RecordEnd::kResign);
  EXPECT_EQ(game.winner, Winner::kBlack);
  // A date without seconds stays as it was written.
  const std::vector<HeaderLine> headers = {{"開始日時", "2024/05/06 10:00"}, {"場所", "将棋会館"}};
  EXPECT_EQ(game.headers, headers);
  EXPECT_FALSE(game.start_utc_s.has_value());
  ASSERT_EQ(read.notes.size(), 1U);
  EXPECT_EQ(read.notes[0], "2 variations are left out");
}

TEST(RecordRead, KifDiagramOfAPositionInTheMiddle) {
  const ReadGame read = read_one(
      "手合割：その他\n"
      "上手の持駒：飛　歩２　\n"
      "  ９ ８ ７ ６ ５ ４ ３ ２ １\n"
      "+---------------------------+\n"
      "| ・ ・ ・ ・v王 ・ ・ ・v竜|一\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|二\n"
      "| ・ ・ ・ ・ 歩 ・ ・ ・ ・|三\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|四\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|五\n"
      "| ・v圭 ・v杏v全 ・ ・ ・ ・|六\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|七\n"
      "| ・ ・ ・ ・ ・ ・ ・ ・ ・|八\n"
      "| ・ ・ ・ と ・ 玉 ・ ・ 馬|九\n"
      "+---------------------------+\n"
      "下手の持駒：金 歩十二\n"
      "手数＝41  ▲１九馬  まで\n"
      "上手番\n"
      "   1 同　龍(11)\n",
      RecordFormat::kKif);
  EXPECT_EQ(read.game.start_sfen, "4k3+r/9/4P4/9/9/1+n1+l+s4/9/9/3+P1K2+B w G12Pr2p 42");
  EXPECT_EQ(moves_of(read.game), "1a1i");
  EXPECT_EQ(read.game.end, RecordEnd::kUnfinished);
}

TEST(RecordRead, Ki2InTheWordsOfNewspapers) {
  const ReadGame read = read_one(
      "先手：甲\n後手：乙\n\n"
      "▲7六歩　△3四歩　▲2六歩　△8四歩　▲2五歩　△8五歩\n"
      "▲7八金　△3二金　▲2四歩　△同　歩　▲同　飛　△8六歩\n"
      "▲同　歩　△同　飛　▲3四飛　△3三角　▲3六飛　△8四飛\n"
      "▲2六飛　△2二銀　▲8七歩　△5二玉　▲5八玉　△9四歩\n"
      "まで24手で中断\n",
      RecordFormat::kKi2);
  EXPECT_EQ(read.game.moves.size(), 24U);
  EXPECT_EQ(to_usi(read.game.moves[20].move), "P*8g");
  EXPECT_EQ(to_usi(read.game.moves[19].move), "3a2b");
  EXPECT_EQ(read.game.end, RecordEnd::kUnfinished);
  EXPECT_TRUE(read.notes.empty());
  EXPECT_EQ(read_one("▲７六歩\nまで3手で先手の勝ち\n変化：1手\n▲２六歩\n", RecordFormat::kKi2).notes.size(), 2U);
}

TEST(RecordRead, CsaOfBothVersionsAndSeveralGames) {
  const std::vector<ReadGame> games = read_all(
      "'CSA encoding=UTF-8\n"
      "V3.0\n"
      "N+甲\nN-乙\n"
      "$EVENT:test\n$START_TIME:2024/05/06 10:00:00\n$TIME+:600+10+0\n$MAX_MOVES:256\n"
      "PI\n+\n'*comment\n' remark\n"
      "+7776FU,T12.5\n-3334FU\nT3,'* 30 +2726FU\n'** 45 -8384FU\n"
      "%MAX_MOVES\n$END_TIME:2024/05/06 11:00:00\n"
      "/\n"
      "V2.2\nPI82HI22KA\n-\n-3142GI\nT1\n%TORYO\nT2\n"
      "/\n"
      "P+59OU00FU\nP-51OU\nP-00AL\n+\n+0055FU\n%CHUDAN\n"
      "/\n",
      RecordFormat::kCsa);
  ASSERT_EQ(games.size(), 3U);
  const GameText& first = games[0].game;
  EXPECT_EQ(moves_of(first), "7g7f 3c3d");
  EXPECT_EQ(first.moves[0].time_s, 12.5);
  EXPECT_EQ(first.moves[1].time_s, 3);
  EXPECT_EQ(first.comment, "comment");
  EXPECT_EQ(first.moves[1].comment, " 30 +2726FU\n* 45 -8384FU");
  EXPECT_EQ(first.event, "test");
  EXPECT_EQ(first.start_utc_s, 1714989600);
  EXPECT_EQ(first.end, RecordEnd::kMaxMoves);
  const std::vector<HeaderLine> headers = {
      {"TIME+", "600+10+0"}, {"MAX_MOVES", "256"}, {"終了日時", "2024/05/06 11:00:00"}};
  EXPECT_EQ(first.headers, headers);
  const GameText& second = games[1].game;
  EXPECT_EQ(second.start_sfen, "lnsgkgsnl/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1");
  EXPECT_EQ(second.end_time_s, 2);
  EXPECT_EQ(second.winner, Winner::kWhite);
  EXPECT_EQ(games[2].game.start_sfen, "4k4/9/9/9/9/9/9/9/4K4 b P2r2b4g4s4n4l17p 1");

  std::vector<GameText> texts;
  for (const ReadGame& one : games) texts.push_back(one.game);
  const std::vector<ReadGame> again = read_all(*export_records(texts, RecordFormat::kCsa), RecordFormat::kCsa);
  ASSERT_EQ(again.size(), 3U);
  for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(moves_of(again[i].game), moves_of(texts[i]));
  EXPECT_FALSE(export_records(texts, RecordFormat::kKif).has_value());
  EXPECT_FALSE(export_records({}, RecordFormat::kCsa).has_value());
}

TEST(RecordRead, CsaRanksWhoseBlanksWereLost) {
  const ReadGame read = read_one(
      "P1 * * * * -OU * * * *\nP2 *  *  *  *  *  *  *  *  *\nP3 * * * * +FU * * * *\nP4 * * * * * * * * *\n"
      "P5 * * * * * * * * *\nP6 * * * * * * * * *\nP7 * * * * * * * * *\nP8 * * * * * * * * *\n"
      "P9 * * * * +OU * * * *\nP+00KI\n+\n+0052KI\n%TSUMI\n",
      RecordFormat::kCsa);
  EXPECT_EQ(read.game.start_sfen, "4k4/9/4P4/9/9/9/9/9/4K4 b G 1");
  EXPECT_EQ(read.game.end, RecordEnd::kCheckmate);
}

TEST(RecordRead, EveryWordForAnEnd) {
  struct Case {
    const char* kif;
    RecordEnd end;
    Winner winner;  ///< Black is to move
    std::size_t notes;
  };
  const Case cases[] = {
      {"中断", RecordEnd::kUnfinished, Winner::kNone, 0},      {"投了", RecordEnd::kResign, Winner::kWhite, 0},
      {"詰み", RecordEnd::kCheckmate, Winner::kWhite, 0},      {"千日手", RecordEnd::kRepetition, Winner::kNone, 0},
      {"持将棋", RecordEnd::kImpasse, Winner::kNone, 0},       {"入玉勝ち", RecordEnd::kDeclaration, Winner::kBlack, 0},
      {"切れ負け", RecordEnd::kTimeout, Winner::kWhite, 0},    {"反則負け", RecordEnd::kIllegalMove, Winner::kWhite, 0},
      {"反則勝ち", RecordEnd::kFoulBefore, Winner::kBlack, 0}, {"封じ手", RecordEnd::kUnfinished, Winner::kNone, 1},
      {"不詰", RecordEnd::kUnfinished, Winner::kNone, 1},      {"不戦敗", RecordEnd::kUnfinished, Winner::kNone, 1},
      {"最大手数", RecordEnd::kMaxMoves, Winner::kNone, 0},
  };
  for (const Case& c : cases) {
    const ReadGame read =
        read_one("1 ７六歩(77)\n2 ３四歩(33)\n3 " + std::string(c.kif) + "   ( 0:00/00:00:00)\n", RecordFormat::kKif);
    EXPECT_EQ(name_of(read.game.end), name_of(c.end)) << c.kif;
    EXPECT_EQ(read.game.winner, c.winner) << c.kif;
    EXPECT_EQ(read.notes.size(), c.notes) << c.kif;
  }
  const std::pair<const char*, RecordEnd> csa[] = {
      {"+ILLEGAL_ACTION", RecordEnd::kIllegalMove},
      {"-ILLEGAL_ACTION", RecordEnd::kFoulBefore},
      {"JISHOGI", RecordEnd::kImpasse},
      {"HIKIWAKE", RecordEnd::kDeclaration},
      {"MATTA", RecordEnd::kUnfinished},
      {"ERROR", RecordEnd::kUnfinished},
      {"FUZUMI", RecordEnd::kUnfinished},
      {"TIME_UP", RecordEnd::kTimeout},
  };
  for (const auto& [word, end] : csa) {
    const std::string text = "PI\n+\n+7776FU\n-3334FU\n%" + std::string(word) + "\n";
    EXPECT_EQ(name_of(read_one(text, RecordFormat::kCsa).game.end), name_of(end)) << word;
  }
}

TEST(RecordRead, JkfWithForksAndANumberedPreset) {
  const ReadGame read = read_one(
      "{\"header\":{\"先手\":\"甲\",\"odd "
      "key\":\"x\"},\"initial\":{\"preset\":\"2\"},\"moves\":[{\"comments\":[\"a\",\"b\"]},\n"
      "{\"move\":{\"color\":1,\"from\":{\"x\":3,\"y\":1},\"to\":{\"x\":4,\"y\":2},\"piece\":\"GI\"},"
      "\"time\":{\"now\":{\"m\":1,\"s\":5},\"total\":{\"h\":0,\"m\":1,\"s\":5}},"
      "\"forks\":[[{\"move\":{},\"forks\":[[{}]]}],[]]},\n"
      "{\"special\":\"TORYO\"}]}",
      RecordFormat::kJkf);
  EXPECT_EQ(moves_of(read.game), "3a4b");
  EXPECT_EQ(read.game.comment, "a\nb");
  EXPECT_EQ(read.game.moves[0].time_s, 65);
  EXPECT_EQ(read.game.end, RecordEnd::kResign);
  ASSERT_EQ(read.notes.size(), 2U);
  EXPECT_EQ(read.notes[0], "the header 'odd key' is left out: no format could write it");
  EXPECT_EQ(read.notes[1], "3 variations are left out");
}

TEST(RecordRead, UsiLinesInTheirForms) {
  const std::vector<ReadGame> games = read_all(
      "# remark\nstartpos\nposition startpos moves 7g7f\r\nsfen 4k4/9/9/9/9/9/9/9/4K4 w P2r 8 moves 5a6a\n\n"
      "4k4/9/9/9/9/9/9/9/4K4 b - 1\nstartpos moves\n",
      RecordFormat::kUsi);
  ASSERT_EQ(games.size(), 5U);
  EXPECT_EQ(moves_of(games[1].game), "7g7f");
  EXPECT_EQ(games[2].game.start_sfen, "4k4/9/9/9/9/9/9/9/4K4 w P2r 8");
  EXPECT_EQ(games[3].game.start_sfen, "4k4/9/9/9/9/9/9/9/4K4 b - 1");
}

TEST(RecordEncoding, IsFoundByMarkDeclarationAndValidity) {
  const std::string kif = "先手：甲\n";
  const std::string sjis = *encode_record(kif, TextEncoding::kShiftJis, "f");
  EXPECT_EQ(sjis, "\x90\xE6\x8E\xE8\x81\x46\x8D\x62\n");
  EXPECT_EQ(decode_record(sjis, "f")->text, kif);
  EXPECT_EQ(decode_record(kif, "f")->encoding, TextEncoding::kUtf8);
  EXPECT_EQ(decode_record("\xEF\xBB\xBF" + kif, "f")->text, kif);
  EXPECT_EQ(decode_record("# KIF version=2.0 encoding=Shift_JIS\n" + sjis, "f")->note, "");
  const auto wrong = decode_record("# KIF version=2.0 encoding=UTF-8\n" + sjis, "f");
  ASSERT_TRUE(wrong.has_value());
  EXPECT_EQ(wrong->encoding, TextEncoding::kShiftJis);
  EXPECT_EQ(wrong->note, "the file says that it is in UTF-8, and is in Shift_JIS");
  EXPECT_EQ(decode_record("plain", "f")->encoding, TextEncoding::kUtf8);
  // Characters of the Windows page that the older standard has not.
  EXPECT_EQ(decode_record(*encode_record("①髙～", TextEncoding::kShiftJis, "f"), "f")->text, "①髙～");
  const auto emoji = encode_record("先手：甲\n後手：x♟y\n", TextEncoding::kShiftJis, "out.kif");
  ASSERT_FALSE(emoji.has_value());
  EXPECT_EQ(emoji.error().message, "out.kif:2:5: Shift_JIS has no character '♟'");
}

TEST(RecordRead, FormatsByExtension) {
  EXPECT_EQ(format_of_file("a.b/game.KIF"), RecordFormat::kKif);
  EXPECT_EQ(format_of_file("game.ki2u"), RecordFormat::kKi2);
  EXPECT_EQ(format_of_file("x.json"), RecordFormat::kJkf);
  EXPECT_EQ(format_of_file("x.sfen"), RecordFormat::kUsi);
  EXPECT_FALSE(format_of_file("kif").has_value());
  EXPECT_FALSE(format_of_file("x.psn").has_value());
}

}  // namespace
}  // namespace keisei::shogi::testing
