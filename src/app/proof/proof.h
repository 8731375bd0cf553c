// The proof of the safeguards: every clause is broken on purpose through the production path (gate, supervisor,
// launcher stage, a worker process), and what was observed is put beside what is promised. A case holds only when the
// fault ended inside its bound and afterwards the permit is back, the next job runs and no process is left. Cases are
// rows; they run one after another on the caller's thread. Units are in the rows.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace keisei::app::proof {

struct Settings {
  const Clock& clock;
  double patience_s = 0;  ///< granted beyond every promised time, for a machine that is busy with other things
};

struct Outcome {
  double promised = 0;
  std::optional<double> observed;  ///< nothing = the case could not observe it, which never holds
  bool held = false;
  std::string note;  ///< why it does not hold; else empty
};

enum class Cost {
  kQuick,    ///< seconds
  kDefault,  ///< up to half a minute
  kThorough  ///< minutes; only when asked for
};

struct Case {
  std::string name;    ///< "sigterm_ignored"
  std::string clause;  ///< "timeout"
  std::string fault;   ///< "a worker ignores SIGTERM"
  std::string unit;    ///< of promised and observed
  Cost cost = Cost::kQuick;
  std::function<Outcome(const Settings&)> run;
};

/// All cases in the order of the table.
[[nodiscard]] std::vector<Case> cases();

// By theme; cases() is their concatenation.
[[nodiscard]] std::vector<Case> ending_cases();       ///< deadlines, hangs, signals, crashes
[[nodiscard]] std::vector<Case> memory_cases();       ///< empty in sanitizer builds, whose shadow would be counted
[[nodiscard]] std::vector<Case> tensor_cases();       ///< the same by libtorch's tensors
[[nodiscard]] std::vector<Case> wire_cases();         ///< bytes and records of a worker
[[nodiscard]] std::vector<Case> crowd_cases();        ///< permits, spawns, restart budget, leaks
[[nodiscard]] std::vector<Case> door_cases();         ///< every path to an evaluation goes through the gate
[[nodiscard]] std::vector<Case> endurance_cases();    ///< many evaluations leave nothing behind
[[nodiscard]] std::vector<Case> isolation_cases();    ///< strays, environment, policy, death of the parent
[[nodiscard]] std::vector<Case> measurement_cases();  ///< verdicts, clocks
[[nodiscard]] std::vector<Case> impact_cases();       ///< what training pays

struct Row {
  Case what;
  Outcome outcome;
};

struct Choice {
  std::string only;  ///< a case's name; empty = by cost
  Cost most = Cost::kDefault;
};

/// The chosen cases; kUsage when `only` names none.
[[nodiscard]] Result<std::vector<Case>> choose(const Choice& choice);

/// Runs them; `before` is told of each. A case that throws does not hold.
[[nodiscard]] std::vector<Row> prove(const std::vector<Case>& chosen, const Settings& settings,
                                     const std::function<void(const Case&)>& before);

[[nodiscard]] bool all_held(const std::vector<Row>& rows);
[[nodiscard]] std::string proof_table(const std::vector<Row>& rows);
[[nodiscard]] std::string proof_json(const std::vector<Row>& rows, double patience_s);  ///< keisei.proof/1
[[nodiscard]] std::string proof_list(const std::vector<Case>& listed, bool json);       ///< keisei.proof-cases/1

}  // namespace keisei::app::proof
