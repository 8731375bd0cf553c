// argv to structs: spellings, values, what is refused and what was meant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/cli.h"
#include "app/flags.h"
#include "app/program.h"

namespace keisei::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

template <class T>
T parsed(const std::string& line) {
  auto command = parse(words_of(line), {});
  EXPECT_TRUE(command) << line << ": " << (command ? "" : command.error().message);
  if (!command || !std::holds_alternative<T>(*command)) {
    ADD_FAILURE() << line;
    return T{};
  }
  return std::get<T>(*command);
}

std::string refused(const std::string& line) {
  const auto command = parse(words_of(line), {});
  if (command) return "accepted";
  EXPECT_EQ(command.error().code, Code::kUsage) << line;
  return command.error().message;
}

TEST(Parse, TrainWithEveryOldFlag) {
  const auto args = parsed<TrainArgs>(
      "train --config a.yaml --resume latest --seed 7 --model resnet --input_features core46 --tower_depth 3 "
      "--tower_width 8 --se_ratio 0 --mixed_precision --ddp --device cpu --total-timesteps 100 --savedir out "
      "--override training.gamma=0.9 --override=env.seed=1 --render-every 5 --run-name r --wandb-enabled "
      "--enable-async-evaluation");
  EXPECT_EQ(args.source.file, "a.yaml");
  EXPECT_EQ(args.resume.kind, Resume::Kind::kLatest);
  EXPECT_THAT(args.source.overrides, ElementsAre("training.gamma=0.9", "env.seed=1"));
  for (const auto& [option, value] :
       std::vector<std::pair<std::string, std::string>>{{"env.seed", "7"},
                                                        {"training.model_type", "resnet"},
                                                        {"training.input_features", "core46"},
                                                        {"training.tower_depth", "3"},
                                                        {"training.tower_width", "8"},
                                                        {"training.se_ratio", "0"},
                                                        {"env.device", "cpu"},
                                                        {"training.total_timesteps", "100"},
                                                        {"logging.savedir", "out"},
                                                        {"logging.run_name", "r"},
                                                        {"wandb.enabled", "true"},
                                                        {"evaluation.enable_periodic_evaluation", "true"}}) {
    EXPECT_THAT(args.source.flags, Contains(Pair(option, value)));
  }
  EXPECT_THAT(args.warnings, ElementsAre(HasSubstr("--mixed-precision: has no effect"), HasSubstr("--ddp: "),
                                         HasSubstr("--render-every: ")));
  EXPECT_TRUE(args.source.embedded_default_preset);
}

TEST(Parse, DashesAndUnderscoresAreEqual) {
  for (const CommandSpec& command : commands()) {
    for (const Flag& flag : command.flags) {
      for (const char mark : {'-', '_'}) {
        std::string name = flag.name;
        std::replace(name.begin() + 2, name.end(), '-', mark);
        std::vector<std::string> args = {name};
        if (!flag.value.empty()) args.push_back("1");
        const auto result = parse_flags(command, args);
        if (result) {
          EXPECT_TRUE(result->has(flag.name)) << command.name << " " << name;
        } else {
          EXPECT_THAT(result.error().message, HasSubstr("is missing")) << command.name << " " << name;
        }
      }
    }
  }
}

TEST(Parse, ResumeTakesAWordOrNone) {
  EXPECT_EQ(parsed<TrainArgs>("train").resume.kind, Resume::Kind::kNone);
  EXPECT_EQ(parsed<TrainArgs>("train --resume").resume.kind, Resume::Kind::kLatest);
  EXPECT_EQ(parsed<TrainArgs>("train --resume --seed 1").resume.kind, Resume::Kind::kLatest);
  const auto path = parsed<TrainArgs>("train --resume runs/a --seed 1").resume;
  EXPECT_EQ(path.kind, Resume::Kind::kPath);
  EXPECT_EQ(path.path, "runs/a");
}

TEST(Parse, FlagsThatAreAbsentSetNothing) {
  EXPECT_THAT(parsed<TrainArgs>("train").source.flags, IsEmpty());
  EXPECT_THAT(parsed<EvaluateArgs>("evaluate --agent_checkpoint a").source.flags, IsEmpty());
}

TEST(Parse, Evaluate) {
  const auto args = parsed<EvaluateArgs>(
      "evaluate --agent_checkpoint runs/a --strategy single_opponent --num_games 7 --opponent_checkpoint b.safetensors "
      "--seed 3 --simulations 16 --temperature 0.5 --save_games --output_dir o --run_name n --json --wandb_log_eval");
  EXPECT_EQ(args.agent_checkpoint, "runs/a");
  EXPECT_EQ(args.simulations, 16);
  EXPECT_EQ(args.temperature, 0.5);
  EXPECT_TRUE(args.save_games);
  EXPECT_TRUE(args.json);
  EXPECT_EQ(args.output_dir, "o");
  EXPECT_EQ(args.run_name, "n");
  EXPECT_THAT(args.source.flags, Contains(Pair("evaluation.num_games", "7")));
  EXPECT_THAT(args.source.flags, Contains(Pair("evaluation.random_seed", "3")));
  EXPECT_THAT(args.source.flags, Contains(Pair("evaluation.opponent_type", "ppo")));
}

