#include "dashboard/frame.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "dashboard/numbers.h"
#include "dashboard/panel.h"
#include "dashboard/panes.h"

namespace keisei::dashboard {
namespace {

constexpr std::array<std::string_view, kPanes> kPaneNames = {"Overview", "Training", "Strength", "Safeguards", "Games"};
constexpr int kMargin = 1;
constexpr int kRowsForAir = 30;  // from here on blank rows set the parts apart
constexpr int kColumnsForElapsed = 100;
constexpr int kLeastBarColumns = 8;
constexpr double kSilence_s = 60.0;  // without an event, until that is said

using HelpText = std::array<std::pair<const char*, const char*>, 7>;
constexpr HelpText kHelpTraining{{{"tab, 1 to 5", "the next pane, a pane by its number"},
                                  {"p", "hold the picture; the training goes on"},
                                  {"l", "the log over the whole screen"},
                                  {"q, q", "stop the run: it finishes the update, saves and ends"},
                                  {"Ctrl-C", "the same without asking; twice: at once"},
                                  {"Ctrl-L", "draw everything afresh"},
                                  {"●  ○  –", "judged; not measured; not known"}}};
constexpr HelpText kHelpWatching{{{"tab, 1 to 5", "the next pane, a pane by its number"},
                                  {"p", "hold the picture; the run goes on"},
                                  {"l", "the log over the whole screen"},
                                  {"q", "leave; the run goes on"},
                                  {"Ctrl-C", "the same"},
                                  {"Ctrl-L", "draw everything afresh"},
                                  {"●  ○  –", "judged; not measured; not known"}}};

Line header(const LiveState& state, const View& view, int columns) {
  Line tabs;
  for (int i = 0; i < kPanes; ++i) {
    const auto number = static_cast<std::size_t>(i);
    const bool chosen = static_cast<int>(view.pane) == i && !view.log;
    const std::string name = " " + std::to_string(i + 1) + " " + std::string(kPaneNames[number]) + " ";
    tabs.push_back({name, chosen ? Tone::kSelected : Tone::kDim});
  }
  const int free = columns - cell_width(tabs);
  Line line{{"keisei ", Tone::kStrong}};
  line.push_back({cut(state.progress().run(), std::max(0, free - 8)), Tone::kAccent});
  line.push_back({std::string(static_cast<std::size_t>(std::max(0, free - cell_width(line))), ' '), Tone::kNormal});
  line.insert(line.end(), tabs.begin(), tabs.end());
  return line;
}

Line progress_bar(const LiveState& live, double now_s, int columns) {
  const ProgressState& state = live.progress();
  const std::string elapsed = people_duration(state.elapsed_s(now_s));
  if (!state.updated()) {
    if (state.ended()) return {{"ended before the first update", Tone::kWarn}};
    return {{state.started() ? "starting…" : "waiting for the run", Tone::kAccent}, {"  " + elapsed, Tone::kDim}};
  }
  Line text{{"  " + people_percent(state.progress()), Tone::kStrong},
            {"  " + people_count(state.value("progress/timesteps")) + " of " +
                 people_count(state.value("progress/total_timesteps")) + " plies",
             Tone::kNormal}};
  if (columns >= kColumnsForElapsed) {
    text.push_back({"  update ", Tone::kDim});
    text.push_back({people_count(state.value("progress/update")), Tone::kNormal});
  }
  if (columns >= kColumnsForElapsed || state.ended()) {
    text.push_back({"  elapsed ", Tone::kDim});
    text.push_back({elapsed, Tone::kNormal});
  }
  if (state.ended()) {
    text.push_back({"  " + live.ended_as(), live.ended_as() == "finished" ? Tone::kGood : Tone::kWarn});
  } else {
    text.push_back({"  ETA ", Tone::kDim});
    text.push_back({people_duration(state.eta_s(now_s)), Tone::kStrong});
  }
  const int width = std::max(columns - std::max(cell_width(text), 40), kLeastBarColumns);
  text.insert(text.begin(), Span{bar(state.progress(), width), Tone::kAccent});
  return text;
}

Line footer(const LiveState& live, const View& view, double now_s, int columns) {
  Line line;
  if (view.stopping) {
    line = {{"stopping: the update is finished and saved, then the run ends", Tone::kWarn}};
  } else if (view.asked_to_stop) {
    line = {{"q again: stop the run, with a checkpoint. Any other key: it goes on.", Tone::kWarn}};
  } else {
    constexpr std::array<std::pair<const char*, const char*>, 5> kKeys{
        {{"tab", "pane"}, {"p", "pause"}, {"l", "log"}, {"?", "help"}, {"q", ""}}};
    for (const auto& [key, does] : kKeys) {
      line.push_back({key, Tone::kStrong});
      const std::string what = *does != '\0' ? does : view.watching ? "leave" : "stop the run";
      line.push_back({" " + what + "   ", Tone::kDim});
    }
  }
  Line right;
  const auto say = [&](std::string text, Tone tone) { right.push_back({"  " + std::move(text), tone}); };
  if (live.progress().dropped() > 0) {
    say("events dropped " + people_count(static_cast<double>(live.progress().dropped())), Tone::kWarn);
  }
  const double silence_s = live.silence_s(now_s);
  if (silence_s >= kSilence_s && !live.progress().ended()) say("silent for " + people_duration(silence_s), Tone::kWarn);
  if (view.paused) say("held: p goes on", Tone::kWarn);
  say(people_clock(live.progress().utc_ms(now_s)) + "Z", Tone::kDim);
  const bool said = view.asked_to_stop || view.stopping;
  if (!said && cell_width(line) + cell_width(right) > columns) line = {{"tab p l ? q", Tone::kStrong}};
  const int gap = columns - cell_width(line) - cell_width(right);
  if (gap < 0) return line;
  line.push_back({std::string(static_cast<std::size_t>(gap), ' '), Tone::kNormal});
  line.insert(line.end(), right.begin(), right.end());
  return line;
}

void draw_log(Canvas& canvas, const Area& area, const LiveState& state) {
  Block block{.title = "Log", .lines = {}, .rank = 0, .grow = nullptr};
  const auto& all = state.log();
  const std::size_t shown = std::min(all.size(), static_cast<std::size_t>(std::max(0, area.rows - 1)));
  block.lines.assign(all.end() - static_cast<std::ptrdiff_t>(shown), all.end());
  if (all.empty()) block.lines = {{{"nothing yet", Tone::kDim}}};
  stack(canvas, area, {std::move(block)});
}

void draw_help(Canvas& canvas, bool watching) {
  constexpr int kKeyColumns = 14, kWidth = 72;
  const int rows = static_cast<int>(kHelpTraining.size()) + 2;
  const int top = std::max(0, (canvas.size().rows - rows) / 2);
  const int left = std::max(0, (canvas.size().columns - kWidth) / 2);
  canvas.clear({top - 1, 0, rows + 2, canvas.size().columns});
  std::string rule;
  for (int i = 0; i < kWidth - 2; ++i) rule += "─";
  canvas.put(top, left, {{"╭" + rule + "╮", Tone::kDim}}, kWidth);
  for (std::size_t i = 0; i < kHelpTraining.size(); ++i) {
    const auto& [key, does] = (watching ? kHelpWatching : kHelpTraining)[i];
    canvas.put(top + 1 + static_cast<int>(i), left,
               {{"│ ", Tone::kDim},
                {pad_right(key, kKeyColumns), Tone::kStrong},
                {pad_right(does, kWidth - kKeyColumns - 4), Tone::kNormal},
                {" │", Tone::kDim}},
               kWidth);
  }
  canvas.put(top + rows - 1, left, {{"╰" + rule + "╯", Tone::kDim}}, kWidth);
}

/// Too small for panes: the rows of the panel, which know what matters.
void draw_small(Canvas& canvas, const LiveState& state, const View& view, double now_s) {
  const auto [columns, rows] = canvas.size();
  const std::vector<std::string> lines = panel(state.progress(), now_s, {columns + 1, rows}, {false, true});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    canvas.put(static_cast<int>(i), 0, {{lines[i], Tone::kNormal}}, columns);
  }
  const bool asked = view.asked_to_stop || view.stopping;
  const Line last = asked ? footer(state, view, now_s, columns) : Line{{"80x24 shows more", Tone::kDim}};
  canvas.put(rows - 1, 0, last, columns);
}

}  // namespace

