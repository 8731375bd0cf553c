// One USI engine as a child process: the protocol with a deadline at every point, so that an engine that hangs, floods,
// dies or lies costs its own game and never holds up a match. The process lives in a guard::Kennel. Whoever owns the
// object talks to it from one thread; that thread must outlive it (the process is told to die with it). Times in s.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evaluation/usi_lines.h"
#include "evaluation/usi_protocol.h"
#include "guard/kennel.h"

namespace keisei::evaluation {

/// Deadlines of the protocol.
struct UsiTimes {
  double usi_s = 10;       ///< usi -> usiok
  double ready_s = 30;     ///< isready -> readyok
  double stop_s = 2;       ///< stop -> bestmove
  double quit_s = 2;       ///< quit -> exit
  double terminate_s = 1;  ///< SIGTERM -> exit, then SIGKILL
};

class UsiEngine {
 public:
  /// Starts the program and waits for usiok. The error's text says what went wrong and what the engine said last;
  /// kUsage when the program is no USI engine, kFailure when no process can be made or keep_going said no.
  [[nodiscard]] static Result<std::unique_ptr<UsiEngine>> start(std::shared_ptr<guard::Kennel> kennel,
                                                                const guard::CagedCommand& command,
                                                                const UsiTimes& times, const Clock& clock,
                                                                std::function<bool()> keep_going = {});
  ~UsiEngine();  ///< quit()
  UsiEngine(const UsiEngine&) = delete;
  UsiEngine& operator=(const UsiEngine&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }      ///< printable, "" when it gave none
  [[nodiscard]] const std::string& author() const { return author_; }  ///< printable, "" when it gave none
  [[nodiscard]] const std::vector<UsiOption>& options() const { return options_; }
  /// Lines of the launcher about a cage that is not whole.
  [[nodiscard]] std::vector<std::string> cage_notes() const { return lines_.cage_notes(); }

  /// Sends setoption. kUsage for a name that the engine does not list (USI_Hash and USI_Ponder may always be set) or a
  /// value outside what it allows.
  [[nodiscard]] Result<void> set_option(std::string_view name, std::string_view value);
  /// isready -> readyok.
  [[nodiscard]] Result<void> ready();
  /// isready -> readyok, usinewgame.
  [[nodiscard]] Result<void> new_game();
  /// position and go; waits at most `longest_s` for bestmove.
  [[nodiscard]] Result<UsiAnswer> go(const std::string& position, const std::string& go_arguments, double longest_s);
  /// After a late answer: stop, and the bestmove that must follow within stop_s. False: it hangs; end it.
  [[nodiscard]] bool stop();
  /// quit, then SIGTERM, then SIGKILL for it and whatever it started; returns with nothing left of it.
  void quit();
  /// The same without asking.
  void kill();

  /// Why the last call failed.
  [[nodiscard]] UsiTrouble trouble() const { return lines_.trouble(); }

 private:
  UsiEngine(std::shared_ptr<guard::Kennel> kennel, std::unique_ptr<guard::Caged> process, const UsiTimes& times,
            const Clock& clock, std::function<bool()> keep_going);
  [[nodiscard]] Result<void> handshake();
  void note_identity(std::string_view line);
  [[nodiscard]] const UsiOption* find_option(std::string_view name) const;

  std::shared_ptr<guard::Kennel> kennel_;
  std::unique_ptr<guard::Caged> process_;
  UsiTimes times_;
  const Clock& clock_;
  UsiLines lines_;
  std::string name_;
  std::string author_;
  std::vector<UsiOption> options_;
};

}  // namespace keisei::evaluation
