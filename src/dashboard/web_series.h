// One metric as a curve of bounded size: rows are put into buckets of equal width in steps, each keeping its lowest and
// its highest row, and when there are too many buckets their width doubles. So a spike among a million rows stays
// visible, memory does not grow with the run, and new rows cost a constant. Rows may come in any order of steps (a
// resumed run repeats some). A value that was not measured (NaN) is no row. Plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashboard/web_limits.h"

namespace keisei::dashboard {

struct SeriesPoint {
  std::int64_t step = 0;
  std::int64_t time_ms = 0;  ///< UTC
  double value = 0;
  friend bool operator==(const SeriesPoint&, const SeriesPoint&) = default;
};

class Series {
 public:
  explicit Series(std::size_t most_buckets = kMaxBuckets) : most_buckets_(most_buckets) {}

  void add(const SeriesPoint& point);
  /// By rising step, at most two a bucket; every single row while there are few.
  [[nodiscard]] std::vector<SeriesPoint> points() const;
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  /// Steps that one bucket spans; 1 = nothing was merged but rows of one step.
  [[nodiscard]] std::int64_t bucket_steps() const { return std::int64_t{1} << shift_; }

 private:
  struct Bucket {
    std::int64_t key = 0;  ///< step >> shift_
    SeriesPoint low;
    SeriesPoint high;
  };
  static void widen(Bucket& bucket, const SeriesPoint& point);
  void halve();

  std::size_t most_buckets_;
  int shift_ = 0;
  std::int64_t rows_ = 0;
  std::vector<Bucket> buckets_;  ///< by rising key
};

}  // namespace keisei::dashboard
