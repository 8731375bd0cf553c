#include "guard/rollback.h"

#include <gtest/gtest.h>

namespace keisei::guard {
namespace {

Verdict verdict(const std::string& clause, VerdictState state) {
  Verdict one{clause, state, std::nullopt, 5, "test"};
  if (state != VerdictState::kUnknown) one.value = state == VerdictState::kViolated ? 7.25 : 1;
  return one;
}

std::vector<Verdict> both(VerdictState impact, VerdictState memory) {
  return {verdict("training_impact", impact), verdict("memory", memory)};
}

constexpr auto kMet = VerdictState::kMet;
constexpr auto kViolated = VerdictState::kViolated;
constexpr auto kUnknown = VerdictState::kUnknown;

TEST(Rollback, AfterKViolationsInARowItIsOffAndSaysWhy) {
  Rollback rollback(3);
  EXPECT_FALSE(rollback.count(both(kViolated, kMet)));
  EXPECT_FALSE(rollback.count(both(kViolated, kMet)));
  EXPECT_FALSE(rollback.off());
  const auto reason = rollback.count(both(kViolated, kMet));
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->clause, "training_impact");
  EXPECT_EQ(reason->violations, 3);
  EXPECT_EQ(reason->sentence,
            "periodic evaluation is off for this run: clause training_impact was violated 3 times in a row, last with "
            "7.25 against a limit of 5");
  EXPECT_TRUE(rollback.off());
  EXPECT_FALSE(rollback.count(both(kViolated, kViolated))) << "told once";
}

TEST(Rollback, AMetVerdictStartsAnewAndAnUnknownOneDoesNeither) {
  Rollback rollback(3);
  rollback.count(both(kViolated, kMet));
  rollback.count(both(kViolated, kMet));
  rollback.count(both(kUnknown, kMet));
  EXPECT_EQ(rollback.in_a_row("training_impact"), 2);
  rollback.count(both(kMet, kMet));
  EXPECT_EQ(rollback.in_a_row("training_impact"), 0);
  rollback.count(both(kViolated, kMet));
  rollback.count(both(kUnknown, kUnknown));
  rollback.count(both(kViolated, kMet));
  EXPECT_FALSE(rollback.off());
  EXPECT_TRUE(rollback.count(both(kViolated, kMet)));
}

TEST(Rollback, ClausesAreCountedApart) {
  Rollback rollback(2);
  EXPECT_FALSE(rollback.count(both(kViolated, kMet)));
  EXPECT_FALSE(rollback.count(both(kMet, kViolated)));
  EXPECT_FALSE(rollback.count(both(kViolated, kMet)));
  EXPECT_FALSE(rollback.count(both(kMet, kViolated)));
  EXPECT_EQ(rollback.count(both(kMet, kViolated))->clause, "memory");
}

TEST(Rollback, TheFirstClauseIsNamedWhereTwoAreDueAtOnce) {
  Rollback rollback(1);
  EXPECT_EQ(rollback.count(both(kViolated, kViolated))->clause, "training_impact");
  EXPECT_EQ(rollback.reason()->sentence.find("times"), std::string::npos) << rollback.reason()->sentence;
}

TEST(Rollback, ZeroIsNever) {
  Rollback rollback(0);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(rollback.count(both(kViolated, kViolated)));
  EXPECT_EQ(rollback.in_a_row("memory"), 100);
  rollback.set_after(3);
  EXPECT_TRUE(rollback.count(both(kViolated, kMet))) << "the row that was already there counts";
}

TEST(Rollback, SwitchedOnAgainItCountsAnew) {
  Rollback rollback(1);
  EXPECT_TRUE(rollback.count(both(kViolated, kMet)));
  rollback.reset();
  EXPECT_FALSE(rollback.off());
  EXPECT_EQ(rollback.in_a_row("training_impact"), 0);
  EXPECT_TRUE(rollback.count(both(kViolated, kMet)));
}

TEST(Rollback, CountGoesOnAfterARestart) {
  Rollback before(3);
  before.count(both(kViolated, kMet));
  before.count(both(kViolated, kViolated));
  const auto kept = decode_rollback(encode(before.state()));
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(*kept, before.state());
  Rollback after(3);
  after.restore(*kept);
  EXPECT_EQ(after.in_a_row("training_impact"), 2);
  EXPECT_EQ(after.in_a_row("memory"), 1);
  EXPECT_FALSE(after.off());
  const auto reason = after.count(both(kViolated, kMet));
  ASSERT_TRUE(reason) << "two before the restart and one after it";
  EXPECT_EQ(reason->violations, 3);
}

TEST(Rollback, OffStaysOffAfterARestartUntilItIsSwitchedOn) {
  Rollback before(1);
  ASSERT_TRUE(before.count(both(kViolated, kMet)));
  Rollback after(1);
  after.restore(decode_rollback(encode(before.state())).value());
  EXPECT_TRUE(after.off());
  EXPECT_EQ(after.reason(), before.reason());
  EXPECT_FALSE(after.count(both(kViolated, kViolated))) << "it was told before";
  after.reset();
  EXPECT_EQ(after.state(), RollbackState{});
  EXPECT_TRUE(after.count(both(kViolated, kMet)));
}

TEST(Rollback, DamagedStateIsRefused) {
  const std::string good = encode(RollbackState{});
  EXPECT_TRUE(decode_rollback(good));
  EXPECT_FALSE(decode_rollback(good.substr(1)));
  EXPECT_FALSE(decode_rollback(""));
  EXPECT_FALSE(decode_rollback(std::string(kMaxRollbackBytes + 1, ' ')));
  for (const char* text : {R"({"schema":"keisei.rollback/2","in_a_row":{},"off":null})",
                           R"({"schema":"keisei.rollback/1","in_a_row":{"memory":-1},"off":null})",
                           R"({"schema":"keisei.rollback/1","in_a_row":{"memory":99999999999},"off":null})",
                           R"({"schema":"keisei.rollback/1","in_a_row":{"memory":"2"},"off":null})",
                           R"({"schema":"keisei.rollback/1","in_a_row":[2],"off":null})",
                           R"({"schema":"keisei.rollback/1","in_a_row":{"memory":2.5},"off":null})",
                           R"({"schema":"keisei.rollback/1","in_a_row":{},"off":{"clause":"memory","sentence":""}})",
                           R"({"schema":"keisei.rollback/1","in_a_row":{}})"}) {
    const auto read = decode_rollback(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, Code::kBadData);
  }
}

TEST(Rollback, WhatWasNotMeasuredNeverRollsBack) {
  Rollback rollback(1);
  Targets off;
  off.enforced = false;
  const Performance nothing;
  for (const Targets& targets : {Targets{}, off}) {
    EXPECT_FALSE(rollback.count(judge(nothing, JobEnd::kDone, targets)));
  }
  Performance slow;
  slow.latency_ms = 6000;
  EXPECT_EQ(rollback.count(judge(slow, JobEnd::kDone, Targets{}))->clause, "latency");
}

}  // namespace
}  // namespace keisei::guard
