// Which run at W&B a process writes: an id that is asked for, the one an earlier process kept, or a new one; and that
// the rows of a resumed run never fall behind those of the process before, whether that ended or was killed.
#include "telemetry/wandb_memory.h"

#include <gmock/gmock.h>

#include <fstream>

#include "telemetry/foreign_reader.h"
#include "telemetry/wandb_outlet.h"

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

const std::optional<WandbMemory> kKept = WandbMemory{"old00001", 4096};

TEST(WandbMemory, AllowGoesOnWhereAnIdIsKnown) {
  const auto kept = choose_wandb_run("", "allow", kKept, "new00001");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->run, *kKept);
  EXPECT_TRUE(kept->resumed);
  const auto fresh = choose_wandb_run("", "allow", std::nullopt, "new00001");
  EXPECT_EQ(fresh->run, (WandbMemory{"new00001", -1}));
  EXPECT_FALSE(fresh->resumed);
  const auto asked = choose_wandb_run("mine", "allow", kKept, "new00001");
  EXPECT_EQ(asked->run, (WandbMemory{"mine", -1})) << "another run has steps of its own";
  EXPECT_FALSE(asked->resumed);
}

TEST(WandbMemory, MustAndNever) {
  EXPECT_EQ(choose_wandb_run("", "must", kKept, "n")->run, *kKept);
  EXPECT_TRUE(choose_wandb_run("elsewhere", "must", std::nullopt, "n")->resumed);
  const auto none = choose_wandb_run("", "must", std::nullopt, "n");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("wandb.resume is must"));
  EXPECT_EQ(choose_wandb_run("", "never", kKept, "n")->run, (WandbMemory{"n", -1}));
  EXPECT_FALSE(choose_wandb_run(kKept->id, "never", kKept, "n"));
  for (const char* id : {"a b", "../x", "", "a/b", "ä"}) EXPECT_FALSE(is_wandb_id(id)) << id;
  EXPECT_FALSE(is_wandb_id(std::string(kMaxWandbIdBytes + 1, 'a')));
  EXPECT_EQ(choose_wandb_run("a/b", "allow", kKept, "n").error().code, Code::kUsage);
}

class WandbResume : public ForeignReaderTest {
 protected:
  WandbRun identity(int process) {
    const auto kept = read_wandb_memory(memory());
    EXPECT_TRUE(kept);
    const auto chosen = choose_wandb_run("", "allow", *kept, "fresh" + std::to_string(process));
    EXPECT_TRUE(chosen);
    return {.id = chosen->run.id,
            .entity = {},
            .project = "p",
            .group = {},
            .name = {},
            .notes = {},
            .tags = {},
            .config = {},
            .start_ms = kStart_ms + 60'000 * process,
            .first_step = chosen->run.step + 1,
            .resumed = chosen->resumed,
            .memory = memory()};
  }
  static Event update(std::int64_t step) {
    return {.kind = "update", .step = step, .utc_ms = kStart_ms, .metrics = {{"ppo/entropy", 1}}, .texts = {}};
  }
  /// The steps of the rows of the newest folder, and its run record.
  std::vector<std::int64_t> rows(const fs::path& folder, json* run) {
    std::vector<std::int64_t> steps;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".wandb") continue;
      for (const json& record : read("read_wandb.py", entry.path())) {
        if (record.contains("run")) *run = record.at("run");
        if (!record.contains("history")) continue;
        steps.push_back(record.at("history").value("step", json::object()).value("num", std::int64_t{0}));
      }
    }
    return steps;
  }

  [[nodiscard]] fs::path memory() const { return directory_ / "wandb-run.json"; }
};

TEST_F(WandbResume, GoesOnInTheSameRunAfterAnOrderlyEndWithoutAGap) {
  json run;
  std::string id;
  std::int64_t last = 0;
  {
    const WandbRun first = identity(1);
    id = first.id;
    auto outlet = WandbOutlet::create(directory_, first);
    ASSERT_TRUE(outlet) << outlet.error().message;
    for (const std::int64_t step : {0, 4096, 8192, 8192}) (*outlet)->write(update(step));
    (*outlet)->write({.kind = "run.end", .step = 8192, .utc_ms = kStart_ms, .metrics = {}, .texts = {}});
    last = rows((*outlet)->folder(), &run).back();
    EXPECT_EQ(last, 8193);
    EXPECT_FALSE(run.value("resumed", false));
  }
  auto outlet = WandbOutlet::create(directory_, identity(2));
  ASSERT_TRUE(outlet);
  (*outlet)->write(update(4096));  // from an earlier checkpoint
  (*outlet)->write(update(12288));
  const std::vector<std::int64_t> steps = rows((*outlet)->folder(), &run);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{last + 1, 12288}));
  EXPECT_EQ(run.at("run_id"), id);
  EXPECT_TRUE(run.value("resumed", false));
  EXPECT_EQ(run.value("starting_step", std::int64_t{0}), last + 1);
}

TEST_F(WandbResume, AKilledProcessLeavesAGapAndNoStepThatFalls) {
  json run;
  std::int64_t last = 0;
  {
    auto outlet = WandbOutlet::create(directory_, identity(1));
    ASSERT_TRUE(outlet);
    for (std::int64_t step = 0; step < 5 * kStepReserve; step += kStepReserve / 10) {
      (*outlet)->write(update(step));
      const auto kept = read_wandb_memory(memory());
      ASSERT_TRUE(kept && *kept);
      EXPECT_GT((*kept)->step, step) << "kept before it is needed";
    }
    last = rows((*outlet)->folder(), &run).back();
  }  // no run.end
  auto outlet = WandbOutlet::create(directory_, identity(2));
  ASSERT_TRUE(outlet);
  (*outlet)->write(update(4096));
  EXPECT_GT(rows((*outlet)->folder(), &run).front(), last);
}

TEST_F(WandbResume, AFileOfSomethingElseIsRefused) {
  for (const char* text : {"", "{}", "[]", R"({"schema":"keisei.wandb/1","id":"../x","step":1})",
                           R"({"schema":"keisei.wandb/1","id":"a","step":"1"})", R"({"schema":1,"id":"a","step":1})"}) {
    std::ofstream(memory(), std::ios::trunc) << text;
    const auto kept = read_wandb_memory(memory());
    ASSERT_FALSE(kept) << text;
    EXPECT_EQ(kept.error().code, Code::kBadData);
  }
}

}  // namespace
}  // namespace keisei::telemetry
