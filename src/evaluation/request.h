// What to evaluate: agent, opponent, games, openings, limits. One request type for every path (command line, periodic
// evaluation, worker process), so that one set of checks holds everywhere. Its JSON form crosses a process boundary:
// decoding is strict (every key once, no unknown key, every number within its named bound). Plain value; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluation/player_spec.h"
#include "shogi/position.h"

namespace keisei::evaluation {

inline constexpr int kMaxGames = 100'000;
inline constexpr int kMaxPlies = 10'000;
inline constexpr int kMaxOpeningPlies = 60;
inline constexpr int kMaxConcurrentGames = 4096;
inline constexpr int kMaxOpenings = 20'000;
inline constexpr std::size_t kMaxSfenBytes = 256;
inline constexpr std::size_t kMaxIdBytes = 256;
inline constexpr double kMaxTimeoutS = 1e6;
inline constexpr std::size_t kMaxRequestBytes = 8U << 20;

/// Where games start: the listed positions in turn, or (with none listed) the start position after `random_plies`
/// random plies drawn by seed; 0 plies is the start position itself.
struct Openings {
  int random_plies = 4;
  std::vector<std::string> sfens;
  friend bool operator==(const Openings&, const Openings&) = default;
};

struct Request {
  std::string strategy = "single_opponent";
  PlayerSpec agent{.kind = PlayerKind::kLive, .path = {}, .depth = 0, .simulations = {}, .temperature = {}};
  PlayerSpec opponent;
  int num_games = 20;
  shogi::Rules rules{.max_moves = 500, .declaration = shogi::DeclarationRule::k27};
  double temperature = 0;  ///< of network players that name none; 0 = argmax
  Openings openings;
  std::uint64_t seed = 42;
  double timeout_per_game_s = 0;  ///< monotonic seconds from a game's first ply; 0 = no limit
  int max_concurrent_games = 64;  ///< games played side by side
  std::string agent_id;           ///< identity of the agent's weights; ratings are keyed by it
  std::string opponent_id;        ///< the same of the opponent; "" = its canonical name where it is built in
};

/// kUsage when the request cannot be played: unknown strategy, no games, a value out of its bound.
[[nodiscard]] Result<void> validate(const Request& request);

/// One line of JSON.
[[nodiscard]] std::string encode(const Request& request);

/// The request of encode(); kBadData for anything else, and validate()'s errors.
[[nodiscard]] Result<Request> decode_request(std::string_view json);

/// The identity of a player's strength: `id` where one is given, else the canonical name of a built-in player, else "".
[[nodiscard]] std::string player_id(const PlayerSpec& spec, const std::string& id);

/// What makes two games comparable, as text: rules, openings, and search, temperature and precision of the network
/// players. The seed, the number of games and the players are not part of it.
[[nodiscard]] std::string protocol_text(const Request& request);

/// 16 hexadecimal digits of protocol_text (FNV-1a, 64 bits); games of different protocols are never rated together.
[[nodiscard]] std::string protocol_hash(const Request& request);

[[nodiscard]] std::string_view to_string(shogi::DeclarationRule rule);  ///< 27 | 24 | none
[[nodiscard]] Result<shogi::DeclarationRule> parse_declaration_rule(std::string_view text);

}  // namespace keisei::evaluation
