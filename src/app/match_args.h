// The command lines of `keisei match` and `keisei ratings` as values, and their rows of flags; reads the list of
// players and nothing else. What is left out stays empty: defaults are those of evaluation::Match, and a resumed match
// has its own settings.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/flags.h"
#include "base/result.h"
#include "config/load.h"

namespace keisei::app {

inline constexpr int kMaxMatchWorkers = 64;

struct MatchArgs {
  std::vector<std::string> players;  ///< as written; none = those of the match to resume
  std::optional<int> games;          ///< of each pairing
  std::optional<int> neighbours;     ///< that each player meets; 0 = all meet all
  std::optional<std::string> stop;   ///< a stop rule
  std::optional<std::string> openings;
  std::optional<int> opening_plies;
  std::optional<std::string> time_control;
  std::optional<std::string> adjudicate;
  std::optional<std::uint64_t> seed;
  std::optional<int> max_moves;
  std::optional<std::string> rule;
  std::optional<double> temperature;
  std::optional<double> timeout_per_game_s;
  std::optional<std::filesystem::path> output;
  std::optional<std::filesystem::path> resume;
  std::string records;  ///< "kif,csa"; empty = none
  std::string expect;   ///< h1 | empty
  std::filesystem::path savedir = "runs";
  int concurrency = 1;
  bool json = false;
};

struct RatingsArgs {
  std::vector<std::string> sources;  ///< runs and match directories; none = the newest run
  std::filesystem::path savedir = "runs";
  std::string protocol;
  std::optional<std::filesystem::path> svg;
  bool json = false;
};

[[nodiscard]] CommandSpec match_command();
[[nodiscard]] CommandSpec ratings_command();

/// kUsage names the flag that is wrong.
[[nodiscard]] Result<MatchArgs> match_args(const ParsedFlags& parsed, const config::Pairs& environment);
[[nodiscard]] Result<RatingsArgs> ratings_args(const ParsedFlags& parsed, const config::Pairs& environment);

}  // namespace keisei::app
