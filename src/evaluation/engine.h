// A foreign engine as a child process, whatever protocol it speaks: what its player asks of it, and what both protocols
// share (the cage, the lines with their deadlines, the options, the end of the process). An engine that hangs, floods,
// dies or lies costs its own game and never holds up a match. Whoever owns the object talks to it from one thread; that
// thread must outlive it (the process is told to die with it). Times in s.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evaluation/engine_answer.h"
#include "evaluation/engine_lines.h"
#include "evaluation/engine_options.h"
#include "evaluation/game_clock.h"
#include "evaluation/record.h"
#include "guard/kennel.h"
#include "shogi/position.h"

namespace keisei::evaluation {

/// Deadlines of the protocols.
struct EngineTimes {
  double handshake_s = 30;  ///< usi -> usiok, protover -> features
  double ready_s = 30;      ///< isready -> readyok, ping -> pong
  double stop_s = 2;        ///< stop or ? -> its move
  double quit_s = 2;        ///< quit -> exit
  double terminate_s = 1;   ///< SIGTERM -> exit, then SIGKILL
};

/// What an engine is asked to answer.
struct EngineTurn {
  const shogi::Position* position = nullptr;  ///< with all its moves since start_sfen
  std::string_view start_sfen;                ///< before the first of them
  const GameClock* clock = nullptr;           ///< of the side to move
  double longest_s = 0;                       ///< then it is late
};

/// Where an engine's process comes from. One kennel a process; `clock` must outlive the engine and run in real time.
struct EngineStart {
  std::shared_ptr<guard::Kennel> kennel{};
  guard::CagedCommand command{};
  EngineTimes times{};
  const Clock* clock = nullptr;
  std::function<bool()> keep_going{};  ///< asked several times a second while it waits; false gives up
};

class Engine {
 public:
  virtual ~Engine();  ///< quit()
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }      ///< printable, "" when it gave none
  [[nodiscard]] const std::string& author() const { return author_; }  ///< printable, "" when it gave none
  [[nodiscard]] const std::vector<EngineOption>& options() const { return options_; }
  /// Lines of the launcher about a cage that is not whole.
  [[nodiscard]] std::vector<std::string> cage_notes() const { return lines_.cage_notes(); }
  /// Why the last call failed.
  [[nodiscard]] EngineTrouble trouble() const { return lines_.trouble(); }

  /// Sets an option. kUsage for a name that the engine does not list or a value outside what it allows.
  [[nodiscard]] virtual Result<void> set_option(std::string_view name, std::string_view value) = 0;
  /// It has done all that was asked and can answer.
  [[nodiscard]] virtual Result<void> ready() = 0;
  /// ready(), and forgets the game before.
  [[nodiscard]] virtual Result<void> new_game() = 0;
  /// Its answer, the move in USI's form; waits at most turn.longest_s.
  [[nodiscard]] virtual Result<EngineAnswer> think(const EngineTurn& turn) = 0;
  /// After a late answer: move now, and the move that must follow within stop_s. False: it hangs; end it.
  [[nodiscard]] virtual bool stop() = 0;
  /// The game is over with this result for the engine; kFault: without one. Asks for no answer.
  virtual void game_over(GameResult result) = 0;

  /// quit, then SIGTERM, then SIGKILL for it and whatever it started; returns with nothing left of it.
  void quit();
  /// The same without asking.
  void kill();

 protected:
  Engine(EngineStart start, std::unique_ptr<guard::Caged> process);
  /// Sends text (whole lines) as an answer of its own; at most handshake_s.
  [[nodiscard]] Result<void> tell(const std::string& text);

  std::shared_ptr<guard::Kennel> kennel_;
  std::unique_ptr<guard::Caged> process_;
  EngineTimes times_;
  const Clock& clock_;
  EngineLines lines_;
  std::string name_;
  std::string author_;
  std::vector<EngineOption> options_;
};

}  // namespace keisei::evaluation
