// The alert rules as shipped: promtool accepts them and runs their tests, the metrics they ask for exist, and each
// leads to a place in the manual.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "telemetry/prometheus_text.h"
#include "telemetry/promtool.h"

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;

const fs::path kRules = KEISEI_SOURCE_DIR "/ops/prometheus/keisei-alerts.yaml";
const fs::path kTests = KEISEI_SOURCE_DIR "/ops/prometheus/keisei-alerts.test.yaml";

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex form(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), form), end; it != end; ++it) found.insert((*it)[1]);
  return found;
}

using Alerts = PromtoolTest;

TEST_F(Alerts, PromtoolAcceptsTheRulesAndTheirTestsHold) {
  const Ended checked = shell("promtool check rules " + quoted(kRules));
  EXPECT_EQ(checked.code, 0) << checked.output << "(needs the package prometheus)";
  const Ended tested = shell("promtool test rules " + quoted(kTests));
  EXPECT_EQ(tested.code, 0) << tested.output;
}

// The tests of the rules would notice: each rule in turn asks for the opposite, or for far more.
TEST_F(Alerts, TheirTestsNoticeARuleThatIsWrong) {
  fs::copy_file(kTests, directory_ / kTests.filename());
  const std::string rules = slurp(kRules);
  const std::pair<const char*, const char*> faults[] = {
      {"verdict=\"violated\"} == 1", "verdict=\"violated\"} == 0"},
      {"verdict=\"unknown\"} == 1", "verdict=\"met\"} == 1"},
      {"keisei_evaluation_rolled_back == 1", "keisei_evaluation_rolled_back == 0"},
      {"keisei_evaluation_breaker_open == 1", "keisei_evaluation_breaker_open == 2"},
      {"> 5 * (keisei_evaluation_interval_steps", "> 50 * (keisei_evaluation_interval_steps"},
      {"and keisei_evaluation_enabled == 1 and", "and"},
      {"keisei_governor_tripped == 1", "keisei_governor_gate_shut == 1"},
      {"10 * keisei_training_update_interval_seconds", "1 * keisei_training_update_interval_seconds"},
      {"> 3 * (keisei_checkpoint_interval_steps", "> 0 * (keisei_checkpoint_interval_steps"},
      {"increase(keisei_telemetry_events_dropped_total[15m]) > 0", "keisei_telemetry_events_dropped_total > 0"}};
  for (const auto& [right, wrong] : faults) {
    std::string changed = rules;
    const std::size_t at = changed.find(right);
    ASSERT_NE(at, std::string::npos) << right;
    changed.replace(at, std::string_view(right).size(), wrong);
    std::ofstream(directory_ / kRules.filename()) << changed;
    const Ended ended = shell("promtool test rules " + quoted(directory_ / kTests.filename()));
    EXPECT_NE(ended.code, 0) << "unnoticed: " << wrong;
  }
}

TEST_F(Alerts, AskForMetricsThatThePageHas) {
  NewestMetrics newest;
  newest.take({.kind = "run.start", .step = 0, .utc_ms = 5, .metrics = {}, .texts = {}});
  Event all{
      .kind = "update", .step = 1, .utc_ms = 6, .metrics = {{"evaluation/sla/violations/latency", 1}}, .texts = {}};
  for (const PrometheusRow& row : prometheus_rows()) all.metrics.emplace_back(row.metric, 1);
  newest.take(all);
  newest.take({.kind = "checkpoint", .step = 1, .utc_ms = 6, .metrics = {}, .texts = {}});
  const std::string page = prometheus_text("r", newest);
  const std::set<std::string> asked = matches(slurp(kRules), "\\b(keisei_[a-z_]+)");
  EXPECT_GT(asked.size(), 10U);
  for (const std::string& name : asked) EXPECT_NE(page.find("\n" + name + "{"), std::string::npos) << name;
}

TEST_F(Alerts, AreEachInTheManualWithWhatToDo) {
  const std::string rules = slurp(kRules);
  const std::string manual = slurp(KEISEI_SOURCE_DIR "/docs/operations.md");
  const std::set<std::string> names = matches(rules, "- alert: (\\w+)");
  EXPECT_EQ(names.size(), 15U);
  for (const std::string& name : names) EXPECT_NE(manual.find("`" + name + "`"), std::string::npos) << name;
  std::set<std::string> anchors;
  for (std::string heading : matches(manual, "\n### ([^\n]+)")) {
    std::transform(heading.begin(), heading.end(), heading.begin(),
                   [](unsigned char c) { return c == ' ' ? '-' : static_cast<char>(std::tolower(c)); });
    anchors.insert(heading);
  }
  EXPECT_EQ(matches(rules, "runbook: docs/operations\\.md#(\\S+)"), anchors) << "each heading has an alert and back";
  for (const char* clause : {"concurrency", "timeout", "latency", "memory", "training_impact", "cpu", "gpu"}) {
    EXPECT_NE(rules.find("{clause=\"" + std::string(clause) + "\",verdict=\"violated\"} == 1"), std::string::npos);
  }
}

}  // namespace
}  // namespace keisei::telemetry
