#include "store/sla_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "store/report_text.h"

namespace keisei::store {
namespace {

/// What people are told about a clause that the program knows.
struct Clause {
  std::string_view name;
  std::string_view unit;
  std::string_view when_violated;
  std::string_view when_unknown;
};

constexpr std::array<Clause, 7> kClauses = {{
    {"concurrency", "", "Lower evaluation.max_concurrent_evaluations, and look for a second program in the same run.",
     "No evaluation was admitted: see the warnings below."},
    {"timeout", "s",
     "Give evaluation less to do (evaluation.num_games, evaluation.max_moves_per_game) or more pause "
     "(evaluation.duty_percent), or raise evaluation.evaluation_timeout_seconds.",
     "No evaluation has run to its end: see the warnings below."},
    {"latency", "ms",
     "Let evaluation have its first slice sooner: raise evaluation.duty_percent or leave a core free "
     "(training.threads); otherwise raise evaluation.latency_limit_ms.",
     "No game has ended yet: ask for fewer plies (evaluation.max_moves_per_game) or wait for more evaluations."},
    {"memory", "MB",
     "Play fewer games side by side (evaluation.max_concurrent_games), or raise "
     "evaluation.memory_limit_mb if the machine has the room.",
     "No sample was taken: the evaluations ended too soon, or /proc cannot be read (keisei doctor)."},
    {"training_impact", "%",
     "Lower evaluation.duty_percent, evaluate less often (evaluation.evaluation_interval_timesteps), or switch it off "
     "(evaluation.enable_periodic_evaluation: false).",
     "It needs at least 8 undisturbed pairs of windows: let the run go on, keep other programs off the machine."},
    {"cpu", "%", "Leave evaluation fewer cores or a lower evaluation.duty_percent; look for a worker that spins.",
     "No processor time was read: the evaluations ended too soon, or /proc cannot be read (keisei doctor)."},
    {"gpu", "%", "Evaluate on the processor (env.device: cpu) or less often.",
     "Nothing to do without an NVIDIA GPU; with one, see what keisei doctor says of NVML."},
}};

const Clause* find_clause(std::string_view name) {
  const auto found =
      std::find_if(kClauses.begin(), kClauses.end(), [&](const Clause& clause) { return clause.name == name; });
  return found == kClauses.end() ? nullptr : found;
}

int urgency(const ClauseSummary& clause) {
  if (clause.violated > 0) return 0;
  return clause.met == 0 ? 1 : 2;
}

std::string times(int count) { return count == 1 ? "once" : count == 2 ? "twice" : std::to_string(count) + " times"; }

std::string with_unit(std::optional<double> value, const std::string& unit) {
  const bool whole = value && (std::abs(*value) >= 100 || (unit.empty() && *value == std::floor(*value)));
  return fixed(value, whole ? 0 : 2) + (unit.empty() ? "" : " " + unit);
}

/// A source without the words that the line has already.
std::string_view reason_of(std::string_view source) {
  constexpr std::string_view kSaid = "not measured: ";
  return source.starts_with(kSaid) ? source.substr(kSaid.size()) : source;
}

/// "violated 3 times, met twice, not measured once".
std::string counted(const ClauseSummary& clause) {
  std::string text;
  const auto add = [&](const char* what, int count) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::string(what) + " " + times(count);
  };
  add("violated", clause.violated);
  add("met", clause.met);
  add("not measured", clause.unknown);
  return text;
}

std::string text_of(const NotableEvent& event, const std::string& name) {
  const auto found = event.texts.find(name);
  return found == event.texts.end() ? std::string() : printable(found->second);
}

std::string gate_words(std::span<const GateShut> shut) {
  if (shut.empty()) return {};
  std::int64_t total_ms = 0;
  bool still = false;
  for (const GateShut& one : shut) {
    total_ms += one.to_ms ? *one.to_ms - one.from_ms : 0;
    still = still || !one.to_ms;
  }
  std::string text = "  The gate was shut " + times(static_cast<int>(shut.size())) + ", for " + lasted(total_ms);
  if (still) text += ", and is shut since " + when(shut.back().from_ms) + " (" + shut.back().reason + ")";
  return text + ".\n";
}

/// "Evaluations: defer 3 times (credit), skip once (queue).", by decision and reason.
std::string admission_words(std::span<const NotableEvent> events) {
  std::map<std::pair<std::string, std::string>, int> counts;
  for (const NotableEvent& event : events) {
    if (event.kind == "evaluation.admission") ++counts[{text_of(event, "state"), text_of(event, "reason")}];
  }
  std::string text;
  for (const auto& [what, count] : counts) {
    const std::string words = what.first == "defer"         ? "deferred"
                              : what.first == "skip"        ? "skipped"
                              : what.first == "fewer_games" ? "given fewer games"
                                                            : what.first;
    text += (text.empty() ? "  Evaluations were " : ", ") + words + " " + times(count) + " (" + what.second + ")";
  }
  return text.empty() ? text : text + ".\n";
}

}  // namespace