TEST(Parse, SmallCommands) {
  const auto position = parsed<PositionArgs>("position --sfen startpos --moves '7g7f  3c3d' --json");
  EXPECT_THAT(position.moves, ElementsAre("7g7f", "3c3d"));
  EXPECT_EQ(parsed<PerftArgs>("perft --sfen=startpos --depth=3 --divide").depth, 3);
  EXPECT_EQ(parsed<BenchArgs>("bench").name, "");
  EXPECT_EQ(parsed<BenchArgs>("bench rules --json").name, "rules");
  EXPECT_EQ(parsed<RunsArgs>("runs").action, RunsArgs::Action::kList);
  EXPECT_EQ(parsed<RunsArgs>("runs show first --sla").run, "first");
  EXPECT_EQ(parsed<CheckpointArgs>("checkpoint diff a b").paths.size(), 2U);
  EXPECT_EQ(parsed<ConfigArgs>("config check f.yaml").source.file, "f.yaml");
  EXPECT_EQ(parsed<ConfigArgs>("config").action, ConfigArgs::Action::kShow);
  const auto runs = parse({"runs", "list"}, {{"KEISEI_SAVEDIR", "elsewhere"}});
  EXPECT_EQ(std::get<RunsArgs>(*runs).savedir, "elsewhere");
}

TEST(Parse, WhatWasMeantIsSaid) {
  EXPECT_THAT(refused("trian"), HasSubstr("did you mean train?"));
  EXPECT_THAT(refused("train --sead 3"), HasSubstr("there is no flag --sead; did you mean --seed?"));
  EXPECT_THAT(refused("train --total_timestep 3"), HasSubstr("did you mean --total-timesteps?"));
  EXPECT_THAT(refused("config shwo"), HasSubstr("did you mean show?"));
  EXPECT_THAT(refused("bench rule"), HasSubstr("did you mean rules?"));
}

TEST(Parse, WhatCannotBeIsRefused) {
  EXPECT_THAT(refused(""), HasSubstr("a command is missing"));
  EXPECT_THAT(refused("train --seed"), HasSubstr("--seed needs a value (N)"));
  EXPECT_THAT(refused("train --seed --json"), HasSubstr("--seed needs a value"));
  EXPECT_THAT(refused("train -s 3"), HasSubstr("flags start with two dashes"));
  EXPECT_THAT(refused("train now"), HasSubstr("one word too many"));
  EXPECT_THAT(refused("train --json=perhaps"), HasSubstr("takes no value"));
  EXPECT_THAT(refused("evaluate"), HasSubstr("--agent-checkpoint is missing"));
  EXPECT_THAT(refused("perft"), HasSubstr("--depth is missing"));
  EXPECT_THAT(refused("perft --depth -1"), HasSubstr("value -1 is not allowed (allowed: 0 to 20)"));
  EXPECT_THAT(refused("perft --depth 1.5"), HasSubstr("value 1.5"));
  EXPECT_THAT(refused("perft --depth ''"), HasSubstr("--depth: value \"\""));
  EXPECT_THAT(refused("position --rule 28"), HasSubstr("allowed: 27, 24, none"));
  EXPECT_THAT(refused("evaluate --agent_checkpoint a --simulations x"), HasSubstr("--simulations"));
  EXPECT_THAT(refused("checkpoint diff a"), HasSubstr("two paths"));
  EXPECT_THAT(refused("checkpoint"), HasSubstr("is missing"));
  EXPECT_THAT(refused("config check"), HasSubstr("needs a FILE"));
}

TEST(Parse, TheLastValueCountsAndHelpAlwaysWins) {
  EXPECT_EQ(parsed<PerftArgs>("perft --depth 1 --depth 2").depth, 2);
  EXPECT_FALSE(parsed<PerftArgs>("perft --depth 1 --json --json=false").json);
  for (const CommandSpec& command : commands()) {
    EXPECT_THAT(parsed<TextOut>(command.name + " --nonsense --help").text, HasSubstr(command.summary));
    EXPECT_THAT(parsed<TextOut>("help " + command.name).text, HasSubstr(command.summary));
  }
}

TEST(Help, EveryCommandHasTwoExamplesThatParse) {
  for (const CommandSpec& command : commands()) {
    EXPECT_GE(command.examples.size(), 2U) << command.name;
    for (const std::string& example : command.examples) {
      std::vector<std::string> words = words_of(example);
      ASSERT_EQ(words.front(), "keisei");
      words.erase(words.begin());
      EXPECT_EQ(words.front(), command.name);
      EXPECT_TRUE(parse(words, {})) << example;
    }
    const std::string help = help_text(command);
    for (const Flag& flag : command.flags) EXPECT_THAT(help, HasSubstr("  " + flag.name)) << command.name;
    EXPECT_THAT(help, HasSubstr("Examples:"));
    for (std::size_t at = 0; at < help.size();) {
      const std::size_t end = std::min(help.find('\n', at), help.size());
      EXPECT_LE(end - at, 120U) << help.substr(at, end - at);
      at = end + 1;
    }
  }
}

}  // namespace
}  // namespace keisei::app
