// Failure mode 39: the database's write-ahead log grows with the run and slows every epoch down. Shown without a clock:
// after hundreds of commits the log is bounded, a reader that looks in does not hold it back, memory does not grow.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/run_database.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

std::int64_t resident_pages() {
  std::int64_t total = 0;
  std::int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident;
}

TEST(FailureMode39, TheLogStaysBoundedOverManyEpochs) {
  const Scratch scratch;
  const auto path = scratch / "run.db";
  auto writer = RunDatabase::open(path, RunDatabase::Mode::kWrite);
  auto reader = RunDatabase::open(path, RunDatabase::Mode::kRead);
  ASSERT_TRUE(writer);
  ASSERT_TRUE(reader);
  std::vector<Metric> epoch;
  for (int i = 0; i < 40; ++i) epoch.push_back({0, 0, "group/metric_" + std::to_string(i), 0.25});

  constexpr int kEpochs = 800;
  constexpr std::uintmax_t kMostLogBytes = 6U << 20;  // 1,000 pages of 4 KiB and what one commit adds
  [[maybe_unused]] std::int64_t warm = 0;  // a sanitizer's memory is not ours
  for (int i = 1; i <= kEpochs; ++i) {
    for (Metric& metric : epoch) metric.step = i;
    ASSERT_TRUE(writer->add_metrics(epoch));
    if (i % 50 == 0) {
      ASSERT_EQ(reader->metrics("group/metric_7", i).value().size(), 1U);
      ASSERT_LE(std::filesystem::file_size(path.string() + "-wal"), kMostLogBytes) << "epoch " << i;
    }
    if (i == kEpochs / 2) warm = resident_pages();
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LE(resident_pages(), warm + 512) << "over 2 MiB more in the second half";
#endif
  EXPECT_EQ(writer->metrics("group/metric_0").value().size(), static_cast<std::size_t>(kEpochs));
}

}  // namespace
}  // namespace keisei::store
