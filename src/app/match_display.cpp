#include "app/match_display.h"

#include <algorithm>
#include <cstdio>

#include "evaluation/markup.h"

namespace keisei::app {
namespace {

constexpr double kTerminalEveryS = 0.5;
constexpr double kLineEveryS = 5;
constexpr double kShareOfTime = 0.02;  ///< the most that showing may take of a processor
constexpr std::size_t kColumns = 79;
constexpr std::size_t kMaxLines = 20;  ///< a taller table is not redrawn: it would scroll away

void put(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

MatchDisplay::MatchDisplay(const evaluation::Match& match, const Clock& clock, bool terminal)
    : match_(match),
      clock_(clock),
      terminal_(terminal),
      shown_s_(clock.monotonic_s()),
      pause_s_(terminal ? kTerminalEveryS : kLineEveryS) {}

void MatchDisplay::erase() {
  if (lines_ > 0) put("\x1b[" + std::to_string(lines_) + "A\x1b[J");
  lines_ = 0;
}

void MatchDisplay::show(const std::vector<evaluation::GameRecord>& games, const evaluation::StopPoint& stop,
                        bool last) {
  const double now_s = clock_.monotonic_s();
  if (!last && (games.size() == games_ || now_s - shown_s_ < pause_s_)) return;
  shown_s_ = now_s;
  games_ = games.size();
  const evaluation::MatchTable table = evaluation::tabulate(match_, evaluation::counted(games, stop));
  const std::string line = "keisei: " + evaluation::progress_line(match_, table, stop.state);
  pause_s_ = std::max(terminal_ ? kTerminalEveryS : kLineEveryS, (clock_.monotonic_s() - now_s) / kShareOfTime);
  if (!terminal_) {
    put(line + "\n");
    return;
  }
  std::string text = evaluation::shortened(line, kColumns) + "\n";
  if (table.rows.size() > 2) text += evaluation::cross_lines(table, kColumns);
  auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines > kMaxLines) {
    text.resize(text.find('\n') + 1);
    lines = 1;
  }
  erase();
  put(text);
  lines_ = last ? 0 : lines;
}

void MatchDisplay::say(const std::string& line) {
  erase();
  put(line + "\n");
}

}  // namespace keisei::app
