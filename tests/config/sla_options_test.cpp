// The limits of evaluation: their further spellings, what contradicts, what is out of range, what the machine lacks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config/describe.h"
#include "config/load.h"
#include "config/table.h"

namespace keisei::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Source overridden(std::vector<std::string> overrides) {
  Source source;
  source.overrides = std::move(overrides);
  return source;
}

TEST(SlaOptions, OneGroupSpellsAllLimits) {
  const auto loaded = load_text(
      "evaluation:\n  sla:\n    max_concurrent_evaluations: 3\n    timeout_seconds: 120\n    latency_ms: 4000\n"
      "    memory_mb: 400\n    training_impact_percent: 4\n    cpu_percent: 70\n    gpu_percent: 60\n",
      "c.yaml");
  ASSERT_TRUE(loaded) << loaded.error().message;
  const Evaluation& e = loaded->config.evaluation;
  EXPECT_EQ(e.max_concurrent_evaluations, 3);
  EXPECT_EQ(e.evaluation_timeout_seconds, 120);
  EXPECT_EQ(e.latency_limit_ms, 4000);
  EXPECT_EQ(e.memory_limit_mb, 400);
  EXPECT_EQ(e.training_impact_limit_percent, 4);
  EXPECT_EQ(e.cpu_limit_percent, 70);
  EXPECT_EQ(e.gpu_limit_percent, 60);
  EXPECT_TRUE(loaded->warnings.empty()) << "a spelling is as good as the other: " << loaded->warnings.front();
  EXPECT_EQ(loaded->origin.at("evaluation.latency_limit_ms"), "c.yaml:5:17");
  // What is written back has one spelling.
  EXPECT_EQ(to_yaml(loaded->config).find("sla"), std::string::npos);
}

TEST(SlaOptions, BothSpellingsMustAgree) {
  const auto equal = load_text("evaluation: {latency_limit_ms: 4000, sla: {latency_ms: 4e3}}\n", "c.yaml");
  ASSERT_TRUE(equal) << equal.error().message;
  EXPECT_EQ(equal->config.evaluation.latency_limit_ms, 4000);
  const auto split = load_text("evaluation:\n  latency_limit_ms: 4000\n  sla:\n    latency_ms: 5000\n", "c.yaml");
  ASSERT_FALSE(split);
  EXPECT_EQ(split.error().code, Code::kUsage);
  EXPECT_EQ(split.error().message,
            "c.yaml:4:17: evaluation.sla.latency_ms: value 5000 contradicts evaluation.latency_limit_ms, which is 4000 "
            "at c.yaml:2:21; both name one setting, give one of them");
  const auto other_way = load_text("evaluation:\n  sla: {memory_mb: 9}\n  memory_limit_mb: 8\n", "c.yaml");
  ASSERT_FALSE(other_way);
  EXPECT_THAT(other_way.error().message, HasSubstr("c.yaml:3:20: evaluation.memory_limit_mb: value 8 contradicts"));
  EXPECT_THAT(other_way.error().message, HasSubstr("evaluation.sla.memory_mb, which is 9 at c.yaml:2:20"));
}

TEST(SlaOptions, ALaterLayerWinsByEitherSpelling) {
  const auto loaded = load(overridden({"evaluation.sla.latency_ms=2000"}));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->config.evaluation.latency_limit_ms, 2000);
  EXPECT_EQ(load(overridden({"evaluation.sla.latency_ms=1", "evaluation.sla.latency_ms=2"}))
                ->config.evaluation.latency_limit_ms,
            2);
  EXPECT_FALSE(load(overridden({"evaluation.sla.latency_ms=1", "evaluation.latency_limit_ms=2"})));
}

TEST(SlaOptions, OldNamesGoOnBesideTheNewOnes) {
  const auto minutes = load_text("evaluation: {max_evaluation_time_minutes: 2}\n", "c.yaml");
  ASSERT_TRUE(minutes);
  EXPECT_EQ(minutes->config.evaluation.evaluation_timeout_seconds, 120);
  const auto mixed = load_text("evaluation: {sla: {memory_overhead_mb: 300, latency_ms: 9}}\n", "c.yaml");
  ASSERT_TRUE(mixed) << mixed.error().message;
  EXPECT_EQ(mixed->config.evaluation.memory_limit_mb, 300);
  EXPECT_THAT(mixed->warnings, ElementsAre(HasSubstr("evaluation.sla.memory_overhead_mb: is now")));
}

TEST(SlaOptions, WrongOnesAreNamedAsTheyWereWritten) {
  const auto typo = load_text("evaluation:\n  sla: {latencyms: 5}\n", "c.yaml");
  ASSERT_FALSE(typo);
  EXPECT_THAT(typo.error().message, HasSubstr("c.yaml:2:9: evaluation.sla.latencyms: there is no such key"));
  EXPECT_THAT(typo.error().message, HasSubstr("did you mean \"sla.latency_ms\"?"));
  const auto range = load_text("evaluation: {sla: {gpu_percent: 101}}\n", "c.yaml");
  ASSERT_FALSE(range);
  EXPECT_THAT(range.error().message,
              HasSubstr("evaluation.sla.gpu_percent: value 101 is not allowed (allowed: number above 0 up to 100)"));
  const auto scalar = load_text("evaluation: {sla: 5}\n", "c.yaml");
  ASSERT_FALSE(scalar);
  EXPECT_THAT(scalar.error().message, HasSubstr("evaluation.sla: is a mapping of keys"));
}

