#include "dashboard/screen.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <system_error>

#include "base/file.h"
#include "base/random.h"
#include "dashboard/terminal.h"

namespace keisei::dashboard {
namespace {

using Lines = std::vector<std::string>;

/// The screen's rows from the top, as far as they hold anything.
Lines shown(const TestTerminal& terminal) {
  Lines lines = terminal.screen();
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

TEST(Repainter, DrawsThenTouchesOnlyWhatChanged) {
  TestTerminal terminal({20, 10});
  Repainter repainter;
  terminal.feed("$ keisei train\r\n");
  terminal.feed(repainter.repaint({"one", "two", "three"}, {20, 10}));
  EXPECT_EQ(shown(terminal), (Lines{"$ keisei train", "one", "two", "three"}));
  EXPECT_EQ(terminal.row(), 4);
  EXPECT_EQ(terminal.column(), 0);

  const std::string bytes = repainter.repaint({"one", "2", "three"}, {20, 10});
  EXPECT_EQ(bytes.find("one"), std::string::npos);
  EXPECT_EQ(bytes.find("three"), std::string::npos);
  EXPECT_EQ(bytes.find("\x1b[2J"), std::string::npos) << "clearing the screen flickers";
  terminal.feed(bytes);
  EXPECT_EQ(shown(terminal), (Lines{"$ keisei train", "one", "2", "three"}));
  EXPECT_EQ(repainter.repaint({"one", "2", "three"}, {20, 10}), "") << "nothing changed, nothing is written";
}

TEST(Repainter, LeavesNothingToRestoreAfterAnyFrame) {
  TestTerminal terminal({20, 10});
  Repainter repainter;
  for (const Lines& lines : {Lines{"a", "b"}, Lines{"a"}, Lines{"a", "b", "c"}}) {
    terminal.feed(repainter.repaint(lines, {20, 10}));
    EXPECT_TRUE(terminal.cursor_shown());
    EXPECT_TRUE(terminal.wraps());
    EXPECT_EQ(terminal.column(), 0);
    EXPECT_EQ(shown(terminal), lines);
  }
}

TEST(Repainter, LastingLinesStayAboveTheBlock) {
  TestTerminal terminal({12, 8});
  Repainter repainter;
  terminal.feed(repainter.repaint({"x", "y"}, {12, 8}));
  terminal.feed(repainter.repaint({"x", "y"}, {12, 8}, {"warning: a long one"}));
  EXPECT_EQ(shown(terminal), (Lines{"warning: a l", "ong one", "x", "y"})) << "lasting lines may wrap";
  terminal.feed(repainter.repaint({"x", "z"}, {12, 8}));
  EXPECT_EQ(shown(terminal), (Lines{"warning: a l", "ong one", "x", "z"}));
}

TEST(Repainter, AnyRandomHistoryEndsInTheRightScreen) {
  constexpr Size kSize{30, 12};
  Random random(1, Purpose::kTest);
  for (int round = 0; round < 50; ++round) {
    TestTerminal terminal(kSize);
    Repainter repainter;
    Lines lasting;
    for (int frame = 0; frame < 30; ++frame) {
      Lines lines(1 + random.below(11)), above(random.below(8) == 0 ? 1 : 0);
      for (auto& line : lines) {
        line = std::string(1 + random.below(28), static_cast<char>('a' + random.below(3)));
      }
      for (auto& line : above) line = "warning " + std::to_string(frame);
      lasting.insert(lasting.end(), above.begin(), above.end());
      terminal.feed(repainter.repaint(lines, kSize, above));
      // The block is the last thing on the screen, the youngest lasting lines right above it.
      Lines screen = shown(terminal);
      ASSERT_GE(screen.size(), lines.size());
      ASSERT_EQ(Lines(screen.end() - static_cast<std::ptrdiff_t>(lines.size()), screen.end()), lines);
      screen.resize(screen.size() - lines.size());
      for (std::size_t k = 1; k <= std::min(screen.size(), lasting.size()); ++k) {
        ASSERT_EQ(screen[screen.size() - k], lasting[lasting.size() - k]);
      }
    }
  }
}

TEST(Repainter, ANarrowerTerminalIsRepaintedOverItsWrappedLines) {
  Repainter repainter;
  (void)repainter.repaint({std::string(30, '-'), "short"}, {40, 20});
  const std::string bytes = repainter.repaint({std::string(15, '-'), "short"}, {16, 20});
  EXPECT_NE(bytes.find("\x1b[3A\r\x1b[J"), std::string::npos) << "30 cells are two rows of 16";
  EXPECT_NE(bytes.find("short"), std::string::npos) << "after a resize every line is written";
}

TEST(PaintedWidth, SkipsColours) {
  EXPECT_EQ(painted_width("\x1b[2mab\x1b[0m王"), 4);
  EXPECT_EQ(painted_width(""), 0);
}

TEST(FdScreen, AsksTheTerminalForItsSizeEachTime) {
  int master = -1, slave = -1;
  winsize window{.ws_row = 33, .ws_col = 101, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(::openpty(&master, &slave, nullptr, nullptr, &window), 0);
  const Fd close_master(master), close_slave(slave);
  FdScreen screen(slave);
  EXPECT_EQ(screen.size().columns, 101);
  EXPECT_EQ(screen.size().rows, 33);
  window.ws_col = 64;
  ASSERT_EQ(::ioctl(master, TIOCSWINSZ, &window), 0);
  EXPECT_EQ(screen.size().columns, 64);
  EXPECT_TRUE(screen.ready());
  screen.write("hello");
  std::array<char, 16> text{};
  EXPECT_EQ(::read(master, text.data(), text.size()), 5);
}

TEST(FdScreen, WithoutATerminalHasADefaultSizeAndReportsFaults) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Fd read_end(ends[0]), write_end(ends[1]);
  FdScreen screen(write_end.get());
  EXPECT_EQ(screen.size().columns, 80);
  EXPECT_EQ(screen.size().rows, 24);
  FdScreen full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_THROW(full.write("x"), std::system_error);
}

TEST(FdScreen, AStoppedTerminalIsNotReady) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
  const Fd read_end(ends[0]), write_end(ends[1]);
  const FdScreen screen(write_end.get());
  EXPECT_TRUE(screen.ready());
  const std::string block(4096, 'x');
  while (::write(write_end.get(), block.data(), block.size()) > 0) {
  }
  EXPECT_FALSE(screen.ready());
}

}  // namespace
}  // namespace keisei::dashboard
