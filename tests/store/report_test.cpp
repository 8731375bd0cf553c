#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "store/checkpoint_report.h"
#include "store/report_text.h"
#include "store/run_report.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

using Json = nlohmann::ordered_json;

std::string first_key(const std::string& text) { return Json::parse(text).items().begin().key(); }

/// A finished run with two evaluations, one clause broken, one not measured, and two checkpoints.
void make_run(const Scratch& scratch) {
  const auto run = RunDirectory::create(scratch.root(), "demo");
  ASSERT_TRUE(run);
  auto database = RunDatabase::open(run->paths().database(), RunDatabase::Mode::kWrite);
  ASSERT_TRUE(database);
  ASSERT_TRUE(
      database->set_meta({{"status", "finished"}, {"started", "1772368496789"}, {"finished", "1772372216789"}}));
  EvaluationRow row;
  row.step = 300'000;
  row.strategy = "single_opponent";
  row.opponent = "random";
  row.games = 40;
  row.wins = 30;
  row.losses = 8;
  row.draws = 2;
  row.score = 0.775;
  row.score_low = 0.625;
  row.score_high = 0.877;
  row.elo = 215;
  row.elo_low = 89;
  row.elo_high = 341;
  ASSERT_TRUE(database->add_evaluation(row, {}, {},
                                       std::vector<SlaRow>{{0, "latency", "violated", 6000.0, 5000.0, "clock", 1},
                                                           {0, "gpu", "unknown", std::nullopt, 80.0, "no NVML", 1}}));
  row.step = 600'000;
  row.wins = 40;
  row.losses = row.draws = 0;
  row.score = 1.0;
  row.elo = row.elo_low = row.elo_high = std::nullopt;
  ASSERT_TRUE(
      database->add_evaluation(row, {}, {}, std::vector<SlaRow>{{0, "latency", "met", 12.5, 5000.0, "clock", 2}}));
  CheckpointStore store(run->paths().checkpoints(), 3);
  for (const std::int64_t step : {300'000, 600'000}) {
    const auto saved = store.save(step, sample_bytes(step));
    ASSERT_TRUE(saved);
    ASSERT_TRUE(database->add_checkpoint(
        {step, saved->path.filename(), saved->sha256, static_cast<std::int64_t>(saved->bytes), 5}));
  }
}

