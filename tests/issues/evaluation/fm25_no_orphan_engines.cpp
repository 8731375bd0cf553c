// Child processes outlived their owner, whether it ended by an exception, an early return or a kill.
#include <gtest/gtest.h>
#include <signal.h>

#include <stdexcept>

#include "evaluation/engine_stage.h"

namespace keisei::evaluation {
namespace {

/// Lets an engine answer once, so that its process is there.
void start(shogi::Player& player) {
  const shogi::Position position;
  const shogi::Turn turn{&position, 1};
  shogi::Choice choice;
  player.choose(std::span(&turn, 1), std::span(&choice, 1));
}

TEST(FailureMode25, AnExceptionLeavesNoEngine) {
  EngineStage stage;
  try {
    const auto player = stage.make(stage.rogue("escapes"));
    start(*player);
    EXPECT_FALSE(stage.processes().empty());
    throw std::runtime_error("planted");
  } catch (const std::runtime_error&) {
  }
  stage.expect_nothing_left();
}

TEST(FailureMode25, AKilledOwnerTakesItsEngineAlong) {
  const std::string token = std::to_string(::getpid()) + "0025";
  EXPECT_EXIT(
      {
        EngineStage stage(token);
        const auto player = stage.make(stage.rogue("hangs_at_quit"));
        start(*player);
        ::raise(SIGKILL);
      },
      testing::KilledBySignal(SIGKILL), "");
  EngineStage stage(token);  // removes what the killed one left
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(kLongS);
  while (!stage.processes().empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  stage.host.kennel.reset();
  stage.expect_nothing_left();
}

}  // namespace
}  // namespace keisei::evaluation
