// The metrics page: what it says of a run, that promtool accepts it, that the file is replaced whole and not too often.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "telemetry/evaluation_events.h"
#include "telemetry/prometheus_outlet.h"
#include "telemetry/prometheus_text.h"
#include "telemetry/promtool.h"

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

Event event(std::string kind, std::int64_t step, std::int64_t utc_ms,
            std::vector<std::pair<std::string, double>> metrics = {}) {
  return {.kind = std::move(kind), .step = step, .utc_ms = utc_ms, .metrics = std::move(metrics), .texts = {}};
}

/// A run in the middle of its course, with every metric that has a row.
NewestMetrics a_run() {
  NewestMetrics newest;
  newest.take(event("run.start", 0, 1'000'000));
  std::vector<std::pair<std::string, double>> all;
  for (const PrometheusRow& row : prometheus_rows()) all.emplace_back(row.metric, 3);
  newest.take(event("update", 2048, 1'010'000, all));
  newest.take(event("update", 4096, 1'014'000, {{"progress/timesteps", 4096}}));
  newest.take(event("checkpoint", 4096, 1'015'000));
  newest.take(event("evaluation", 2048, 1'020'000));
  newest.take(event("evaluation.sla", 2048, 1'020'500,
                    {{"evaluation/sla/violations/latency", 1},
                     {"evaluation/sla/violations/memory", 0},
                     {"evaluation/sla/violations/gpu", kUnknown}}));
  return newest;
}

using PrometheusText = PromtoolTest;

TEST_F(PrometheusText, IsAcceptedByPromtool) {
  const std::string page = prometheus_text("first", a_run());
  const Ended ended = check_metrics(page);
  EXPECT_EQ(ended.code, 0) << ended.output << "\n(needs the package prometheus)\n" << page;
  EXPECT_EQ(ended.output, "") << "promtool has something to say of a name or a help text";
}

TEST_F(PrometheusText, PromtoolWouldSayWhatIsWrong) {
  EXPECT_NE(check_metrics("# TYPE keisei_x_ms gauge\nkeisei_x_ms 1\n").code, 0) << "no help, no base unit";
  EXPECT_NE(check_metrics("keisei_x{run=\"a} 1\n").code, 0);
}

TEST_F(PrometheusText, SurvivesHostileNamesAndValues) {
  NewestMetrics newest;
  newest.take(event("update", 1, 5,
                    {{"we ird/\"näme\"\n_ms", 1500},
                     {"", 2},
                     {"alpha/beta", 1},
                     {"alpha beta", 2},
                     {"x/inf", std::numeric_limits<double>::infinity()},
                     {"x/tiny", 5e-324},
                     {"x/huge", -1.7e308},
                     {"games_count", 4},
                     {"evaluation/sla/violations/a\"b\\c\n", 1}}));
  const std::string page = prometheus_text("run \"7\"\\\n将棋", newest);
  const Ended ended = check_metrics(page);
  EXPECT_EQ(ended.code, 0) << ended.output << page;
  EXPECT_THAT(page, HasSubstr("{run=\"run \\\"7\\\"\\\\\\n将棋\"} "));
  EXPECT_THAT(page, HasSubstr("keisei_x_huge{"));
  EXPECT_THAT(page, Not(HasSubstr("keisei_x_inf")));
  EXPECT_THAT(page, HasSubstr("_seconds{run=\"run \\\"7\\\"\\\\\\n将棋\"} 1.5\n"));
  EXPECT_THAT(page, HasSubstr("metrics_left_out{run=\"run \\\"7\\\"\\\\\\n将棋\"} 1\n"))
      << "alpha/beta and alpha beta are one name";
}

