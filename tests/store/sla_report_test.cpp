#include "store/sla_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "store/rows.h"
#include "store/run_report.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kMarch = 1'772'368'496'789;  // 2026-03-01T12:34:56.789Z

std::vector<SlaRow> ledger() {
  return {{1, "latency", "met", 900.0, 5000.0, "clock", kMarch},
          {1, "gpu", "unknown", std::nullopt, 80.0, "not measured: no GPU reading", kMarch},
          {1, "memory", "met", 200.0, 500.0, "pss", kMarch},
          {2, "latency", "violated", 6100.0, 5000.0, "clock", kMarch + 60'000},
          {2, "gpu", "unknown", std::nullopt, 80.0, "not measured: no GPU reading", kMarch + 60'000},
          {3, "latency", "violated", 5500.0, 5200.0, "clock", kMarch + 120'000},
          {3, "memory", "unknown", std::nullopt, 500.0, "not measured: no sample was taken", kMarch + 120'000},
          {4, "latency", "met", 100.0, 5200.0, "clock", kMarch + 180'000}};
}

TEST(SlaReport, CountsWithWorstValueAndTimes) {
  const auto clauses = summarise_clauses(ledger());
  ASSERT_EQ(clauses.size(), 3U);
  const ClauseSummary& latency = clauses[0];
  EXPECT_EQ(latency.clause, "latency") << "the violated come first";
  EXPECT_EQ(latency.met, 2);
  EXPECT_EQ(latency.violated, 2);
  EXPECT_EQ(latency.unknown, 0);
  EXPECT_EQ(latency.worst, 6100.0);
  EXPECT_EQ(latency.threshold, 5000.0) << "the limit that held when the worst was measured";
  EXPECT_EQ(latency.first_ms, kMarch);
  EXPECT_EQ(latency.last_ms, kMarch + 180'000);
  EXPECT_EQ(latency.first_violation_ms, kMarch + 60'000);
  EXPECT_EQ(latency.last_violation_ms, kMarch + 120'000);
  EXPECT_THAT(latency.advice, HasSubstr("evaluation.duty_percent"));
  EXPECT_EQ(clauses[1].clause, "gpu") << "then what was never measured";
  EXPECT_EQ(clauses[1].worst, std::nullopt);
  EXPECT_EQ(clauses[1].threshold, 80.0);
  EXPECT_THAT(clauses[1].advice, HasSubstr("NVML"));
  EXPECT_EQ(clauses[2].clause, "memory");
  EXPECT_EQ(clauses[2].advice, "") << "measured and met: nothing to do";
}

TEST(SlaReport, SaysItInWords) {
  const std::string text = clauses_text(summarise_clauses(ledger()));
  EXPECT_THAT(text, HasSubstr("  latency  violated twice, met twice; worst 6100 ms (limit 5000 ms)\n"));
  EXPECT_THAT(text, HasSubstr("violated from 2026-03-01T12:35:56.789Z to 2026-03-01T12:36:56.789Z\n"));
  EXPECT_THAT(text, HasSubstr("           What to do: Let evaluation have its first slice sooner"));
  EXPECT_THAT(text, HasSubstr("  gpu      not measured twice (no GPU reading)\n"));
  EXPECT_THAT(text, HasSubstr("  memory   met once, not measured once; worst 200 MB (limit 500 MB)\n"));
  EXPECT_THAT(text, Not(HasSubstr("unknown")));
  EXPECT_EQ(clauses_text({}), "");
}

TEST(SlaReport, EveryClauseOfTheSafeguardsHasAdviceForBothEnds) {
  for (const char* name : {"concurrency", "timeout", "latency", "memory", "training_impact", "cpu", "gpu"}) {
    const std::vector<SlaRow> violated = {{1, name, "violated", 9.0, 5.0, "x", 1}};
    const std::vector<SlaRow> unknown = {{1, name, "unknown", std::nullopt, 5.0, "x", 1}};
    EXPECT_NE(summarise_clauses(violated)[0].advice, "") << name;
    EXPECT_NE(summarise_clauses(unknown)[0].advice, "") << name;
    EXPECT_NE(summarise_clauses(violated)[0].advice, summarise_clauses(unknown)[0].advice) << name;
  }
  const std::vector<SlaRow> later = {{1, "a clause of\x1b[31m another day", "violated", 9.0, std::nullopt, "x", 1}};
  EXPECT_THAT(clauses_text(summarise_clauses(later)),
              HasSubstr("a clause of?[31m another day  violated once; worst 9 "));
}

TEST(SlaReport, AnUnreadableEventCostsItsTextsOnly) {
  const std::vector<EventRow> rows = {{1, 5, kMarch, "warning", ""},
                                      {2, 6, kMarch, "governor.gate", "[1]"},
                                      {3, 7, kMarch, "warning", R"({"texts":{"text":"bell\u0007","n":4}})"},
                                      {4, 8, kMarch, "warning", R"({"texts":"none"})"}};
  const auto events = notable_events(rows);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_TRUE(events[0].texts.empty());
  EXPECT_EQ(events[2].texts.size(), 1U);
  EXPECT_THAT(notable_text(events, 10), HasSubstr("bell?"));
  EXPECT_TRUE(gate_shut_times(events).empty());
  EXPECT_EQ(notable_text({}, 10), "  nothing out of the ordinary\n");
}

TEST(SlaReport, IsPartOfTheRunsPageAndObject) {
  const Scratch scratch;
  {
    const auto run = RunDirectory::create(scratch.root(), "demo");
    ASSERT_TRUE(run);
    auto database = open_new(run->paths().database());
    EvaluationRow row = sample_evaluation(100);
    ASSERT_TRUE(database.add_evaluation(row, {}, {}, ledger()));
    std::vector<EventRow> events = {
        {0, 50, kMarch, "governor.gate", R"({"texts":{"state":"shut","reason":"tripwire","text":"waited"}})"},
        {0, 60, kMarch + 5000, "governor.gate", R"({"texts":{"state":"open","reason":"back-off","text":"again"}})"}};
    for (int i = 0; i < 30; ++i)
      events.push_back({0, 70, kMarch, "warning", R"({"texts":{"text":"again and again"}})"});
    ASSERT_TRUE(database.add_events(events));
  }
  const auto report = read_run(scratch / "demo");
  ASSERT_TRUE(report);
  const std::string page = run_text(*report, false);
  EXPECT_THAT(page, HasSubstr("What to do: "));
  EXPECT_THAT(page, HasSubstr("The gate was shut once, for 5s."));
  EXPECT_THAT(page, HasSubstr("12 earlier ones: add --sla"));
  EXPECT_THAT(page, Not(HasSubstr("Every verdict")));
  const std::string whole = run_text(*report, true);
  EXPECT_THAT(whole, HasSubstr("Every verdict"));
  EXPECT_THAT(whole, Not(HasSubstr("earlier ones")));
  const Json json = Json::parse(run_json(*report));
  EXPECT_EQ(json["sla_summary"][0]["clause"], "latency");
  EXPECT_EQ(json["sla_summary"][0]["violated"], 2);
  EXPECT_EQ(json["sla_summary"][0]["worst"], 6100.0);
  EXPECT_EQ(json["sla_summary"][0]["first_violation"], "2026-03-01T12:35:56.789Z");
  EXPECT_TRUE(json["sla_summary"][1]["worst"].is_null());
  EXPECT_TRUE(json["sla_summary"][2]["what_to_do"].is_null());
  EXPECT_EQ(json["gate_shut"][0]["reason"], "tripwire");
  EXPECT_EQ(json["gate_shut"][0]["to"], "2026-03-01T12:35:01.789Z");
  EXPECT_EQ(json["notable"].size(), 32U);
  EXPECT_EQ(json["notable"][0]["texts"]["state"], "shut");
}

}  // namespace
}  // namespace keisei::store
