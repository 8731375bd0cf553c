// How a player is written wherever one is named: random, greedy, material:D[?epsilon=E], checkpoint:PATH
// [?simulations=N&temperature=T], live[?...], usi:COMMAND[?options], xboard:COMMAND[?options] (engine_spec.h), and the
// old spellings (heuristic, ppo + a checkpoint path). A name that cannot be honoured is an error before the first game
// and is never replaced by another player: a result against the wrong opponent is worse than none. Plain values; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "evaluation/engine_spec.h"
#include "shogi/material_player.h"

namespace keisei::evaluation {

enum class PlayerKind : std::uint8_t { kRandom, kGreedy, kMaterial, kCheckpoint, kLive, kEngine };

inline constexpr std::size_t kMaxPlayerTextBytes = 4096;
inline constexpr int kMaxSimulations = 10'000;  ///< of one move: its tree stays within some hundred MB
inline constexpr double kMaxTemperature = 100.0;

struct PlayerSpec {
  PlayerKind kind = PlayerKind::kRandom;
  std::string path;                    ///< kCheckpoint: the file or run
  shogi::MaterialSpec material{};      ///< kMaterial
  std::optional<int> simulations;      ///< kCheckpoint, kLive: search simulations a move; nothing = the policy alone
  std::optional<double> temperature;   ///< kCheckpoint, kLive: 0 = argmax; nothing = the request's
  std::optional<EngineSpec> engine{};  ///< kEngine, of either protocol: always there; others: never

  [[nodiscard]] bool is_builtin() const { return kind == PlayerKind::kRandom || kind == PlayerKind::kGreedy; }
  [[nodiscard]] bool is_network() const { return kind == PlayerKind::kCheckpoint || kind == PlayerKind::kLive; }
  friend bool operator==(const PlayerSpec&, const PlayerSpec&) = default;
};

/// Parses one player. kUsage for an unknown name (with the list of names and the nearest one) and for a bad option.
/// Whether a checkpoint or an engine is there is not asked here.
[[nodiscard]] Result<PlayerSpec> parse_player(std::string_view text);

/// The old pair of flags: `type` is anything parse_player takes, or `ppo`, `ppo_agent` or a bare `checkpoint`, which
/// need `checkpoint_path`. A path beside any other type is refused, for it would be ignored.
[[nodiscard]] Result<PlayerSpec> parse_player(std::string_view type, std::string_view checkpoint_path);

/// How a network is told to play beyond its weights, as written behind them ("?simulations=8&temperature=0.5"); ""
/// where nothing is said, or no more than simulations=0.
[[nodiscard]] std::string options_text(const PlayerSpec& spec);

/// The canonical spelling; parse_player(to_string(spec)) == spec.
[[nodiscard]] std::string to_string(const PlayerSpec& spec);

}  // namespace keisei::evaluation