TEST(RunReport, SaysInWordsWhatTheRunDid) {
  const Scratch scratch;
  make_run(scratch);
  const auto report = read_run(scratch / "demo");
  ASSERT_TRUE(report);
  const std::string text = run_text(*report, false);
  for (const char* part : {"Run demo: finished, newest checkpoint at step 600,000.", "took 1h 02m",
                           "300,000  random       40  30-8-2", "0.775  [0.625, 0.877]", "1.000", "step-000000600000"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("null"), std::string::npos);
  const std::string ledger = run_text(*report, true);
  EXPECT_NE(ledger.find("not measured"), std::string::npos) << ledger;
  EXPECT_NE(ledger.find("violated"), std::string::npos);
}

TEST(RunReport, GivesProgramsOneObjectWithNullForTheUnknown) {
  const Scratch scratch;
  make_run(scratch);
  const std::string text = run_json(*read_run(scratch / "demo"));
  EXPECT_EQ(first_key(text), "schema");
  const Json json = Json::parse(text);
  EXPECT_EQ(json["schema"], "keisei.run/1");
  EXPECT_EQ(json["run"], "demo");
  EXPECT_EQ(json["started"], "2026-03-01T12:34:56.789Z");
  EXPECT_TRUE(json["pid"].is_null());
  EXPECT_EQ(json["evaluations"].size(), 2U);
  EXPECT_EQ(json["evaluations"][0]["elo_ci95"][0], 89.0);
  EXPECT_TRUE(json["evaluations"][1]["elo"].is_null());
  EXPECT_TRUE(json["evaluations"][1]["elo_ci95"].is_null());
  EXPECT_TRUE(json["evaluations"][1]["agent_id"].is_null());
  EXPECT_EQ(json["sla"].size(), 3U);
  EXPECT_TRUE(json["sla"][1]["value"].is_null());
  EXPECT_EQ(json["checkpoints"][1]["step"], 600'000);
  EXPECT_EQ(json["checkpoints"][1]["sha256"].get<std::string>().size(), 64U);
  const Json runs = Json::parse(runs_json(scratch.root(), *list_runs(scratch.root())));
  EXPECT_EQ(runs["schema"], "keisei.runs/1");
  EXPECT_EQ(runs["runs"][0]["step"], 600'000);
}

TEST(RunReport, TellsALiveRunFromOneThatDiedAndFromADamagedOne) {
  const Scratch scratch;
  {
    const auto run = RunDirectory::create(scratch.root(), "live");
    ASSERT_TRUE(run);
    ASSERT_TRUE(
        RunDatabase::open(run->paths().database(), RunDatabase::Mode::kWrite)->set_meta({{"status", "running"}}));
    EXPECT_EQ(summarise_run(scratch / "live").status, "running");
    EXPECT_EQ(summarise_run(scratch / "live").pid, ::getpid());
  }
  EXPECT_EQ(summarise_run(scratch / "live").status, "interrupted");
  const std::string junk(2000, 'j');
  spill(scratch / "live/run.db", std::as_bytes(std::span(junk)));
  const auto report = read_run(scratch / "live");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->summary.status, "unknown");
  EXPECT_NE(run_text(*report, false).find("Its database cannot be read"), std::string::npos);
  EXPECT_TRUE(Json::parse(run_json(*report))["trouble"].is_string());
  EXPECT_NE(runs_text(scratch.root(), *list_runs(scratch.root())).find("database unreadable"), std::string::npos);
  EXPECT_NE(runs_text("x", {}).find("keisei train"), std::string::npos);
}

TEST(CheckpointReport, ListsWhatAFileHolds) {
  const Scratch scratch;
  spill(scratch / "a.safetensors", sample_bytes(300'000));
  const auto loaded = load_checkpoint(scratch / "a.safetensors");
  ASSERT_TRUE(loaded);
  const std::string text = info_text(*loaded);
  for (const char* part : {"step 300,000", "weights", "F32", "[24]", "config: training: … (", loaded->sha256.c_str()}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const std::string json_text = info_json(std::span(&*loaded, 1));
  EXPECT_EQ(first_key(json_text), "schema");
  const Json json = Json::parse(json_text);
  EXPECT_EQ(json["schema"], "keisei.checkpoint/1");
  EXPECT_EQ(json["files"][0]["tensors"].size(), 3U);
  EXPECT_EQ(json["files"][0]["metadata"]["step"], "300000");
}

TEST(CheckpointReport, VerifiesEachFileOfARunAndNamesTheDamage) {
  const Scratch scratch;
  make_run(scratch);
  const auto paths = checkpoints_at(scratch / "demo");
  ASSERT_TRUE(paths);
  ASSERT_EQ(paths->size(), 2U);
  auto bytes = slurp(paths->at(0));
  bytes[bytes.size() - 4 * 4 - 1] ^= std::byte{1};
  spill(paths->at(0), bytes);
  std::vector<Verification> results;
  for (const auto& path : *paths) {
    const auto loaded = load_checkpoint(path);
    results.push_back({path, loaded ? std::nullopt : std::optional(loaded.error())});
  }
  const std::string text = verify_text(results);
  EXPECT_NE(text.find("tensor 'games' is damaged"), std::string::npos) << text;
  EXPECT_NE(text.find("ok   " + paths->at(1).string()), std::string::npos) << text;
  const Json json = Json::parse(verify_json(results));
  EXPECT_EQ(json["valid"], false);
  EXPECT_EQ(json["files"][1]["valid"], true);
  EXPECT_TRUE(json["files"][1]["error"].is_null());
  std::filesystem::create_directory(scratch / "empty");
  EXPECT_EQ(checkpoints_at(scratch / "empty").error().code, Code::kBadData);
}

TEST(CheckpointReport, TellsHowTwoFilesDiffer) {
  TensorFile a;
  a.metadata = {{"step", "1"}, {"same", "x"}};
  a.add_f32("w", {2, 2}, std::vector<float>{1, 2, 3, 4});
  a.add_f32("bias", {1}, std::vector<float>{0});
  a.add_f32("grown", {1}, std::vector<float>{0});
  a.add_i64("same", {1}, std::vector<std::int64_t>{5});
  a.add_text("text", "ab");
  TensorFile b;
  b.metadata = {{"step", "2"}, {"same", "x"}};
  b.add_f32("w", {2, 2}, std::vector<float>{1, 2, 3, 2});
  b.add_f32("grown", {2}, std::vector<float>{0, 0});
  b.add_i64("same", {1}, std::vector<std::int64_t>{5});
  b.add_text("text", "ac");
  b.add_f32("head", {1}, std::vector<float>{0});
  const LoadedCheckpoint first{"a", 1, "", 0, a, {}};
  const LoadedCheckpoint second{"b", 2, "", 0, b, {}};
  const auto diff = difference(first, second);
  EXPECT_EQ(diff.metadata, std::vector<std::string>{"step"});
  ASSERT_EQ(diff.tensors.size(), 5U);
  EXPECT_EQ(diff.tensors[0].elements, 1U);
  EXPECT_EQ(diff.tensors[0].greatest, 2.0);
  EXPECT_EQ(diff.tensors[0].rms, 1.0);
  EXPECT_EQ(diff.tensors[1].kind, "only_first");
  EXPECT_EQ(diff.tensors[2].kind, "shape");
  EXPECT_EQ(diff.tensors[3].name, "text");
  EXPECT_EQ(diff.tensors[3].greatest, std::nullopt);
  EXPECT_EQ(diff.tensors[4].kind, "only_second");
  EXPECT_TRUE(difference(first, first).identical());
  EXPECT_NE(diff_text(difference(first, first)).find("identical"), std::string::npos);
  const Json json = Json::parse(diff_json(diff));
  EXPECT_EQ(json["identical"], false);
  EXPECT_EQ(json["tensors"][0]["greatest"], 2.0);
  EXPECT_TRUE(json["tensors"][3]["greatest"].is_null());
}

TEST(ReportText, IsSafeAndAligned) {
  EXPECT_EQ(printable("a\x1b[31m\n\xff\xc2\x9b 将棋"), "a?[31m??? 将棋");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(-1'234'567), "-1,234,567");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(fixed(std::nullopt, 2), "–");
  EXPECT_EQ(lasted(3'785'000), "1h 03m");
  EXPECT_EQ(lasted(65'000), "1m 05s");
  EXPECT_EQ(table({{"name", "n>"}, {"é", "10"}, {"abc", "7"}}), "  name   n\n  é     10\n  abc    7\n");
}

}  // namespace
}  // namespace keisei::store