TEST_F(PrometheusText, ValuesAreInBaseUnitsAndTheUnknownIsAbsent) {
  NewestMetrics newest;
  newest.take(event("update", 1, 5,
                    {{"evaluation/performance/evaluation_latency_ms", 2500},
                     {"evaluation/performance/memory_overhead_mb", 120},
                     {"evaluation/performance/training_impact_percent", 4},
                     {"evaluation/performance/gpu_utilization_percent", kUnknown},
                     {"web/render_ms", 20}}));
  const std::string page = prometheus_text("r", newest);
  EXPECT_THAT(page, HasSubstr("\nkeisei_evaluation_latency_seconds{run=\"r\"} 2.5\n"));
  EXPECT_THAT(page, HasSubstr("\nkeisei_evaluation_memory_bytes{run=\"r\"} 1.2e+08\n"));
  EXPECT_THAT(page, HasSubstr("\nkeisei_evaluation_training_impact_ratio{run=\"r\"} 0.04\n"));
  EXPECT_THAT(page, Not(HasSubstr("keisei_evaluation_gpu_ratio")));
  EXPECT_THAT(page, HasSubstr("\nkeisei_web_render_seconds{run=\"r\"} 0.02\n"));
}

TEST_F(PrometheusText, AVerdictIsExactlyOneOfThreeAndUnknownIsNotMet) {
  const std::string page = prometheus_text("r", a_run());
  const auto says = [&](const std::string& clause, const std::string& verdict, int value) {
    return page.find("keisei_evaluation_sla_verdict{run=\"r\",clause=\"" + clause + "\",verdict=\"" + verdict + "\"} " +
                     std::to_string(value) + "\n") != std::string::npos;
  };
  EXPECT_TRUE(says("latency", "violated", 1) && says("latency", "met", 0) && says("latency", "unknown", 0));
  EXPECT_TRUE(says("memory", "met", 1) && says("memory", "violated", 0) && says("memory", "unknown", 0));
  EXPECT_TRUE(says("gpu", "unknown", 1) && says("gpu", "met", 0) && says("gpu", "violated", 0));
}

TEST_F(PrometheusText, TheCourseOfTheRunFollowsFromItsEvents) {
  NewestMetrics newest = a_run();
  std::string page = prometheus_text("r", newest);
  for (const char* line :
       {"keisei_run_active{run=\"r\"} 1\n", "keisei_training_started_steps{run=\"r\"} 2048\n",
        "keisei_training_steps_total{run=\"r\"} 4096\n", "keisei_training_update_interval_seconds{run=\"r\"} 4\n",
        "keisei_training_last_update_timestamp_seconds{run=\"r\"} 1014\n",
        "keisei_checkpoint_last_steps{run=\"r\"} 4096\n", "keisei_evaluation_finished_total{run=\"r\"} 1\n",
        "keisei_evaluation_last_timestamp_seconds{run=\"r\"} 1020\n",
        "keisei_telemetry_events_dropped_total{run=\"r\"} 0\n", "keisei_run_warnings_total{run=\"r\"} 0\n"}) {
    EXPECT_THAT(page, HasSubstr(line));
  }
  for (const auto& [outlet, count] : {std::pair{"log", 3.0}, {"database", 2.0}, {"log", 5.0}}) {
    Event dropped = event("telemetry.dropped", 1, 6, {{"telemetry/dropped", count}});
    dropped.texts.emplace_back("outlet", outlet);
    newest.take(dropped);
  }
  newest.take(evaluation_rolled_back(1, "latency", "why"));
  newest.take(gate_changed(1, true, "tripwire", "why"));
  newest.take(breaker_changed(1, "open", "why"));
  newest.take(event("run.end", 4096, 1'030'000));
  page = prometheus_text("r", newest);
  for (const char* line : {"keisei_run_active{run=\"r\"} 0\n", "keisei_telemetry_events_dropped_total{run=\"r\"} 7\n",
                           "keisei_evaluation_rolled_back{run=\"r\"} 1\n", "keisei_evaluation_enabled{run=\"r\"} 0\n",
                           "keisei_governor_tripped{run=\"r\"} 1\n", "keisei_evaluation_breaker_open{run=\"r\"} 1\n",
                           "keisei_run_warnings_total{run=\"r\"} 6\n"}) {
    EXPECT_THAT(page, HasSubstr(line));
  }
}

TEST_F(PrometheusText, IsBounded) {
  NewestMetrics newest;
  for (std::size_t i = 0; i < 3 * kMaxPageMetrics; ++i)
    newest.take(event("update", 1, 5, {{"m/" + std::to_string(i), 1}}));
  EXPECT_EQ(newest.values.size(), kMaxPageMetrics);
  EXPECT_EQ(newest.left_out, 2 * kMaxPageMetrics);
}

