#include "dashboard/full_screen.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "dashboard/plain.h"

namespace keisei::dashboard {
namespace {

constexpr double kLeastFramesPerSecond = 0.1;
constexpr double kIdleFrame_s = 1.0;  // the clock and the countdown go on without events
constexpr int kPlainColumns = 1000;
constexpr int kMaxKeysAtOnce = 32;

}  // namespace

FullScreenView::FullScreenView(std::shared_ptr<const Clock> clock, Open open, std::shared_ptr<Screen> after,
                               std::shared_ptr<telemetry::Outlet> instead, FullScreenOptions options)
    : clock_(std::move(clock)),
      open_(std::move(open)),
      after_(std::move(after)),
      instead_(std::move(instead)),
      options_(std::move(options)) {
  view_.watching = options_.watching;
}

FullScreenView::~FullScreenView() {
  try {
    if (!screen_) return;
    take_lines();
    screen_.reset();
    for (const std::string& line : lasting_) after_->write(line + "\n");
  } catch (const std::exception&) {  // the terminal is gone; nobody is left to tell
  }
}

bool FullScreenView::taken() {
  if (!std::exchange(opened_, true)) {
    auto screen = open_();
    if (screen) {
      screen_ = std::move(*screen);
    } else {
      trouble_ = screen.error();
    }
  }
  return screen_ != nullptr;
}

void FullScreenView::write(const telemetry::Event& event) { write(event, clock_->monotonic_s()); }

void FullScreenView::write(const telemetry::Event& event, double arrived_s) {
  if (!taken()) {
    if (instead_) instead_->write(event);
    return;
  }
  state_.apply(event, arrived_s);
  changed_ = true;
  if (event.kind == "warning" || event.kind == "error") keep(*event_line(event));
}

void FullScreenView::tick() {
  // Who watches sees the screen at once; a training may still fail with a word on the plain terminal.
  if (!opened_ && !options_.watching) return;
  if (!taken()) {
    if (instead_) instead_->tick();
    return;
  }
  take_lines();
  answer_keys();
  draw(false);
}

void FullScreenView::flush() {
  if (!opened_) return;
  if (!screen_) {
    if (instead_) instead_->flush();
    return;
  }
  take_lines();
  draw(true);
}

void FullScreenView::answer_keys() {
  for (int i = 0; i < kMaxKeysAtOnce; ++i) {
    const Key key = screen_->key();
    if (key == Key::kNone) return;
    changed_ = true;
    const bool was_paused = view_.paused;
    const bool stop = press(view_, key);
    if (view_.paused && !was_paused) {
      held_ = state_;
      held_s_ = clock_->monotonic_s();
    } else if (!view_.paused) {
      held_.reset();
    }
    if (stop && options_.stop) options_.stop();
  }
}

void FullScreenView::take_lines() {
  for (const std::string& line : screen_->lines()) {
    state_.add_line(state_.progress().utc_ms(clock_->monotonic_s()), line);
    keep({{printable(line), Tone::kNormal}});
    changed_ = true;
  }
}

void FullScreenView::keep(const Line& line) {
  lasting_.push_back(to_text(line, kPlainColumns, options_.paint));
  if (lasting_.size() > kLastingLines) lasting_.pop_front();
}

void FullScreenView::draw(bool at_once) {
  const double now_s = clock_->monotonic_s();
  const double period_s =
      1.0 / std::clamp(options_.refresh_per_second, kLeastFramesPerSecond, kMostFramesPerSecond);
  const double since_s = now_s - last_draw_s_;
  if (drawn_ && !at_once && since_s < period_s) return;
  const Size size = screen_->size();
  const bool resized = size.columns != drawn_size_.columns || size.rows != drawn_size_.rows;
  const bool due = changed_ || resized || since_s >= kIdleFrame_s;
  if (drawn_ && !due) return;
  if (size.columns < 1 || size.rows < 1 || !screen_->ready()) return;  // the next tick tries again
  last_draw_s_ = now_s;
  drawn_size_ = size;
  drawn_ = true;
  changed_ = false;
  screen_->show(frame(held_ ? *held_ : state_, view_, held_ ? held_s_ : now_s, size, options_.paint.unicode));
}

}  // namespace keisei::dashboard
