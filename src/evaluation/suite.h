// Cases of a benchmark: positions from which the agent plays games against a given opponent, and tsume problems
// (checkmate by consecutive checks) that it must solve. A file holds one JSON object a line; all of it is checked
// before the first game. Plain values; any thread.
//   {"kind":"game","id":"e1","sfen":"...","opponent":"material:1","games":2,"pass_score":0.5,"agent_colour":"both"}
//   {"kind":"tsume","id":"t1","sfen":"...","mate_in":3}
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "evaluation/player_spec.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxSuiteFileBytes = 4U << 20;
inline constexpr std::size_t kMaxSuiteLineBytes = 8192;
inline constexpr int kMaxSuiteCases = 10'000;
inline constexpr std::size_t kMaxCaseIdBytes = 128;
inline constexpr int kMaxMateIn = 31;  ///< plies

struct SuiteCase {
  enum class Kind : std::uint8_t { kGame, kTsume };
  enum class Colour : std::uint8_t { kBoth, kBlack, kWhite };
  Kind kind = Kind::kGame;
  std::string id;  ///< unique within a suite
  std::string sfen;
  PlayerSpec opponent;                  ///< kGame
  std::string opponent_id;              ///< weights id, filled in by who loads the weights
  int games = 2;                        ///< kGame; a tsume is tried once
  double pass_score = 0.5;              ///< kGame: passed with at least this share of the points
  Colour agent_colour = Colour::kBoth;  ///< kGame; both: in turn, Black first
  int mate_in = 0;                      ///< kTsume: plies to the mate, odd
  friend bool operator==(const SuiteCase&, const SuiteCase&) = default;
};

/// kUsage names the file, the line and the field. Fields of a game beside kind, id, sfen and opponent may be left out.
[[nodiscard]] Result<std::vector<SuiteCase>> read_suite(const std::filesystem::path& path);

/// One line of such a file, or of a request.
[[nodiscard]] std::string encode(const SuiteCase& suite_case);
[[nodiscard]] Result<SuiteCase> decode_case(std::string_view line);

/// Bounds of one case, apart from its position (kUsage).
[[nodiscard]] Result<void> validate(const SuiteCase& suite_case);

}  // namespace keisei::evaluation
