// Memory that libtorch takes, against the worker of production: the cases of the proof that need keisei-torch.
#include <gtest/gtest.h>

#include "guard/sanitized.h"
#include "session/trainer.h"

namespace keisei::session {
namespace {

class TensorMemory : public testing::TestWithParam<const char*> {};

TEST_P(TensorMemory, IsBoundedAndTheNextEvaluationRuns) {
  if (guard::kSanitized) GTEST_SKIP() << "a sanitizer's shadow would be counted";
  const Directory d;
  Process process(d,
                  {"doctor", "--prove-safeguards", "--thorough", "--json", "--patience", "60", "--only", GetParam()});
  EXPECT_EQ(process.wait(), 0) << process.out() << process.err();
  const auto proof = process.json();
  ASSERT_TRUE(proof.is_object()) << process.out();
  ASSERT_EQ(proof.at("cases").size(), 1U);
  const auto& only = proof.at("cases")[0];
  EXPECT_EQ(only.at("held"), true) << only;
  EXPECT_GT(only.at("observed").get<double>(), 50) << "a worker with libtorch takes that much in any case";
  EXPECT_LE(only.at("observed").get<double>(), only.at("promised").get<double>());
}

INSTANTIATE_TEST_SUITE_P(Cases, TensorMemory, testing::Values("tensors_until_limit", "tensors_announced"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace keisei::session