TEST_F(PrometheusText, EveryNameIsDocumentedAndUnique) {
  const std::string manual = slurp(KEISEI_SOURCE_DIR "/docs/operations.md");
  std::set<std::string_view> names;
  std::set<std::string_view> metrics;
  for (const PrometheusRow& row : prometheus_rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(metrics.insert(row.metric).second) << row.metric;
  }
  const std::string page = prometheus_text("r", a_run());
  for (std::size_t at = page.find("# HELP "); at != std::string::npos; at = page.find("# HELP ", at + 1)) {
    const std::string name = page.substr(at + 7, page.find(' ', at + 7) - at - 7);
    const std::size_t found = manual.find("`" + name);
    ASSERT_NE(found, std::string::npos) << name << " is not in docs/operations.md";
    EXPECT_THAT("`{", HasSubstr(std::string(1, manual[found + 1 + name.size()]))) << name;
  }
}

class PrometheusOutletTest : public PromtoolTest {
 protected:
  [[nodiscard]] fs::path page() const { return directory_ / "metrics.prom"; }
};

TEST_F(PrometheusOutletTest, WritesAtOnceThenNotBeforeTheIntervalIsOver) {
  PrometheusOutlet outlet(page(), "r", std::chrono::hours(1));
  outlet.write(event("update", 1, 5, {{"progress/timesteps", 1}}));
  EXPECT_THAT(slurp(page()), HasSubstr("keisei_training_steps_total{run=\"r\"} 1\n"));
  outlet.write(event("update", 2, 6, {{"progress/timesteps", 2}}));
  outlet.tick();
  EXPECT_THAT(slurp(page()), HasSubstr("keisei_training_steps_total{run=\"r\"} 1\n"));
  outlet.flush();
  EXPECT_THAT(slurp(page()), HasSubstr("keisei_training_steps_total{run=\"r\"} 2\n"));
  EXPECT_FALSE(fs::exists(page().string() + ".tmp"));
}

TEST_F(PrometheusOutletTest, WhatWaitsIsWrittenInSilenceToo) {
  PrometheusOutlet outlet(page(), "r", std::chrono::milliseconds(1));
  outlet.write(event("update", 1, 5));
  fs::remove(page());
  outlet.tick();
  EXPECT_FALSE(fs::exists(page())) << "nothing is new";
  outlet.write(event("update", 2, 6, {{"progress/timesteps", 2}}));
  for (int i = 0; i < 10'000 && !fs::exists(page()); ++i) {
    ::usleep(1000);
    outlet.tick();
  }
  EXPECT_THAT(slurp(page()), HasSubstr("keisei_training_steps_total{run=\"r\"} 2\n"));
}

TEST_F(PrometheusOutletTest, AReaderNeverSeesHalfAPage) {
  PrometheusOutlet outlet(page(), "r", std::chrono::milliseconds(0));
  outlet.write(event("run.start", 0, 5));
  for (int i = 0; i < 200; ++i) {
    std::ifstream open_before(page());
    outlet.write(event("update", i, 5 + i, {{"m/" + std::to_string(i), 1}}));
    std::stringstream old;
    old << open_before.rdbuf();
    ASSERT_TRUE(old.str().ends_with("\n")) << i;
    ASSERT_EQ(old.str().find("keisei_m_" + std::to_string(i) + "{"), std::string::npos)
        << "it reads the page it opened";
  }
}

TEST_F(PrometheusOutletTest, AFaultIsToldAndTheNextTryMends) {
  const fs::path gone = directory_ / "run" / "metrics.prom";
  PrometheusOutlet outlet(gone, "r", std::chrono::milliseconds(0));
  EXPECT_THROW(outlet.write(event("update", 1, 5)), std::runtime_error);
  fs::create_directory(directory_ / "run");
  outlet.tick();
  EXPECT_TRUE(fs::exists(gone));
  fs::remove(gone);
  fs::create_directories(gone / "in the way");
  EXPECT_THROW(outlet.write(event("update", 1, 5)), std::runtime_error);
  EXPECT_FALSE(fs::exists(gone.string() + ".tmp")) << "nothing is left behind";
}

}  // namespace
}  // namespace keisei::telemetry
