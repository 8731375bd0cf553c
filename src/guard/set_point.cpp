#include "guard/set_point.h"

#include <algorithm>
#include <cmath>

namespace keisei::guard {

SetPoint::SetPoint(SetPointOptions options) : options_(options) {
  options_.limit = std::clamp(options_.limit, 0.0, 1.0);
  options_.on_share = std::clamp(options_.on_share, 0.1, 1.0);
  move(1);
}

void SetPoint::add(double paused_share, double lost_share) {
  double most = duty_;  // a pair without a pause says nothing about what a pause costs
  if (paused_share > 0 && std::isfinite(paused_share) && std::isfinite(lost_share)) {
    weight_ = weight_ * kGainMemory + 1;
    xx_ = xx_ * kGainMemory + paused_share * paused_share;
    xy_ = xy_ * kGainMemory + paused_share * lost_share;
    yy_ = yy_ * kGainMemory + lost_share * lost_share;
    wwxx_ = wwxx_ * kGainMemory * kGainMemory + paused_share * paused_share;
    ++pairs_;
    most = duty_ * kDutyRise;
  }
  move(most);
}

void SetPoint::on_share(double share) {
  options_.on_share = std::clamp(share, 0.1, 1.0);
  move(duty_);
}

double SetPoint::gain() const { return xx_ > 0 ? xy_ / xx_ : 1; }

double SetPoint::gain_upper() const {
  if (pairs_ < kGainPairs) return kUnknownGain;
  const double residual = std::max(0.0, yy_ - gain() * xy_) / std::max(1.0, weight_ - 1);
  const double variance = std::max(residual, kLeastNoise * kLeastNoise);
  const double prior = variance / (kGainSd * kGainSd);  // what is expected counts like so much evidence, as of xx_
  const double k = (xy_ + prior * kExpectedGain) / (xx_ + prior);
  const double sd = std::sqrt(variance * (wwxx_ + prior)) / (xx_ + prior);
  return std::clamp(k + 2 * sd, 1.0, kMostGain);
}

double SetPoint::target() const {
  return std::min(options_.ceiling, options_.on_share * kBudgetShare * options_.limit / gain_upper());
}

void SetPoint::move(double most) {
  const double floor = options_.limit > 0 ? std::min(kFloorDuty, options_.ceiling) : 0;
  duty_ = std::max({0.0, floor, std::min(target(), most)});
}

double SetPoint::bank_s() const {
  if (duty_ <= 0) return 0;
  const double bank_s = (options_.on_share * options_.limit / gain_upper() - duty_) * options_.window_s;
  return std::max(bank_s, options_.least_bank_s);
}

}  // namespace keisei::guard
