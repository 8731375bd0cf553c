#include "app/torch/evaluation_news.h"

#include <algorithm>
#include <utility>

#include "telemetry/evaluation_events.h"

namespace keisei::app {
namespace {

double or_unknown(const std::optional<double>& value) { return value.value_or(telemetry::kUnknown); }

/// Where the stop rule of each pairing stands ("sprt...: stopped, accept_h1: LLR 3.02 between -3.00 and 3.00").
std::string stop_text(const evaluation::Summary& summary) {
  if (summary.stop_when.empty()) return {};
  std::string text = summary.stop_when;
  for (const evaluation::PairingSummary& pairing : summary.pairings) {
    text += text == summary.stop_when ? ": " : "; ";
    if (summary.pairings.size() > 1) text += pairing.first + " and " + pairing.second + ": ";
    text += (pairing.stop.reached ? "stopped, " : "not reached, ") + pairing.stop.why;
  }
  return text;
}

}  // namespace

void publish_outcome(telemetry::Bus& bus, const EvaluationOutcome& outcome) {
  const evaluation::Summary& s = outcome.summary;
  const auto interval = evaluation::score_interval(s.total);
  const auto elo = evaluation::elo_interval(s.total);
  const auto share = [&](int count) { return or_unknown(evaluation::share(count, s.total)); };
  telemetry::Event event;
  event.kind = "evaluation";
  event.step = outcome.step;
  event.metrics = {{"evaluation/step", static_cast<double>(outcome.step)},
                   {"evaluation/win_rate", share(s.total.wins)},
                   {"evaluation/loss_rate", share(s.total.losses)},
                   {"evaluation/draw_rate", share(s.total.draws)},
                   {"evaluation/score", or_unknown(evaluation::score(s.total))},
                   {"evaluation/score_low", interval ? interval->low : telemetry::kUnknown},
                   {"evaluation/score_high", interval ? interval->high : telemetry::kUnknown},
                   {"evaluation/wins", s.total.wins},
                   {"evaluation/losses", s.total.losses},
                   {"evaluation/draws", s.total.draws},
                   {"evaluation/faults", s.total.faults},
                   {"evaluation/total_games", s.total.games()},
                   {"evaluation/avg_game_length", s.plies ? s.plies->mean : telemetry::kUnknown},
                   {"evaluation/elo", or_unknown(evaluation::elo(s.total))},
                   {"evaluation/elo_low", or_unknown(elo.low)},
                   {"evaluation/elo_high", or_unknown(elo.high)}};
  event.texts = {{"opponent", s.opponent}, {"strategy", s.strategy}, {"end", guard::name(outcome.end)}};
  if (!outcome.detail.empty()) event.texts.emplace_back("detail", outcome.detail);
  if (const std::string stop = stop_text(s); !stop.empty()) event.texts.emplace_back("stop", stop);
  bus.publish(std::move(event));

  telemetry::Event performance{
      .kind = "evaluation.performance", .step = outcome.step, .utc_ms = 0, .metrics = {}, .texts = {}};
  telemetry::Event sla{.kind = "evaluation.sla", .step = outcome.step, .utc_ms = 0, .metrics = {}, .texts = {}};
  for (const guard::Metric& m : guard::sla_metrics(outcome.performance, outcome.verdicts))
    (m.name.starts_with("evaluation/sla/") ? sla : performance).metrics.emplace_back(m.name, or_unknown(m.value));
  for (const guard::Verdict& verdict : outcome.verdicts) {
    sla.metrics.emplace_back("evaluation/sla/limits/" + verdict.clause,
                             verdict.threshold > 0 ? verdict.threshold : telemetry::kUnknown);  // <= 0 is no limit
  }
  bus.publish(std::move(performance));
  bus.publish(std::move(sla));
}

void publish_promotions(telemetry::Bus& bus, std::int64_t step, const PoolChange& change) {
  for (const std::int64_t milestone : change.milestones)
    bus.publish(telemetry::promoted(milestone, "milestone", -1,
                                    "the weights of step " + std::to_string(milestone) +
                                        " stay an opponent for good: far enough beyond the last that do"));
  const std::int64_t left = change.left.empty() ? -1 : change.left.front();
  bus.publish(telemetry::promoted(
      step, "opponent", left,
      "the weights of step " + std::to_string(step) + " became an opponent of later evaluations (" +
          std::to_string(change.members) + " in the pool)" +
          (left < 0 ? "" : "; those of step " + std::to_string(left) + " left, as the oldest of the recent ones")));
}

void publish_governor(telemetry::Bus& bus, std::int64_t step, const std::vector<guard::GovernorEvent>& events) {
  for (const guard::GovernorEvent& event : events) {
    const bool shut = event.kind == guard::GovernorEventKind::kGateShut;
    if (shut || event.kind == guard::GovernorEventKind::kGateOpened) {
      bus.publish(telemetry::gate_changed(step, shut, event.reason, event.text));
      continue;
    }
    telemetry::Event told{.kind = std::string("governor.") + guard::name(event.kind),
                          .step = step,
                          .utc_ms = 0,
                          .metrics = {},
                          .texts = {{"level", "debug"}, {"text", event.text}}};
    if (event.lost_percent) told.metrics.emplace_back("governor/lost_percent", *event.lost_percent);
    if (event.duty_percent) told.metrics.emplace_back("governor/duty_percent", *event.duty_percent);
    bus.publish(std::move(told));
  }
}

void add_evaluation_metrics(telemetry::Event& event, const guard::Snapshot& status, const guard::GovernorStatus& g,
                            bool enabled) {
  const auto running = std::ranges::count_if(status.workers, [](const auto& w) { return w.job != 0; });
  const std::pair<const char*, double> values[] = {
      {"evaluation/queued", static_cast<double>(status.queued)},
      {"evaluation/running", static_cast<double>(running)},
      {"evaluation/enabled", enabled ? 1.0 : 0.0},
      {"evaluation/credit_s", g.credit_s},
      {"evaluation/paused_s", g.paused_s},
      {"governor/bank_s", g.bank_s},
      {"governor/duty_percent", g.duty_percent},
      {"governor/gate_shut", g.gate == guard::GateState::kShut ? 1.0 : 0.0},
      {"governor/longest_stall_ms", 1e3 * g.longest_stall_s},
      {"governor/ledger_excess_s", g.worst_excess_s},
      {"governor/impact_percent", or_unknown(g.impact.impact_percent)},
      {"governor/impact_low_percent", or_unknown(g.impact.impact_low_percent)},
      {"governor/impact_high_percent", or_unknown(g.impact.impact_high_percent)},
      {"governor/pairs", static_cast<double>(g.impact.counts.clean)},
      {"governor/pairs_dropped", static_cast<double>(g.impact.counts.dropped_in_all())}};
  for (const auto& [name, value] : values) event.metrics.emplace_back(name, value);
}

}  // namespace keisei::app
