// The strength curve as text: score against one opponent over the training, a mark per evaluation and a bar for its
// interval, the even score as a dotted line. Pure; used by the panel on tall terminals and by the summary.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "dashboard/cells.h"

namespace keisei::dashboard {

/// Score against one opponent at one time; the interval may be unknown (NaN).
struct StrengthPoint {
  std::int64_t step = 0;                                    ///< plies trained
  double score = std::numeric_limits<double>::quiet_NaN();  ///< 0..1
  double low = score, high = score;
  std::int64_t games = 0;
  [[nodiscard]] bool known() const { return std::isfinite(score); }
};

struct StrengthCurve {
  std::string opponent;
  std::vector<StrengthPoint> points;
};

/// `rows` rows of plot (at least 3) within `columns` cells, score 0..1 upwards, training to the right; a title above
/// and the axis below. Empty without a known score.
[[nodiscard]] std::vector<Line> strength_chart(const StrengthCurve& curve, int columns, int rows);

}  // namespace keisei::dashboard
