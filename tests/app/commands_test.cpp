// The built program: exit codes, what goes to stdout and what to stderr, JSON with its schema first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/program.h"

namespace keisei::app {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

Json json_of(const Ran& ran, const std::string& schema) {
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\0'), 0);
  const Json root = Json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(root.is_object()) << ran.out;
  if (!root.is_object()) return Json::object();
  EXPECT_EQ(root.begin().key(), "schema");
  EXPECT_EQ(root.begin().value(), schema);
  return root;
}

TEST(Commands, UsageErrorsExitWithTwoAndKeepStdoutEmpty) {
  for (const char* line : {"", "trian", "train --sead 1", "perft --depth x", "config shwo", "evaluate",
                           "train --override training.gamma=5", "train --config /nonexistent.yaml",
                           "evaluate --agent_checkpoint a --num_games 0", "train --preset huge", "checkpoint frob a"}) {
    const Ran ran = run_keisei(words_of(line));
    EXPECT_EQ(ran.code, 2) << line;
    EXPECT_EQ(ran.out, "") << line;
    EXPECT_THAT(ran.err, StartsWith("keisei: ")) << line;
  }
}

TEST(Commands, BadDataExitsWithThreeAndNamesIt) {
  const Ran sfen = run_keisei({"perft", "--sfen", "lnsg/x b - 1", "--depth", "1"});
  EXPECT_EQ(sfen.code, 3) << sfen.err;
  EXPECT_EQ(sfen.out, "");
  const Ran move = run_keisei({"position", "--sfen", "startpos", "--moves", "7g7f 7g7f", "--json"});
  EXPECT_EQ(move.code, 3) << move.err;
  EXPECT_THAT(move.err, HasSubstr("2"));
  EXPECT_THAT(move.err, HasSubstr("7g7f"));
  EXPECT_EQ(move.out, "");
}

TEST(Commands, Perft) {
  const Ran plain = run_keisei({"perft", "--sfen", "startpos", "--depth", "3"});
  EXPECT_EQ(plain.code, 0);
  EXPECT_EQ(plain.out, "nodes 25470\n");
  const Ran divided = run_keisei({"perft", "--depth", "2", "--divide"});
  EXPECT_THAT(divided.out, HasSubstr("7g7f 30\n"));
  EXPECT_THAT(divided.out, testing::EndsWith("\nnodes 900\n"));
  const Json root = json_of(run_keisei({"perft", "--depth", "2", "--divide", "--json"}), "keisei.perft/1");
  EXPECT_EQ(root["nodes"], 900);
  EXPECT_EQ(root["divide"].size(), 30U);
  EXPECT_EQ(run_keisei({"perft", "--depth", "0"}).out, "nodes 1\n");
}

TEST(Commands, Position) {
  const Json root =
      json_of(run_keisei({"position", "--sfen", "startpos", "--moves", "7g7f 3c3d", "--json"}), "keisei.position/1");
  std::vector<std::string> keys;
  for (const auto& [key, value] : root.items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"schema", "sfen", "side", "ply", "in_check", "legal_count", "legal_moves",
                                            "repetition", "can_declare", "declaration_points", "outcome"}));
  EXPECT_EQ(root["side"], "black");
  EXPECT_EQ(root["ply"], 3);
  EXPECT_EQ(root["legal_count"], root["legal_moves"].size());
  EXPECT_TRUE(root["outcome"].is_null());

  const Json mate =
      json_of(run_keisei({"position", "--sfen", "4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2", "--json"}), "keisei.position/1");
  EXPECT_EQ(mate["legal_count"], 0);
  EXPECT_EQ(mate["outcome"]["winner"], "black");
  EXPECT_EQ(mate["outcome"]["reason"], "checkmate");
  EXPECT_EQ(mate["outcome"]["truncated"], false);

  const std::string cycle = "9f8f 5a6a 8f9f 6a5a ";
  const Json draw = json_of(
      run_keisei({"position", "--sfen", "4k4/9/9/9/9/R8/9/9/4K4 b - 1", "--moves", cycle + cycle + cycle, "--json"}),
      "keisei.position/1");
  EXPECT_EQ(draw["repetition"], 4);
  EXPECT_EQ(draw["outcome"]["winner"], "none");
  EXPECT_EQ(draw["outcome"]["reason"], "repetition");

  const Json cut =
      json_of(run_keisei({"position", "--sfen", "startpos", "--moves", "7g7f", "--max-moves", "1", "--json"}),
              "keisei.position/1");
  EXPECT_EQ(cut["outcome"]["reason"], "max_moves");
  EXPECT_EQ(cut["outcome"]["truncated"], true);

  const Ran plain = run_keisei({"position"});
  EXPECT_EQ(plain.code, 0);
  EXPECT_THAT(plain.out, HasSubstr("black to move, ply 1"));
}

