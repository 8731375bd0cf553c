// A foreign engine (engine.h) as a player of a match. Its failures are judged by rule, so that a match always ends: an
// illegal or cut bestmove loses (illegal_move), an answer over the clock or its deadline loses (time_up), a crash or a
// breach of the protocol loses (illegal_move, no move); the process is started again for the next answer, and after
// kMaxStrikes crashes or hangs every further turn is a fault that says why. Turns of a batch are answered one after the
// other; each game stays with one process until it is over, which the engine is told. One thread, which must outlive
// the player.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "evaluation/engine.h"
#include "evaluation/engine_spec.h"
#include "evaluation/game_clock.h"
#include "evaluation/game_listener.h"
#include "evaluation/player_note.h"
#include "shogi/player.h"

namespace keisei::evaluation {

inline constexpr int kMaxStrikes = 3;
inline constexpr std::size_t kMaxIncidents = 100;
inline constexpr std::size_t kMaxGameClocks = 4096;

class EnginePlayer final : public shogi::Player, public GameListener {
 public:
  /// Starts engines: a function, so that the player need not know how a command becomes a process. An error of kUsage
  /// is the engine's own failure, any other one the machine's: a fault and no loss.
  using Start = std::function<Result<std::unique_ptr<Engine>>()>;
  /// `on_note` hears of each incident as it happens, and of the exclusion.
  EnginePlayer(EngineSpec spec, Start start, const Clock& clock, NoteSink on_note = {});

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override;
  [[nodiscard]] std::string name() const override { return display_name(spec_); }
  /// Sends gameover to the process of that game; not for a game without a result, for which USI has no word.
  void game_over(std::uint64_t game, GameResult result) override;

  /// Crashes, hangs and breaches so far, in words; at most kMaxIncidents.
  [[nodiscard]] const std::vector<std::string>& incidents() const { return incidents_; }
  [[nodiscard]] bool excluded() const { return strikes_ >= kMaxStrikes; }

 private:
  struct Seat {
    std::unique_ptr<Engine> engine{};
    bool taken = false;  ///< `game` is meant
    std::uint64_t game = 0;
    std::uint64_t last_use = 0;
    std::string start_sfen{};
  };

  [[nodiscard]] shogi::Choice answer(const shogi::Turn& turn);
  [[nodiscard]] Seat& seat_for(const shogi::Turn& turn);
  [[nodiscard]] GameClock& clock_for(const shogi::Turn& turn);
  [[nodiscard]] Result<void> prepare(Seat& seat, bool switched);
  /// The choice that a failed engine gets, by its trouble.
  [[nodiscard]] shogi::Choice judge(Seat& seat, EngineTrouble trouble, const Error& error);
  void strike(Seat& seat, const std::string& what);
  void note(PlayerNote::Kind kind, const std::string& text) const;

  EngineSpec spec_;
  TimeControl limits_;
  Start start_;
  const Clock& clock_;
  NoteSink on_note_;
  std::vector<Seat> seats_;
  std::map<std::pair<std::uint64_t, shogi::Color>, GameClock> clocks_;  ///< by game and side
  std::uint64_t uses_ = 0;
  int strikes_ = 0;
  std::vector<std::string> incidents_;
};

}  // namespace keisei::evaluation
