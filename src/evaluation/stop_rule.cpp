#include "evaluation/stop_rule.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/shortest.h"
#include "evaluation/anytime.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kForms =
    "none, ci<ELO (such as ci<25), decided, sprt, sprt:elo0=0,elo1=10,alpha=0.05,beta=0.05";

std::string fixed(double value, int decimals) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  return buffer.data();
}

/// Whether the interval for a fixed number of pairs is narrow enough, which the rule asks for too: it is the narrower
/// one, and a match far from its end need not have the other one computed.
bool may_be_narrow(double half_width_elo, const PairCounts& pairs) {
  const auto score = pair_interval(pairs);
  if (!score) return false;
  const auto low = elo_of_score(score->low);
  const auto high = elo_of_score(score->high);
  return low && high && 0.5 * (*high - *low) <= half_width_elo;
}

StopState judge_interval(double half_width_elo, const PairCounts& pairs) {
  const OpenInterval elo = anytime_elo_interval(pairs);
  if (!elo.low || !elo.high) return {false, "the anytime interval is open"};
  const double half_width = 0.5 * (*elo.high - *elo.low);
  return {half_width <= half_width_elo && may_be_narrow(half_width_elo, pairs),
          "half width of the anytime interval " + fixed(half_width, 1) + " of " + shortest(half_width_elo) + " Elo"};
}

StopState judge_decided(const PairCounts& pairs) {
  const Interval score = anytime_interval(pairs);
  return {MeanTest(0.5).refuted(pairs),
          "anytime interval of the score " + fixed(score.low, 4) + " to " + fixed(score.high, 4)};
}

StopState judge_sprt(const SprtOptions& options, const PairCounts& pairs) {
  const SprtState state = sprt(pairs, options);
  return {state.decision != SprtDecision::kContinue, std::string(to_string(state.decision)) + ": LLR " +
                                                         fixed(state.llr, 2) + " between " + fixed(state.lower, 2) +
                                                         " and " + fixed(state.upper, 2)};
}

}  // namespace

Result<StopRule> parse_stop_rule(std::string_view text) {
  StopRule rule;
  if (text.empty() || text == "none") return rule;
  if (text.starts_with("ci<")) {
    rule.kind = StopRule::Kind::kInterval;
    const std::string_view number = text.substr(3);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), rule.half_width_elo);
    if (error != std::errc{} || end != number.data() + number.size()) rule.half_width_elo = 0;
  } else if (text == "decided") {
    rule.kind = StopRule::Kind::kDecided;
  } else if (text == "sprt" || text.starts_with("sprt:")) {
    rule.kind = StopRule::Kind::kSprt;
    const auto options = parse_sprt(text.substr(text == "sprt" ? 4 : 5));
    if (!options) return tl::make_unexpected(options.error());
    rule.sprt = *options;
  } else {
    const std::array<std::string, 4> names{"none", "ci<25", "decided", "sprt"};
    return fail(Code::kUsage, "unknown stop rule " + quoted(text), allowed_hint(text, names));
  }
  if (auto good = validate(rule); !good) return tl::make_unexpected(good.error());
  return rule;
}

std::string to_string(const StopRule& rule) {
  switch (rule.kind) {
    case StopRule::Kind::kInterval:
      return "ci<" + shortest(rule.half_width_elo);
    case StopRule::Kind::kDecided:
      return "decided";
    case StopRule::Kind::kSprt:
      return "sprt:" + to_string(rule.sprt);
    case StopRule::Kind::kNone:
      break;
  }
  return "";
}

Result<void> validate(const StopRule& rule) {
  if (rule.kind == StopRule::Kind::kSprt) return validate(rule.sprt);
  if (rule.kind == StopRule::Kind::kInterval &&
      (!(rule.half_width_elo > 0) || !(rule.half_width_elo <= kMaxHalfWidthElo))) {
    return fail(Code::kUsage, "stop rule ci<" + shortest(rule.half_width_elo) + " is not allowed",
                "allowed: " + std::string(kForms) + "; ELO above 0, at most 1000");
  }
  return {};
}

StopState judge(const StopRule& rule, const PairCounts& pairs) {
  switch (rule.kind) {
    case StopRule::Kind::kInterval:
      return judge_interval(rule.half_width_elo, pairs);
    case StopRule::Kind::kDecided:
      return judge_decided(pairs);
    case StopRule::Kind::kSprt:
      return judge_sprt(rule.sprt, pairs);
    case StopRule::Kind::kNone:
      break;
  }
  return {};
}

bool holds(const StopRule& rule, const PairCounts& pairs) {
  switch (rule.kind) {
    case StopRule::Kind::kInterval:
      return may_be_narrow(rule.half_width_elo, pairs) && judge(rule, pairs).reached;
    case StopRule::Kind::kDecided:
      return MeanTest(0.5).refuted(pairs);
    case StopRule::Kind::kSprt:
      return sprt(pairs, rule.sprt).decision != SprtDecision::kContinue;
    case StopRule::Kind::kNone:
      break;
  }
  return false;
}

}  // namespace keisei::evaluation