TEST(Commands, BenchIsOneIntegerAndAlwaysTheSame) {
  const Ran first = run_keisei({"bench"});
  EXPECT_EQ(first.code, 0);
  EXPECT_EQ(first.out, std::to_string(std::stoull(first.out)) + "\n");
  EXPECT_EQ(run_keisei({"bench"}).out, first.out);
  const Json root = json_of(run_keisei({"bench", "rules", "--runs", "1", "--json"}), "keisei.bench.rules/1");
  EXPECT_EQ(root["runs"], 1);
  EXPECT_GT(root["leaves_per_s"].get<double>(), 0);
  EXPECT_TRUE(root["peer"].is_null());
}

TEST(Commands, ConfigShowTellsWhoSetWhat) {
  const Json root =
      json_of(run_keisei({"config", "show", "--preset", "small", "--override", "env.seed=5", "--origin", "--json"},
                         {{"KEISEI_SAVEDIR", "elsewhere"}}),
              "keisei.config/1");
  EXPECT_EQ(root["config"]["env"]["seed"], 5);
  EXPECT_EQ(root["config"]["training"]["tower_width"], 64);
  EXPECT_EQ(root["config"]["logging"]["savedir"], "elsewhere");
  EXPECT_EQ(root["origin"]["env.seed"], "--override env.seed=5");
  EXPECT_EQ(root["origin"]["training.tower_width"], "preset small");
  EXPECT_EQ(root["origin"]["logging.savedir"], "environment KEISEI_SAVEDIR");
  EXPECT_EQ(root["origin"]["training.value_loss_coeff"], "default");
  EXPECT_THAT(run_keisei({"config", "show", "--origin"}).out, HasSubstr("training.tower_width: 32  # preset tiny\n"));
}

TEST(Commands, ConfigCheckTellsAllFaultsOrOk) {
  const std::string path = testing::TempDir() + "keisei_commands_check.yaml";
  std::ofstream(path) << "training:\n  gamma: 5\n  tower_dpeth: 1\n";
  const Ran bad = run_keisei({"config", "check", path});
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr(path + ":2:10: training.gamma: value 5 is not allowed (allowed: number 0 to 1)"));
  EXPECT_THAT(bad.err, HasSubstr(path + ":3:3: training.tower_dpeth: "));
  const Ran json = run_keisei({"config", "check", path, "--json"});
  EXPECT_EQ(json.code, 2);
  const Json root = Json::parse(json.out);
  EXPECT_EQ(root.begin().value(), "keisei.config_check/1");
  EXPECT_EQ(root["ok"], false);
  EXPECT_EQ(root["faults"].size(), 2U);
  std::filesystem::remove(path);
  for (const char* preset : {"tiny", "small", "base", "large", "xlarge"}) {
    const Ran good = run_keisei({"config", "check", std::string(KEISEI_SOURCE_DIR "/configs/") + preset + ".yaml"});
    EXPECT_EQ(good.code, 0) << good.err;
    EXPECT_EQ(good.err, "");
  }
}

TEST(Commands, SchemaIsJson) {
  const Ran ran = run_keisei({"config", "schema"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(Json::parse(ran.out).contains("properties"));
}

TEST(Commands, DoctorNamesEachThingAndWhatToDo) {
  const Ran ran = run_keisei({"doctor", "--json"});
  EXPECT_TRUE(ran.code == 0 || ran.code == 1) << ran.err;
  const Json root = Json::parse(ran.out);
  EXPECT_EQ(root.begin().value(), "keisei.doctor/1");
  bool bad = false;
  for (const auto& finding : root["findings"]) {
    if (finding["state"] == "ok") continue;
    bad = bad || finding["state"] == "problem";
    EXPECT_NE(finding["advice"], "") << finding.dump();
  }
  EXPECT_EQ(ran.code, bad ? 1 : 0);
  EXPECT_EQ(root["ok"], !bad);
}

}  // namespace
}  // namespace keisei::app
