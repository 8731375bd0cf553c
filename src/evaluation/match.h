// A match: two or more players, all or neighbours meeting in colour-swapped pairs from one opening. Its games are
// numbered in advance, round by round over all pairings, so that a match stopped at any moment is balanced, and a
// game's number alone says who plays whom from where: that is what a journal is continued by. Pure values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evaluation/adjudication.h"
#include "evaluation/plan.h"
#include "evaluation/record.h"
#include "evaluation/request.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxMatchPlayers = 64;
inline constexpr int kMaxMatchGames = 200'000;    ///< in all: they are held in memory, some 8 kB each
inline constexpr int kDefaultMatchGames = 100;    ///< of a pairing
inline constexpr int kDefaultStopGames = 20'000;  ///< of a pairing, at most, where a stop rule ends the match

struct MatchPlayer {
  PlayerSpec spec;
  std::string id;  ///< what ratings are keyed by: a weights id, or the player's canonical name
  friend bool operator==(const MatchPlayer&, const MatchPlayer&) = default;
};

struct Match {
  std::vector<MatchPlayer> players;
  int games = kDefaultMatchGames;  ///< of each pairing; the most where a stop rule may end it before
  int neighbours = 0;              ///< each player meets so many after it in the list; 0 = all meet all
  std::string stop;                ///< canonical text of the stop rule; "" = all games
  Adjudication adjudication;
  shogi::Rules rules{.max_moves = 512, .declaration = shogi::DeclarationRule::k27};
  double temperature = 0;  ///< of network players that name none
  Openings openings;
  std::uint64_t seed = 42;
  double timeout_per_game_s = 0;  ///< monotonic; 0 = no limit
  std::string protocol;           ///< protocol_hash() of the rest, once checked()
};

/// The match with its protocol. kUsage for fewer than two or too many players, no games, a value out of its bound, or
/// an opening that cannot be played.
[[nodiscard]] Result<Match> checked(Match match);

/// Every two players that meet, once, in order: (0, 1), (0, 2), ... (1, 2), ...
struct PairingOf {
  std::size_t agent = 0;
  std::size_t opponent = 1;
};
[[nodiscard]] std::vector<PairingOf> pairings_of(const Match& match);

/// Number of games of the whole match.
[[nodiscard]] int games_of(const Match& match);

/// Two games of one pairing from one opening, or the one that is left where the number of games is odd.
struct MatchPair {
  std::uint64_t number = 0;  ///< round x pairings + pairing; its games are 2 x number and 2 x number + 1
  int round = 0;
  int pairing = 0;
  int games = 2;
};
[[nodiscard]] std::vector<MatchPair> pairs_of(const Match& match);

/// The record of a game of a checked match before its first ply; `number` belongs to a pair of the match.
[[nodiscard]] GameRecord planned_game(const Match& match, std::uint64_t number);
/// Whether the record is of that match: same players, opening, colours, key, rules, protocol.
[[nodiscard]] bool is_of(const Match& match, const GameRecord& record);

/// What makes its games comparable with others, as 16 hexadecimal digits: as protocol_hash(Request), and the
/// adjudication where there is one. Time controls belong to the players' own names.
[[nodiscard]] std::string protocol_hash(const Match& match);

/// Settings of a checked match as one line of JSON, schema keisei.match_settings/1, and back, checked; kBadData for
/// anything else.
[[nodiscard]] std::string encode(const Match& match);
[[nodiscard]] Result<Match> decode_match(std::string_view json);

/// What differs between two matches that makes their games different ("seed: 1, was 2"); the number of games and the
/// stop rule do not.
[[nodiscard]] std::vector<std::string> differences(const Match& saved, const Match& asked);

/// Engines without limits of their own get this time control; the number of engines that did. `text` as of
/// parse_time_control. kUsage.
[[nodiscard]] Result<int> apply_time_control(std::vector<PlayerSpec>& players, std::string_view text);

/// Names for people, each different: canonical names, engines by their display name where that is enough.
[[nodiscard]] std::vector<std::string> names_of(const Match& match);

}  // namespace keisei::evaluation
