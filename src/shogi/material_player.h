// The player `material:D[?epsilon=E]`: alpha-beta over material alone, D plies deep, captures played out to quiet,
// mates found; with probability E a move is drawn from all legal ones instead, as in epsilon-greedy policies, which
// fills the wide gap between `greedy` and `material:1`. A yardstick between `random` and a real engine: nothing in it
// is learned or tuned. An answer depends on the position with its history, the spec and the turn's random stream only.
// Owns its search with a fixed table; one thread at a time per player.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "shogi/player.h"

namespace keisei::shogi {

inline constexpr int kMaxMaterialPlayerDepth = 8;  ///< plies

/// Whether a player's spelling is meant for make_material_player: "material" or "material:...".
[[nodiscard]] bool names_material_player(std::string_view spec);

struct MaterialSpec {
  int depth = 1;       ///< plies, 1 to kMaxMaterialPlayerDepth
  double epsilon = 0;  ///< share of moves drawn from all legal ones, from 0 to 1
  friend bool operator==(const MaterialSpec&, const MaterialSpec&) = default;
};

/// "material:D" or "material:D?epsilon=E". kUsage for a depth or share outside its range and for any other option.
[[nodiscard]] Result<MaterialSpec> parse_material(std::string_view text);
/// The canonical spelling: without the share where it is 0.
[[nodiscard]] std::string to_string(const MaterialSpec& spec);

/// It declares when `rules` allow it and the declaration wins, plays the
/// shortest mate that it sees, and resigns only when there is no legal move.
[[nodiscard]] std::unique_ptr<Player> make_material_player(const MaterialSpec& spec, const Rules& rules = {});

}  // namespace keisei::shogi
