// The commands `keisei usi` and `keisei play` as values: their rows for the flag table, and their arguments. Kept apart
// from the other commands because both share a player. Pure functions; nothing is opened here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/flags.h"
#include "base/result.h"
#include "config/load.h"

namespace keisei::app {

/// Who plays, and from where its weights come.
struct PlayerArgs {
  std::string weights;                ///< a checkpoint or a run; empty = `player`
  std::string player = "material:4";  ///< without a network
  std::filesystem::path savedir = "runs";
  std::optional<std::uint64_t> seed;  ///< of its draws; nothing = another one every time
};

struct UsiArgs {
  PlayerArgs player;
};

struct PlayArgs {
  enum class Side : std::uint8_t { kBlack, kWhite, kDrawn } side = Side::kBlack;
  PlayerArgs player;
  std::string sfen = "startpos";
  double seconds = 1;  ///< it thinks about a move
  bool kanji = true;   ///< board and moves in Japanese; else letters and USI
};

[[nodiscard]] CommandSpec usi_command();
[[nodiscard]] CommandSpec play_command();
[[nodiscard]] Result<UsiArgs> usi_args(const ParsedFlags& parsed, const config::Pairs& environment);
[[nodiscard]] Result<PlayArgs> play_args(const ParsedFlags& parsed, const config::Pairs& environment);

}  // namespace keisei::app
