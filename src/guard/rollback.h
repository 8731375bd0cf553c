// When the safeguards themselves say that evaluation costs too much, it is switched off for the run: K violations of
// one clause in evaluations that follow each other. An unknown verdict neither counts nor breaks the row, because
// nothing was seen; a met one starts it anew. Pure state over verdicts; owned by whoever collects the evaluations.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/sla.h"

namespace keisei::guard {

struct RolledBack {
  std::string clause;
  int violations = 0;    ///< in a row
  std::string sentence;  ///< why, with the last value and its limit
  friend bool operator==(const RolledBack&, const RolledBack&) = default;
};

/// All that a rollback remembers, so that a resumed run goes on counting where it stopped.
struct RollbackState {
  std::map<std::string, int> in_a_row;  ///< violations that follow each other, by clause
  std::optional<RolledBack> reason;     ///< switched off, and why
  friend bool operator==(const RollbackState&, const RollbackState&) = default;
};
inline constexpr std::size_t kMaxRollbackClauses = 64;
inline constexpr std::size_t kMaxRollbackBytes = 1u << 16;

/// One line of JSON, for a checkpoint.
[[nodiscard]] std::string encode(const RollbackState& state);
/// The state of encode(); kBadData for anything else.
[[nodiscard]] Result<RollbackState> decode_rollback(std::string_view text);

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
  [[nodiscard]] RollbackState state() const { return {in_a_row_, reason_}; }
  /// Goes on from what another has counted; the bound stays this one's.
  void restore(RollbackState state);
  /// Periodic evaluation was switched on again by hand: counting starts anew.
  void reset();

 private:
  int after_;
  std::map<std::string, int> in_a_row_;
  std::optional<RolledBack> reason_;
};

}  // namespace keisei::guard
