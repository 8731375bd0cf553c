// How a running match is shown on stderr: the cross table, redrawn in place, on a terminal; else a line now and then.
// Owned by the command; its thread. Nothing is shown more often than a person can read.
#pragma once

#include <string>

#include "base/clock.h"
#include "evaluation/match_report.h"

namespace keisei::app {

class MatchDisplay {
 public:
  /// `terminal`: stderr is one. Both outlive the object.
  MatchDisplay(const evaluation::Match& match, const Clock& clock, bool terminal);
  /// Shows where the match stands, if something changed and the last time is long enough ago; `last` always.
  void show(const std::vector<evaluation::GameRecord>& games, const evaluation::StopPoint& stop, bool last = false);
  /// A line that stays.
  void say(const std::string& line);

 private:
  void erase();

  const evaluation::Match& match_;
  const Clock& clock_;
  bool terminal_;
  double shown_s_;
  double pause_s_;  ///< until the next time
  std::size_t games_ = 0;
  std::size_t lines_ = 0;  ///< on the terminal, to be drawn over
};

}  // namespace keisei::app
