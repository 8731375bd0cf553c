// The full screen as a pure function: state, what the person chose to see, time and size in; cells out. No terminal, no
// clock: curses_screen.h puts the cells, golden files compare them. press() is the other half of the conversation, as
// pure as the frame. Five panes, a log below them, a line of keys; below 80x24 the rows of the small panel.
#pragma once

#include <cstdint>
#include <string>

#include "dashboard/canvas.h"
#include "dashboard/live_state.h"

namespace keisei::dashboard {

inline constexpr Size kLeastFullScreen{80, 24};

enum class Pane : std::uint8_t { kOverview, kTraining, kStrength, kSafeguards, kGames };
inline constexpr int kPanes = 5;

/// What the person at the terminal has chosen.
struct View {
  Pane pane = Pane::kOverview;
  bool watching = false;  ///< of another process's run: q leaves the screen and nothing else
  bool help = false;
  bool log = false;  ///< the log over the whole body
  bool paused = false;
  bool asked_to_stop = false;  ///< q was pressed once
  bool stopping = false;       ///< and again
};

enum class Key : std::uint8_t {
  kNone,
  kNext,
  kPrevious,
  kOne,
  kTwo,
  kThree,
  kFour,
  kFive,
  kPause,
  kLog,
  kHelp,
  kQuit,
  kOther
};

/// Changes the view as the key asks; true when the run is to be stopped (or the screen of a watched one left).
[[nodiscard]] bool press(View& view, Key key);

/// One frame of exactly `size` cells.
[[nodiscard]] Canvas frame(const LiveState& state, const View& view, double now_s, Size size, bool unicode);

}  // namespace keisei::dashboard
