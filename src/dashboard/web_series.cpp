#include "dashboard/web_series.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace keisei::dashboard {

void Series::widen(Bucket& bucket, const SeriesPoint& point) {
  if (point.value < bucket.low.value) bucket.low = point;
  if (point.value > bucket.high.value) bucket.high = point;
}

void Series::add(const SeriesPoint& point) {
  if (std::isnan(point.value)) return;
  ++rows_;
  const std::int64_t key = point.step >> shift_;
  const auto at = buckets_.empty() || buckets_.back().key < key
                      ? buckets_.end()
                      : std::lower_bound(buckets_.begin(), buckets_.end(), key,
                                         [](const Bucket& bucket, std::int64_t k) { return bucket.key < k; });
  if (at != buckets_.end() && at->key == key) {
    widen(*at, point);
    return;
  }
  buckets_.insert(at, Bucket{key, point, point});
  while (buckets_.size() > most_buckets_ && shift_ < 62) halve();
}

void Series::halve() {
  ++shift_;
  std::size_t kept = 0;
  for (Bucket& bucket : buckets_) {
    bucket.key >>= 1;
    if (kept > 0 && buckets_[kept - 1].key == bucket.key) {
      widen(buckets_[kept - 1], bucket.low);
      widen(buckets_[kept - 1], bucket.high);
    } else {
      buckets_[kept++] = bucket;
    }
  }
  buckets_.resize(kept);
}

std::vector<SeriesPoint> Series::points() const {
  std::vector<SeriesPoint> all;
  all.reserve(2 * buckets_.size());
  for (const Bucket& bucket : buckets_) {
    const bool low_first = std::pair(bucket.low.step, bucket.low.time_ms) <=
                           std::pair(bucket.high.step, bucket.high.time_ms);
    const SeriesPoint& first = low_first ? bucket.low : bucket.high;
    const SeriesPoint& second = low_first ? bucket.high : bucket.low;
    all.push_back(first);
    if (second != first) all.push_back(second);
  }
  return all;
}

}  // namespace keisei::dashboard
