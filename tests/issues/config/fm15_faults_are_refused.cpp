// A typo in the configuration was ignored, a section in a file wiped its siblings, NaN was accepted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace keisei::config {
namespace {

TEST(FailureMode15, ATypoInsideASectionIsRefusedWithTheRightName) {
  const auto loaded = load_text("training:\n  tower_dpeth: 3\n", "my.yaml");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Code::kUsage);
  EXPECT_EQ(loaded.error().message,
            "my.yaml:2:3: training.tower_dpeth: there is no such key in training; did you mean \"tower_depth\"?");
}

TEST(FailureMode15, OneKeyOfASectionLeavesItsSiblingsAlone) {
  Source source;
  source.preset = "tiny";
  const Config before = load(source)->config;
  source.overrides = {"training.learning_rate=0.002"};
  Config after = load(source)->config;
  EXPECT_EQ(after.training.learning_rate, 0.002);
  after.training.learning_rate = before.training.learning_rate;
  EXPECT_EQ(to_yaml(after), to_yaml(before));
}

TEST(FailureMode15, AnOverrideWithoutAnEqualsSignIsRefused) {
  Source source;
  source.overrides = {"training.learning_rate"};
  EXPECT_FALSE(load(source));
}

}  // namespace
}  // namespace keisei::config
