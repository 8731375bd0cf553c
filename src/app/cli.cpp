#include "app/cli.h"

#include <array>
#include <cstdlib>
#include <iostream>

#include "app/flags.h"
#include "config/presets.h"
#include "config/suggest.h"
#include "config/table.h"
#include "config/value.h"
#include "evaluation/player_spec.h"

#ifndef KEISEI_VERSION
#define KEISEI_VERSION "0"
#endif

namespace keisei::app {
namespace {

constexpr std::int64_t kMaxPerftDepth = 20;
constexpr std::int64_t kMaxRuns = 1000;
constexpr std::int64_t kMaxSimulatedRuns = 1'000'000;
constexpr int kSimulatedRuns = 10'000;
constexpr std::int64_t kMaxBenchSeconds = 86400;
constexpr std::int64_t kMaxPatienceS = 600;
constexpr std::int64_t kMaxPlies = 1'000'000;
constexpr std::int64_t kMaxPort = 65535;
constexpr int kWebPort = 8741;

tl::unexpected<Error> usage(const std::string& command, const std::string& sentence) {
  return fail(Code::kUsage, command + ": " + sentence, "`keisei " + command + " --help` lists the flags");
}

/// A whole number within bounds, or the error that names the flag.
Result<int> whole(const std::string& command, const ParsedFlags& parsed, const std::string& flag, std::int64_t low,
                  std::int64_t high, int standard) {
  const auto text = parsed.get(flag);
  if (!text) return standard;
  const auto value = config::parse_whole(*text);
  if (!value || *value < low || *value > high) {
    return usage(command, flag + ": value " + config::shown(config::plain_scalar(*text)) +
                              " is not allowed (allowed: " + std::to_string(low) + " to " + std::to_string(high) + ")");
  }
  return static_cast<int>(*value);
}

config::Source source_of(const CommandSpec& command, const ParsedFlags& parsed, const config::Pairs& environment) {
  config::Source source;
  source.environment = environment;
  if (const auto file = parsed.get("--config")) source.file = *file;
  source.preset = parsed.get("--preset");
  if (const auto found = parsed.values.find("--override"); found != parsed.values.end())
    source.overrides = found->second;
  for (const Flag& flag : command.flags) {
    if (flag.option.empty()) continue;
    if (const auto value = parsed.get(flag.name)) source.flags.emplace_back(flag.option, *value);
  }
  return source;
}

std::vector<std::string> warnings_of(const CommandSpec& command, const ParsedFlags& parsed) {
  std::vector<std::string> warnings;
  for (const Flag& flag : command.flags) {
    if (!flag.no_effect.empty() && parsed.has(flag.name)) {
      warnings.push_back(flag.name + ": has no effect: " + flag.no_effect);
    }
  }
  return warnings;
}

Result<Command> train(const CommandSpec& command, const ParsedFlags& parsed, const config::Pairs& environment) {
  TrainArgs args;
  args.source = source_of(command, parsed, environment);
  args.source.embedded_default_preset = true;
  if (const auto resume = parsed.get("--resume")) {
    if (resume->empty()) return usage(command.name, "--resume needs latest or a path");
    args.resume.kind = *resume == "latest" ? Resume::Kind::kLatest : Resume::Kind::kPath;
    if (args.resume.kind == Resume::Kind::kPath) args.resume.path = *resume;
  }
  args.dry_run = parsed.has("--dry-run");
  args.json = parsed.has("--json");
  args.warnings = warnings_of(command, parsed);
  args.serve = parsed.has("--serve");
  if (!args.serve && parsed.has("--port")) return usage(command.name, "--port belongs to --serve");
  const auto port = whole(command.name, parsed, "--port", 0, kMaxPort, kWebPort);
  if (!port) return tl::make_unexpected(port.error());
  args.port = static_cast<std::uint16_t>(*port);
  return args;
}

Result<Command> evaluate(const CommandSpec& command, const ParsedFlags& parsed, const config::Pairs& environment) {
  EvaluateArgs args;
  args.source = source_of(command, parsed, environment);
  args.agent_checkpoint = parsed.get("--agent-checkpoint").value_or("");
  if (args.agent_checkpoint.empty()) return usage(command.name, "--agent-checkpoint needs a path, a run or a player");
  if (parsed.has("--simulations")) {
    auto simulations = whole(command.name, parsed, "--simulations", 0, evaluation::kMaxSimulations, 0);
    if (!simulations) return tl::make_unexpected(simulations.error());
    args.simulations = *simulations;
  }
  if (const auto temperature = parsed.get("--temperature")) args.temperature = config::parse_number(*temperature);
  args.save_games = parsed.get("--save-games").value_or("false") == "true";
  args.output_dir = parsed.get("--output-dir");
  args.run_name = parsed.get("--run-name");
  args.openings = parsed.get("--openings");
  args.json = parsed.has("--json");
  args.warnings = warnings_of(command, parsed);
  // A checkpoint given alone is meant as the opponent.
  if (parsed.has("--opponent-checkpoint") && !parsed.has("--opponent-type")) {
    args.source.flags.emplace_back("evaluation.opponent_type", "ppo");
  }
  return args;
}

Result<Command> perft(const CommandSpec& command, const ParsedFlags& parsed) {
  auto depth = whole(command.name, parsed, "--depth", 0, kMaxPerftDepth, 0);
  if (!depth) return tl::make_unexpected(depth.error());
  return PerftArgs{parsed.get("--sfen").value_or("startpos"), *depth, parsed.has("--divide"), parsed.has("--json")};
}

Result<Command> position(const CommandSpec& command, const ParsedFlags& parsed) {
  PositionArgs args;
  args.sfen = parsed.get("--sfen").value_or("startpos");
  args.rule = parsed.get("--rule").value_or("27");
  if (args.rule != "27" && args.rule != "24" && args.rule != "none") {
    return usage(command.name, "--rule: value " + config::shown(config::plain_scalar(args.rule)) +
                                   " is not allowed (allowed: 27, 24, none)");
  }
  const std::string moves = parsed.get("--moves").value_or("");
  for (std::size_t at = 0; at < moves.size();) {
    const std::size_t end = std::min(moves.find_first_of(" \t\n", at), moves.size());
    if (end > at) args.moves.push_back(moves.substr(at, end - at));
    at = end + 1;
  }
  auto max_moves = whole(command.name, parsed, "--max-moves", 0, kMaxPlies, 0);
  if (!max_moves) return tl::make_unexpected(max_moves.error());
  args.max_moves = *max_moves;
  args.json = parsed.has("--json");
  return args;
}

Result<Command> bench(const CommandSpec& command, const ParsedFlags& parsed) {
  const bool simulated = !parsed.words.empty() && parsed.words[0] == "statistics";
  auto runs = whole(command.name, parsed, "--runs", 1, simulated ? kMaxSimulatedRuns : kMaxRuns,
                    simulated ? kSimulatedRuns : 5);
  if (!runs) return tl::make_unexpected(runs.error());
  auto seconds = whole(command.name, parsed, "--seconds", 1, kMaxBenchSeconds, 600);
  if (!seconds) return tl::make_unexpected(seconds.error());
  return BenchArgs{parsed.words.empty() ? std::string() : parsed.words[0], *runs, *seconds,
                   parsed.get("--part").value_or(""), parsed.has("--json")};
}

Result<Command> configuration(const CommandSpec& command, const ParsedFlags& parsed, const config::Pairs& environment) {
  using Action = ConfigArgs::Action;
  ConfigArgs args;
  args.source = source_of(command, parsed, environment);
  args.origin = parsed.has("--origin");
  args.json = parsed.has("--json");
  const std::string action = parsed.words.empty() ? "show" : parsed.words[0];
  const bool named = parsed.words.size() > 1;
  if (action == "check") {
    args.action = Action::kCheck;
    if (named) args.source.file = parsed.words[1];
    if (!args.source.file) return usage(command.name, "check needs a FILE");
    return args;
  }
  if (action == "preset") {
    args.action = Action::kPreset;
    if (!named) return usage(command.name, "preset needs a NAME");
    args.name = parsed.words[1];
    return args;
  }
  if (action == "show") {
    // What `keisei train` would use with the same words.
    args.source.embedded_default_preset = true;
    if (named) args.source.file = parsed.words[1];
    return args;
  }
  if (named) return usage(command.name, "\"" + parsed.words[1] + "\" is one word too many");
  args.action = action == "schema" ? Action::kSchema : action == "reference" ? Action::kReference : Action::kMigration;
  return args;
}

Result<Command> serve(const CommandSpec& command, const ParsedFlags& parsed, const config::Pairs& environment) {
  ServeArgs args;
  for (const auto& [name, value] : environment) {
    if (name == "KEISEI_SAVEDIR" && !value.empty()) args.savedir = value;
  }
  if (const auto savedir = parsed.get("--savedir")) args.savedir = *savedir;
  args.runs = parsed.words;
  args.host = parsed.get("--host").value_or(args.host);
  const auto port = whole(command.name, parsed, "--port", 0, kMaxPort, kWebPort);
  if (!port) return tl::make_unexpected(port.error());
  args.port = static_cast<std::uint16_t>(*port);
  if (const auto found = parsed.values.find("--allow-host"); found != parsed.values.end())
    args.allowed_hosts = found->second;
  args.token_file = parsed.get("--token-file").value_or("");
  args.json = parsed.has("--json");
  return args;
}

Result<Command> checkpoint(const CommandSpec& command, const ParsedFlags& parsed) {
  CheckpointArgs args;
  if (parsed.words.empty()) return usage(command.name, "one of " + command.words + " is missing");
  const std::string& action = parsed.words[0];
  if (action == "verify") args.action = CheckpointArgs::Action::kVerify;
  if (action == "diff") args.action = CheckpointArgs::Action::kDiff;
  args.paths.assign(parsed.words.begin() + 1, parsed.words.end());
  if (action == "diff" && args.paths.size() != 2) return usage(command.name, "diff needs two paths");
  if (args.paths.empty()) return usage(command.name, action + " needs a PATH");
  args.json = parsed.has("--json");
  return args;
}

Result<Command> doctor(const CommandSpec& command, const ParsedFlags& parsed) {
  DoctorArgs args;
  args.prove_safeguards = parsed.has("--prove-safeguards");
  args.json = parsed.has("--json");
  args.list = parsed.has("--list");
  args.quick = parsed.has("--quick");
  args.thorough = parsed.has("--thorough");
  if (const auto only = parsed.get("--only")) args.only = *only;
  const auto patience = whole(command.name, parsed, "--patience", 0, kMaxPatienceS, 0);
  if (!patience) return tl::make_unexpected(patience.error());
  args.patience_s = *patience;
  for (const char* flag : {"--list", "--quick", "--thorough", "--only", "--patience"}) {
    if (!args.prove_safeguards && parsed.has(flag))
      return usage(command.name, std::string(flag) + " belongs to --prove-safeguards");
  }
  if (args.quick && args.thorough) return usage(command.name, "--quick and --thorough exclude each other");
  return args;
}

}  // namespace

Result<Command> parse(const std::vector<std::string>& args, const config::Pairs& environment) {
  if (args.empty())
    return fail(Code::kUsage, "a command is missing", "`keisei train` starts; `keisei --help` lists all");
  if (args[0] == "--version" || args[0] == "version") return TextOut{version_text() + "\n"};
  if (args[0] == "--help-all") return TextOut{help_all_text()};
  if (args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    if (const CommandSpec* command = args.size() > 1 ? find_command(args[1]) : nullptr)
      return TextOut{help_text(*command)};
    return TextOut{help_text()};
  }
  const CommandSpec* command = find_command(args[0]);
  if (!command) {
    std::vector<std::string> names;
    for (const CommandSpec& one : commands()) names.push_back(one.name);
    const auto meant = config::nearest(args[0], names);
    const std::string what = args[0].starts_with("-") ? "flag before a command: " : "command ";
    return fail(Code::kUsage, "there is no " + what + args[0] + (meant ? "; did you mean " + *meant + "?" : ""),
                "`keisei --help` lists the commands");
  }
  auto parsed = parse_flags(*command, std::vector<std::string>(args.begin() + 1, args.end()));
  if (!parsed) return tl::make_unexpected(parsed.error());
  if (parsed->help) return TextOut{help_text(*command)};
  if (command->name == "train") return train(*command, *parsed, environment);
  if (command->name == "evaluate") return evaluate(*command, *parsed, environment);
  if (command->name == "perft") return perft(*command, *parsed);
  if (command->name == "position") return position(*command, *parsed);
  if (command->name == "bench") return bench(*command, *parsed);
  if (command->name == "config") return configuration(*command, *parsed, environment);
  if (command->name == "runs") return runs_args(*parsed, environment);
  if (command->name == "serve") return serve(*command, *parsed, environment);
  if (command->name == "checkpoint") return checkpoint(*command, *parsed);
  if (command->name == "match") return match_args(*parsed, environment);
  if (command->name == "convert") return convert_args(*parsed);
  if (command->name == "ratings") return ratings_args(*parsed, environment);
  if (command->name == "usi") return usi_args(*parsed, environment);
  if (command->name == "play") return play_args(*parsed, environment);
  if (command->name == "completion") return completion_args(*parsed);
  if (command->name == "man") return man_args(*parsed);
  return doctor(*command, *parsed);
}

config::Pairs settings_environment() {
  // Never WANDB_API_KEY: what reads no key can give none away.
  static constexpr std::array<const char*, 13> kNames = {
      "KEISEI_SAVEDIR", "WANDB_ENABLED", "WANDB_DISABLED",  "WANDB_PROJECT", "WANDB_ENTITY", "WANDB_MODE",
      "WANDB_DIR",      "WANDB_NAME",    "WANDB_RUN_GROUP", "WANDB_TAGS",    "WANDB_NOTES",
      "WANDB_RUN_ID",   "WANDB_RESUME"};
  config::Pairs found;
  for (const char* name : kNames) {
    if (const char* value = std::getenv(name)) found.emplace_back(name, value);
  }
  return found;
}

std::string version_text() { return std::string("keisei ") + KEISEI_VERSION + " (g++ " + __VERSION__ + ")"; }

int report(const Error& error) {
  std::cerr << "keisei: " << error.message << "\n";
  if (!error.hint.empty()) std::cerr << "  " << error.hint << "\n";
  return static_cast<int>(error.code);
}

}  // namespace keisei::app
