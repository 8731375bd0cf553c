#include "app/completion.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>

#include "app/man_page.h"
#include "config/presets.h"
#include "config/table.h"
#include "store/run_database.h"
#include "store/run_index.h"

namespace keisei::app {
namespace {

using Kind = Offer::Kind;

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const config::Preset& preset : config::presets()) names.emplace_back(preset.name);
  return names;
}

std::vector<std::string> override_names() {
  std::vector<std::string> names;
  for (const config::Option& option : config::options()) names.push_back(config::name_of(option) + "=");
  return names;
}

/// "27|24|none" and "kif,ki2,csa,usi" are closed lists; "PATH|RUN" and "resign=X,moves=N" are not.
std::vector<std::string> closed_list(const std::string& value, char mark) {
  std::vector<std::string> words(1);
  for (const char c : value) {
    if (c == mark) {
      words.emplace_back();
    } else if (std::islower(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0 ||
               c == '-' || c == '_') {
      words.back() += c;
    } else {
      return {};
    }
  }
  return words.size() > 1 ? words : std::vector<std::string>{};
}

const std::vector<std::string>& players() {
  static const std::vector<std::string> all = {"random", "greedy", "material:", "checkpoint:", "usi:", "xboard:"};
  return all;
}

/// By the form of the value where there is neither a row of the option tables nor a name that tells.
Offer offer_for_form(const std::string& value) {
  if (value == "FILE" || value == "PATH") return {Kind::kFiles, {}};
  if (value == "DIR") return {Kind::kDirectories, {}};
  if (value == "latest|PATH") return {Kind::kFiles, {"latest"}};
  if (value == "PATH|RUN" || value == "CHECKPOINT|RUN" || value == "RUN") return {Kind::kRuns, {}};
  if (value == "PLAYER") return {Kind::kWords, players()};
  if (value == "SFEN") return {Kind::kWords, {"startpos"}};
  for (const char mark : {'|', ','}) {
    if (auto words = closed_list(value, mark); !words.empty()) return {Kind::kWords, std::move(words)};
  }
  return {};
}

}  // namespace

Offer offer_for(const Flag& flag) {
  if (flag.value.empty()) return {};
  if (flag.name == "--preset") return {Kind::kWords, preset_names()};
  if (flag.name == "--override") return {Kind::kWords, override_names()};
  if (flag.name == "--opponent-type") return {Kind::kWords, {"random", "greedy", "heuristic", "ppo", "material:"}};
  if (!flag.option.empty()) {
    const config::Option* row = config::find_option(flag.option);
    if (row != nullptr && !row->choices.empty()) {
      return {Kind::kWords, std::vector<std::string>(row->choices.begin(), row->choices.end())};
    }
    if (flag.name == "--savedir" || flag.name.ends_with("-dir")) return {Kind::kDirectories, {}};
    if (flag.name == "--suite" || flag.name.ends_with("-path") || flag.name.ends_with("-checkpoint"))
      return {Kind::kFiles, {}};
    if (flag.name == "--device") return {Kind::kWords, {"auto", "cpu", "cuda"}};
    return {};
  }
  if (flag.name == "--adjudicate") return {Kind::kWords, {"resign="}};
  return offer_for_form(flag.value);
}

Offer offer_for_words(const CommandSpec& command, std::string_view action) {
  if (command.name == "runs") {
    if (action == "list") return {};
    return {action == "plot" ? Kind::kMetrics : Kind::kRuns, {}};
  }
  if (command.name == "serve" || command.name == "ratings") return {Kind::kRuns, {}};
  if (command.name == "checkpoint" || command.name == "convert") return {Kind::kFiles, {}};
  if (command.name == "config") {
    if (action == "preset") return {Kind::kWords, preset_names()};
    if (action == "check" || action == "show") return {Kind::kFiles, {}};
    return {};
  }
  if (command.name == "man") {
    Offer offer{Kind::kWords, {std::string(kSettingsPage)}};
    for (const CommandSpec& one : commands()) offer.words.push_back(one.name);
    return offer;
  }
  return {};
}

int run_names(const std::vector<std::string>& args) {
  const char* variable = std::getenv("KEISEI_SAVEDIR");
  const std::filesystem::path savedir = variable != nullptr && *variable != '\0' ? variable : "runs";
  if (args.size() == 1 && args[0] == "runs") {
    if (const auto runs = store::list_runs(savedir)) {
      for (const store::RunSummary& run : *runs) std::cout << run.paths.name() << "\n";
    }
  }
  if (args.size() == 2 && args[0] == "metrics") {
    const auto paths = store::find_run(savedir, args[1]);
    if (!paths) return 0;
    const auto database = store::RunDatabase::open(paths->database(), store::RunDatabase::Mode::kRead);
    if (!database) return 0;
    if (const auto names = database->metric_names()) {
      for (const std::string& name : *names) std::cout << name << "\n";
    }
  }
  return 0;
}

}  // namespace keisei::app
