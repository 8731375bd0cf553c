// keisei play: how a person's moves are read, how the board looks, and whole games through the built program.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "app/play_text.h"
#include "app/usi_program.h"
#include "base/random.h"
#include "shogi/notation.h"

namespace keisei::app {
namespace {

using shogi::Position;
using testing::HasSubstr;

Position at(std::string_view sfen, const std::vector<std::string>& moves = {}) {
  const auto position = shogi::position_from(sfen, moves);
  EXPECT_TRUE(position) << sfen;
  return position ? *position : Position();
}

std::string read(const Position& position, std::string_view typed) {
  const auto move = read_move(position, typed);
  return move ? to_usi(*move) : "refused";
}

TEST(PlayText, ReadsMovesAsPeopleTypeThem) {
  const Position start = at("startpos");
  for (const char* typed : {"7g7f", "7六歩", "76歩", "▲７六歩", "☗７六歩", "▲ ７六　歩"})
    EXPECT_EQ(read(start, typed), "7g7f") << typed;
  const Position taken = at("startpos", {"7g7f", "3c3d", "8h2b+"});
  for (const char* typed : {"同銀", "△同　銀", "22銀", "2二同銀"}) EXPECT_EQ(read(taken, typed), "3a2b") << typed;
  const Position armed = at("startpos", {"7g7f", "3c3d", "8h2b+", "3a2b"});
  for (const char* typed : {"5五角", "55角打", "B*5e"}) EXPECT_EQ(read(armed, typed), "B*5e") << typed;
  EXPECT_EQ(read(at("4k4/9/9/4P4/9/9/9/9/4K4 b - 1"), "5三歩成"), "5d5c+");
  EXPECT_EQ(read(at("4k4/9/9/4P4/9/9/9/9/4K4 b - 1"), "5三歩不成"), "5d5c");
  EXPECT_EQ(read(at("4k4/9/9/4P4/9/9/9/9/4K4 b - 1"), "53歩生"), "5d5c");
}

TEST(PlayText, RefusesWhatIsNotOneLegalMove) {
  const Position start = at("startpos");
  for (const char* typed : {"7g7e", "75歩", "金", "58金", "x", "歩", "同歩", "7g7f 3c3d"})
    EXPECT_EQ(read(start, typed), "refused") << typed;
  EXPECT_EQ(read(start, std::string(1000, '7')), "refused");
}

TEST(PlayText, EveryLegalMoveIsReadBackFromItsJapanese) {
  Position position;
  Random random(8, Purpose::kTest);
  for (int ply = 0; ply < 40; ++ply) {
    shogi::MoveList legal;
    position.legal_moves(legal);
    if (legal.empty()) break;
    std::set<std::string> texts;
    for (const shogi::Move m : legal) {
      const std::string text = move_text(position, m);
      EXPECT_TRUE(texts.insert(text).second) << text;
      ASSERT_EQ(read(position, text), to_usi(m)) << text << " " << position.sfen();
    }
    position.make(legal[random.below(static_cast<std::uint32_t>(legal.size()))]);
  }
}

TEST(PlayText, DrawsTheBoardFromBothSides) {
  const Position position = at("startpos", {"7g7f", "3c3d", "8h2b+"});
  const std::string kanji = board_text(position, shogi::Color::kBlack, true);
  EXPECT_THAT(kanji, HasSubstr(" ９ ８ ７ ６ ５ ４ ３ ２ １"));
  EXPECT_THAT(kanji, HasSubstr("☗ 持駒 角"));
  EXPECT_THAT(kanji, HasSubstr("・v飛 ・ ・ ・ ・ ・ 馬 ・ 二"));
  const std::string letters = board_text(position, shogi::Color::kWhite, false);
  EXPECT_THAT(letters, HasSubstr("Black holds B\n"));
  EXPECT_THAT(letters, HasSubstr("White holds nothing\n"));
  EXPECT_LT(letters.find("  i\n"), letters.find("  a\n"));
}

/// Types the lines and returns everything that was shown.
std::string played(std::vector<std::string> args, const std::string& typed, int code = 0) {
  args.insert(args.begin(), "play");
  UsiProgram program(std::move(args));
  program.send_bytes(typed);
  program.close_input();
  std::string shown;
  while (const auto line = program.next()) shown += *line + "\n";
  EXPECT_EQ(program.wait(), code) << shown;
  return shown;
}

const std::vector<std::string> kQuick = {"--player", "material:1", "--seed", "4", "--pieces", "letters"};

TEST(PlayProgram, PlaysUndoesHintsAndResigns) {
  const std::string shown =
      played(kQuick, "help\n7g7f\nundo\nundo\nhint\nmoves\nflip\nboard\n2g2e\n\nfoo\n2g2f\ndeclare\nresign\n");
  EXPECT_THAT(shown, HasSubstr("You are Black, against material:1."));
  EXPECT_THAT(shown, HasSubstr("You play 7g7f"));
  EXPECT_THAT(shown, HasSubstr("White plays "));
  EXPECT_THAT(shown, HasSubstr("There is no move of yours to take back."));
  EXPECT_THAT(shown, HasSubstr("It would play "));
  EXPECT_THAT(shown, HasSubstr("2g2e is not legal here"));
  EXPECT_THAT(shown, HasSubstr("\"foo\" is no legal move here"));
  EXPECT_THAT(shown, HasSubstr("You cannot declare here."));
  EXPECT_THAT(shown, HasSubstr("You resign."));
}

TEST(PlayProgram, EndsWithTheGame) {
  const std::string mate = "4k4/9/4P4/9/9/9/9/9/4K4 b G 1";
  const std::vector<std::string> args = {"--player", "random", "--sfen", mate};
  EXPECT_THAT(played(args, "52金打\n"), HasSubstr("You win: checkmate."));
  const std::string entered = "+R+R+B+BGGSSK/GGSS2LL1/PPPPPPPPP/9/9/9/9/9/4k4 b 4N2L9P 1";
  EXPECT_THAT(played({"--sfen", entered}, "declare\n"), HasSubstr("You declare and win."));
  EXPECT_THAT(played({"--sfen", entered, "--side", "white"}, ""), HasSubstr("Black declares and wins."));
  EXPECT_THAT(played({"--side", "white", "--player", "random"}, "quit\n"), HasSubstr("Black plays ▲"));
  EXPECT_THAT(played({"--sfen", "x"}, "", 3), testing::IsEmpty());
}

TEST(PlayProgram, SavesTheGame) {
  const std::string path = testing::TempDir() + "keisei_play_" + std::to_string(::getpid()) + ".kifu";
  const std::string shown = played(kQuick, "7g7f\nsave " + path + "\nsave x.txt\nquit\n");
  EXPECT_THAT(shown, HasSubstr("Written: "));
  EXPECT_THAT(shown, HasSubstr("must end in .kifu"));
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, HasSubstr("７六歩"));
  std::remove(path.c_str());
}

}  // namespace
}  // namespace keisei::app
