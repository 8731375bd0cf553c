// The panel in a real terminal: a run of events drawn inside tmux, captured, resized and captured again. The program
// inside is this test program itself, started with the disabled test below.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>

#include "dashboard/progress.h"
#include "dashboard/sample.h"
#include "telemetry/bus.h"

namespace keisei::dashboard {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kPatience{30};

/// Output of a shell command; its exit status in `status`.
std::string run(const std::string& command, int* status = nullptr) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<char, 4096> block{};
  for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) text.append(block.data(), n);
  const int code = ::pclose(pipe);
  if (status != nullptr) *status = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
  return text;
}

/// A tmux server of our own, gone at the end whatever happens.
class Tmux {
 public:
  Tmux(int columns, int rows, const std::string& program)
      : tmux_("tmux -u -f /dev/null -L keisei_test_" + std::to_string(::getpid()) + " ") {
    output_ = run("env -u TMUX -u CI -u NO_COLOR LC_ALL=C.UTF-8 " + tmux_ + "new-session -d -x " +
                      std::to_string(columns) + " -y " + std::to_string(rows) + " '" + program + "'",
                  &status_);
  }
  ~Tmux() { (void)run(tmux_ + "kill-server"); }
  Tmux(const Tmux&) = delete;
  Tmux& operator=(const Tmux&) = delete;

  [[nodiscard]] bool started() const { return status_ == 0; }
  [[nodiscard]] const std::string& output() const { return output_; }
  std::string command(const std::string& arguments) { return run(tmux_ + arguments); }
  /// The screen as soon as it satisfies `done`, or as it is when patience ends.
  std::string screen(const std::function<bool(const std::string&)>& done) {
    const auto deadline = steady_clock::now() + kPatience;
    std::string text;
    do {
      text = command("capture-pane -p");
      if (done(text)) break;
      std::this_thread::sleep_for(milliseconds(50));
    } while (steady_clock::now() < deadline);
    return text;
  }

 private:
  std::string tmux_;
  std::string output_;
  int status_ = -1;
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

int widest(const std::string& text) {
  std::istringstream lines(text);
  int cells = 0;
  for (std::string line; std::getline(lines, line);) cells = std::max(cells, cell_width(line));
  return cells;
}

/// Not a test by itself: what runs inside tmux. It ends when its session is killed.
TEST(TmuxProgram, DISABLED_DrawsARun) {
  const SystemClock clock;
  telemetry::Bus bus(clock, {make_progress_view(STDERR_FILENO, false, false, ColourWish::kAuto)});
  bus.publish(run_start());
  bus.publish(telemetry::warning(0, "this line stays"));
  const auto end = steady_clock::now() + 4 * kPatience;
  for (int n = 1; steady_clock::now() < end; n = std::min(n + 1, kSampleUpdates)) {
    bus.publish(sample_update(n));
    if (n % 10 == 0 && n < kSampleUpdates) bus.publish(sample_evaluation(n));
    std::this_thread::sleep_for(milliseconds(20));
  }
}

TEST(Tmux, ThePanelStaysWholeThroughUpdatesAndResizes) {
  int status = 0;
  (void)run("tmux -V", &status);
  if (status != 0) GTEST_SKIP() << "no tmux here";
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  Tmux tmux(80, 24, "\"" + self + "\" --gtest_filter=TmuxProgram.* --gtest_also_run_disabled_tests >/dev/null");
  ASSERT_TRUE(tmux.started()) << tmux.output();

  const std::string first = tmux.screen([](const std::string& text) { return has(text, "update 60"); });
  EXPECT_EQ(count(first, "keisei tiny-7"), 1) << first;
  EXPECT_EQ(count(first, "loss "), 1) << first;
  EXPECT_TRUE(has(first, "24.6 %")) << first;
  EXPECT_TRUE(has(first, "warning: this line stays")) << first;
  EXPECT_EQ(tmux.command("display-message -p '#{cursor_flag} #{wrap_flag}'"), "1 1\n");

  for (const auto& [columns, rows] : {std::pair{50, 20}, std::pair{120, 30}, std::pair{64, 12}}) {
    (void)tmux.command("resize-window -x " + std::to_string(columns) + " -y " + std::to_string(rows));
    const std::string rule_end = " update 60 ──";
    const std::string shown = tmux.screen([&](const std::string& text) {
      return widest(text) == columns - 1 && count(text, rule_end) == 1 && count(text, "plies/s") == 1;
    });
    EXPECT_EQ(widest(shown), columns - 1) << shown;
    EXPECT_EQ(count(shown, "keisei tiny-7"), 1) << "no remains of the old frame\n" << shown;
    EXPECT_EQ(count(shown, "plies/s"), 1) << shown;
  }
}

}  // namespace
}  // namespace keisei::dashboard
