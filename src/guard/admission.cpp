#include "guard/admission.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace keisei::guard {
namespace {

std::string tenths(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

double not_negative(double value) { return value > 0 && std::isfinite(value) ? value : 0; }

/// Worker time that can be spent within `horizon_s`, beginning after `wait_s`.
double available_cpu_s(const AdmissionMeans& means, double horizon_s, double wait_s) {
  const double duty = std::clamp(not_negative(means.duty), 0.0, 1.0);
  const double queued_s = not_negative(means.queued_cpu_s) / std::max(1e-9, not_negative(means.cpu_per_pause_s));
  const double credit_s = std::isfinite(means.credit_s) ? means.credit_s : 0;
  const double bank_s = std::max(not_negative(means.bank_s), credit_s);
  // What waits before it is paid first; what is left is saved up, as far as the bank goes.
  const double saved_s = std::min(bank_s, credit_s + duty * wait_s - queued_s);
  const bool opens = horizon_s > not_negative(means.shut_for_s) - wait_s;  // credit grows while the gate is shut, too
  const double earned_s = opens ? duty * horizon_s : 0;
  return std::max(0.0, saved_s + earned_s) * not_negative(means.cpu_per_pause_s);
}

}  // namespace

const char* name(AdmissionDecision decision) {
  switch (decision) {
    case AdmissionDecision::kFits:
      return "fits";
    case AdmissionDecision::kDefer:
      return "defer";
    case AdmissionDecision::kFewerGames:
      return "fewer_games";
    case AdmissionDecision::kSkip:
      break;
  }
  return "skip";
}

const char* name(AdmissionReason reason) {
  switch (reason) {
    case AdmissionReason::kEnough:
      return "enough";
    case AdmissionReason::kCostUnknown:
      return "cost_unknown";
    case AdmissionReason::kLaterEnough:
      return "later_enough";
    case AdmissionReason::kFirstResult:
      return "first_result";
    case AdmissionReason::kGateShut:
      return "gate_shut";
    case AdmissionReason::kPartFits:
      return "part_fits";
    case AdmissionReason::kTooExpensive:
      return "too_expensive";
    case AdmissionReason::kNothingToSpend:
      break;
  }
  return "nothing_to_spend";
}

void AdmissionPlanner::learn(const std::string& kind, int games, double cpu_s,
                             std::optional<double> first_result_cpu_s) {
  if (games <= 0 || !(cpu_s > 0) || !std::isfinite(cpu_s)) return;
  if (!costs_.contains(kind) && costs_.size() >= kMaxCostKinds) return;
  const auto [cost, fresh] = costs_.try_emplace(kind);
  const auto mix = [first = fresh](double& mean, double newest) {
    mean = first ? newest : mean + kCostWeight * (newest - mean);
  };
  mix(cost->second.game_s, cpu_s / games);
  if (!first_result_cpu_s || !(*first_result_cpu_s >= 0) || *first_result_cpu_s > cpu_s) return;
  // The first result is a promise of each evaluation, not of their mean: a late one counts whole and at once.
  double& first_s = cost->second.first_result_s;
  mix(first_s, *first_result_cpu_s);
  first_s = std::max(first_s, *first_result_cpu_s);
}

std::optional<double> AdmissionPlanner::cost_per_game_s(const std::string& kind) const {
  const auto found = costs_.find(kind);
  if (found == costs_.end()) return std::nullopt;
  return found->second.game_s;
}

double AdmissionPlanner::first_result_s(const std::string& kind) const {
  const auto found = costs_.find(kind);
  return found == costs_.end() ? kFirstResult_s : found->second.first_result_s;
}

Admission AdmissionPlanner::plan(const AdmissionRequest& request, const AdmissionMeans& means) const {
  const double interval_s = not_negative(request.interval_s);
  // Time beyond the next evaluation belongs to that one.
  const double horizon_s =
      request.deadline_s > 0 && (interval_s <= 0 || request.deadline_s < interval_s) ? request.deadline_s : interval_s;
  const double may_wait_s = std::max(0.0, interval_s - not_negative(request.deferred_s));
  const double shut_s = not_negative(means.shut_for_s);
  Admission a;
  a.available_cpu_s = available_cpu_s(means, horizon_s, 0);
  const auto decide = [&](AdmissionDecision decision, AdmissionReason reason, int games, std::string sentence) {
    a.decision = decision;
    a.reason = reason;
    a.games = games;
    a.sentence = std::move(sentence);
    return a;
  };
  const std::string there = tenths(a.available_cpu_s) + " s are there";

  if (shut_s > 0 && shut_s <= may_wait_s) {
    a.wait_s = shut_s;
    return decide(AdmissionDecision::kDefer, AdmissionReason::kGateShut, 0,
                  "put off: the gate is shut for " + tenths(shut_s) + " s");
  }
  if (shut_s >= horizon_s && shut_s > 0) {
    return decide(AdmissionDecision::kSkip, AdmissionReason::kGateShut, 0,
                  "skipped: the gate stays shut for " + tenths(shut_s) + " s, longer than it could run");
  }
  if (!(means.duty > 0) && !(means.credit_s > 0)) {
    return decide(AdmissionDecision::kSkip, AdmissionReason::kNothingToSpend, 0,
                  "skipped: training can spare nothing, duty and credit are 0");
  }
  const auto cost_s = cost_per_game_s(request.kind);
  if (!cost_s) {
    return decide(AdmissionDecision::kFits, AdmissionReason::kCostUnknown, request.games,
                  "admitted: the first of its kind, its cost is measured by running it");
  }
  // Credit for the first result is saved up before the promise begins to run, as far as the bank goes. Its pair is
  // played alone: too few positions at a time for more than one thread.
  if (request.latency_s > 0 && may_wait_s > 0 && means.duty > 0) {
    const double first_s = kFirstResultMargin * first_result_s(request.kind);
    const double queued_s = not_negative(means.queued_cpu_s) / std::max(1e-9, not_negative(means.cpu_per_pause_s));
    const double missing_s = std::min(first_s, not_negative(means.bank_s)) -
                             (means.credit_s - queued_s + std::min(means.duty, 1.0) * request.latency_s);
    if (missing_s > 0) {
      a.wait_s = std::min(may_wait_s, missing_s / means.duty);
      return decide(AdmissionDecision::kDefer, AdmissionReason::kFirstResult, 0,
                    "put off by " + tenths(a.wait_s) + " s: with " + tenths(1e3 * means.credit_s) +
                        " ms of credit its first result would come later than " + tenths(request.latency_s) + " s");
    }
  }
  const double game_s = *cost_s * kCostMargin;
  const double needed_s = game_s * request.games;
  a.predicted_cpu_s = needed_s;
  const std::string needs =
      std::to_string(request.games) + " games need about " + tenths(needed_s) + " s of processor time, " + there;
  if (needed_s <= a.available_cpu_s) {
    return decide(AdmissionDecision::kFits, AdmissionReason::kEnough, request.games, "admitted: " + needs);
  }
  if (may_wait_s > 0 && needed_s <= available_cpu_s(means, horizon_s, may_wait_s)) {
    const double duty = std::clamp(means.duty, 0.0, 1.0);
    const double missing_s = (needed_s - a.available_cpu_s) / std::max(1e-9, not_negative(means.cpu_per_pause_s));
    a.wait_s = duty > 0 ? std::min(may_wait_s, missing_s / duty) : may_wait_s;
    return decide(AdmissionDecision::kDefer, AdmissionReason::kLaterEnough, 0,
                  "put off by " + tenths(a.wait_s) + " s: " + needs);
  }
  const double affordable = std::min(a.available_cpu_s / game_s, static_cast<double>(request.games));
  const int games = static_cast<int>(affordable) / 2 * 2;  // as many with each colour
  if (games >= kLeastGames) {
    return decide(AdmissionDecision::kFewerGames, AdmissionReason::kPartFits, games,
                  "shortened to " + std::to_string(games) + " games: " + needs);
  }
  return decide(AdmissionDecision::kSkip, AdmissionReason::kTooExpensive, 0,
                "skipped: not even " + std::to_string(kLeastGames) + " games fit, " + needs);
}

}  // namespace keisei::guard
