// How much of the time training may pause: gain k = time lost / time paused is learnt from clean pairs by exponentially
// weighted regression through the origin, and duty is what keeps the loss at 80 % of the limit if k is at the upper end
// of what the pairs allow; before they say anything a pause is taken to cost twice itself (1 % for a limit of 5 %).
// Down at once, up at most 25 % a pair, because too much is a broken promise and too little only a later result. Duty
// is of wall time; on windows, which are `on_share` of it, hold all pauses, so the loss that the experiment sees in
// them is k x duty / on_share. Plain value, trainer's thread. Shares 0 … 1, seconds.
#pragma once

#include <cstddef>

namespace keisei::guard {

inline constexpr double kFloorDuty = 0.0005;
inline constexpr double kBudgetShare = 0.8;  ///< of the limit, that duty aims at
inline constexpr double kDutyRise = 1.25;    ///< most, from one pair to the next
inline constexpr double kUnknownGain = 2;    ///< the upper end while fewer than kGainPairs pairs with a pause are known
inline constexpr double kExpectedGain = 1.2;  ///< what pauses cost where it was measured, and
inline constexpr double kGainSd = 0.4;        ///< how far that may be off before pairs say so
inline constexpr double kLeastNoise = 0.005;  ///< standard deviation of a pair's loss, at least
inline constexpr std::size_t kGainPairs = 3;
inline constexpr double kGainMemory = 0.97;  ///< weight of a pair relative to the one after it
inline constexpr double kMostGain = 1000;

struct SetPointOptions {
  double limit = 0.05;          ///< of training impact
  double ceiling = 0.03;        ///< configured duty, never exceeded
  double on_share = 0.5;        ///< see above, 0 < on_share <= 1
  double window_s = 240;        ///< over which the limit holds
  double least_bank_s = 0.025;  ///< one burst and its reserve: else the floor duty could never buy one, and k stays
};

class SetPoint {
 public:
  explicit SetPoint(SetPointOptions options);

  /// A clean pair: share of the on window that was paused, share of it that was lost (1 - rate_on / rate_off).
  void add(double paused_share, double lost_share);
  /// The share of the time that is on has changed.
  void on_share(double share);

  [[nodiscard]] double gain() const;  ///< 1 while nothing is known
  /// 97.5 % bound, >= 1: a pause costs at least itself. Pairs that say little leave it at kUnknownGain: otherwise a
  /// small duty would tell little, look dear and become smaller still.
  [[nodiscard]] double gain_upper() const;
  [[nodiscard]] std::size_t gain_pairs() const { return pairs_; }
  [[nodiscard]] double duty() const { return duty_; }
  [[nodiscard]] double bank_s() const;

 private:
  [[nodiscard]] double target() const;
  void move(double most);

  SetPointOptions options_;
  double duty_ = 0;
  std::size_t pairs_ = 0;  ///< with a pause
  double weight_ = 0, xx_ = 0, xy_ = 0, yy_ = 0, wwxx_ = 0;
};

}  // namespace keisei::guard
