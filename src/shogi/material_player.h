// The player `material:D`: alpha-beta over material alone, D plies deep, captures played out to quiet, mates found.
// A yardstick between `greedy` and a real engine: each ply more is a step stronger, and nothing in it is learned or
// tuned. An answer depends on the position with its history, the depth and the turn's random stream only. Owns its
// search with a fixed table; one thread at a time per player.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "shogi/player.h"

namespace keisei::shogi {

inline constexpr int kMaxMaterialPlayerDepth = 8;  ///< plies

/// Whether a player's spelling is meant for make_material_player: "material" or "material:...".
[[nodiscard]] bool names_material_player(std::string_view spec);

/// The depth of "material:D" in plies. kUsage when D is no whole number from 1 to kMaxMaterialPlayerDepth.
[[nodiscard]] Result<int> parse_material_depth(std::string_view spec);

/// Of a depth from 1 to kMaxMaterialPlayerDepth. It declares when `rules` allow it and the declaration wins, plays the
/// shortest mate that it sees, and resigns only when there is no legal move.
[[nodiscard]] std::unique_ptr<Player> make_material_player(int depth, const Rules& rules = {});

}  // namespace keisei::shogi
