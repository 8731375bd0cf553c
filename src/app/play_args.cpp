#include "app/play_args.h"

#include <cmath>
#include <limits>

#include "config/value.h"

namespace keisei::app {
namespace {

constexpr const char* kPlayer = "Player";
constexpr const char* kGame = "Game";
constexpr double kMaxSeconds = 3600;

tl::unexpected<Error> not_allowed(const std::string& command, const std::string& flag, const std::string& text,
                                  const std::string& allowed) {
  return fail(Code::kUsage,
              command + ": " + flag + ": value " + config::shown(config::plain_scalar(text)) +
                  " is not allowed (allowed: " + allowed + ")",
              "`keisei " + command + " --help` lists the flags");
}

std::vector<Flag> player_flags() {
  return {{.name = "--weights",
           .value = "CHECKPOINT|RUN",
           .help = "The network that plays; a run means its newest valid checkpoint.",
           .group = kPlayer},
          {.name = "--player",
           .value = "NAME",
           .help = "Without weights: random, greedy or material:D.",
           .group = kPlayer,
           .standard = PlayerArgs{}.player},
          {.name = "--seed", .value = "N", .help = "Of its draws; without one every game differs.", .group = kPlayer},
          {.name = "--savedir",
           .value = "DIR",
           .help = "Directory that holds the runs; also KEISEI_SAVEDIR.",
           .group = kPlayer,
           .standard = "runs"}};
}

Result<PlayerArgs> player_args(const std::string& command, const ParsedFlags& parsed,
                               const config::Pairs& environment) {
  PlayerArgs args;
  for (const auto& [name, value] : environment)
    if (name == "KEISEI_SAVEDIR" && !value.empty()) args.savedir = value;
  if (const auto savedir = parsed.get("--savedir")) args.savedir = *savedir;
  if (const auto weights = parsed.get("--weights")) {
    if (weights->empty()) return not_allowed(command, "--weights", "", "a checkpoint or a run");
    args.weights = *weights;
  }
  if (const auto player = parsed.get("--player")) {
    if (!args.weights.empty())
      return fail(Code::kUsage, command + ": --weights and --player exclude each other", "leave one of them out");
    args.player = *player;
  }
  if (const auto text = parsed.get("--seed")) {
    const auto seed = config::parse_whole(*text);
    if (!seed || *seed < 0)
      return not_allowed(command, "--seed", *text, "0 to " + std::to_string(std::numeric_limits<std::int64_t>::max()));
    args.seed = static_cast<std::uint64_t>(*seed);
  }
  return args;
}

}  // namespace

CommandSpec usi_command() {
  CommandSpec spec;
  spec.name = "usi";
  spec.summary = "Be a USI engine for a shogi GUI or a match, on stdin and stdout.";
  spec.flags = player_flags();
  spec.examples = {"keisei usi", "keisei usi --weights first", "keisei usi --player material:2 --seed 7"};
  spec.notes =
      "A GUI can choose the weights itself, by the option Weights. docs/playing.md lists the options and shows how to\n"
      "enter the engine in a GUI.";
  return spec;
}

CommandSpec play_command() {
  CommandSpec spec;
  spec.name = "play";
  spec.summary = "Play against it in the terminal.";
  spec.flags = player_flags();
  const std::vector<Flag> more = {
      {.name = "--side",
       .value = "black|white|drawn",
       .help = "Yours; Black moves first.",
       .group = kGame,
       .standard = "black"},
      {.name = "--sfen", .value = "SFEN", .help = "Where the game begins.", .group = kGame, .standard = "startpos"},
      {.name = "--seconds", .value = "S", .help = "It thinks about a move.", .group = kGame, .standard = "1"},
      {.name = "--pieces",
       .value = "kanji|letters",
       .help = "How board and moves are written.",
       .group = kGame,
       .standard = "kanji"}};
  spec.flags.insert(spec.flags.end(), more.begin(), more.end());
  spec.examples = {"keisei play", "keisei play --weights first --side drawn",
                   "keisei play --player material:2 --pieces letters --seconds 0.5"};
  spec.notes = "Moves are written as 7g7f or ７六歩 (76歩); help lists the commands: undo, hint, resign, and others.";
  return spec;
}

Result<UsiArgs> usi_args(const ParsedFlags& parsed, const config::Pairs& environment) {
  auto player = player_args("usi", parsed, environment);
  if (!player) return tl::make_unexpected(player.error());
  return UsiArgs{std::move(*player)};
}

Result<PlayArgs> play_args(const ParsedFlags& parsed, const config::Pairs& environment) {
  auto player = player_args("play", parsed, environment);
  if (!player) return tl::make_unexpected(player.error());
  PlayArgs args;
  args.player = std::move(*player);
  const std::string side = parsed.get("--side").value_or("black");
  if (side != "black" && side != "white" && side != "drawn")
    return not_allowed("play", "--side", side, "black, white, drawn");
  if (side == "white") args.side = PlayArgs::Side::kWhite;
  if (side == "drawn") args.side = PlayArgs::Side::kDrawn;
  args.sfen = parsed.get("--sfen").value_or("startpos");
  if (const auto text = parsed.get("--seconds")) {
    const auto seconds = config::parse_number(*text);
    if (!seconds || !std::isfinite(*seconds) || *seconds < 0 || *seconds > kMaxSeconds)
      return not_allowed("play", "--seconds", *text, "0 to " + std::to_string(static_cast<int>(kMaxSeconds)));
    args.seconds = *seconds;
  }
  const std::string pieces = parsed.get("--pieces").value_or("kanji");
  if (pieces != "kanji" && pieces != "letters") return not_allowed("play", "--pieces", pieces, "kanji, letters");
  args.kanji = pieces == "kanji";
  return args;
}

}  // namespace keisei::app
