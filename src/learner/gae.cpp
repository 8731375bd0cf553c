#include "learner/gae.h"

namespace keisei::learner {

std::vector<float> gae(const GaeInput& in, double gamma, double lambda, bool alternating) {
  const auto games = static_cast<std::size_t>(in.games);
  const double turn = alternating ? -1.0 : 1.0;
  std::vector<float> advantage(static_cast<std::size_t>(in.plies) * games);
  for (std::size_t g = 0; g < games; ++g) {
    double next_value = in.last_value[g];
    double carried = 0;
    for (std::size_t t = static_cast<std::size_t>(in.plies); t-- > 0;) {
      const std::size_t i = t * games + g;
      if (in.end[i] == selfplay::Ply::kTerminated) next_value = 0;
      if (in.end[i] == selfplay::Ply::kTruncated) next_value = in.cut_value[i];
      if (in.end[i] != selfplay::Ply::kContinues) carried = 0;
      const double value = in.value[i];
      const double delta = static_cast<double>(in.reward[i]) + turn * gamma * next_value - value;
      carried = delta + turn * gamma * lambda * carried;
      advantage[i] = static_cast<float>(carried);
      next_value = value;
    }
  }
  return advantage;
}

}  // namespace keisei::learner
