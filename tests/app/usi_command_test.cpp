// What a GUI says as values: go in all its forms, positions, options, and how long a move may take.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <thread>

#include "app/usi/engine_options.h"
#include "app/usi/gui_command.h"
#include "app/usi/line_reader.h"
#include "app/usi/thinker.h"
#include "evaluation/usi_protocol.h"

namespace keisei::app::usi {
namespace {

using shogi::Color;

TEST(GuiCommand, ReadsGoInAllItsForms) {
  const GoCommand clock = parse_go(" btime 60000 wtime 50000 byoyomi 1000 ");
  EXPECT_EQ(clock.times.black_ms, 60'000);
  EXPECT_EQ(clock.times.white_ms, 50'000);
  EXPECT_EQ(clock.times.byoyomi_ms, 1'000);
  EXPECT_FALSE(clock.infinite || clock.ponder || clock.mate || clock.nodes || clock.depth);
  const GoCommand increments = parse_go("ponder btime 1 wtime 2 binc 3 winc 4");
  EXPECT_TRUE(increments.ponder);
  EXPECT_EQ(increments.times.black_increment_ms, 3);
  EXPECT_EQ(increments.times.white_increment_ms, 4);
  const GoCommand limits = parse_go("nodes 1000 depth 3 movetime 50 searchmoves 7g7f P*5e 8h2b+");
  EXPECT_EQ(limits.nodes, 1'000U);
  EXPECT_EQ(limits.depth, 3);
  EXPECT_EQ(limits.times.movetime_ms, 50);
  EXPECT_EQ(limits.only, (std::vector<std::string>{"7g7f", "P*5e", "8h2b+"}));
  EXPECT_EQ(parse_go("searchmoves 7g7f nodes 5").nodes, 5U);
  EXPECT_TRUE(parse_go("infinite").infinite);
  EXPECT_TRUE(parse_go("mate infinite").mate);
  EXPECT_FALSE(parse_go("mate infinite").mate_ms);
  EXPECT_EQ(parse_go("mate 500").mate_ms, 500);
  EXPECT_FALSE(parse_go("").times.any());
}

TEST(GuiCommand, TakesAnyNumberForATime) {
  EXPECT_EQ(parse_go("btime -200").times.black_ms, 0);
  EXPECT_EQ(parse_go("btime x wtime 7").times.white_ms, 7);
  EXPECT_EQ(parse_go("btime 99999999999999999999999").times.black_ms, kMaxTimeMs);
  EXPECT_EQ(parse_go("btime").times.black_ms, 0);
  EXPECT_EQ(parse_go("nodes -1").nodes, 0U);
}

TEST(GuiCommand, ReadsPositions) {
  EXPECT_EQ(parse_position(" startpos  ")->plies_played(), 0);
  EXPECT_EQ(parse_position("startpos moves 7g7f 3c3d")->plies_played(), 2);
  const std::string sfen = "4k4/9/9/9/9/9/9/9/4K4 b P 1";
  EXPECT_EQ(parse_position("sfen " + sfen)->sfen(), sfen);
  EXPECT_EQ(parse_position("sfen 4k4/9/9/9/9/9/9/9/4K4 b P moves P*5e")->plies_played(), 1);
  for (const char* bad : {"", "sfen", "sfen x b - 1", "startpos moves 7g7e", "startpos moves 7g7f 7g7f", "moves 7g7f"})
    EXPECT_FALSE(parse_position(bad)) << bad;
}

TEST(GuiCommand, ReadsOptions) {
  EXPECT_EQ(parse_setoption("name Weights value a b/c")->value, "a b/c");
  EXPECT_EQ(parse_setoption("name Clear Hash")->name, "Clear Hash");
  EXPECT_EQ(parse_setoption("name Weights value")->value, "");
  EXPECT_FALSE(parse_setoption("value 3"));
  EXPECT_FALSE(parse_setoption("name"));
  EngineOptions options;
  EXPECT_TRUE(*set_option(options, "usi_hash", "128"));
  EXPECT_EQ(options.hash_mib, 128);
  EXPECT_FALSE(set_option(options, "USI_Hash", "0"));
  EXPECT_FALSE(set_option(options, "USI_Hash", "12x"));
  EXPECT_EQ(options.hash_mib, 128);
  EXPECT_TRUE(*set_option(options, "EnteringKingRule", "CSARule24"));
  EXPECT_EQ(options.declaration, shogi::DeclarationRule::k24);
  EXPECT_TRUE(*set_option(options, "drawvalueblack", "-200"));
  EXPECT_EQ(options.draw_value_black, -200);
  EXPECT_FALSE(set_option(options, "DrawValueWhite", "30001"));
  EXPECT_FALSE(*set_option(options, "SomethingElse", "1"));
  EXPECT_TRUE(*set_option(options, "Weights", "<empty>"));
  EXPECT_EQ(options.weights, "");
}

TEST(GuiCommand, EveryOptionLineIsReadByOurOwnMatches) {
  std::string lines = option_lines({});
  int count = 0;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    const std::string line = lines.substr(0, end);
    const auto option = evaluation::parse_option(line);
    ASSERT_TRUE(option) << line;
    EngineOptions options;
    const auto set = set_option(options, option->name, option->default_value);
    EXPECT_TRUE(set && *set) << line;
    EXPECT_EQ(line.find("  "), std::string::npos) << line;
    lines.erase(0, end + 1);
    ++count;
  }
  EXPECT_EQ(count, 11);
}

TEST(TimeBudget, NeverExceedsWhatTheClockHolds) {
  const auto budget = [](const char* go, Color side = Color::kBlack) {
    return budget_of(parse_go(go).times, side, 100);
  };
  EXPECT_TRUE(std::isinf(budget("infinite").hard_s));
  EXPECT_TRUE(std::isinf(budget("nodes 5").hard_s));
  const TimeBudget byoyomi = budget("btime 0 wtime 0 byoyomi 1000");
  EXPECT_DOUBLE_EQ(byoyomi.hard_s, 0.9);
  EXPECT_DOUBLE_EQ(byoyomi.soft_s, 0.9);
  EXPECT_DOUBLE_EQ(budget("movetime 50").hard_s, 0.04);
  for (const std::int64_t clock_ms : {0, 1, 5, 100, 3'000, 60'000, 7'200'000}) {
    for (const std::int64_t extra_ms : {0, 1, 50, 1'000, 30'000}) {
      for (const char* kind : {" byoyomi ", " binc "}) {
        const std::string go = "btime " + std::to_string(clock_ms) + " wtime 1" + kind + std::to_string(extra_ms);
        const TimeBudget b = budget(go.c_str());
        EXPECT_LE(b.soft_s, b.hard_s) << go;
        EXPECT_GT(b.hard_s, 0) << go;
        const double most_s = static_cast<double>(std::max<std::int64_t>(1, clock_ms + extra_ms)) / 1000;
        EXPECT_LE(b.hard_s, most_s) << go;
      }
    }
  }
  EXPECT_LT(budget("btime 100000 wtime 10", Color::kWhite).hard_s, 0.011);
}

TEST(Allowance, EndsByItsClockAndByStop) {
  FakeClock clock;
  Allowance allowance(clock);
  EXPECT_FALSE(allowance.over());
  allowance.grant({1, 2});
  clock.advance_ns(1'500'000'000);
  EXPECT_TRUE(allowance.enough());
  EXPECT_FALSE(allowance.over());
  EXPECT_DOUBLE_EQ(allowance.left_s(), 0.5);
  clock.advance_ns(500'000'000);
  EXPECT_TRUE(allowance.over());
  allowance.restart();
  EXPECT_FALSE(allowance.over());
  EXPECT_TRUE(std::isinf(allowance.left_s()));
  allowance.stop();
  EXPECT_TRUE(allowance.over());
}

TEST(Centipawns, AreTheOppositeOfHowScoresAreRead) {
  for (const double value : {-0.9, -0.3, 0.0, 0.01, 0.5, 0.99}) {
    evaluation::EngineInfo info;
    info.score_cp = centipawns(value);
    EXPECT_NEAR(info.value(), value, 1e-3);
  }
}

TEST(LineReader, BoundsItsLinesAndKeepsTheRest) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::jthread writer([&] {
    const std::string text = "first\r\n" + std::string(kMaxGuiLineBytes + 5, 'x') + "\nlast";
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t n = ::write(ends[1], text.data() + done, text.size() - done);
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    ::close(ends[1]);
  });
  LineReader reader(ends[0], "before\nhalf ");
  EXPECT_EQ(reader.next(), "before");
  EXPECT_EQ(reader.rest(), "half ");
  EXPECT_EQ(reader.next(), "half first\r");
  EXPECT_EQ(reader.next(), "last");
  EXPECT_EQ(reader.passed_over(), 1U);
  EXPECT_FALSE(reader.next());
  ::close(ends[0]);
}

}  // namespace
}  // namespace keisei::app::usi
