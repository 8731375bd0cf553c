#include "app/match_args.h"

#include <charconv>
#include <cmath>

#include "config/value.h"
#include "evaluation/match.h"
#include "evaluation/players_file.h"

namespace keisei::app {
namespace {

constexpr const char* kPlayers = "Players";
constexpr const char* kGames = "Games";
constexpr const char* kRules = "Rules";
constexpr const char* kOutput = "Output";
constexpr double kMaxGameTimeoutS = 1e6;

tl::unexpected<Error> not_allowed(const std::string& flag, const std::string& text, const std::string& allowed) {
  return fail(Code::kUsage,
              "match: " + flag + ": value " + config::shown(config::plain_scalar(text)) +
                  " is not allowed (allowed: " + allowed + ")",
              "`keisei match --help` lists the flags");
}

/// Fills `value` when the flag is given.
Result<void> read_whole(const ParsedFlags& parsed, const std::string& flag, std::int64_t low, std::int64_t high,
                        std::optional<int>& value) {
  const auto text = parsed.get(flag);
  if (!text) return {};
  const auto number = config::parse_whole(*text);
  if (!number || *number < low || *number > high)
    return not_allowed(flag, *text, std::to_string(low) + " to " + std::to_string(high));
  value = static_cast<int>(*number);
  return {};
}

Result<void> read_number(const ParsedFlags& parsed, const std::string& flag, double high,
                         std::optional<double>& value) {
  const auto text = parsed.get(flag);
  if (!text) return {};
  const auto number = config::parse_number(*text);
  if (!number || !std::isfinite(*number) || *number < 0 || *number > high)
    return not_allowed(flag, *text, "0 to " + std::to_string(static_cast<std::int64_t>(high)));
  value = *number;
  return {};
}

std::filesystem::path savedir_of(const ParsedFlags& parsed, const config::Pairs& environment) {
  std::filesystem::path savedir = "runs";
  for (const auto& [name, value] : environment)
    if (name == "KEISEI_SAVEDIR" && !value.empty()) savedir = value;
  return parsed.get("--savedir").value_or(savedir.string());
}

const Flag kSavedir = {.name = "--savedir",
                       .value = "DIR",
                       .help = "Directory that holds the runs; also KEISEI_SAVEDIR.",
                       .group = kPlayers,
                       .standard = "runs"};
const Flag kJson = {.name = "--json", .help = "One JSON object on stdout.", .group = kOutput};

}  // namespace

CommandSpec match_command() {
  CommandSpec spec;
  spec.name = "match";
  spec.summary = "Play any players against each other, in colour-swapped pairs, until it is decided.";
  spec.flags = {
      {.name = "--player",
       .value = "PLAYER",
       .help = "random, greedy, material:D[?epsilon=E], checkpoint:PATH, usi:COMMAND, xboard:COMMAND; two or more.",
       .group = kPlayers,
       .repeatable = true},
      {.name = "--players",
       .value = "FILE",
       .help = "More players, one a line, as in configs/ladders/yardsticks.",
       .group = kPlayers},
      {.name = "--tc",
       .value = "LIMIT",
       .help = "Of engines that name none: nodes=1000, depth=3, movetime=0.1, byoyomi=1, 60+1 (seconds).",
       .group = kPlayers},
      {.name = "--temperature",
       .value = "X",
       .help = "Of networks that name none; 0 = the best move.",
       .group = kPlayers},
      kSavedir,
      {.name = "--games",
       .value = "N",
       .help = "Games of each pairing; with a stop rule the most.",
       .group = kGames,
       .standard = std::to_string(evaluation::kDefaultMatchGames)},
      {.name = "--neighbours",
       .value = "N",
       .help = "Each player meets only the N after it in the list, as in a ladder; 0 = all meet all.",
       .group = kGames,
       .standard = "0"},
      {.name = "--sprt",
       .value = "elo0=A,elo1=B,alpha=P,beta=P",
       .help = "Stop once a sequential test of normalised Elo accepts H0 or H1.",
       .group = kGames},
      {.name = "--stop-when",
       .value = "RULE",
       .help = "ci<E: Elo known to +-E; decided: an even score is ruled out. True however often one looks.",
       .group = kGames},
      {.name = "--openings",
       .value = "FILE",
       .help = "Openings in turn, a line each: SFEN, or startpos moves ...",
       .group = kGames},
      {.name = "--opening-plies",
       .value = "N",
       .help = "Without a file: random plies before the players begin, drawn by seed.",
       .group = kGames,
       .standard = "4"},
      {.name = "--seed", .value = "N", .help = "Of openings and players.", .group = kGames, .standard = "42"},
      {.name = "--concurrency",
       .value = "K",
       .help = "Pairs played at once, each in a process of its own.",
       .group = kGames,
       .standard = "1"},
      {.name = "--max-moves",
       .value = "N",
       .help = "Plies after which a game is drawn.",
       .group = kRules,
       .standard = "512"},
      {.name = "--rule", .value = "27|24|none", .help = "Declaration rule.", .group = kRules, .standard = "27"},
      {.name = "--adjudicate",
       .value = "resign=X,moves=N",
       .help = "End a game once both players expect the same loser: by X in (0, 1], N moves each in a row.",
       .group = kRules,
       .standard = "off"},
      {.name = "--timeout-per-game",
       .value = "S",
       .help = "Seconds after which a game is a fault; 0 = no limit.",
       .group = kRules,
       .standard = "0"},
      {.name = "--output",
       .value = "DIR",
       .help = "Keep everything here: settings, games, report; also what --resume needs.",
       .group = kOutput},
      {.name = "--resume",
       .value = "DIR",
       .help = "Continue the match kept in DIR, however it ended; flags that are given must be the same.",
       .group = kOutput},
      {.name = "--records",
       .value = "kif,ki2,csa,usi",
       .help = "Also write each game as such files.",
       .group = kOutput},
      {.name = "--expect", .value = "h1", .help = "Exit with 5 unless --sprt accepts H1.", .group = kOutput},
      kJson};
  spec.examples = {"keisei match --player greedy --player random --games 20",
                   "keisei match --player material:2 --player material:1 --sprt elo0=0,elo1=100 --output m1",
                   "keisei match --player \"usi:fairy-stockfish?depth=1\" --player greedy --concurrency 2 --json",
                   "keisei match --resume m1"};
  spec.notes =
      "A kept match loses no finished game to Ctrl-C or kill -9: continue it with --resume DIR.\n"
      "Where H0 is accepted the exit code is 0 all the same; a gate asks with --expect h1.";
  return spec;
}

CommandSpec ratings_command() {
  CommandSpec spec;
  spec.name = "ratings";
  spec.summary = "Rate the players of runs and matches from all their games at once.";
  spec.words = "[RUN|DIR...]";
  spec.most_words = 1000;
  spec.flags = {kSavedir,
                {.name = "--protocol", .value = "P", .help = "Only games of this protocol.", .group = kPlayers},
                {.name = "--svg", .value = "FILE", .help = "A chart with error bars.", .group = kOutput},
                kJson};
  spec.flags.front().group = "Games";
  spec.flags[1].group = "Games";
  spec.examples = {"keisei ratings", "keisei ratings first m1 --svg ratings.svg", "keisei ratings m1 --json"};
  spec.notes =
      "random is 0. Games of different protocols (rules, openings, search, temperature) are never rated together.\n"
      "Nothing is written but the chart: a damaged database or journal is named and left as it is.";
  return spec;
}

Result<MatchArgs> match_args(const ParsedFlags& parsed, const config::Pairs& environment) {
  MatchArgs args;
  if (const auto found = parsed.values.find("--player"); found != parsed.values.end()) args.players = found->second;
  if (const auto file = parsed.get("--players")) {
    auto listed = evaluation::read_players(*file);
    if (!listed) return tl::make_unexpected(listed.error());
    args.players.insert(args.players.end(), listed->begin(), listed->end());
  }
  args.savedir = savedir_of(parsed, environment);
  std::optional<int> concurrency;
  for (const auto& done : {read_whole(parsed, "--games", 1, evaluation::kMaxGames, args.games),
                           read_whole(parsed, "--neighbours", 0, evaluation::kMaxMatchPlayers, args.neighbours),
                           read_whole(parsed, "--opening-plies", 0, evaluation::kMaxOpeningPlies, args.opening_plies),
                           read_whole(parsed, "--max-moves", 1, evaluation::kMaxPlies, args.max_moves),
                           read_whole(parsed, "--concurrency", 1, kMaxMatchWorkers, concurrency),
                           read_number(parsed, "--temperature", evaluation::kMaxTemperature, args.temperature),
                           read_number(parsed, "--timeout-per-game", kMaxGameTimeoutS, args.timeout_per_game_s)}) {
    if (!done) return tl::make_unexpected(done.error());
  }
  args.concurrency = concurrency.value_or(1);
  if (const auto text = parsed.get("--seed")) {
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seed);
    if (error != std::errc{} || end != text->data() + text->size() || text->empty())
      return not_allowed("--seed", *text, "0 to 18446744073709551615");
    args.seed = seed;
  }
  const auto sprt = parsed.get("--sprt");
  args.stop = parsed.get("--stop-when");
  if (sprt && args.stop) return fail(Code::kUsage, "match: --sprt and --stop-when exclude each other");
  if (sprt) args.stop = sprt->empty() ? "sprt" : "sprt:" + *sprt;
  args.openings = parsed.get("--openings");
  args.time_control = parsed.get("--tc");
  args.adjudicate = parsed.get("--adjudicate");
  args.rule = parsed.get("--rule");
  if (const auto output = parsed.get("--output")) args.output = *output;
  if (const auto resume = parsed.get("--resume")) args.resume = *resume;
  if (args.output && args.resume && *args.output != *args.resume)
    return fail(Code::kUsage, "match: --output and --resume name different directories", "--resume DIR is enough");
  if ((args.output && args.output->empty()) || (args.resume && args.resume->empty()))
    return fail(Code::kUsage, "match: the directory has no name");
  args.records = parsed.get("--records").value_or("");
  if (!args.records.empty() && !args.output && !args.resume)
    return fail(Code::kUsage, "match: --records needs a place for them", "name one with --output DIR");
  args.expect = parsed.get("--expect").value_or("");
  if (!args.expect.empty() && args.expect != "h1") return not_allowed("--expect", args.expect, "h1");
  args.json = parsed.has("--json");
  if (!args.resume && args.players.size() < 2)
    return fail(
        Code::kUsage,
        "match: two players or more are needed, not " + std::to_string(args.players.size()) + "; give --player twice",
        "random, greedy, material:D, checkpoint:PATH, usi:COMMAND or xboard:COMMAND");
  return args;
}

Result<RatingsArgs> ratings_args(const ParsedFlags& parsed, const config::Pairs& environment) {
  RatingsArgs args;
  args.sources = parsed.words;
  args.savedir = savedir_of(parsed, environment);
  args.protocol = parsed.get("--protocol").value_or("");
  if (const auto svg = parsed.get("--svg")) args.svg = *svg;
  args.json = parsed.has("--json");
  return args;
}

}  // namespace keisei::app
