// The experiment that measures what evaluation costs training: a pair is an "on" window (the gate may open) and an
// "off" window (it stays shut), each cut into kSlices slices that take turns: four at a time, on-off-off-on or the
// reverse by a seeded coin. So drift, phases and a machine that changes its speed every second or two fall on both
// alike, and the noise of y = ln(rate_off / rate_on) is symmetric. The rate is work x reference cost per second, the
// reference cost of a kind of step being learnt from earlier windows and the same for both. A pair in which something
// else happened is dropped and counted. Owned and called by the trainer's thread. Seconds, shares 0 … 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/random.h"
#include "guard/machine_probe.h"

namespace keisei::guard {

inline constexpr int kStepKinds = 8;  ///< kinds of step are 0 … kStepKinds - 1; others count as the last
inline constexpr int kSlices = 10;    ///< of a window; even, because they come in fours, two of each

/// Why a pair does not count.
enum class PairDrop : std::uint8_t {
  kSteal,         ///< the hypervisor took processors away
  kForeign,       ///< other programs used processors
  kCheckpoint,    ///< a checkpoint was written
  kWeightSync,    ///< weights were copied for an evaluation
  kWorkEnded,     ///< no evaluation was pending any more
  kGateShut,      ///< the gate was shut for a while
  kUncalibrated,  ///< a kind of step without a reference cost yet
  kOther,
};
inline constexpr std::size_t kPairDrops = 8;
[[nodiscard]] const char* name(PairDrop drop);  ///< "steal", "foreign_cpu", "checkpoint", …

struct PairCounts {
  std::size_t clean = 0;
  std::array<std::size_t, kPairDrops> dropped{};  ///< by PairDrop
  std::size_t unfiltered = 0;                     ///< of the clean ones, with an unknown steal or foreign share
  [[nodiscard]] std::size_t dropped_in_all() const;
};

struct SwitchbackOptions {
  double window_s = 0.5;  ///< at least, all slices together
  int window_steps = 20;  ///< at least
  double steal_limit = 0.01;
  double foreign_limit = 0.06;
  double cost_weight = 0.2;  ///< of the newest pair in a reference cost
  std::uint64_t seed = 0;
};

struct SwitchbackWindow {
  bool on = false;
  double wall_s = 0;
  double paused_s = 0;
  std::optional<double> run_delay;  ///< of the trainer's threads, per second of wall time
};

struct SwitchbackPair {
  double y = 0;             ///< ln(rate_off / rate_on)
  double paused_share = 0;  ///< of the on window
  bool unfiltered = false;
};

/// What ended at a step boundary.
struct SwitchbackEdge {
  std::array<std::optional<SwitchbackWindow>, 2> windows;  ///< off and on, of a whole pair, clean or not
  std::optional<SwitchbackPair> pair;
  std::optional<PairDrop> dropped;
};

class Switchback {
 public:
  /// `clock` and `probe` outlive it.
  Switchback(SwitchbackOptions options, const Clock& clock, MachineProbe& probe);

  /// A step of `kind` has ended and did `work` units. True when a pair or a rest began or ended: edge() tells what.
  bool step(int kind, double work, bool work_pending);
  [[nodiscard]] const SwitchbackEdge& edge() const { return edge_; }
  /// The trainer stood still for `paused_s` until now: part of the window, not of the next step's cost.
  void paused(double paused_s);

  /// In this window the gate may open.
  [[nodiscard]] bool on() const { return phase_ == Phase::kRest || (in_pair() && on_); }
  [[nodiscard]] bool in_pair() const { return phase_ == Phase::kPair; }
  /// Something that is no training falls into the pair that runs: it is dropped at the next step.
  void contaminate(PairDrop reason);
  /// Off: no pairs, the one that runs is dropped as kGateShut. Reference costs are still learnt.
  void enable(bool enabled);
  /// After each clean pair, `windows` on windows that are not measured (0 = pairs only), so that evaluation has more
  /// of the time once its cost is known.
  void rest(int windows) { rest_windows_ = windows < 0 ? 0 : windows; }
  /// Share of the time with pending work that is on.
  [[nodiscard]] double on_share() const { return (1.0 + rest_windows_) / (2.0 + rest_windows_); }
  [[nodiscard]] const PairCounts& counts() const { return counts_; }
  /// Seconds per unit of work of a kind, or nothing yet.
  [[nodiscard]] std::optional<double> reference_cost_s(int kind) const;

 private:
  enum class Phase { kIdle, kPair, kRest };
  /// What was done in a stretch of time, or in several.
  struct Window {
    double wall_s = 0;
    double paused_s = 0;
    int steps = 0;
    std::array<double, kStepKinds> work{};
    std::array<double, kStepKinds> busy_s{};
    std::optional<double> run_delay_s = 0;  ///< nothing once a reading was unknown
    void add(const Window& other);
  };

  void begin(Phase phase);
  void begin_pair();
  void begin_slice();
  void end_slice(double now_s);
  void end_pair();
  void drop(PairDrop reason);
  [[nodiscard]] std::optional<double> rate(const Window& window) const;
  [[nodiscard]] std::optional<PairDrop> disturbance(const MachineShares& shares) const;
  void learn(const Window& window);

  SwitchbackOptions options_;
  const Clock& clock_;
  MachineProbe& probe_;
  Random coin_;
  Phase phase_ = Phase::kIdle;
  bool enabled_ = true;
  std::optional<PairDrop> contaminated_;
  double step_begin_s_;
  double begin_s_;                   ///< of current_
  Window current_;                   ///< the slice, the rest, or the time without a pair
  int slice_ = 0;                    ///< of both windows, counted through
  bool on_ = false;                  ///< the slice
  bool outer_on_ = false;            ///< of the four slices: the first and the last
  std::array<Window, 2> windows_{};  ///< off and on
  MachineCounters at_begin_;         ///< of the pair
  std::optional<double> delay_s_;    ///< run delay at the begin of the slice
  int rest_windows_ = 0;
  int rest_left_ = 0;
  std::array<double, kStepKinds> cost_s_{};  ///< 0 = unknown
  bool calibrated_ = false;
  PairCounts counts_;
  SwitchbackEdge edge_;
};

}  // namespace keisei::guard
