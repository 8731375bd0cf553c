// The command line as values: argv goes in, one struct per command comes out, or a usage error (exit code 2) that says
// what was meant. Spellings of the Python Keisei are understood; dashes and underscores in a flag's name are equal.
// Pure: the environment is passed in, nothing is printed, no file is opened. The rows behind it are in flags.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/convert.h"
#include "app/match_args.h"
#include "app/page_args.h"
#include "app/play_args.h"
#include "app/runs_args.h"
#include "base/result.h"
#include "config/load.h"

namespace keisei::app {

/// --help, --help-all, --version: print to stdout and leave with 0.
struct TextOut {
  std::string text;
};

/// What to continue from: nothing, the newest valid checkpoint, or one path (a checkpoint file or a run directory).
struct Resume {
  enum class Kind { kNone, kLatest, kPath } kind = Kind::kNone;
  std::filesystem::path path;
};

struct TrainArgs {
  config::Source source;
  Resume resume;
  bool dry_run = false;
  bool json = false;
  bool serve = false;                 ///< the web page beside the training
  std::uint16_t port = 8741;          ///< of that page
  std::vector<std::string> warnings;  ///< flags that were understood and have no effect, and why
};

struct EvaluateArgs {
  config::Source source;  ///< strategy, num_games, opponent, temperature, seed, device ... as options of `evaluation`
  std::string agent_checkpoint;       ///< a checkpoint file, a run, or a player's name
  std::optional<int> simulations;     ///< of networks that name none; absent = the policy alone
  std::optional<double> temperature;  ///< also in `source`, as evaluation.temperature
  bool save_games = false;            ///< asked for by flag
  std::optional<std::string> output_dir;
  std::optional<std::string> run_name;
  std::optional<std::string> openings;  ///< file of SFEN or USI lines
  bool json = false;
  std::vector<std::string> warnings;
};

struct PerftArgs {
  std::string sfen = "startpos";
  int depth = 0;
  bool divide = false;
  bool json = false;
};

struct PositionArgs {
  std::string sfen = "startpos";
  std::vector<std::string> moves;  ///< USI
  std::string rule = "27";         ///< 27 | 24 | none
  int max_moves = 0;               ///< 0 = no limit
  bool json = false;
};

struct BenchArgs {
  std::string name;   ///< empty = the one integer; else what to measure
  int runs = 5;       ///< repetitions a median is taken over
  int seconds = 600;  ///< of the part of `impact` with real evaluations
  std::string part;   ///< of `impact`; empty = all
  bool json = false;
};

struct ConfigArgs {
  enum class Action { kShow, kCheck, kSchema, kReference, kMigration, kPreset } action = Action::kShow;
  config::Source source;
  std::string name;  ///< kPreset
  bool origin = false;
  bool json = false;
};

struct ServeArgs {
  std::vector<std::string> runs;  ///< names or directories; empty = all of savedir, as they come and go
  std::filesystem::path savedir = "runs";
  std::string host = "127.0.0.1";
  std::uint16_t port = 8741;               ///< 0 = any free one
  std::vector<std::string> allowed_hosts;  ///< further names that browsers reach it under
  std::string token_file;                  ///< empty = none on loopback, a random token elsewhere
  bool json = false;
};

struct CheckpointArgs {
  enum class Action { kInfo, kVerify, kDiff } action = Action::kInfo;
  std::vector<std::filesystem::path> paths;  ///< one or more; two for kDiff
  bool json = false;
};

struct DoctorArgs {
  bool prove_safeguards = false;
  bool json = false;
  std::string only;       ///< one case of the proof; empty = all that are not left out
  bool list = false;      ///< name the cases and run none
  bool quick = false;     ///< leave out those that take more than a few seconds
  bool thorough = false;  ///< also those that take minutes
  int patience_s = 0;     ///< granted beyond each promised time
};

using Command = std::variant<TextOut, TrainArgs, EvaluateArgs, PerftArgs, PositionArgs, BenchArgs, ConfigArgs, RunsArgs,
                             CheckpointArgs, DoctorArgs, MatchArgs, RatingsArgs, UsiArgs, PlayArgs, ConvertArgs,
                             ServeArgs, CompletionArgs, ManArgs>;

/// `args` without the program's name; `environment` as of config::Source. Errors are kUsage.
[[nodiscard]] Result<Command> parse(const std::vector<std::string>& args, const config::Pairs& environment);

/// The variables of this process that settings may come from: WANDB_* and KEISEI_SAVEDIR.
[[nodiscard]] config::Pairs settings_environment();

/// "keisei 0.1.0 ...".
[[nodiscard]] std::string version_text();

/// Prints an error to stderr as "keisei: sentence" and its hint; the process's exit code for it.
int report(const Error& error);

int run_perft(const PerftArgs& args);
int run_position(const PositionArgs& args);
int run_bench(const BenchArgs& args);
int run_bench_rules(const BenchArgs& args);
int run_bench_playout(const BenchArgs& args);
int run_bench_statistics(const BenchArgs& args);
int run_bench_dashboard(const BenchArgs& args);  ///< starts trainings of its own
int run_config(const ConfigArgs& args);
int run_runs(const RunsArgs& args);
int run_runs_plot(const RunsArgs& args);
int run_runs_compare(const RunsArgs& args);
int run_runs_export(const RunsArgs& args);
int run_completion(const CompletionArgs& args);
int run_man(const ManArgs& args);
int run_serve(const ServeArgs& args);
int run_checkpoint(const CheckpointArgs& args);
int run_doctor(const DoctorArgs& args);
int run_proof(const DoctorArgs& args);  ///< run_doctor of --prove-safeguards

}  // namespace keisei::app
