// One engine's side of the USI protocol: a line of the GUI's in, lines out. It answers `usi` before anything is loaded,
// loads at `isready`, thinks on a thread of its own, and owes one answer for every go: bestmove at its time, or for
// infinite and ponder not before stop or ponderhit. handle() is called from one thread, the reading one; lines go out
// from both, whole. A declaration and a resignation are decided here, the same way for every thinker.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "app/usi/engine_options.h"
#include "app/usi/gui_command.h"
#include "app/usi/search_thread.h"
#include "app/usi/thinker.h"
#include "base/clock.h"
#include "base/result.h"
#include "shogi/dfpn.h"

namespace keisei::app::usi {

/// What the program around a session gives it.
struct SessionHost {
  std::string version;    ///< "keisei 0.1.0"
  bool networks = false;  ///< whether this program can load weights; if not, isready with Weights asks for the other
  /// The thinker for these options, loaded and ready. Its errors end the session: another player would be a lie.
  std::function<Result<std::unique_ptr<Thinker>>(const EngineOptions&)> make_thinker{};
  std::function<void(std::string_view)> write{};  ///< whole lines; from any thread, one call at a time
  std::uint64_t seed = 0;                         ///< of the thinker's draws
};

class Session {
 public:
  enum class Next : std::uint8_t {
    kGoOn,
    kQuit,
    kHandOver,  ///< the other program has to go on: with replay(), then this very line again
    kFailed,    ///< error() says why
  };

  /// `clock` must outlive the session and run in real time.
  Session(SessionHost host, const EngineOptions& options, const Clock& clock);
  /// Ends the search at hand without an answer.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// One line without its end. Takes any bytes.
  [[nodiscard]] Next handle(std::string_view line);
  /// The lines that bring another session to this one's state: options and position.
  [[nodiscard]] std::string replay() const;
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Next ready();
  Next go(std::string_view words);
  void set_position(std::string_view line, std::string_view words);
  void set(std::string_view words);
  void think(const GoCommand& command);
  void find_mate(const GoCommand& command);
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] ThinkRequest request_for(const GoCommand& command) const;
  /// Lets the answer of the search at hand out as soon as it is there.
  void release();
  /// Ends the search at hand; with or without its answer.
  void finish(bool silently);
  void wait_for_release();
  void conclude(const std::string& text);
  [[nodiscard]] bool owes_answer();
  void tell(const ThoughtLine& line, bool several);
  void write(const std::string& text);

  SessionHost host_;
  const Clock& clock_;
  EngineOptions options_;
  EngineOptions prepared_;  ///< what thinker_ was made for
  Error error_;
  std::unique_ptr<Thinker> thinker_;
  std::unique_ptr<shogi::MateSearch> mates_;  ///< made at the first go mate
  std::int64_t mates_mib_ = 0;
  shogi::Position position_;
  std::string position_line_;
  std::string set_lines_;
  bool position_known_ = true;
  std::uint64_t game_ = 0;

  std::mutex write_mutex_;
  std::mutex mutex_;
  std::condition_variable released_changed_;
  bool released_ = true;  ///< by mutex_
  bool silent_ = false;   ///< by mutex_
  bool owes_ = false;     ///< by mutex_: a go without its answer yet
  GoTimes times_;         ///< of the last go, for a ponderhit that brings none
  shogi::Color side_ = shogi::Color::kBlack;
  Allowance allowance_;
  SearchThread thread_;  ///< last: its jobs use all of the above
};

}  // namespace keisei::app::usi
