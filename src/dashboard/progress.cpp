#include "dashboard/progress.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string_view>
#include <utility>

#include "dashboard/full_screen.h"
#include "dashboard/panel.h"
#include "dashboard/plain.h"

namespace keisei::dashboard {
namespace {

constexpr double kLeastRefresh = 0.1, kMostRefresh = 30.0;  // frames per second
constexpr double kHeartbeat_s = 30.0;                       // a plain progress line even when nothing happened
constexpr int kPlainColumns = 1000;
constexpr std::size_t kMostAbove = 64;  // lasting lines kept for a terminal that is stopped

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read once, before any thread starts
  return value == nullptr ? std::string() : std::string(value);
}

bool is_alarm(const telemetry::Event& event) { return event.kind == "warning" || event.kind == "error"; }

}  // namespace

Surroundings surroundings(int fd) {
  Surroundings around;
  around.terminal = ::isatty(fd) == 1;
  const std::string ci = variable("CI");
  around.ci = !ci.empty() && ci != "0" && ci != "false";
  around.no_color = !variable("NO_COLOR").empty();
  around.term = variable("TERM");
  // POSIX order: the first one that is set decides.
  std::string locale = variable("LC_ALL");
  if (locale.empty()) locale = variable("LC_CTYPE");
  if (locale.empty()) locale = variable("LANG");
  std::transform(locale.begin(), locale.end(), locale.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : char(c); });
  around.utf8 = locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  return around;
}

Mode choose_mode(const Surroundings& around, bool plain, bool quiet) {
  if (quiet) return Mode::kQuiet;
  const bool capable = around.terminal && !around.ci && !around.term.empty() && around.term != "dumb";
  return capable && !plain ? Mode::kLive : Mode::kPlain;
}

Paint choose_paint(const Surroundings& around, ColourWish wish) {
  const bool fits = around.terminal && !around.no_color && !around.term.empty() && around.term != "dumb";
  return {.colour = wish == ColourWish::kAlways || (wish == ColourWish::kAuto && fits), .unicode = around.utf8};
}

ProgressView::ProgressView(std::shared_ptr<const Clock> clock, std::shared_ptr<Screen> screen, ProgressOptions options)
    : clock_(std::move(clock)), screen_(std::move(screen)), options_(options) {}

ProgressView::~ProgressView() {
  try {
    flush();
  } catch (const std::exception&) {  // the terminal is gone; nobody is left to tell
  }
}

void ProgressView::write(const telemetry::Event& event) {
  const double now_s = clock_->monotonic_s();
  const bool first = !state_.started();
  state_.apply(event, now_s);
  if (options_.mode == Mode::kQuiet) {
    if (is_alarm(event)) print(*event_line(event));
    return;
  }
  if (options_.mode == Mode::kLive) {
    if (is_alarm(event) && above_.size() < kMostAbove) {
      above_.push_back(to_text(*event_line(event), kPlainColumns, options_.paint));
    }
    draw(now_s, first || state_.ended());
    return;
  }
  if (first && event.kind != "run.start") print({{"starting…", Tone::kStrong}});
  if (const auto line = event_line(event)) print(*line);
  if (first) last_draw_s_ = now_s;
  if (event.kind == "update") draw(now_s, !drawn_);
}

void ProgressView::tick() {
  const double now_s = clock_->monotonic_s();
  if (!state_.started() || state_.ended() || options_.mode == Mode::kQuiet) return;
  if (options_.mode == Mode::kLive) {
    draw(now_s, false);
  } else if (now_s - last_draw_s_ >= kHeartbeat_s) {
    draw(now_s, true);
  }
}

void ProgressView::flush() {
  if (options_.mode == Mode::kLive && state_.started()) draw(clock_->monotonic_s(), true);
}

void ProgressView::draw(double now_s, bool at_once) {
  const bool live = options_.mode == Mode::kLive;
  const double period_s =
      live ? 1.0 / std::clamp(options_.refresh_per_second, kLeastRefresh, kMostRefresh) : options_.plain_interval_s;
  if (!at_once && now_s - last_draw_s_ < period_s) return;
  if (!live) {
    last_draw_s_ = now_s;
    drawn_ = true;
    print(progress_line(state_, now_s));
    return;
  }
  if (!screen_->ready()) return;  // the next tick tries again
  last_draw_s_ = now_s;
  const Size size = screen_->size();
  const std::string bytes = repainter_.repaint(panel(state_, now_s, size, options_.paint), size, above_);
  above_.clear();
  if (!bytes.empty()) screen_->write(bytes);
}

void ProgressView::print(const Line& line) { screen_->write(to_text(line, kPlainColumns, options_.paint) + "\n"); }

std::shared_ptr<telemetry::Outlet> make_progress_view(int fd, bool plain, bool quiet, ColourWish wish,
                                                      double refresh_per_second, bool full_screen) {
  const Surroundings around = surroundings(fd);
  ProgressOptions options;
  options.refresh_per_second = refresh_per_second;
  options.mode = choose_mode(around, plain, quiet);
  options.paint = choose_paint(around, wish);
  const auto clock = std::make_shared<SystemClock>();
  const auto screen = std::make_shared<FdScreen>(fd);
  auto lines = std::make_shared<ProgressView>(clock, screen, options);
  if (!full_screen || options.mode != Mode::kLive || !fits_full_screen(fd)) return lines;
  return std::make_shared<FullScreenView>(
      clock, [fd, paint = options.paint] { return open_curses(fd, paint); }, screen, std::move(lines),
      FullScreenOptions{.paint = options.paint,
                        .refresh_per_second = refresh_per_second,
                        .watching = false,
                        .stop = [] { (void)::kill(::getpid(), SIGINT); }});
}

}  // namespace keisei::dashboard
