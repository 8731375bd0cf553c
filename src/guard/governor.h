// Lets evaluation run beside training within a limit on what training loses: at each step boundary the trainer calls
// step(), which may stand still for one burst with the gate open, paid from the ledger, in "on" windows of the running
// experiment only. What the experiment finds moves the set point; too much loss, or threads that wait for processors,
// shut the gate with a back-off. The session owns it; one thread (the trainer's) calls everything. A step that does
// nothing costs a few clock readings; the machine is read at window edges only. Seconds; percent where the name says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/options.h"
#include "guard/burst_gate.h"
#include "guard/governor_status.h"
#include "guard/impact.h"
#include "guard/ledger.h"
#include "guard/machine_probe.h"
#include "guard/set_point.h"
#include "guard/switchback.h"
#include "guard/tripwire.h"

namespace keisei::guard {

inline constexpr double kMostPausedShare = 0.5;  ///< of on time, however much credit there is
inline constexpr double kDrain_s = 1;            ///< in which saved credit is spent, as far as that allows
inline constexpr double kSlackBursts = 3;        ///< credit that counts as ordinary and not as saved
inline constexpr double kFirstBackoff_s = 10;
inline constexpr double kMostBackoff_s = 600;
inline constexpr double kBackoffForgotten_s = 600;  ///< open for so long, the next back-off is the first again
/// Credit that training begins with: twice what admission expects a first result of unknown cost to need.
inline constexpr double kStartCredit_s = 0.3;
inline constexpr int kRestWindows = 4;              ///< unmeasured on windows after a pair, once the verdict is met
inline constexpr std::size_t kSettledPairs = 16;    ///< clean pairs from which that is done

enum class GovernorMode {
  kBursts,      ///< the gate opens while the trainer stands still
  kSpareCores,  ///< the gate is open throughout on windows, no pauses
  kShut,        ///< the gate never opens, all else runs: an experiment with nothing to find
};

struct GovernorOptions {
  double limit = 0.05;       ///< of training impact, share
  double ceiling = 0.03;     ///< most duty, share of wall time
  double burst_s = 0.020;    ///< one pause, at most kMaxStall_s
  double reserve_s = 0.005;  ///< of the ledger
  double start_credit_s = 0;
  GovernorMode mode = GovernorMode::kBursts;
  SwitchbackOptions switchback;

  [[nodiscard]] static GovernorOptions from(const config::Evaluation& evaluation, std::uint64_t seed,
                                            GovernorMode mode = GovernorMode::kBursts);
};

class Governor {
 public:
  /// Stands still for so many seconds; a test moves its clock instead.
  using Sleep = std::function<void(double seconds)>;

  /// `clock` outlives it. `gate` is the one its supervisor hands to the workers.
  Governor(GovernorOptions options, const Clock& clock, std::unique_ptr<MachineProbe> probe,
           std::shared_ptr<BurstGate> gate, Sleep sleep = {});
  /// Opens the gate.
  ~Governor();
  Governor(const Governor&) = delete;
  Governor& operator=(const Governor&) = delete;

  /// The trainer's only call, at each step boundary: a step of `kind` (0 … kStepKinds - 1) did `work` units. Returns
  /// the seconds it stood still, mostly 0, never more than kMaxStall_s and what the sleep overslept.
  double step(int kind, double work, bool work_pending);
  /// The next step() would stand still, unless a window ends there: time to bring every thread of training to a halt.
  [[nodiscard]] bool burst_due(bool work_pending) {
    return work_pending && options_.mode == GovernorMode::kBursts && may_open() && ledger_.burst_s(true).has_value();
  }
  /// What is no training falls here (a checkpoint, a copy of the weights): the pair that runs does not count.
  void contaminate(PairDrop reason) { switchback_.contaminate(reason); }
  /// Training is over: opens the gate for good, so that what still runs can finish. step() does nothing from here.
  void release();

  /// In this window the gate may open.
  [[nodiscard]] bool may_open() const;
  [[nodiscard]] GovernorStatus status();
  [[nodiscard]] ImpactEstimate impact() const;
  [[nodiscard]] const PairCounts& pairs() const { return switchback_.counts(); }
  [[nodiscard]] Ledger& ledger() { return ledger_; }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }
  /// What has happened since the last call, oldest first, at most kGovernorEvents; the rest is counted in status().
  [[nodiscard]] std::vector<GovernorEvent> take_events();

 private:
  void at_edge(double now_s);
  void accept(const SwitchbackPair& pair, double now_s);
  void retune(double now_s);
  void shut(GateShut why, std::string text, double now_s);
  void reopen(double now_s);
  double burst();
  void pace(bool may, double now_s);
  void note(GovernorEvent event);

  GovernorOptions options_;
  const Clock& clock_;
  std::unique_ptr<MachineProbe> probe_;
  std::shared_ptr<BurstGate> gate_;
  Sleep sleep_;
  SetPoint set_point_;
  Ledger ledger_;
  Switchback switchback_;
  Tripwire tripwire_;
  ImpactPairs pairs_;
  PendingShare pending_;
  double allowance_s_ = 0;  ///< of pause, earned by on time alone: an off window's credit does not fall on the next
  double paced_s_;          ///< until when it was earned
  bool paced_on_ = false;   ///< the gate could open since then
  bool released_ = false;
  bool work_pending_ = false;
  bool shut_ = false;
  GateShut shut_why_ = GateShut::kTripwire;
  std::string shut_text_;
  double shut_until_s_ = 0;
  double opened_s_;
  double backoff_s_ = kFirstBackoff_s;
  std::size_t shuts_ = 0;
  double longest_stall_s_ = 0;
  std::vector<GovernorEvent> events_;
  std::size_t events_dropped_ = 0;
};

}  // namespace keisei::guard
