// keisei runs watch: the words on the command line, and a run's log on a real terminal while it grows.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/cli.h"
#include "app/program.h"
#include "dashboard/live_sample.h"
#include "dashboard/tmux.h"
#include "telemetry/json_log.h"

namespace keisei::app {
namespace {

namespace fs = std::filesystem;

Result<Command> parse_line(const std::string& line) { return parse(words_of(line), {}); }

TEST(RunsWatch, TakesARunAndNoJson) {
  const auto command = parse_line("runs watch first --savedir here");
  ASSERT_TRUE(command);
  const auto& args = std::get<RunsArgs>(*command);
  EXPECT_EQ(args.action, RunsArgs::Action::kWatch);
  EXPECT_EQ(args.run, "first");
  EXPECT_EQ(args.savedir, "here");
  const auto refused = parse_line("runs watch first --json");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUsage);
}

class RunsWatchLog : public testing::Test {
 protected:
  RunsWatchLog() {
    fs::create_directories(run_);
    std::ofstream(run_ / "config.yaml") << "env:\n  seed: 1\n";
  }
  ~RunsWatchLog() override { fs::remove_all(root_); }

  const fs::path root_ = fs::path(testing::TempDir()) / ("keisei_watch_" + std::to_string(::getpid()));
  const fs::path run_ = root_ / "tiny-7";
};

TEST_F(RunsWatchLog, NeedsATerminal) {
  std::ofstream(run_ / "log.jsonl") << telemetry::json_line(dashboard::run_start()) << "\n";
  const Ran ran = run_keisei({"runs", "watch", run_.string()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("80x24"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.out, "");
}

TEST_F(RunsWatchLog, ShowsTheLogAsItGrows) {
  if (!dashboard::has_tmux()) GTEST_SKIP() << "no tmux here";
  auto log = telemetry::JsonLog::open(run_ / "log.jsonl");
  ASSERT_TRUE(log);
  (*log)->write(dashboard::run_start());
  const std::string keisei = std::string(KEISEI_BINARY_DIR) + "/keisei";
  const std::string watch = "\"" + keisei + "\" runs watch \"" + run_.string() + "\"";
  dashboard::Tmux tmux(120, 40, watch + "; echo CODE $?; echo REPORTED; sleep 1000");
  ASSERT_TRUE(tmux.started()) << tmux.output();
  EXPECT_TRUE(dashboard::has(tmux.screen_with("starting…"), "tiny-7"));
  for (const dashboard::Arrival& arrival : dashboard::live_events()) (*log)->write(arrival.event);
  const std::string shown = tmux.screen_with("update 60");
  EXPECT_TRUE(dashboard::has(shown, "24.6 %")) << shown;
  EXPECT_TRUE(dashboard::has(shown, "q leave")) << shown;
  (*log)->write({.kind = "run.end", .step = 1, .utc_ms = 1, .metrics = {}, .texts = {{"status", "finished"}}});
  (void)tmux.screen_with("finished");
  tmux.keys("q");
  const std::string last = tmux.screen_with("REPORTED");
  EXPECT_TRUE(dashboard::has(last, "CODE 0")) << last;
  EXPECT_EQ(tmux.command("display-message -p '#{alternate_on} #{cursor_flag}'"), "0 1\n");
}

}  // namespace
}  // namespace keisei::app
