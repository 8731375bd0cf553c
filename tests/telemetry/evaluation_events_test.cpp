// What evaluation tells of itself goes through the run database and comes out in words.
#include "telemetry/evaluation_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "store/sla_report.h"
#include "telemetry/database_outlet.h"
#include "telemetry/level.h"

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class EvaluationEvents : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("keisei_evaluation_events_" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    auto opened = store::RunDatabase::open(directory_ / "run.db", store::RunDatabase::Mode::kWrite);
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = std::make_shared<store::RunDatabase>(std::move(*opened));
  }
  void TearDown() override {
    database_.reset();
    fs::remove_all(directory_);
  }
  fs::path directory_;
  std::shared_ptr<store::RunDatabase> database_;
};

Event at(std::int64_t utc_ms, Event event) {
  event.utc_ms = utc_ms;
  return event;
}

TEST_F(EvaluationEvents, AreKeptAndToldInWords) {
  {
    DatabaseOutlet outlet(database_);
    outlet.write(at(1000, {.kind = "update", .step = 1, .utc_ms = 0, .metrics = {{"a", 1}}, .texts = {}}));
    outlet.write(at(1000, evaluation_switched(0, true, "rollout", "run r stands at 0.01")));
    outlet.write(at(2000, evaluation_admission(10, "defer", "credit", "the ledger pays for 3 of 20 games")));
    outlet.write(at(3000, evaluation_admission(20, "skip", "queue", "two wait already")));
    outlet.write(at(4000, evaluation_admission(30, "defer", "credit", "the ledger pays for 4 of 20 games")));
    outlet.write(at(5000, {.kind = "evaluation.sla", .step = 30, .utc_ms = 0, .metrics = {{"b", 1}}, .texts = {}}));
    outlet.write(at(5000, {.kind = "governor.pair", .step = 30, .utc_ms = 0, .metrics = {{"c", 1}}, .texts = {}}));
    outlet.write(at(5500, {.kind = "governor.pair_dropped", .step = 30, .utc_ms = 0, .metrics = {}, .texts = {}}));
    outlet.write(at(60'000, gate_changed(40, true, "tripwire", "run delay 9 % over its baseline")));
    outlet.write(at(85'000, gate_changed(41, false, "back-off", "tried again")));
    outlet.write(at(90'000, gate_changed(42, true, "impact", "impact 7 to 9 %")));
    outlet.write(at(95'000, breaker_changed(43, "open", "3 workers died in 600 s")));
    outlet.write(at(99'000, evaluation_rolled_back(44, "latency", "latency was violated 3 times in a row")));
    outlet.write(at(99'500, warning(45, "disk almost full")));
  }
  const auto rows = database_->notable_events();
  ASSERT_TRUE(rows) << rows.error().message;
  const auto events = store::notable_events(*rows);
  ASSERT_EQ(events.size(), 10U) << "figures and pairs are not out of the ordinary";
  const auto shut = store::gate_shut_times(events);
  ASSERT_EQ(shut.size(), 2U);
  EXPECT_EQ(shut[0].from_ms, 60'000);
  EXPECT_EQ(shut[0].to_ms, 85'000);
  EXPECT_EQ(shut[1].to_ms, std::nullopt);
  const std::string text = store::notable_text(events, 100);
  for (const char* part :
       {"The gate was shut twice, for 25s, and is shut since 1970-01-01T00:01:30.000Z (impact).",
        "Evaluations were deferred twice (credit), skipped once (queue).", "evaluation.rollback", "off (latency)",
        "latency was violated 3 times in a row", "disk almost full", "open", "3 workers died in 600 s"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  const std::string shortened = store::notable_text(events, 2);
  EXPECT_THAT(shortened, HasSubstr("8 earlier ones: add --sla"));
  EXPECT_THAT(shortened, Not(HasSubstr("3 workers died")));
  EXPECT_THAT(shortened, HasSubstr("shut twice")) << "the sums are over all of them";
  const auto newest = database_->notable_events(1);
  ASSERT_EQ(newest->size(), 1U);
  EXPECT_EQ(newest->front().kind, "warning");
}

TEST_F(EvaluationEvents, WhatSomebodyShouldLookAtIsAWarning) {
  EXPECT_EQ(level_of(evaluation_rolled_back(1, "cpu", "x")), Level::kWarning);
  EXPECT_EQ(level_of(breaker_changed(1, "open", "x")), Level::kWarning);
  EXPECT_EQ(level_of(breaker_changed(1, "closed", "x")), Level::kInfo);
  EXPECT_EQ(level_of(gate_changed(1, true, "tripwire", "x")), Level::kWarning);
  EXPECT_EQ(level_of(gate_changed(1, false, "back-off", "x")), Level::kInfo);
  EXPECT_EQ(level_of(evaluation_switched(1, false, "reload", "x")), Level::kInfo);
  EXPECT_EQ(evaluation_switched(1, false, "reload", "x").metric("evaluation/enabled"), 0);
  EXPECT_EQ(gate_changed(1, true, "impact", "x").metric("governor/tripped"), 0);
  EXPECT_EQ(level_of(promoted(1, "opponent", 7, "x")), Level::kInfo);
  EXPECT_EQ(promoted(1, "opponent", 7, "x").text("replaces"), "7");
  EXPECT_EQ(promoted(1, "milestone", -1, "x").text("replaces"), "");
}

}  // namespace
}  // namespace keisei::telemetry
