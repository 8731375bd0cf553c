// Negative lambdas and NaN hyper-parameters turned gradient descent into ascent: every number of the tables refuses
// what is no number or lies outside its range.
#include <gtest/gtest.h>

#include <cmath>

#include "config/load.h"
#include "config/table.h"
#include "config/value.h"

namespace keisei::config {
namespace {

bool accepts(const Option& option, const std::string& value) {
  Config config;
  return !assign(option, plain_scalar(value), config);
}

TEST(FailureMode48, NoNumberTakesNanOrInfinity) {
  int numbers = 0;
  for (const Option& option : options()) {
    const std::string type = type_of(option);
    if (type != "number" && type != "whole number") continue;
    ++numbers;
    for (const char* bad :
         {"nan", ".nan", ".NaN", "NaN", "inf", ".inf", "-.inf", "Infinity", "1e999", "-1e999", "0/0"}) {
      EXPECT_FALSE(accepts(option, bad)) << name_of(option) << " = " << bad;
    }
  }
  EXPECT_GT(numbers, 40);
}

TEST(FailureMode48, NoNumberLeavesItsRange) {
  for (const Option& option : options()) {
    const std::string type = type_of(option);
    if (type != "number" && type != "whole number") continue;
    const Range& range = option.range;
    ASSERT_TRUE(std::isfinite(range.low) && std::isfinite(range.high)) << name_of(option) << " has no bound";
    EXPECT_TRUE(accepts(option, number_text(range.high))) << name_of(option);
    EXPECT_FALSE(accepts(option, number_text(range.high * 2 + 1))) << name_of(option);
    EXPECT_FALSE(accepts(option, number_text(range.low - 1))) << name_of(option);
    EXPECT_EQ(accepts(option, number_text(range.low)), !range.low_open) << name_of(option);
  }
}

TEST(FailureMode48, NoHyperParameterIsNegative) {
  for (const Option& option : options()) {
    if (option.section != "training" && option.section != "selfplay") continue;
    const std::string type = type_of(option);
    if (type == "number" || type == "whole number") {
      EXPECT_FALSE(accepts(option, "-0.5")) << name_of(option);
      EXPECT_FALSE(accepts(option, "-1")) << name_of(option);
    }
  }
}

}  // namespace
}  // namespace keisei::config
