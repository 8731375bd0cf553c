// Whether an evaluation fits into what training can spare, answered before it begins: the cost of a game and of the
// first result is learnt from finished evaluations (worker processor time, by kind of request), and what is there is
// the ledger's credit and what duty earns until the deadline. What does not fit, or whose first result would come too
// late, is put off, then shortened, then skipped, each with a reason; never begun in the hope that it will end, never
// dropped silently. Pure arithmetic; trainer's thread. Seconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace keisei::guard {

inline constexpr std::size_t kMaxCostKinds = 64;
inline constexpr double kCostWeight = 0.3;         ///< of the newest evaluation in the mean
inline constexpr double kCostMargin = 1.25;        ///< a prediction is the mean times this
inline constexpr int kLeastGames = 2;              ///< one with each colour
inline constexpr double kFirstResult_s = 0.06;     ///< worker time up to the first result, where none has come yet
inline constexpr double kFirstResultMargin = 2.5;  ///< credit saved up for it is this times what is expected

enum class AdmissionDecision : std::uint8_t { kFits, kDefer, kFewerGames, kSkip };
enum class AdmissionReason : std::uint8_t {
  kEnough,         ///< predicted cost <= what is there
  kCostUnknown,    ///< the first of its kind: its cost is measured by running it
  kLaterEnough,    ///< enough within one evaluation interval
  kFirstResult,    ///< begun now, its first result would come later than promised
  kGateShut,       ///< the gate is shut for a while
  kPartFits,       ///< a part of the games fits
  kTooExpensive,   ///< not even two games fit
  kNothingToSpend  ///< no credit and no duty
};
[[nodiscard]] const char* name(AdmissionDecision decision);  ///< "fits", "defer", "fewer_games", "skip"
[[nodiscard]] const char* name(AdmissionReason reason);

struct AdmissionRequest {
  std::string kind;       ///< requests of one kind cost alike per game
  int games = 0;          ///< asked for
  double deadline_s = 0;  ///< from its start; <= 0 is none, then the interval counts
  double latency_s = 0;   ///< promised from its start to the first result; <= 0 is none
  double interval_s = 0;  ///< until the next evaluation is due
  double deferred_s = 0;  ///< how long it was put off already
};

/// What can be spent; from Governor::status().
struct AdmissionMeans {
  double credit_s = 0;
  double bank_s = 0;
  double duty = 0;             ///< share of wall time
  double cpu_per_pause_s = 1;  ///< worker processor time per second of pause: its threads, at most the cores
  double queued_cpu_s = 0;     ///< predicted cost of what waits or runs before it
  double shut_for_s = 0;       ///< the gate stays shut for so long
};

struct Admission {
  AdmissionDecision decision = AdmissionDecision::kFits;
  AdmissionReason reason = AdmissionReason::kEnough;
  int games = 0;                          ///< to be played; 0 unless it fits or is shortened
  double wait_s = 0;                      ///< kDefer: ask again after this
  std::optional<double> predicted_cpu_s;  ///< of the games asked for
  double available_cpu_s = 0;
  std::string sentence;
};

class AdmissionPlanner {
 public:
  /// A finished evaluation of `kind` took `cpu_s` of worker time for `games` games, `first_result_cpu_s` of it up to
  /// the first. Absurd values are ignored. A cheaper one moves the mean; a later first result counts whole and at once,
  /// because it is promised of each evaluation.
  void learn(const std::string& kind, int games, double cpu_s, std::optional<double> first_result_cpu_s = {});
  [[nodiscard]] std::optional<double> cost_per_game_s(const std::string& kind) const;
  /// Worker time of `kind` up to its first result; kFirstResult_s while that is unknown.
  [[nodiscard]] double first_result_s(const std::string& kind) const;
  /// Pure function of its arguments and of what was learnt.
  [[nodiscard]] Admission plan(const AdmissionRequest& request, const AdmissionMeans& means) const;

 private:
  struct Cost {
    double game_s = 0;
    double first_result_s = kFirstResult_s;
  };
  std::map<std::string, Cost> costs_;
};

}  // namespace keisei::guard
