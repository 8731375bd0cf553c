// What a person sees while a run goes on, as an outlet: a live panel on a terminal, plain lines elsewhere, warnings
// only when quiet. Everything goes to one screen (stderr) and is drawn on the outlet's own thread of the bus, never on
// the training thread. The first event is answered at once ("starting…").
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "dashboard/cells.h"
#include "dashboard/screen.h"
#include "dashboard/state.h"
#include "telemetry/outlet.h"

namespace keisei::dashboard {

enum class Mode { kLive, kPlain, kQuiet };
enum class ColourWish { kAuto, kAlways, kNever };

/// What decides between the modes: the descriptor and the environment.
struct Surroundings {
  bool terminal = false;
  bool ci = false;        ///< CI set and not "0" or "false"
  bool no_color = false;  ///< NO_COLOR set and not empty (no-color.org)
  bool utf8 = true;       ///< LC_ALL, LC_CTYPE or LANG name UTF-8
  std::string term;       ///< TERM
};
/// Reads the process's environment and asks whether `fd` is a terminal.
[[nodiscard]] Surroundings surroundings(int fd);

/// Quiet wins over plain; the live panel needs a terminal that is not dumb and no CI.
[[nodiscard]] Mode choose_mode(const Surroundings& around, bool plain, bool quiet);
[[nodiscard]] Paint choose_paint(const Surroundings& around, ColourWish wish);

struct ProgressOptions {
  Mode mode = Mode::kPlain;
  Paint paint;
  double refresh_per_second = 4.0;  ///< frames of the live panel, at most; clamped to 0.1..30
  double plain_interval_s = 5.0;    ///< between two progress lines
};

class ProgressView final : public telemetry::Outlet {
 public:
  /// `clock` gives the time of frames; both are kept for the view's life.
  ProgressView(std::shared_ptr<const Clock> clock, std::shared_ptr<Screen> screen, ProgressOptions options);
  /// Leaves the last frame on the screen.
  ~ProgressView() override;
  ProgressView(const ProgressView&) = delete;
  ProgressView& operator=(const ProgressView&) = delete;

  [[nodiscard]] std::string_view name() const override { return "panel"; }
  void write(const telemetry::Event& event) override;
  void tick() override;
  void flush() override;

 private:
  void draw(double now_s, bool at_once);
  void print(const Line& line);

  const std::shared_ptr<const Clock> clock_;
  const std::shared_ptr<Screen> screen_;
  const ProgressOptions options_;
  ProgressState state_;
  Repainter repainter_;
  std::vector<std::string> above_;  ///< lasting lines that wait for the next frame
  double last_draw_s_ = 0.0;        ///< of the latest frame or progress line
  bool drawn_ = false;
};

/// The view for a descriptor (2 in the program), as flags and environment ask for: on a terminal that has room the full
/// screen (full_screen.h) unless that is not wanted, there q asks this process to stop by SIGINT; else a ProgressView.
[[nodiscard]] std::shared_ptr<telemetry::Outlet> make_progress_view(int fd, bool plain, bool quiet, ColourWish wish,
                                                                    double refresh_per_second = 4.0,
                                                                    bool full_screen = true);

}  // namespace keisei::dashboard
