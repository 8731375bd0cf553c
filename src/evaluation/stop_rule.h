// When a match may end before its last game: "ci<25" (the anytime-valid Elo interval is at most 25 to either side),
// "decided" (that interval leaves out an even score), "sprt" (one hypothesis is accepted). Looked at after each pair in
// the order of the plan, so that neither short games first nor the number of games side by side bias the end.
// Plain values; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "evaluation/sprt.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation {

inline constexpr double kMaxHalfWidthElo = 1000;

struct StopRule {
  enum class Kind : std::uint8_t { kNone, kInterval, kDecided, kSprt };
  Kind kind = Kind::kNone;
  double half_width_elo = 0;  ///< kInterval
  SprtOptions sprt;           ///< kSprt
  friend bool operator==(const StopRule&, const StopRule&) = default;
};

/// "", "none", "ci<E", "decided", "sprt" or "sprt:elo0=0,elo1=10,alpha=0.05,beta=0.05". kUsage.
[[nodiscard]] Result<StopRule> parse_stop_rule(std::string_view text);
/// The canonical spelling ("" for none); parse_stop_rule(to_string(rule)) == rule.
[[nodiscard]] std::string to_string(const StopRule& rule);
[[nodiscard]] Result<void> validate(const StopRule& rule);

struct StopState {
  bool reached = false;
  std::string
      why;  ///< "accept_h1: LLR 3.02 between -3.00 and 3.00"; what is known so far where not reached; "" without a rule
  friend bool operator==(const StopState&, const StopState&) = default;
};
[[nodiscard]] StopState judge(const StopRule& rule, const PairCounts& pairs);
/// judge(...).reached, cheap enough to be asked after every pair of a long match.
[[nodiscard]] bool holds(const StopRule& rule, const PairCounts& pairs);

}  // namespace keisei::evaluation