bool press(View& view, Key key) {
  if (key == Key::kNone) return false;
  if (key == Key::kQuit) {
    if (view.watching || view.asked_to_stop) {
      const bool first = !view.stopping;
      view.stopping = !view.watching;
      view.asked_to_stop = false;
      return first;
    }
    view.asked_to_stop = !view.stopping;
    return false;
  }
  view.asked_to_stop = false;
  if (std::exchange(view.help, false)) return false;
  switch (key) {
    case Key::kNext:
    case Key::kPrevious: {
      const int step = key == Key::kNext ? 1 : kPanes - 1;
      if (!std::exchange(view.log, false)) view.pane = static_cast<Pane>((static_cast<int>(view.pane) + step) % kPanes);
      break;
    }
    case Key::kOne:
    case Key::kTwo:
    case Key::kThree:
    case Key::kFour:
    case Key::kFive:
      view.pane = static_cast<Pane>(static_cast<int>(key) - static_cast<int>(Key::kOne));
      view.log = false;
      break;
    case Key::kPause:
      view.paused = !view.paused;
      break;
    case Key::kLog:
      view.log = !view.log;
      break;
    case Key::kHelp:
      view.help = true;
      break;
    case Key::kNone:
    case Key::kQuit:
    case Key::kOther:
      break;
  }
  return false;
}

Canvas frame(const LiveState& state, const View& view, double now_s, Size size, bool unicode) {
  Canvas canvas(size, unicode);
  if (size.columns < kLeastFullScreen.columns || size.rows < kLeastFullScreen.rows) {
    draw_small(canvas, state, view, now_s);
    return canvas;
  }
  const int columns = size.columns - 2 * kMargin;
  const int air = size.rows >= kRowsForAir ? 1 : 0;
  canvas.put(0, kMargin, header(state, view, columns), columns);
  canvas.put(1 + air, kMargin, progress_bar(state, now_s, columns), columns);
  canvas.put(size.rows - 1, kMargin, footer(state, view, now_s, columns), columns);
  const int top = 2 + 2 * air, bottom = size.rows - 1 - air;
  if (view.log) {
    draw_log(canvas, {top, kMargin, bottom - top, columns}, state);
  } else {
    const int log = size.rows < kRowsForAir ? 4 : size.rows / 5;
    draw_pane(canvas, {top, kMargin, bottom - log - air - top, columns}, view.pane, {state, now_s, unicode});
    draw_log(canvas, {bottom - log, kMargin, log, columns}, state);
  }
  if (view.help) draw_help(canvas, view.watching);
  return canvas;
}

}  // namespace keisei::dashboard
