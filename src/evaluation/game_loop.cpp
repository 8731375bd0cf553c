#include "evaluation/game_loop.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <set>
#include <string>
#include <utility>

#include "evaluation/game_listener.h"
#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

using shogi::Choice;
using shogi::Turn;

constexpr int kFirstGames = 2;
constexpr const char* kStopped = "the evaluation was stopped";

struct Game {
  DueGame due;
  GameRecord record;
  shogi::Position position;
  std::int64_t start_ns = 0;
  bool over = false;
};

/// Values are kept to 4 decimals: enough to draw a curve, short in a file, equal after a reload.
double rounded(double value) {
  constexpr double kSteps = 1e4;
  if (std::isnan(value)) return 0;
  return std::round(std::clamp(value, -1.0, 1.0) * kSteps) / kSteps + 0.0;
}

Choice no_answer(const std::string& why) {
  Choice choice;
  choice.kind = Choice::Kind::kFault;
  choice.fault = why;
  return choice;
}

/// Asks for all turns at once; where the player throws, for one after the other, so that a fault stays with its game.
std::vector<Choice> ask(shogi::Player& player, std::span<const Turn> turns) {
  std::vector<Choice> choices(turns.size(), no_answer("the player gave no answer"));
  const auto attempt = [&](std::size_t first, std::size_t count) {
    std::string why = "the player failed";
    try {
      player.choose(turns.subspan(first, count), std::span(choices).subspan(first, count));
      return true;
    } catch (const std::exception& error) {
      why = std::string("the player failed: ") + error.what();
    } catch (...) {
    }
    std::fill_n(choices.begin() + static_cast<std::ptrdiff_t>(first), count, no_answer(why));
    return false;
  };
  if (!turns.empty() && !attempt(0, turns.size()) && turns.size() > 1) {
    std::fill(choices.begin(), choices.end(), no_answer("the player gave no answer"));
    for (std::size_t i = 0; i < turns.size(); ++i) (void)attempt(i, 1);
  }
  return choices;
}

class Loop {
 public:
  Loop(const Plan& plan, std::span<const Sides> sides, const LoopOptions& options, const Clock& clock,
       const LoopHooks& hooks)
      : plan_(plan), sides_(sides), conductor_(plan.course()), options_(options), clock_(clock), hooks_(hooks) {}

  std::vector<GameRecord> play() {
    for (start_games(); !active_.empty(); start_games()) {
      if (hooks_.keep_going && !hooks_.keep_going()) return cancelled();
      tick();
      std::erase_if(active_, [&](const Game& game) {
        const bool dropped = !game.over && !conductor_.counts(game.due);
        if (dropped) tell_players(game, GameResult::kFault);
        return game.over || dropped;
      });
    }
    return account_for_all(plan_, std::move(finished_), EndReason::kNotPlayed, {});
  }

 private:
  /// One pair alone until the first result is there, because somebody waits for it; then as many as allowed.
  void start_games() {
    const int at_once =
        finished_.empty() ? std::min(kFirstGames, options_.max_concurrent_games) : options_.max_concurrent_games;
    const auto capacity = static_cast<std::size_t>(std::max(1, at_once));
    while (active_.size() < capacity) {
      const std::vector<DueGame> due = conductor_.next(capacity - active_.size());
      if (due.empty()) return;
      for (const DueGame& game : due) start(game);
    }
  }

  void start(DueGame due) {
    Game game;
    game.due = due;
    const Pairing& pairing = plan_.pairings[due.pairing];
    game.record = blank_record(plan_, due.pairing, pairing.games[due.index]);
    game.start_ns = clock_.monotonic_ns();
    auto position = shogi::Position::from_sfen(game.record.opening_sfen);
    if (!position) {
      end_as_fault(game, EndReason::kNotPlayed, "opening: " + position.error().message);
      return;
    }
    game.position = *std::move(position);
    if (!ended_by_rules(game)) active_.push_back(std::move(game));
  }

  [[nodiscard]] shogi::Player* to_move(const Game& game) const {
    const Sides& sides = sides_[game.due.pairing];
    return game.position.side() == game.record.agent_colour ? sides.agent : sides.opponent;
  }

  /// One ply in every running game.
  void tick() {
    std::vector<std::pair<shogi::Player*, std::vector<Game*>>> turns;  // in the order of the games, so it repeats
    for (Game& game : active_) {
      shogi::Player* const player = to_move(game);
      auto found = std::find_if(turns.begin(), turns.end(), [&](const auto& turn) { return turn.first == player; });
      if (found == turns.end()) found = turns.insert(turns.end(), {player, {}});
      found->second.push_back(&game);
    }
    for (const auto& [player, games] : turns) move_all(*player, games);
  }

  void move_all(shogi::Player& player, const std::vector<Game*>& games) {
    std::vector<Turn> turns;
    turns.reserve(games.size());
    for (const Game* game : games) {
      const shogi::Position& position = game->position;
      turns.push_back({&position, game->record.game,
                       turn_stream(plan_.seed, game->record.game, position.plies_played(), position.side())});
    }
    std::vector<Choice> choices = ask(player, turns);
    for (std::size_t i = 0; i < games.size(); ++i) {
      if (out_of_time(*games[i])) {
        end_as_fault(*games[i], EndReason::kTimeout, "the game took longer than its limit");
      } else {
        apply(*games[i], choices[i]);
      }
    }
  }

