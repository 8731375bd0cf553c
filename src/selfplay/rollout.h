// What self-play hands to the learner: T plies of N games, in arrays of [ply][game], filled in place and reused. Moves
// are the mover's, rewards and values too: the next ply is the other player's, so signs flip from row to row.
// Legal moves are a compact list per position (about 80 of 2,187). Each shard writes its own games only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "net/actions.h"
#include "net/planes.h"

namespace keisei::selfplay {

/// How a ply ended.
enum class Ply : std::uint8_t {
  kContinues,
  kTerminated,  ///< the game is over with a result; nothing follows
  kTruncated,   ///< cut by the move limit: the value of the cut position follows, from the other side's view
};

struct Rollout {
  int plies = 0;   ///< T
  int games = 0;   ///< N
  int shards = 0;  ///< games [s * N / shards, (s + 1) * N / shards) belong to shard s

  std::vector<net::Features> features;          ///< [T * N] position before the move
  std::vector<std::uint32_t> legal_begin;       ///< [T * N] into legal[shard]
  std::vector<std::uint16_t> legal_count;       ///< [T * N]
  std::vector<std::vector<net::Action>> legal;  ///< per shard
  std::vector<std::uint16_t> chosen;            ///< [T * N] index into the sample's legal actions
  std::vector<float> log_probability;           ///< [T * N] of the chosen action under the acting policy, nats
  std::vector<float> entropy;                   ///< [T * N] of the mover's policy over its legal moves, nats
  std::vector<float> value;                     ///< [T * N] expected result for the mover, [-1, 1]
  std::vector<float> material_value;            ///< [T * N] forecast of the discounted material gain, pawns
  std::vector<float> reward;                    ///< [T * N] +1 win, -1 loss, 0 otherwise, for the mover
  std::vector<float> material_reward;           ///< [T * N] the mover's gain in material balance by this ply, pawns
  std::vector<Ply> end;                         ///< [T * N]
  std::vector<float> cut_value;                 ///< [T * N] value after a truncated ply, for the side to move then
  std::vector<float> cut_material;              ///< [T * N] material forecast there, pawns
  std::vector<std::uint8_t> learner_moved;      ///< [T * N] 0 where a pool opponent chose: no sample for the policy
  std::vector<std::uint8_t> forced;             ///< [T * N] 1 where the move was a mate that is always played
  std::vector<float> last_value;                ///< [N] value of the position after the last row, for its side to move
  std::vector<float> last_material;             ///< [N]

  void resize(int plies_, int games_, int shards_);
  [[nodiscard]] std::size_t at(int ply, int game) const {
    return static_cast<std::size_t>(ply) * static_cast<std::size_t>(games) + static_cast<std::size_t>(game);
  }
  [[nodiscard]] int shard_of(int game) const;
  [[nodiscard]] int shard_begin(int shard) const { return shard * games / shards; }
  [[nodiscard]] std::span<const net::Action> legal_actions(std::size_t sample) const;
};

}  // namespace keisei::selfplay
