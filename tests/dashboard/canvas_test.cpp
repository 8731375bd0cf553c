// Cells, curves and boards: what the frame of the full screen is put together from.
#include "dashboard/canvas.h"

#include <gtest/gtest.h>

#include <limits>

#include "dashboard/board.h"
#include "dashboard/live_sample.h"
#include "dashboard/plot.h"

namespace keisei::dashboard {
namespace {

TEST(Canvas, PutsCutsAndStaysWithinItsEdges) {
  Canvas canvas({10, 3}, true);
  canvas.put(0, 0, {{"abc", Tone::kStrong}, {"defghijklmno", Tone::kDim}}, 10);
  canvas.put(1, 7, {{"xyz!", Tone::kNormal}}, 99);
  canvas.put(2, 2, {{"hello", Tone::kNormal}}, 3);
  canvas.put(3, 0, {{"below", Tone::kNormal}}, 10);
  canvas.put(-1, 0, {{"above", Tone::kNormal}}, 10);
  EXPECT_EQ(to_lines(canvas, false), (std::vector<std::string>{"abcdefghi…", "       xy…", "  he…"}));
  EXPECT_EQ(canvas.at(0, 2).tone, Tone::kStrong);
  EXPECT_EQ(canvas.at(0, 3).tone, Tone::kDim);
}

TEST(Canvas, AWideCharacterIsNeverHalf) {
  Canvas canvas({6, 1}, true);
  canvas.put(0, 0, {{"王手歩", Tone::kNormal}}, 6);
  EXPECT_EQ(canvas.at(0, 1).text, "");
  canvas.put(0, 1, {{"x", Tone::kNormal}}, 1);
  EXPECT_EQ(to_lines(canvas, false).front(), " x手歩");
  canvas.put(0, 4, {{"y", Tone::kNormal}}, 1);
  EXPECT_EQ(to_lines(canvas, false).front(), " x手y");
  Canvas narrow({5, 1}, true);
  narrow.put(0, 0, {{"王手歩", Tone::kNormal}}, 5);
  EXPECT_EQ(to_lines(narrow, false).front(), "王手…");
}

TEST(Canvas, ControlCharactersNeverReachACell) {
  Canvas canvas({20, 1}, true);
  canvas.put(0, 0, {{"a\x1b[31mb\tc\xff", Tone::kNormal}}, 20);
  EXPECT_EQ(to_lines(canvas, false).front(), "a [31mb c?");
}

TEST(Canvas, WithoutUnicodeEverythingIsAscii) {
  Canvas canvas({20, 1}, false);
  canvas.put(0, 0, {{"─│●○▲ ⠁⣀⣿ 王", Tone::kNormal}}, 20);
  EXPECT_EQ(to_lines(canvas, false).front(), "-|o.^ '.: ??");
}

TEST(Plot, RisesFromTheLowerLeftToTheUpperRight) {
  EXPECT_EQ(plot({0, 1, 2, 3, 4, 5, 6, 7}, 4, 2), (std::vector<std::string>{"  ⡠⠊", "⡠⠊  "}));
  EXPECT_EQ(plot({5, 5, 5}, 3, 1), (std::vector<std::string>{"⠤⠤⠤"})) << "a flat series is a line";
  EXPECT_EQ(plot({}, 3, 2), (std::vector<std::string>{"   ", "   "}));
  EXPECT_TRUE(plot({1, 2}, 3, 0).empty());
}

TEST(Plot, FitsEverySizeAndTheLargestNumbers) {
  constexpr double kMost = std::numeric_limits<double>::max();
  std::deque<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i % 7 == 0 ? kMost : i % 5 == 0 ? -kMost : i);
  for (int columns = 0; columns < 70; ++columns) {
    for (int rows = 0; rows < 9; ++rows) {
      const auto lines = plot(values, columns, rows);
      ASSERT_EQ(lines.size(), static_cast<std::size_t>(rows));
      for (const auto& line : lines) ASSERT_EQ(cell_width(line), columns);
    }
  }
}

std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) {
    for (const Span& span : line) text += span.text;
    text += "\n";
  }
  return text;
}

TEST(Board, ShowsPiecesHandsAndTheLastMove) {
  const auto lines = board_lines(kSampleSfen, "7g6f+", true);
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(kBoardRows));
  for (const Line& line : lines) EXPECT_LE(cell_width(line), kBoardColumns);
  EXPECT_EQ(text_of(lines),
            " △ 金 銀 桂 歩5\n"
            "  9  8  7  6  5  4  3  2  1\n"
            "╭───────────────────────────╮\n"
            "│v香 ·  ·  ·  ·  ·  · v桂v香│a\n"
            "│ ·  ·  ·  ·  ·  と · v金v玉│b\n"
            "│ ·  · v桂v歩 ·  銀 ·  ·  · │c\n"
            "│v歩 · v歩 ·  ·  ·  ·  歩v歩│d\n"
            "│ ·  ·  ·  歩 ·  ·  銀v歩 · │e\n"
            "│ ·  歩 歩v角 ·  ·  歩 ·  歩│f\n"
            "│ 歩 ·  ·  ·  ·  ·  金 銀 · │g\n"
            "│ 飛 ·  ·  ·  ·  ·  ·  ·  · │h\n"
            "│ 香 桂 ·  ·  ·  · v角 玉 香│i\n"
            "╰───────────────────────────╯\n"
            " ▲ 飛 金\n");
  int marked = 0;
  for (const Line& line : lines) {
    for (const Span& span : line) {
      if (span.tone != Tone::kSelected) continue;
      ++marked;
      EXPECT_EQ(span.text, "v角") << "6f";
    }
  }
  EXPECT_EQ(marked, 1);
}

TEST(Board, HasLettersWithoutUnicode) {
  const std::string text = text_of(board_lines(kSampleSfen, "", false));
  EXPECT_NE(text.find("│ ·  ·  ·  ·  · +P  ·  g  k │b"), std::string::npos) << text;
}

TEST(Board, RefusesWhatHasNotTheFormOfASfen) {
  for (const char* sfen :
       {"", "startpos", "9/9/9 b - 1", "9/9/9/9/9/9/9/9/9/9 b - 1", "k8/9/9/9/9/9/9/9/8K9 b - 1",
        "k8/9/9/9/9/9/9/9/8X b - 1", "k8/9/9/9/9/9/9/9/8+K b - 1", "k8/9/9/9/9/9/9/9/8++P b - 1",
        "k8/9/9/9/9/9/9/9/8K b 99999999999P 1", "k8/9/9/9/9/9/9/9/8K b 2 1", "k8/9/9/9/9/9/9/9/8K b"}) {
    EXPECT_TRUE(board_lines(sfen, "7g7f", true).empty()) << sfen;
  }
  EXPECT_FALSE(board_lines("k8/9/9/9/9/9/9/9/8K b - 1", "nonsense", true).empty());
  EXPECT_EQ(ply_of(kSampleSfen), 59);
  EXPECT_FALSE(ply_of("k8/9/9/9/9/9/9/9/8K b - zero"));
  EXPECT_FALSE(ply_of("k8/9/9/9/9/9/9/9/8K b -"));
}

}  // namespace
}  // namespace keisei::dashboard
