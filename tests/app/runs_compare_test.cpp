// keisei runs compare through the built program: options, metrics, strength and verdicts of two runs side by side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "app/program.h"
#include "app/run_sample.h"

namespace keisei::app {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class RunsCompare : public RunSample {
 protected:
  void SetUp() override {
    add_run("first", 30, 0.8, 400);
    add_run("second", 6, 0.4, 250, "training.gamma=0.97");
  }
  Ran compare(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> args = {"runs", "compare", "first", "second", "--savedir", savedir_.string()};
    args.insert(args.end(), more.begin(), more.end());
    return run_keisei(args);
  }
};

TEST_F(RunsCompare, SaysWhatDiffersAndWithWhatCertainty) {
  const Ran ran = compare();
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  for (const char* part :
       {"[*] +training.gamma +0[.]998 +0[.]97", "A +4,000 +random +40 +30-10-0 +0[.]750 +[[]0[.]600, 0[.]860[]] +400 "
                                            "+[[]350, 450[]]",
        "B +second-4000 +40 +250 +[[]200, 300[]]", "latency +1 / 0 / 0, worst 900 ms [(]limit 5000 ms[)] +1 / 0 / 0",
        "gpu +0 / 0 / 1", "time/steps_per_second +1530 +1506", "ppo/policy_loss +0[.]0266667 +0[.]0666667"}) {
    EXPECT_THAT(ran.out, ContainsRegex(part));
  }
  EXPECT_THAT(ran.out, Not(HasSubstr("training.tower_width")));  // equal
  EXPECT_THAT(ran.out, Not(HasSubstr("different protocols")));
}

TEST_F(RunsCompare, AsOneObject) {
  const Ran ran = compare({"--json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto json = nlohmann::ordered_json::parse(ran.out);
  EXPECT_EQ(json.begin().value(), "keisei.comparison/1");
  ASSERT_EQ(json["options"].size(), 1U);
  EXPECT_EQ(json["options"][0]["option"], "training.gamma");
  EXPECT_EQ(json["options"][0]["b"], "0.97");
  EXPECT_EQ(json["options"][0]["shapes_training"], true);
  EXPECT_EQ(json["metrics"]["ppo/value_loss"]["a"]["step"], 30000);
  EXPECT_EQ(json["runs"][1]["newest_evaluation"]["elo_ci95"][1], 300.0);
  EXPECT_EQ(json["runs"][0]["ratings"][0]["elo"], 400.0);
  EXPECT_TRUE(json["sla"]["gpu"]["a"]["worst"].is_null());
}

TEST_F(RunsCompare, WhatIsLostOfOneRunIsUnknownNotEqual) {
  std::ofstream(savedir_ / "second" / "config.yaml", std::ios::trunc) << "training: [\n";
  const Ran ran = compare();
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("B: unknown: "));
  EXPECT_THAT(ran.out, Not(HasSubstr("no difference")));
  EXPECT_TRUE(nlohmann::ordered_json::parse(compare({"--json"}).out)["options"].is_null());
  EXPECT_EQ(run_keisei({"runs", "compare", "first", "nobody", "--savedir", savedir_.string()}).code, 2);
}

}  // namespace
}  // namespace keisei::app
