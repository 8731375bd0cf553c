// The governor's state and its news as plain values, for events and dashboards: what may be spent, what was found, and
// whether the gate is shut and why. Unknown figures are nullopt, never zero. Copied out by the trainer's thread; after
// that anybody's. Seconds; percent where the name says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "guard/impact.h"

namespace keisei::guard {

inline constexpr std::size_t kGovernorEvents = 256;  ///< kept until they are taken; later ones are dropped and counted

/// Why the gate is shut for a while.
enum class GateShut : std::uint8_t { kTripwire, kImpact };

enum class GateState : std::uint8_t {
  kIdle,      ///< no evaluation is pending
  kOff,       ///< an off window, or the experiment's own mode
  kOn,        ///< opens when there is credit (or is open, on spare cores)
  kShut,      ///< for a while, see why
  kReleased,  ///< training is over: open for good
};
[[nodiscard]] const char* name(GateState state);  ///< "idle", "off", "on", "shut", "released"
[[nodiscard]] const char* name(GateShut why);     ///< "tripwire", "impact"

struct GovernorStatus {
  double duty_percent = 0;  ///< of wall time
  double credit_s = 0;
  double bank_s = 0;
  double gain = 1;        ///< time lost / time paused
  double gain_upper = 2;  ///< what the set point reckons with
  std::size_t gain_pairs = 0;
  ImpactEstimate impact;
  GateState gate = GateState::kIdle;
  std::string gate_why;                      ///< one sentence
  double shut_for_s = 0;                     ///< still
  std::size_t shuts = 0;                     ///< ever
  std::optional<double> run_delay_on;        ///< of the trainer's threads in the last on window, s/s
  std::optional<double> run_delay_baseline;  ///< the same in off windows
  int tripwire_windows = 0;                  ///< bad ones in a row
  double paused_s = 0;                       ///< in all
  std::size_t pauses = 0;
  double longest_stall_s = 0;
  double worst_excess_s = 0;  ///< of the ledger; <= 0 while its invariant holds
  std::size_t events_dropped = 0;
};

enum class GovernorEventKind : std::uint8_t { kPair, kPairDropped, kSetPoint, kGateShut, kGateOpened };
[[nodiscard]] const char* name(GovernorEventKind kind);  ///< "pair", "pair_dropped", "set_point", "gate_shut", …

struct GovernorEvent {
  GovernorEventKind kind = GovernorEventKind::kPair;
  double at_s = 0;                     ///< monotonic
  std::optional<double> lost_percent;  ///< kPair: of the on window
  std::optional<double> duty_percent;  ///< kSetPoint: from here on
  std::optional<double> backoff_s;     ///< kGateShut
  std::string text;                    ///< one sentence
  std::string reason{};                ///< kGateShut: name(GateShut)
};

}  // namespace keisei::guard
