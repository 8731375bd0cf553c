// The full screen as an outlet: events are folded in, keys are answered, and a frame is drawn when something changed,
// at most kMostFramesPerSecond times a second, all on the outlet's own thread of the bus. The terminal is taken with
// the first event and given back by the destructor, which then prints what should outlive the picture: warnings and the
// lines that others wrote.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "dashboard/curses_screen.h"
#include "dashboard/frame.h"
#include "dashboard/live_state.h"
#include "dashboard/screen.h"
#include "telemetry/outlet.h"

namespace keisei::dashboard {

inline constexpr double kMostFramesPerSecond = 4.0;
inline constexpr std::size_t kLastingLines = 64;

struct FullScreenOptions {
  Paint paint;
  double refresh_per_second = kMostFramesPerSecond;  ///< clamped to 0.1..kMostFramesPerSecond
  bool watching = false;                             ///< View::watching
  std::function<void()> stop;                        ///< what q asks for; called on the outlet's thread
};

class FullScreenView final : public telemetry::Outlet {
 public:
  using Open = std::function<Result<std::unique_ptr<CellScreen>>()>;
  /// `after` takes the lasting lines; `instead` is what events go to when `open` fails.
  FullScreenView(std::shared_ptr<const Clock> clock, Open open, std::shared_ptr<Screen> after,
                 std::shared_ptr<telemetry::Outlet> instead, FullScreenOptions options);
  ~FullScreenView() override;
  FullScreenView(const FullScreenView&) = delete;
  FullScreenView& operator=(const FullScreenView&) = delete;

  [[nodiscard]] std::string_view name() const override { return "screen"; }
  void write(const telemetry::Event& event) override;
  /// `arrived_s`: as if the event had arrived at that monotonic time.
  void write(const telemetry::Event& event, double arrived_s);
  void tick() override;
  void flush() override;
  [[nodiscard]] const LiveState& state() const { return state_; }
  [[nodiscard]] const View& view() const { return view_; }
  /// Why the terminal could not be taken.
  [[nodiscard]] const std::optional<Error>& trouble() const { return trouble_; }

 private:
  [[nodiscard]] bool taken();
  void answer_keys();
  void take_lines();
  void keep(const Line& line);
  void draw(bool at_once);

  const std::shared_ptr<const Clock> clock_;
  const Open open_;
  const std::shared_ptr<Screen> after_;
  const std::shared_ptr<telemetry::Outlet> instead_;
  const FullScreenOptions options_;
  std::unique_ptr<CellScreen> screen_;
  std::optional<Error> trouble_;
  bool opened_ = false;  ///< tried, whatever came of it
  LiveState state_;
  std::optional<LiveState> held_;  ///< what is shown while paused
  double held_s_ = 0.0;
  View view_;
  std::deque<std::string> lasting_;
  Size drawn_size_{0, 0};
  double last_draw_s_ = 0.0;
  bool drawn_ = false;
  bool changed_ = true;
};

}  // namespace keisei::dashboard
