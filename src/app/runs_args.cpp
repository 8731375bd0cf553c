#include "app/runs_args.h"

namespace keisei::app {
namespace {

constexpr std::size_t kMostWords = 65;  // an action, a run and 63 metrics

tl::unexpected<Error> usage(const std::string& sentence) {
  return fail(Code::kUsage, "runs: " + sentence, "`keisei runs --help` lists the flags");
}

RunsArgs::Action action_of(const std::string& word) {
  using Action = RunsArgs::Action;
  if (word == "show") return Action::kShow;
  if (word == "watch") return Action::kWatch;
  if (word == "plot") return Action::kPlot;
  if (word == "compare") return Action::kCompare;
  return word == "export" ? Action::kExport : Action::kList;
}

/// The words behind the action, as many as it takes.
Result<void> take_words(const std::vector<std::string>& words, RunsArgs& args) {
  using Action = RunsArgs::Action;
  switch (args.action) {
    case Action::kList:
      if (!words.empty()) return usage("list takes no RUN");
      return {};
    case Action::kShow:
    case Action::kWatch:
      if (words.size() > 1) return usage("\"" + words[1] + "\" is one word too many");
      if (!words.empty()) args.run = words[0];
      return {};
    case Action::kPlot:
      if (words.empty()) return usage("plot needs a RUN and a METRIC");
      if (words.size() < 2)
        return fail(Code::kUsage, "runs: plot needs a METRIC", "`keisei runs show " + words[0] + "` lists them");
      args.run = words[0];
      args.metrics.assign(words.begin() + 1, words.end());
      return {};
    case Action::kCompare:
      if (words.size() != 2) return usage("compare needs two runs");
      args.runs = words;
      return {};
    case Action::kExport:
      args.runs = words;
      return {};
  }
  return {};
}

/// A flag that only one action understands.
struct Belongs {
  const char* flag;
  RunsArgs::Action action;
  const char* word;
};

}  // namespace

CommandSpec runs_command() {
  CommandSpec spec;
  spec.name = "runs";
  spec.summary = "List runs, show, watch, plot, compare or export them.";
  spec.words = "list | show [RUN] | watch [RUN] | plot RUN METRIC... | compare A B | export [RUN...]";
  spec.actions = {"list", "show", "watch", "plot", "compare", "export"};
  spec.most_words = kMostWords;
  spec.flags = {{.name = "--savedir",
                 .value = "DIR",
                 .help = "Directory that holds the runs; also KEISEI_SAVEDIR.",
                 .group = "Runs",
                 .standard = "runs"},
                {.name = "--sla", .help = "show: the verdicts on every clause of the safeguards.", .group = "Runs"},
                {.name = "--svg",
                 .value = "FILE",
                 .help = "plot: draw into an SVG file instead of onto the terminal.",
                 .group = "Output"},
                {.name = "--csv",
                 .help = "export: one line a value: run, step, metric, value, time. What it does without the flag too.",
                 .group = "Output"},
                {.name = "--output",
                 .value = "FILE",
                 .help = "export: into a file, whole or not at all.",
                 .group = "Output",
                 .standard = "stdout"},
                {.name = "--json", .help = "One JSON object on stdout.", .group = "Output"}};
  spec.examples = {"keisei runs list", "keisei runs show first --sla", "keisei runs watch first",
                   "keisei runs plot first ppo/policy_loss ppo/value_loss evaluation/elo",
                   "keisei runs compare first second", "keisei runs export first --csv --output first.csv"};
  spec.notes =
      "A run is a name or a directory; without one the newest is meant.\n"
      "watch reads the log of a run that another process trains, as it grows; q leaves it alone, ? shows the keys.\n"
      "It needs a terminal of 80x24 or more.\n"
      "plot is as wide as the terminal; metrics of one unit and size share a plot. show lists their names.";
  return spec;
}

Result<RunsArgs> runs_args(const ParsedFlags& parsed, const config::Pairs& environment) {
  using Action = RunsArgs::Action;
  RunsArgs args;
  for (const auto& [name, value] : environment) {
    if (name == "KEISEI_SAVEDIR" && !value.empty()) args.savedir = value;
  }
  if (const auto savedir = parsed.get("--savedir")) args.savedir = *savedir;
  args.sla = parsed.has("--sla");
  args.json = parsed.has("--json");
  if (const auto svg = parsed.get("--svg")) args.svg = *svg;
  if (const auto output = parsed.get("--output")) args.output = *output;
  const std::string word = parsed.words.empty() ? "list" : parsed.words[0];
  args.action = action_of(word);
  for (const auto& [flag, action, owner] : {Belongs{"--svg", Action::kPlot, "plot"},
                                            Belongs{"--csv", Action::kExport, "export"},
                                            Belongs{"--output", Action::kExport, "export"}}) {
    if (args.action != action && parsed.has(flag)) return usage(std::string(flag) + " belongs to " + owner);
  }
  if (args.action == Action::kWatch && args.json)
    return usage("watch draws on the terminal; runs show --json is for programs");
  if (args.action == Action::kExport && args.json)
    return usage("export writes CSV; runs show --json gives the newest value of every metric");
  if (args.svg && args.json) return usage("--svg and --json exclude each other");
  if (!parsed.words.empty()) {
    const auto taken = take_words({parsed.words.begin() + 1, parsed.words.end()}, args);
    if (!taken) return tl::make_unexpected(taken.error());
  }
  return args;
}

}  // namespace keisei::app
