// The safeguards of a run in words: per clause how often it was met, violated or not measured, the worst value against
// its limit, when, and what to do; and what evaluation beside training went through (rolled back, gate shut, breaker,
// deferred or skipped). Part of `keisei runs show`. Values in, values and text out; JSON stays in the .cpp files.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/run_database.h"

namespace keisei::store {

/// What became of one clause over all evaluations of a run.
struct ClauseSummary {
  std::string clause;
  int met = 0;
  int violated = 0;
  int unknown = 0;
  std::optional<double> worst;      ///< greatest value measured; every clause is an upper bound
  std::optional<double> threshold;  ///< that held when the worst was measured, else the newest
  std::string unit;                 ///< "ms", "MB", "%", "s"; empty for a count or a clause that is not known
  std::string source;               ///< of the newest verdict
  std::int64_t first_ms = 0, last_ms = 0;
  std::optional<std::int64_t> first_violation_ms, last_violation_ms;
  std::string advice;  ///< what to do, one sentence; empty when there is nothing to do
};

/// By clause, violated ones first, then those never measured, then the rest; by name within.
[[nodiscard]] std::vector<ClauseSummary> summarise_clauses(std::span<const SlaRow> sla);

/// An event with its texts taken out of its JSON.
struct NotableEvent {
  std::int64_t step = 0;
  std::int64_t time_ms = 0;
  std::string kind;
  std::map<std::string, std::string> texts;
};
/// Events whose JSON is missing or not as expected keep their kind and have no texts.
[[nodiscard]] std::vector<NotableEvent> notable_events(std::span<const EventRow> events);

/// A time in which the governor kept the gate shut.
struct GateShut {
  std::int64_t from_ms = 0;
  std::optional<std::int64_t> to_ms;  ///< nothing: not opened again as far as the events go
  std::string reason;
};
[[nodiscard]] std::vector<GateShut> gate_shut_times(std::span<const NotableEvent> events);

/// Lines of text for both, each indented by two spaces.
[[nodiscard]] std::string clauses_text(std::span<const ClauseSummary> clauses);
[[nodiscard]] std::string notable_text(std::span<const NotableEvent> events, std::size_t at_most);

}  // namespace keisei::store
