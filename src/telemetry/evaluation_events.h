// The events in which evaluation beside training tells of itself: switched on or off, rolled back, not started as
// asked, its breaker, its gate, who became an opponent. One builder each, because the log, the run database, `keisei
// runs show`, the metrics page and the alerts all read these kinds, texts and metrics by name. Plain values; the bus
// stamps the time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "telemetry/event.h"

namespace keisei::telemetry {

namespace detail {
/// What somebody should look at is a warning for the log and the counters (telemetry/level.h).
inline void set_warning(Event& event) { event.texts.emplace_back("level", "warning"); }

[[nodiscard]] inline Event state_event(std::string_view kind, std::int64_t step, std::string state, std::string reason,
                                       std::string text) {
  Event event{.kind = std::string(kind), .step = step, .utc_ms = 0, .metrics = {}, .texts = {}};
  event.texts.emplace_back("state", std::move(state));
  if (!reason.empty()) event.texts.emplace_back("reason", std::move(reason));
  event.texts.emplace_back("text", std::move(text));
  return event;
}
}  // namespace detail

/// evaluation.switch: periodic evaluation is on or off from here on. `reason`: "configuration", "rollout", "reload".
[[nodiscard]] inline Event evaluation_switched(std::int64_t step, bool on, std::string reason, std::string text) {
  Event event = detail::state_event("evaluation.switch", step, on ? "on" : "off", std::move(reason), std::move(text));
  event.metrics = {{"evaluation/enabled", on ? 1.0 : 0.0}, {"evaluation/rolled_back", 0.0}};
  return event;
}

/// evaluation.rollback: switched off for this run by repeated violations of a clause.
[[nodiscard]] inline Event evaluation_rolled_back(std::int64_t step, std::string clause, std::string text) {
  Event event = detail::state_event("evaluation.rollback", step, "off", std::move(clause), std::move(text));
  event.metrics = {{"evaluation/enabled", 0.0}, {"evaluation/rolled_back", 1.0}};
  detail::set_warning(event);
  return event;
}

/// evaluation.admission: an evaluation did not start as asked. `decision`: "defer", "fewer_games", "skip".
[[nodiscard]] inline Event evaluation_admission(std::int64_t step, std::string decision, std::string reason,
                                                std::string text) {
  return detail::state_event("evaluation.admission", step, std::move(decision), std::move(reason), std::move(text));
}

/// evaluation.breaker: `state` is "closed", "open" or "half_open" as of guard::Snapshot.
[[nodiscard]] inline Event breaker_changed(std::int64_t step, std::string state, std::string text) {
  const double open = state == "closed" ? 0.0 : 1.0;
  Event event = detail::state_event("evaluation.breaker", step, std::move(state), {}, std::move(text));
  event.metrics = {{"evaluation/breaker_open", open}};
  if (open > 0) detail::set_warning(event);
  return event;
}

/// governor.gate: shut or open again. `reason`: "tripwire", "impact".
[[nodiscard]] inline Event gate_changed(std::int64_t step, bool shut, std::string reason, std::string text) {
  const double tripped = shut && reason == "tripwire" ? 1.0 : 0.0;
  Event event = detail::state_event("governor.gate", step, shut ? "shut" : "open", std::move(reason), std::move(text));
  event.metrics = {{"governor/gate_shut", shut ? 1.0 : 0.0}, {"governor/tripped", tripped}};
  if (shut) detail::set_warning(event);
  return event;
}

/// promotion: the weights of `step` became an opponent of later evaluations, or stay one for good. `role`: "opponent",
/// "milestone". `replaced` is the step of the weights that left for them; -1 = none did.
[[nodiscard]] inline Event promoted(std::int64_t step, std::string role, std::int64_t replaced, std::string text) {
  Event event = detail::state_event("promotion", step, std::move(role), {}, std::move(text));
  if (replaced >= 0) event.texts.emplace_back("replaces", std::to_string(replaced));
  return event;
}

}  // namespace keisei::telemetry
