// What the tests of built-in players share: one asked for by its description, and one question put to it.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "shogi/players.h"
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {

/// What the player answers in the position, its randomness drawn from the seed.
inline Choice ask(Player& player, const Position& p, std::uint64_t seed) {
  const Turn turn{&p, 0, Random(seed, Purpose::kTest)};
  Choice choice;
  player.choose({&turn, 1}, {&choice, 1});
  return choice;
}

/// The built-in player of this description, which has to exist.
inline std::unique_ptr<Player> builtin(std::string_view spec, const Rules& rules = {}) {
  auto player = make_builtin(spec, rules);
  EXPECT_TRUE(player.has_value()) << spec;
  return std::move(*player);
}

}  // namespace keisei::shogi::testing