  void apply(Game& game, const Choice& choice) {
    shogi::Position& position = game.position;
    const shogi::Winner other_side = shogi::winner_of(~position.side());
    switch (choice.kind) {
      case Choice::Kind::kFault:
        // An engine that is made to stop gives no move: that is no fault of its own.
        if (hooks_.keep_going && !hooks_.keep_going()) return end_as_fault(game, EndReason::kCancelled, kStopped);
        end_as_fault(game, EndReason::kPlayerFault,
                     choice.fault.empty() ? "the player reported a fault" : choice.fault);
        return;
      case Choice::Kind::kResign:
        end(game, EndReason::kResign, other_side);
        return;
      case Choice::Kind::kDeclare: {
        const shogi::DeclarationState state = position.declaration(game.record.rules.declaration);
        if (state.can_declare) {
          end(game, EndReason::kDeclaration, state.winner);
        } else {
          end(game, EndReason::kIllegalDeclaration, other_side);
        }
        return;
      }
      case Choice::Kind::kTimeUp:
        end(game, EndReason::kTimeUp, other_side);
        return;
      case Choice::Kind::kMove:
        break;
    }
    if (!position.is_legal(choice.move)) {
      game.record.refused = usi_of_any(choice.move);
      end(game, EndReason::kIllegalMove, other_side);
      return;
    }
    game.record.moves.push_back(shogi::to_usi(choice.move));
    game.record.values.push_back(rounded(choice.value));
    position.make(choice.move);
    (void)ended_by_rules(game);
  }

  /// A move as text, also where its 16 bits are no move at all.
  static std::string usi_of_any(shogi::Move move) {
    const bool on_board = move.to() < shogi::kSquares;
    const bool known_source = move.is_drop() ? move.dropped() >= shogi::Kind::kPawn &&
                                                   move.dropped() <= shogi::Kind::kGold && !move.promotes()
                                             : move.from() < shogi::kSquares;
    const bool spare_bit = move.raw() > 0x7FFF;
    if (move == shogi::Move{} || spare_bit || !on_board || !known_source) return "none";
    return shogi::to_usi(move);
  }

  bool ended_by_rules(Game& game) {
    const auto outcome = game.position.outcome(game.record.rules);
    if (!outcome) return false;
    game.record.truncated = outcome->truncated;
    end(game, static_cast<EndReason>(outcome->reason), outcome->winner);
    return true;
  }

  bool out_of_time(const Game& game) const {
    return options_.timeout_per_game_s > 0 && seconds(game) > options_.timeout_per_game_s;
  }
  double seconds(const Game& game) const { return static_cast<double>(clock_.monotonic_ns() - game.start_ns) * 1e-9; }

  void end(Game& game, EndReason reason, shogi::Winner winner) {
    game.record.reason = reason;
    game.record.winner = winner;
    game.record.fault.clear();
    finish(game);
  }
  void end_as_fault(Game& game, EndReason reason, const std::string& text) {
    game.record.reason = reason;
    game.record.winner = shogi::Winner::kNone;
    game.record.fault = text.substr(0, kMaxFaultBytes);
    finish(game);
  }
  void finish(Game& game) {
    game.over = true;
    game.record.seconds = std::max(0.0, seconds(game));
    tell_players(game, game.record.result());
    conductor_.finish(game.due, game.record.result());
    if (hooks_.on_game) hooks_.on_game(game.record);
    finished_.push_back(std::move(game.record));
  }

  /// One object on both sides hears the agent's result.
  void tell_players(const Game& game, GameResult result) const {
    const Sides& sides = sides_[game.due.pairing];
    tell_game_over(*sides.agent, game.record.game, result);
    if (sides.opponent != sides.agent) tell_game_over(*sides.opponent, game.record.game, reversed(result));
  }

  /// Everything that was due and has not ended is a fault.
  std::vector<GameRecord> cancelled() {
    for (Game& game : active_) end_as_fault(game, EndReason::kCancelled, kStopped);
    std::set<std::uint64_t> reported;
    for (const GameRecord& record : finished_) reported.insert(record.game);
    std::vector<GameRecord> all = account_for_all(plan_, std::move(finished_), EndReason::kCancelled, kStopped);
    for (const GameRecord& record : all) {
      if (hooks_.on_game && !reported.contains(record.game)) hooks_.on_game(record);
    }
    return all;
  }

  const Plan& plan_;
  const std::span<const Sides> sides_;
  Conductor conductor_;
  const LoopOptions& options_;
  const Clock& clock_;
  const LoopHooks& hooks_;
  std::vector<Game> active_;
  std::vector<GameRecord> finished_;
};

}  // namespace

Random turn_stream(std::uint64_t seed, std::uint64_t game, int ply, shogi::Color side) {
  return {seed, Purpose::kEvaluation, game, static_cast<std::uint64_t>(ply),
          static_cast<std::uint64_t>(shogi::index(side))};
}

std::vector<GameRecord> play_games(const Plan& plan, std::span<const Sides> sides, const LoopOptions& options,
                                   const Clock& clock, const LoopHooks& hooks) {
  return Loop(plan, sides, options, clock, hooks).play();
}

std::vector<GameRecord> play_pairing(const Plan& plan, std::size_t pairing, shogi::Player& agent,
                                     shogi::Player& opponent, const LoopOptions& options, const Clock& clock,
                                     const LoopHooks& hooks) {
  Plan alone = plan;
  for (std::size_t i = 0; i < alone.pairings.size(); ++i) {
    if (i != pairing) alone.pairings[i].games.clear();
  }
  const std::vector<Sides> sides(plan.pairings.size(), Sides{&agent, &opponent});
  return Loop(alone, sides, options, clock, hooks).play();
}

}  // namespace keisei::evaluation
