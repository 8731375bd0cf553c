// When the safeguards themselves say that evaluation costs too much, it is switched off for the run: K violations of
// one clause in evaluations that follow each other. An unknown verdict neither counts nor breaks the row, because
// nothing was seen; a met one starts it anew. Pure state over verdicts; owned by whoever collects the evaluations.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "guard/sla.h"

namespace keisei::guard {

struct RolledBack {
  std::string clause;
  int violations = 0;    ///< in a row
  std::string sentence;  ///< why, with the last value and its limit
};

class Rollback {
 public:
  /// evaluation.rollback_after_violations; <= 0 = never.
  explicit Rollback(int after_violations) : after_(after_violations) {}

  /// Counts the verdicts of one evaluation. The first clause that has now been violated often enough, if there is one:
  /// from then on off() holds and nothing more is counted.
  std::optional<RolledBack> count(const std::vector<Verdict>& verdicts);

  [[nodiscard]] bool off() const { return reason_.has_value(); }
  [[nodiscard]] const std::optional<RolledBack>& reason() const { return reason_; }
  /// Violations of a clause in a row so far.
  [[nodiscard]] int in_a_row(const std::string& clause) const;
  /// A new bound; counts are kept, off() stays as it is.
  void set_after(int after_violations) { after_ = after_violations; }
  /// Periodic evaluation was switched on again by hand: counting starts anew.
  void reset();

 private:
  int after_;
  std::map<std::string, int> in_a_row_;
  std::optional<RolledBack> reason_;
};

}  // namespace keisei::guard
