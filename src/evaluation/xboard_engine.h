// One XBoard engine as a child process, with a deadline at every point. It is kept in force mode, so that it moves only
// when it is told to go: it hears each game once from its start position and then the moves alone. Where it takes a
// legal move for illegal it is given the position instead; where it cannot take that either, it has broken the
// protocol. Whoever owns the object talks to it from one thread, which must outlive it; see engine.h. Times in s.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/engine.h"
#include "evaluation/engine_spec.h"
#include "evaluation/xboard_protocol.h"
#include "evaluation/xboard_text.h"

namespace keisei::evaluation {

class XboardEngine final : public Engine {
 public:
  /// Starts the program and waits for its features, or for the complaint by which GNU Shogi 1.4 is known. The error's
  /// text says what went wrong and what the engine said last; kUsage when the program is no XBoard engine or plays no
  /// shogi, kFailure when no process can be made or keep_going said no.
  [[nodiscard]] static Result<std::unique_ptr<XboardEngine>> start(EngineStart start, const EngineSpec& spec);

  /// Sends option; GNU Shogi has none.
  [[nodiscard]] Result<void> set_option(std::string_view name, std::string_view value) override;
  /// ping -> pong, where the engine knows it.
  [[nodiscard]] Result<void> ready() override;
  [[nodiscard]] Result<void> new_game() override;
  /// Position or moves, clocks, go -> its move.
  [[nodiscard]] Result<EngineAnswer> think(const EngineTurn& turn) override;
  /// result, for engines with features.
  void game_over(GameResult result) override;
  /// ? -> its move.
  [[nodiscard]] bool stop() override;

 private:
  XboardEngine(EngineStart start, std::unique_ptr<guard::Caged> process, const EngineSpec& spec);

  [[nodiscard]] Result<void> handshake();
  /// Features until they are done, or the complaint; what the engine is accepted or rejected for goes into `replies`.
  [[nodiscard]] Result<void> hear_features(double deadline_s, std::string& replies);
  /// Waits until the engine has read all that was sent, where it can say so. False: it refused something of it, or
  /// repeated fewer moves than were sent.
  [[nodiscard]] Result<bool> settle(std::size_t moves, double deadline_s);
  /// Gives the engine the position after the first `ply` moves of the turn's game.
  [[nodiscard]] Result<void> set_up(const EngineTurn& turn, int ply, double deadline_s);
  /// Sends the moves that the engine does not know. False: it takes one for illegal.
  [[nodiscard]] Result<bool> send_moves(const EngineTurn& turn, double deadline_s);
  /// Brings the engine to the turn's position.
  [[nodiscard]] Result<void> catch_up(const EngineTurn& turn, double deadline_s);
  [[nodiscard]] bool knows(const EngineTurn& turn) const;
  [[nodiscard]] EngineAnswer moved(const std::string& move);
  [[nodiscard]] XboardLine parse(std::string_view line) const;
  [[nodiscard]] std::string limits_text() const;
  [[nodiscard]] std::string begin_text(std::string_view sfen) const;
  [[nodiscard]] std::string clock_text(const GameClock& clock) const;

  TimeControl limits_;
  double answer_s_;
  bool gnushogi_ = false;  ///< speaks the dialect of GNU Shogi 1.4
  XboardSquares squares_ = XboardSquares::kProtocol;
  XboardFeatures features_;
  int pings_ = 0;
  bool game_known_ = false;  ///< the engine's board is the game below
  std::string start_sfen_;
  std::vector<shogi::Move> moves_;  ///< of the game, as far as the engine knows it
  int set_up_ply_ = 0;              ///< from here on it was given moves
  shogi::Color side_ = shogi::Color::kBlack;
};

}  // namespace keisei::evaluation
