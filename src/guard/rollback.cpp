#include "guard/rollback.h"

#include <cstdio>

namespace keisei::guard {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

}  // namespace

std::optional<RolledBack> Rollback::count(const std::vector<Verdict>& verdicts) {
  if (off()) return std::nullopt;
  for (const Verdict& verdict : verdicts) {
    if (verdict.state == VerdictState::kUnknown) continue;
    int& row = in_a_row_[verdict.clause];
    row = verdict.state == VerdictState::kViolated ? row + 1 : 0;
    if (after_ <= 0 || row < after_ || off()) continue;
    RolledBack reason{verdict.clause, row, {}};
    reason.sentence = "periodic evaluation is off for this run: clause " + verdict.clause + " was violated " +
                      std::to_string(row) + (row == 1 ? " time" : " times in a row");
    if (verdict.value) {
      reason.sentence += ", last with " + number(*verdict.value) + " against a limit of " + number(verdict.threshold);
    }
    reason_ = std::move(reason);
  }
  return reason_;
}

int Rollback::in_a_row(const std::string& clause) const {
  const auto found = in_a_row_.find(clause);
  return found == in_a_row_.end() ? 0 : found->second;
}

void Rollback::reset() {
  in_a_row_.clear();
  reason_.reset();
}

}  // namespace keisei::guard
