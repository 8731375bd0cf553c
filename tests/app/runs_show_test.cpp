// keisei runs show through the built program: a run with violated, met and unmeasured clauses, in words and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/program.h"
#include "store/run_database.h"
#include "store/run_directory.h"

namespace keisei::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RunsShow : public testing::Test {
 protected:
  void SetUp() override {
    savedir_ = fs::path(testing::TempDir()) / ("keisei_runs_show_" + std::to_string(::getpid()));
    fs::remove_all(savedir_);
    fs::create_directories(savedir_);
    const auto run = store::RunDirectory::create(savedir_, "first");
    ASSERT_TRUE(run) << run.error().message;
    auto database = store::RunDatabase::open(run->paths().database(), store::RunDatabase::Mode::kWrite);
    ASSERT_TRUE(database) << database.error().message;
    store::EvaluationRow row;
    row.step = 2048;
    row.time_ms = 1'772'368'496'789;
    row.strategy = "single_opponent";
    row.opponent = "random";
    row.games = 4;
    const std::vector<store::SlaRow> sla = {{0, "memory", "violated", 612.0, 500.0, "pss", row.time_ms},
                                            {0, "latency", "met", 900.0, 5000.0, "clock", row.time_ms},
                                            {0, "gpu", "unknown", std::nullopt, 80.0, "no GPU reading", row.time_ms}};
    ASSERT_TRUE(database->add_evaluation(row, {}, {}, sla));
    ASSERT_TRUE(database->add_events(std::vector<store::EventRow>{
        {0, 2048, row.time_ms, "evaluation.rollback",
         R"({"texts":{"state":"off","reason":"memory","text":"memory was violated 3 times in a row"}})"}}));
  }
  void TearDown() override { fs::remove_all(savedir_); }

  Ran show(std::vector<std::string> more) const {
    std::vector<std::string> args = {"runs", "show", "first", "--savedir", savedir_.string()};
    args.insert(args.end(), more.begin(), more.end());
    return run_keisei(args);
  }

  fs::path savedir_;
};

TEST_F(RunsShow, SaysInWordsWhatHappenedAndWhatToDo) {
  const Ran page = show({});
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_EQ(page.err, "");
  for (const char* part :
       {"memory   violated once; worst 612 MB (limit 500 MB)", "What to do: Play fewer games side by side",
        "latency  met once; worst 900 ms (limit 5000 ms)", "gpu      not measured once (no GPU reading)",
        "memory was violated 3 times in a row"}) {
    EXPECT_THAT(page.out, HasSubstr(part));
  }
  EXPECT_THAT(show({"--sla"}).out, HasSubstr("Every verdict"));
}

TEST_F(RunsShow, AsOneObject) {
  const Ran ran = show({"--json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto json = nlohmann::ordered_json::parse(ran.out);
  EXPECT_EQ(json.begin().key(), "schema");
  EXPECT_EQ(json["schema"], "keisei.run/1");
  EXPECT_EQ(json["sla"].size(), 3U);
  EXPECT_EQ(json["sla_summary"][0]["clause"], "memory");
  EXPECT_TRUE(json["sla_summary"][1]["worst"].is_null());
  EXPECT_EQ(json["notable"][0]["kind"], "evaluation.rollback");
  EXPECT_EQ(json["notable"][0]["texts"]["reason"], "memory");
}

TEST_F(RunsShow, ShowsWhatIsLeftOfADamagedRunAndEndsWithThree) {
  fs::resize_file(savedir_ / "first" / "run.db", 1000);
  const Ran page = show({});
  EXPECT_EQ(page.code, 3);
  EXPECT_THAT(page.out, HasSubstr("Its database cannot be read"));
  EXPECT_THAT(page.err, HasSubstr("run.db"));
  const Ran json = show({"--json"});
  EXPECT_EQ(json.code, 3);
  EXPECT_TRUE(nlohmann::json::parse(json.out)["trouble"].is_string());
  const Ran pair = run_keisei({"runs", "compare", "first", "first", "--savedir", savedir_.string()});
  EXPECT_EQ(pair.code, 3);
  EXPECT_THAT(pair.out, HasSubstr("B: its database cannot be read"));
}

}  // namespace
}  // namespace keisei::app
