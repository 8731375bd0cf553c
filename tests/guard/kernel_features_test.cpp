#include "guard/kernel_features.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>

#include "guard/stage.h"

namespace keisei::guard {
namespace {

TEST(KernelFeatures, EachHasAnAnswerOrAReason) {
  const auto features = kernel_features();
  ASSERT_EQ(features.size(), 11U);
  for (const Feature& feature : features) {
    EXPECT_NE(feature.detail, "") << feature.name;
    if (feature.need != Need::kNone && feature.present == false) {
      EXPECT_NE(feature.advice, "") << feature.name << ": what is needed and absent has an advice";
    }
  }
}

TEST(KernelFeatures, AskingChangesNothing) {
  const int policy = ::sched_getscheduler(0);
  const std::size_t open = stage::open_descriptors();
  (void)kernel_features();
  EXPECT_EQ(::sched_getscheduler(0), policy);
  EXPECT_EQ(stage::open_descriptors(), open);
}

TEST(KernelFeatures, WhatTheSafeguardsUseEverywhereElseIsFoundHere) {
  // The supervision tests of this program run under these, so the report must not deny them.
  for (const Feature& feature : kernel_features()) {
    if (feature.need == Need::kRequired) {
      EXPECT_EQ(feature.present, true) << feature.name << ": " << feature.detail;
    }
  }
}

TEST(KernelFeatures, MissingControlGroupsAreSaidWithAWord) {
  const auto features = kernel_features({.proc = "/proc", .root = "/nonexistent", .make = {}, .remove = {}});
  const auto group = std::find_if(features.begin(), features.end(),
                                  [](const Feature& f) { return f.name.find("cgroup") != std::string::npos; });
  ASSERT_NE(group, features.end());
  EXPECT_EQ(group->present, false);
  EXPECT_NE(group->detail.find("/nonexistent"), std::string::npos) << group->detail;
}

}  // namespace
}  // namespace keisei::guard
