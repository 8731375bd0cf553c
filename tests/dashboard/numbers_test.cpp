#include "dashboard/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace keisei::dashboard {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Numbers, Counts) {
  EXPECT_EQ(people_count(0), "0");
  EXPECT_EQ(people_count(7), "7");
  EXPECT_EQ(people_count(143.2), "143");
  EXPECT_EQ(people_count(14.25), "14.2");
  EXPECT_EQ(people_count(999.4), "999");
  EXPECT_EQ(people_count(999.6), "1.00k") << "rounding carries into the unit";
  EXPECT_EQ(people_count(12345), "12.3k");
  EXPECT_EQ(people_count(216000), "216k");
  EXPECT_EQ(people_count(999600), "1.00M");
  EXPECT_EQ(people_count(4560000), "4.56M");
  EXPECT_EQ(people_count(1.2e9), "1.20G");
  EXPECT_EQ(people_count(-12345), "-12.3k");
  EXPECT_EQ(people_count(kNaN), kDash);
  EXPECT_EQ(people_count(kInfinity), kDash);
}

TEST(Numbers, Durations) {
  EXPECT_EQ(people_duration(0), "0.0s");
  EXPECT_EQ(people_duration(0.44), "0.4s");
  EXPECT_EQ(people_duration(9.96), "10s");
  EXPECT_EQ(people_duration(59.4), "59s");
  EXPECT_EQ(people_duration(59.6), "1m 00s");
  EXPECT_EQ(people_duration(185), "3m 05s");
  EXPECT_EQ(people_duration(3599.6), "1h 00m");
  EXPECT_EQ(people_duration(3725), "1h 02m");
  EXPECT_EQ(people_duration(183600), "2d 03h");
  EXPECT_EQ(people_duration(kNaN), kDash);
  EXPECT_EQ(people_duration(-1), kDash);
  EXPECT_EQ(people_duration(1e300), kDash);
}

TEST(Numbers, SharesAndMemory) {
  EXPECT_EQ(people_percent(0.432), "43.2 %");
  EXPECT_EQ(people_percent(1.0), "100 %");
  EXPECT_EQ(people_percent(0.0), "0 %");
  EXPECT_EQ(people_percent(0.9994), "99.9 %") << "not done yet is not 100 %";
  EXPECT_EQ(people_percent(1.87, 0), "187 %");
  EXPECT_EQ(people_percent(kNaN), kDash);
  EXPECT_EQ(people_mebibytes(512.2), "512 MiB");
  EXPECT_EQ(people_mebibytes(1536), "1.50 GiB");
  EXPECT_EQ(people_mebibytes(kNaN), kDash);
}

TEST(Numbers, EloWithItsError) {
  EXPECT_EQ(people_elo(123, 78, 168), "+123 ±45");
  EXPECT_EQ(people_elo(123, 83, 183), "+123 +60/−40");
  EXPECT_EQ(people_elo(-7.4, kNaN, kNaN), "-7");
  EXPECT_EQ(people_elo(-0.2, kNaN, kNaN), "+0");
  EXPECT_EQ(people_elo(kNaN, 1, 2), kDash);
  EXPECT_EQ(people_elo(kInfinity, 1, 2), kDash);
}

TEST(Numbers, Reals) {
  EXPECT_EQ(people_real(0.0123), "0.012");
  EXPECT_EQ(people_real(-0.0001, 3), "-1.0e-04") << "a small value is not shown as 0";
  EXPECT_EQ(people_real(0.0), "0.000");
  EXPECT_EQ(people_real(-0.0), "0.000");
  EXPECT_EQ(people_real(3e7), "3.0e+07");
  EXPECT_EQ(people_real(kNaN), kDash);
  EXPECT_EQ(people_interval(0.823, 0.742, 0.884), "0.823 [0.742, 0.884]");
  EXPECT_EQ(people_interval(0.5, kNaN, 1), "0.500");
  EXPECT_EQ(people_interval(kNaN, 0, 1), kDash);
}

}  // namespace
}  // namespace keisei::dashboard
