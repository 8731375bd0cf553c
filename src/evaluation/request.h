// What to evaluate: agent, opponents, strategy, games, openings, limits. One request type for every path (command line,
// periodic evaluation, worker process), so that one set of checks holds everywhere. Its JSON form crosses a process
// boundary: decoding is strict (every key once, no unknown key, every number within its named bound). Plain value; any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluation/elo.h"
#include "evaluation/player_spec.h"
#include "evaluation/stop_rule.h"
#include "evaluation/suite.h"
#include "shogi/position.h"

namespace keisei::evaluation {

inline constexpr int kMaxGames = 100'000;
inline constexpr int kMaxPlies = 10'000;
inline constexpr int kMaxOpeningPlies = 60;
inline constexpr int kMaxConcurrentGames = 4096;
inline constexpr int kMaxOpenings = 20'000;
inline constexpr std::size_t kMaxSfenBytes = 256;
inline constexpr std::size_t kMaxIdBytes = 256;
inline constexpr std::size_t kMaxNameBytes = 64;  ///< of a strategy, a plan, a rule
inline constexpr double kMaxTimeoutS = 1e6;
inline constexpr std::size_t kMaxRequestBytes = 8U << 20;
inline constexpr int kMaxOpponents = 1000;
inline constexpr int kMaxLadderRatings = 10'000;
inline constexpr double kMaxRatingMagnitude = 1e6;
inline constexpr double kMaxEloFactor = 1000;
inline constexpr int kMaxSequenceSteps = 10'000;

/// Where games start: the listed positions in turn, or (with none listed) the start position after `random_plies`
/// random plies drawn by seed; 0 plies is the start position itself.
struct Openings {
  int random_plies = 4;
  std::vector<std::string> sfens;
  friend bool operator==(const Openings&, const Openings&) = default;
};

struct Opponent {
  PlayerSpec spec;
  std::string id;  ///< identity of its weights; "" = its canonical name where it is built in
  friend bool operator==(const Opponent&, const Opponent&) = default;
};

/// tournament, and the games of round_robin and single_elimination.
struct TournamentOptions {
  int num_games_per_opponent = 0;  ///< of each pairing; 0 = num_games spread over the pairings
  bool between_opponents = false;  ///< the opponents meet each other too
  friend bool operator==(const TournamentOptions&, const TournamentOptions&) = default;
};

/// ladder: opponents near the agent's rating. The table comes in with the request and goes out with the summary.
struct LadderOptions {
  double rating_match_range = 400;  ///< Elo to either side
  int num_opponents_per_evaluation = 5;
  int num_games_per_match = 2;
  SequentialElo elo{};  ///< before the evaluation, by weights id
};

enum class CustomPlan : std::uint8_t { kRoundRobin, kSingleElimination, kSequence };
[[nodiscard]] std::string_view to_string(CustomPlan plan);  ///< round_robin | single_elimination | sequence
[[nodiscard]] Result<CustomPlan> parse_custom_plan(std::string_view text);

/// One pairing of a sequence: numbers of players, 0 = the agent, 1 = the first opponent.
struct SequenceStep {
  int first = 0;
  int second = 1;
  int games = 2;
  friend bool operator==(const SequenceStep&, const SequenceStep&) = default;
};

/// custom: who meets whom in which order.
struct CustomOptions {
  CustomPlan plan = CustomPlan::kRoundRobin;
  std::vector<SequenceStep> sequence;  ///< kSequence
  friend bool operator==(const CustomOptions&, const CustomOptions&) = default;
};

/// Strategy single_opponent plays `opponent`; tournament, ladder and custom play `opponents`, a benchmark its suite. A
/// list that the strategy does not use must be empty, so that nothing that was asked is passed over in silence.
struct Request {
  std::string strategy = "single_opponent";
  PlayerSpec agent{.kind = PlayerKind::kLive, .path = {}, .material = {}, .simulations = {}, .temperature = {}};
  PlayerSpec opponent;
  int num_games = 20;
  shogi::Rules rules{.max_moves = 500, .declaration = shogi::DeclarationRule::k27};
  double temperature = 0;  ///< of network players that name none; 0 = argmax
  Openings openings;
  std::uint64_t seed = 42;
  double timeout_per_game_s = 0;    ///< monotonic seconds from a game's first ply; 0 = no limit
  int max_concurrent_games = 64;    ///< games played side by side
  std::string agent_id;             ///< identity of the agent's weights; ratings are keyed by it
  std::string opponent_id;          ///< the same of the opponent; "" = its canonical name where it is built in
  std::vector<Opponent> opponents;  ///< tournament, ladder, custom
  TournamentOptions tournament;
  LadderOptions ladder;
  std::vector<SuiteCase> suite;  ///< benchmark
  CustomOptions custom;
  StopRule stop;  ///< ends each pairing early; for strategies whose number of games is not part of their sense
};

/// kUsage when the request cannot be played: unknown strategy, no games, a value out of its bound.
[[nodiscard]] Result<void> validate(const Request& request);

/// Calls `visit` with every player that the request names and the place of its id, the agent first: whoever loads
/// weights fills the ids in here. A player may come more than once.
void visit_players(Request& request, const std::function<void(PlayerSpec& spec, std::string& id)>& visit);

/// Players written one after the other, parted by ';' ("random; greedy; checkpoint:a"). kUsage.
[[nodiscard]] Result<std::vector<Opponent>> parse_opponents(std::string_view text);
/// Pairings of a sequence by numbers of players, 0 = the agent: "1:2; 2:4; 1-2:2" is two games of the agent against
/// opponent 1, four against opponent 2, two between these; two games where none are said. kUsage.
[[nodiscard]] Result<std::vector<SequenceStep>> parse_sequence(std::string_view text);

/// One line of JSON.
[[nodiscard]] std::string encode(const Request& request);

/// The request of encode(); kBadData for anything else, and validate()'s errors.
[[nodiscard]] Result<Request> decode_request(std::string_view json);

/// The identity of a player's strength: `id` where one is given, with simulations and a temperature of its own behind
/// it ("WEIGHTS?simulations=8"), because the same weights play otherwise with them; else the canonical name of a
/// built-in player or engine_identity() of an engine, else "".
[[nodiscard]] std::string player_id(const PlayerSpec& spec, const std::string& id);

/// The weights id in the identity of a network player.
[[nodiscard]] std::string_view weights_id_of(std::string_view player_id);

/// What makes two games comparable, as text: rules, openings, and search, temperature and precision of the network
/// players. The seed, the number of games and the players are not part of it.
[[nodiscard]] std::string protocol_text(const Request& request);

/// 16 hexadecimal digits of protocol_text (FNV-1a, 64 bits); games of different protocols are never rated together.
[[nodiscard]] std::string protocol_hash(const Request& request);

[[nodiscard]] std::string_view to_string(shogi::DeclarationRule rule);  ///< 27 | 24 | none
[[nodiscard]] Result<shogi::DeclarationRule> parse_declaration_rule(std::string_view text);

}  // namespace keisei::evaluation