TEST(SlaOptions, SenselessLimitsAreRefusedByEverySpelling) {
  for (const char* key : {"max_concurrent_evaluations", "sla.max_concurrent_evaluations"}) {
    for (const char* value : {"0", "-1", "65", "1.5", ".nan", "true"}) {
      EXPECT_FALSE(load(overridden({"evaluation." + std::string(key) + "=" + value}))) << key << "=" << value;
    }
  }
  for (const char* key :
       {"sla.timeout_seconds", "sla.latency_ms", "sla.memory_mb", "sla.training_impact_percent", "sla.cpu_percent",
        "sla.gpu_percent", "evaluation_timeout_seconds", "latency_limit_ms", "memory_limit_mb",
        "training_impact_limit_percent", "cpu_limit_percent", "gpu_limit_percent", "max_stall_ms"}) {
    for (const char* value : {"0", "-1", ".nan", "nan", ".inf", "inf", "1e300", "''"}) {
      EXPECT_FALSE(load(overridden({"evaluation." + std::string(key) + "=" + value}))) << key << "=" << value;
    }
    EXPECT_EQ(load(overridden({"evaluation." + std::string(key) + "=101"})).has_value(),
              std::string(key).find("percent") == std::string::npos)
        << key;
  }
  for (const char* wrong : {"rollout_fraction=1.01", "rollout_fraction=-0.1", "rollout_fraction=.nan",
                            "rollback_after_violations=-1", "rollback_after_violations=2.5"}) {
    EXPECT_FALSE(load(overridden({"evaluation." + std::string(wrong)}))) << wrong;
  }
}

TEST(SlaOptions, MemoryBeyondTheMachineIsRefusedWithWhatThereIs) {
  Source source = overridden({"evaluation.memory_limit_mb=9000"});
  EXPECT_TRUE(load(source)) << "what is not known is not checked";
  source.machine.memory_mb = 8123.7;
  const auto refused = load(source);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("evaluation.memory_limit_mb: value 9000 is not allowed (allowed: "
                                                 "number above 0 up to 8123, the memory of this machine in MB)"));
  // A default that nobody asked for follows the machine, and says so.
  Source small;
  small.machine.memory_mb = 300;
  const auto fitted = load(small);
  ASSERT_TRUE(fitted) << fitted.error().message;
  EXPECT_EQ(fitted->config.evaluation.memory_limit_mb, 300);
  EXPECT_THAT(fitted->warnings, testing::Contains(HasSubstr("is now 300, the memory of this machine")));
}

TEST(SlaOptions, PausesAreHeldToTheLongestStall) {
  const auto followed = load(overridden({"evaluation.max_stall_ms=5"}));
  ASSERT_TRUE(followed);
  EXPECT_EQ(followed->config.evaluation.burst_ms, 5);
  const auto cut = load(overridden({"evaluation.burst_ms=200"}));
  ASSERT_TRUE(cut);
  EXPECT_THAT(cut->warnings, ElementsAre(HasSubstr("evaluation.burst_ms: is longer than evaluation.max_stall_ms 100")));
}

TEST(SlaOptions, SwitchedOffSafeguardsAreOneLoudWarning) {
  const auto loaded = load_text("evaluation: {enable_performance_safeguards: false}\n", "c.yaml");
  ASSERT_TRUE(loaded);
  EXPECT_THAT(loaded->warnings, ElementsAre(HasSubstr("NO LIMIT ON EVALUATION IS ENFORCED")));
}

TEST(SlaOptions, TheSchemaKnowsBothSpellings) {
  const auto schema = nlohmann::json::parse(json_schema());
  const auto& sla = schema["properties"]["evaluation"]["properties"]["sla"];
  EXPECT_FALSE(sla.contains("deprecated"));
  EXPECT_FALSE(sla["additionalProperties"].get<bool>());
  EXPECT_EQ(sla["properties"]["cpu_percent"]["maximum"], 100);
  EXPECT_FALSE(sla["properties"]["latency_ms"].contains("deprecated"));
  EXPECT_TRUE(sla["properties"]["evaluation_latency_ms"]["deprecated"].get<bool>());
  int spellings = 0;
  for (const Option& option : options()) {
    if (option.also.empty()) continue;
    ++spellings;
    EXPECT_EQ(find_spelling(option.section, option.also), &option);
    EXPECT_EQ(find_option(option.section, option.also), nullptr);
  }
  EXPECT_EQ(spellings, 7);
}

}  // namespace
}  // namespace keisei::config