std::vector<ClauseSummary> summarise_clauses(std::span<const SlaRow> sla) {
  std::map<std::string, ClauseSummary> by_name;
  for (const SlaRow& row : sla) {
    const auto [found, fresh] = by_name.try_emplace(row.clause);
    ClauseSummary& clause = found->second;
    if (fresh) {
      clause.clause = row.clause;
      clause.first_ms = clause.last_ms = row.time_ms;
    }
    const bool violated = row.verdict == "violated";
    ++(row.verdict == "met" ? clause.met : violated ? clause.violated : clause.unknown);
    clause.first_ms = std::min(clause.first_ms, row.time_ms);
    clause.last_ms = std::max(clause.last_ms, row.time_ms);
    clause.source = row.source;
    if (row.value && (!clause.worst || *row.value > *clause.worst)) {
      clause.worst = row.value;
      clause.threshold = row.threshold;
    }
    if (!clause.worst) clause.threshold = row.threshold;
    if (violated) {
      clause.first_violation_ms = std::min(clause.first_violation_ms.value_or(row.time_ms), row.time_ms);
      clause.last_violation_ms = std::max(clause.last_violation_ms.value_or(row.time_ms), row.time_ms);
    }
  }
  std::vector<ClauseSummary> all;
  for (auto& [name, clause] : by_name) {
    if (const Clause* known = find_clause(name)) {
      clause.unit = known->unit;
      if (clause.violated > 0) clause.advice = known->when_violated;
      if (clause.violated == 0 && clause.met == 0) clause.advice = known->when_unknown;
    }
    all.push_back(std::move(clause));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const ClauseSummary& a, const ClauseSummary& b) { return urgency(a) < urgency(b); });
  return all;
}

std::vector<NotableEvent> notable_events(std::span<const EventRow> events) {
  using nlohmann::json;
  std::vector<NotableEvent> all;
  for (const EventRow& row : events) {
    NotableEvent event{row.step, row.time_ms, row.kind, {}};
    const json root = json::parse(row.json, nullptr, false);
    const auto texts = root.is_object() ? root.find("texts") : root.end();
    if (root.is_object() && texts != root.end() && texts->is_object()) {
      for (const auto& [name, text] : texts->items()) {
        if (text.is_string()) event.texts[name] = text.get<std::string>();
      }
    }
    all.push_back(std::move(event));
  }
  return all;
}

std::vector<GateShut> gate_shut_times(std::span<const NotableEvent> events) {
  std::vector<GateShut> all;
  for (const NotableEvent& event : events) {
    if (event.kind != "governor.gate") continue;
    const std::string state = text_of(event, "state");
    const bool shut_now = !all.empty() && !all.back().to_ms;
    if (state == "shut" && !shut_now) {
      all.push_back({event.time_ms, std::nullopt, text_of(event, "reason")});
    } else if (state == "open" && shut_now) {
      all.back().to_ms = event.time_ms;
    }
  }
  return all;
}

std::string clauses_text(std::span<const ClauseSummary> clauses) {
  std::size_t widest = 0;
  for (const ClauseSummary& clause : clauses) widest = std::max(widest, printable(clause.clause).size());
  const std::string indent(widest + 4, ' ');
  std::string text;
  for (const ClauseSummary& clause : clauses) {
    std::string name = printable(clause.clause);
    name.resize(widest, ' ');
    text += "  " + name + "  " + counted(clause);
    if (clause.worst) {
      text += "; worst " + with_unit(clause.worst, clause.unit) + " (limit " +
              with_unit(clause.threshold, clause.unit) + ")";
    } else if (clause.met == 0 && clause.violated == 0) {
      text += " (" + printable(reason_of(clause.source)) + ")";
    }
    text += "\n" + indent;
    if (clause.first_violation_ms) {
      text += *clause.first_violation_ms == *clause.last_violation_ms
                  ? "violated at " + when(clause.first_violation_ms)
                  : "violated from " + when(clause.first_violation_ms) + " to " + when(clause.last_violation_ms);
    } else {
      text += "judged from " + when(clause.first_ms) + " to " + when(clause.last_ms);
    }
    text += "\n";
    if (!clause.advice.empty()) text += indent + "What to do: " + clause.advice + "\n";
  }
  return text;
}

std::string notable_text(std::span<const NotableEvent> events, std::size_t at_most) {
  if (events.empty()) return "  nothing out of the ordinary\n";
  std::string text;
  text += gate_words(gate_shut_times(events)) + admission_words(events);
  const std::size_t left_out = events.size() > at_most ? events.size() - at_most : 0;
  if (left_out > 0) text += "  " + grouped(static_cast<std::int64_t>(left_out)) + " earlier ones: add --sla\n";
  std::vector<std::vector<std::string>> rows = {{"time", "step>", "what", "state", "why"}};
  for (const NotableEvent& event : events.subspan(left_out)) {
    std::string state = text_of(event, "state");
    if (const std::string reason = text_of(event, "reason"); !reason.empty()) state += " (" + reason + ")";
    rows.push_back({when(event.time_ms), grouped(event.step), printable(event.kind), state, text_of(event, "text")});
  }
  return text + table(rows);
}

}  // namespace keisei::store
