// One USI engine as a child process: the protocol with a deadline at every point. Whoever owns the object talks to it
// from one thread, which must outlive it; see engine.h. Times in s.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "evaluation/engine.h"

namespace keisei::evaluation {

class UsiEngine final : public Engine {
 public:
  /// Starts the program and waits for usiok. The error's text says what went wrong and what the engine said last;
  /// kUsage when the program is no USI engine, kFailure when no process can be made or keep_going said no.
  [[nodiscard]] static Result<std::unique_ptr<UsiEngine>> start(EngineStart start);

  /// Sends setoption; USI_Hash and USI_Ponder may always be set.
  [[nodiscard]] Result<void> set_option(std::string_view name, std::string_view value) override;
  /// isready -> readyok.
  [[nodiscard]] Result<void> ready() override;
  /// isready -> readyok, usinewgame.
  [[nodiscard]] Result<void> new_game() override;
  /// position and go -> bestmove.
  [[nodiscard]] Result<EngineAnswer> think(const EngineTurn& turn) override;
  /// gameover win, lose or draw; nothing where there is no result.
  void game_over(GameResult result) override;
  /// stop -> bestmove.
  [[nodiscard]] bool stop() override;

 private:
  UsiEngine(EngineStart start, std::unique_ptr<guard::Caged> process);
  [[nodiscard]] Result<void> handshake();
  void note_identity(std::string_view line);
};

}  // namespace keisei::evaluation
