#include "app/flags.h"

#include "app/convert.h"
#include "app/match_args.h"
#include "app/page_args.h"
#include "app/play_args.h"
#include "app/runs_args.h"
#include "config/presets.h"
#include "config/table.h"

namespace keisei::app {
namespace {

constexpr const char* kConfiguration = "Configuration";
constexpr const char* kOutput = "Output";
constexpr const char* kOldSpellings = "Old spellings, understood";

const Flag kJson = {.name = "--json", .help = "One JSON object on stdout.", .group = kOutput};
const Flag kSfen = {.name = "--sfen",
                    .value = "SFEN",
                    .help = "The position; startpos is understood.",
                    .group = "Position",
                    .standard = "startpos"};

std::string preset_names() {
  std::string names;
  for (const config::Preset& preset : config::presets()) {
    names += (names.empty() ? "" : ", ") + std::string(preset.name);
  }
  return names;
}

std::vector<Flag> source_flags() {
  return {
      {.name = "--config", .value = "FILE", .help = "Configuration file (YAML or JSON).", .group = kConfiguration},
      {.name = "--preset",
       .value = "NAME",
       .help = "Start from a preset: " + preset_names() + ".",
       .group = kConfiguration},
      {.name = "--override",
       .value = "K=V",
       .help = "Set section.key=value; may be repeated.",
       .group = kConfiguration,
       .repeatable = true},
  };
}

/// A flag that sets a setting; its words come from the option's row.
Flag setting(const std::string& option, const std::string& name, const std::string& group) {
  const config::Option& row = *config::find_option(option);
  const std::string type = config::type_of(row);
  Flag flag;
  flag.name = name;
  if (type == "whole number") flag.value = "N";
  if (type == "number") flag.value = "X";
  if (type == "text") flag.value = "TEXT";
  flag.help = std::string(row.help) + " (" + option + ")";
  flag.group = group;
  if (!flag.value.empty() && config::default_text(row) != "\"\"") flag.standard = config::default_text(row);
  flag.option = option;
  return flag;
}

Flag ineffective(const std::string& name, const std::string& value, const std::string& because) {
  return {.name = name,
          .value = value,
          .help = "No effect: " + because + ".",
          .group = kOldSpellings,
          .no_effect = because};
}

void append(std::vector<Flag>& flags, std::vector<Flag> more) { flags.insert(flags.end(), more.begin(), more.end()); }

CommandSpec train() {
  CommandSpec spec;
  spec.name = "train";
  spec.summary = "Train a player by self-play; with no argument, a small one, here and now.";
  spec.flags = source_flags();
  spec.flags.push_back({.name = "--resume",
                        .value = "latest|PATH",
                        .help = "Continue from the newest valid checkpoint, or from a checkpoint or run.",
                        .group = "Run",
                        .bare = "latest"});
  spec.flags.push_back({.name = "--dry-run",
                        .help = "Show the resolved plan and the needs in memory and disk; write nothing.",
                        .group = "Run"});
  spec.flags.push_back(
      {.name = "--serve", .help = "The web page of the runs beside the training (keisei serve).", .group = kOutput});
  spec.flags.push_back({.name = "--port",
                        .value = "N",
                        .help = "Port of that page; another free one is taken where it is in use.",
                        .group = kOutput,
                        .standard = "8741"});
  for (const config::Option& option : config::options()) {
    if (option.flag.empty() || option.flag == "--wandb-enabled") continue;
    std::string group = "Run";
    if (option.section == "training" || option.section == "selfplay") group = "Learning";
    if (option.section == "display") group = kOutput;
    spec.flags.push_back(setting(config::name_of(option), std::string(option.flag), group));
  }
  spec.flags.push_back(kJson);
  Flag wandb = setting("wandb.enabled", "--wandb-enabled", kOldSpellings);
  spec.flags.push_back(wandb);
  Flag async = setting("evaluation.enable_periodic_evaluation", "--enable-async-evaluation", kOldSpellings);
  async.help = "Periodic evaluation on; it always runs beside training. (evaluation.enable_periodic_evaluation)";
  spec.flags.push_back(async);
  append(spec.flags,
         {ineffective("--mixed-precision", "", "the CPU is slower in half precision, and a GPU chooses by itself"),
          ineffective("--ddp", "", "one process trains on one machine"),
          ineffective("--render-every", "N", "the display draws on a thread of its own, never on a training step")});
  spec.examples = {"keisei train", "keisei train --preset small --run-name first --seed 7",
                   "keisei train --config configs/tiny.yaml --override training.gamma=0.99 --dry-run",
                   "keisei train --run-name first --resume latest"};
  spec.notes =
      "Ctrl-C once: finish the update, save, leave within 10 s (exit code 130); twice: now.\n"
      "A terminal of 80x24 or more is used whole (keys: ?); --plain prints lines, display.full_screen: false a panel.\n"
      "Values in brackets are built-in defaults; presets and files set others (keisei config show --origin).";
  return spec;
}

CommandSpec evaluate() {
  CommandSpec spec;
  spec.name = "evaluate";
  spec.summary = "Play a trained player against others and rate it.";
  spec.flags = {{.name = "--agent-checkpoint",
                 .value = "PATH|RUN",
                 .help = "The player: a checkpoint, or a run (its newest valid checkpoint).",
                 .group = "Match",
                 .required = true},
                setting("evaluation.strategy", "--strategy", "Match"),
                setting("evaluation.num_games", "--num-games", "Match"),
                setting("evaluation.opponent_type", "--opponent-type", "Match"),
                setting("evaluation.opponent_checkpoint", "--opponent-checkpoint", "Match"),
                setting("evaluation.opponents", "--opponents", "Match"),
                setting("evaluation.suite_path", "--suite", "Match"),
                setting("evaluation.stop_when", "--stop-when", "Match"),
                setting("evaluation.max_moves_per_game", "--max-moves-per-game", "Match"),
                setting("evaluation.opening_plies", "--opening-plies", "Match"),
                {.name = "--openings",
                 .value = "FILE",
                 .help = "Openings to play, a line each: SFEN, or startpos moves ...",
                 .group = "Match"},
                setting("evaluation.random_seed", "--seed", "Match"),
                {.name = "--simulations",
                 .value = "N",
                 .help = "Networks that name none plan every move with so many simulations; 0 = the policy alone.",
                 .group = "Match"},
                setting("evaluation.temperature", "--temperature", "Match"),
                setting("env.device", "--device", "Match")};
  append(spec.flags, source_flags());
  Flag wandb = setting("evaluation.wandb_log_eval", "--wandb-log-eval", kOldSpellings);
  append(spec.flags, {{.name = "--save-games",
                       .help = "Keep the record of every game.",
                       .group = kOutput,
                       .option = "evaluation.save_games"},
                      {.name = "--output-dir",
                       .value = "DIR",
                       .help = "Where records and reports (JSON, text, Markdown, CSV, HTML) go.",
                       .group = kOutput},
                      {.name = "--run-name", .value = "NAME", .help = "Name of the record file.", .group = kOutput},
                      kJson,
                      wandb});
  spec.examples = {"keisei evaluate --agent_checkpoint first --opponent_type greedy --num_games 100",
                   "keisei evaluate --agent_checkpoint runs/first --opponent_type random --num_games 20 --json",
                   "keisei evaluate --agent_checkpoint first --strategy tournament --opponents 'greedy; material:1'",
                   "keisei evaluate --agent_checkpoint first --strategy benchmark --suite configs/suites/tsume.jsonl"};
  spec.notes = "What is not given comes from the configuration, never from a default of the flag.";
  return spec;
}

CommandSpec perft() {
  CommandSpec spec;
  spec.name = "perft";
  spec.summary = "Count the leaves of the tree of legal moves.";
  spec.flags = {kSfen,
                {.name = "--depth", .value = "N", .help = "Plies.", .group = "Position", .required = true},
                {.name = "--divide", .help = "Also the count of each first move.", .group = kOutput},
                kJson};
  spec.examples = {"keisei perft --depth 3", "keisei perft --sfen startpos --depth 2 --divide",
                   "keisei perft --sfen '4k4/9/9/9/9/R8/9/9/4K4 b - 1' --depth 2 --json"};
  return spec;
}

CommandSpec position() {
  CommandSpec spec;
  spec.name = "position";
  spec.summary = "Show a position: legal moves, repetition, declaration, end of the game.";
  spec.flags = {
      kSfen,
      {.name = "--moves", .value = "\"USI ...\"", .help = "Moves played from there.", .group = "Position"},
      {.name = "--rule", .value = "27|24|none", .help = "Declaration rule.", .group = "Position", .standard = "27"},
      {.name = "--max-moves",
       .value = "N",
       .help = "Plies after which the game is cut; 0 = no limit.",
       .group = "Position",
       .standard = "0"},
      kJson};
  spec.examples = {"keisei position --sfen startpos --moves \"7g7f 3c3d\" --json",
                   "keisei position --sfen '4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2'"};
  return spec;
}

CommandSpec bench() {
  CommandSpec spec;
  spec.name = "bench";
  spec.summary = "One integer, the same everywhere; or a measurement by name.";
  spec.words = "[rules|playout|step|inference|learner|train|evaluate|impact|dashboard]";
  spec.actions = {"rules", "playout",  "step",   "inference",  "learner",
                  "train", "evaluate", "impact", "statistics", "dashboard"};
  spec.most_words = 1;
  spec.flags = {
      {.name = "--runs", .value = "N", .help = "Times it is repeated.", .group = "Measurement", .standard = "5"},
      {.name = "--seconds",
       .value = "S",
       .help = "impact: how long real evaluations run beside the training.",
       .group = "Measurement",
       .standard = "600"},
      {.name = "--part",
       .value = "NAME",
       .help = "impact: only real, nothing, planted_10, planted_30 or neighbour.",
       .group = "Measurement"},
      kJson};
  spec.examples = {"keisei bench", "keisei bench rules --runs 3 --json"};
  return spec;
}

CommandSpec configuration() {
  CommandSpec spec;
  spec.name = "config";
  spec.summary = "Show, check and describe the configuration.";
  spec.words = "show | check FILE | schema | preset NAME | reference | migration";
  spec.actions = {"show", "check", "schema", "preset", "reference", "migration"};
  spec.most_words = 2;
  spec.flags = source_flags();
  append(spec.flags, {{.name = "--origin", .help = "Who set each value.", .group = kOutput}, kJson});
  spec.examples = {"keisei config show --preset small --origin", "keisei config check configs/tiny.yaml",
                   "keisei config schema", "keisei config preset base"};
  return spec;
}

CommandSpec serve() {
  CommandSpec spec;
  spec.name = "serve";
  spec.summary = "Show runs as a live web page.";
  spec.words = "[RUN...]";
  spec.most_words = 64;
  spec.flags = {{.name = "--savedir",
                 .value = "DIR",
                 .help = "Directory that holds the runs; also KEISEI_SAVEDIR.",
                 .group = "Runs",
                 .standard = "runs"},
                {.name = "--port", .value = "N", .help = "0 = any free port.", .group = "Address", .standard = "8741"},
                {.name = "--host",
                 .value = "ADDRESS",
                 .help = "Address to listen on; any but this machine's own asks for a token.",
                 .group = "Address",
                 .standard = "127.0.0.1"},
                {.name = "--allow-host",
                 .value = "NAME",
                 .help = "A further name that browsers reach it under (a proxy's), or NAME:PORT; may be repeated.",
                 .group = "Address",
                 .repeatable = true},
                {.name = "--token-file",
                 .value = "FILE",
                 .help = "A file with the token to ask for; without one a random token is made where one is needed.",
                 .group = "Address"},
                kJson};
  spec.examples = {"keisei serve", "keisei serve first --port 0", "keisei serve --savedir runs --json"};
  spec.notes =
      "It only reads, and may be started and stopped at any time; training does not notice. With a token, open the\n"
      "address as it is printed: the token stands behind the #.";
  return spec;
}

CommandSpec checkpoint() {
  CommandSpec spec;
  spec.name = "checkpoint";
  spec.summary = "Describe, verify or compare checkpoints.";
  spec.words = "info PATH... | verify PATH... | diff PATH PATH";
  spec.actions = {"info", "verify", "diff"};
  spec.most_words = 1001;
  spec.flags = {kJson};
  spec.examples = {"keisei checkpoint info runs/first/checkpoints/step-000000008192.safetensors",
                   "keisei checkpoint verify runs/first/checkpoints/step-000000008192.safetensors --json"};
  return spec;
}

CommandSpec doctor() {
  CommandSpec spec;
  spec.name = "doctor";
  spec.summary = "Look at the machine: what helps, what is missing, what to do.";
  spec.flags = {{.name = "--prove-safeguards",
                 .help = "Break every limit of evaluation on purpose and tabulate promised against observed.",
                 .group = "Checks"},
                {.name = "--only", .value = "CASE", .help = "Of them, this one.", .group = "Checks"},
                {.name = "--list", .help = "Name the cases and run none.", .group = "Checks"},
                {.name = "--quick", .help = "Leave out what takes more than a few seconds.", .group = "Checks"},
                {.name = "--thorough", .help = "Also what takes minutes.", .group = "Checks"},
                {.name = "--patience",
                 .value = "S",
                 .help = "Seconds granted beyond each promised time, on a machine that is busy with other things.",
                 .group = "Checks",
                 .standard = "0"},
                kJson};
  spec.examples = {"keisei doctor", "keisei doctor --json", "keisei doctor --prove-safeguards --list",
                   "keisei doctor --prove-safeguards --only hang"};
  return spec;
}

}  // namespace

const std::vector<CommandSpec>& commands() {
  static const std::vector<CommandSpec> all = {
      train(),           evaluate(), match_command(), ratings_command(),    usi_command(), play_command(),
      runs_command(),    serve(),    checkpoint(),    configuration(),      doctor(),      position(),
      convert_command(), perft(),    bench(),         completion_command(), man_command()};
  return all;
}

const CommandSpec* find_command(std::string_view name) {
  for (const CommandSpec& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::optional<std::string> ParsedFlags::get(const std::string& flag) const {
  const auto found = values.find(flag);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

}  // namespace keisei::app
