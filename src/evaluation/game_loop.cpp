#include "evaluation/game_loop.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <utility>

#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

using shogi::Choice;
using shogi::Turn;

struct Game {
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
  Loop(const Plan& plan, std::size_t pairing, shogi::Player& agent, shogi::Player& opponent, const LoopOptions& options,
       const Clock& clock, const LoopHooks& hooks)
      : plan_(plan),
        pairing_(pairing),
        planned_(plan.pairings[pairing].games),
        agent_(agent),
        opponent_(opponent),
        options_(options),
        clock_(clock),
        hooks_(hooks) {}

  std::vector<GameRecord> play() {
    while (next_ < planned_.size() || !active_.empty()) {
      if (hooks_.keep_going && !hooks_.keep_going()) {
        cancel();
        break;
      }
      start_games();
      tick();
      std::erase_if(active_, [](const Game& game) { return game.over; });
    }
    std::sort(finished_.begin(), finished_.end(),
              [](const GameRecord& a, const GameRecord& b) { return a.game < b.game; });
    return std::move(finished_);
  }

 private:
  void start_games() {
    const auto capacity = static_cast<std::size_t>(std::max(1, options_.max_concurrent_games));
    while (next_ < planned_.size() && active_.size() < capacity) {
      Game game;
      game.record = blank_record(plan_, pairing_, planned_[next_++]);
      game.start_ns = clock_.monotonic_ns();
      auto position = shogi::Position::from_sfen(game.record.opening_sfen);
      if (!position) {
        end_as_fault(game, EndReason::kNotPlayed, "opening: " + position.error().message);
        continue;
      }
      game.position = *std::move(position);
      if (!ended_by_rules(game)) active_.push_back(std::move(game));
    }
  }

  /// One ply in every running game.
  void tick() {
    if (&agent_ == &opponent_) {
      std::vector<Game*> all;
      for (Game& game : active_) all.push_back(&game);
      move_all(agent_, all);
      return;
    }
    std::vector<Game*> agents;
    std::vector<Game*> opponents;
    for (Game& game : active_) {
      (game.position.side() == game.record.agent_colour ? agents : opponents).push_back(&game);
    }
    move_all(agent_, agents);
    move_all(opponent_, opponents);
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
        end_as_fault(game, EndReason::kPlayerFault,
                     choice.fault.empty() ? "the player reported a fault" : choice.fault);
        return;
      case Choice::Kind::kResign:
        end(game, EndReason::kResign, other_side);
        return;
      case Choice::Kind::kDeclare: {
        const shogi::DeclarationState state = position.declaration(plan_.rules.declaration);
        if (state.can_declare) {
          end(game, EndReason::kDeclaration, state.winner);
        } else {
          end(game, EndReason::kIllegalDeclaration, other_side);
        }
        return;
      }
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
    const auto outcome = game.position.outcome(plan_.rules);
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
    if (hooks_.on_game) hooks_.on_game(game.record);
    finished_.push_back(std::move(game.record));
  }

  void cancel() {
    constexpr const char* kWhy = "the evaluation was stopped";
    for (Game& game : active_) end_as_fault(game, EndReason::kCancelled, kWhy);
    for (; next_ < planned_.size(); ++next_) {
      Game game;
      game.record = blank_record(plan_, pairing_, planned_[next_]);
      game.start_ns = clock_.monotonic_ns();
      end_as_fault(game, EndReason::kCancelled, kWhy);
    }
    active_.clear();
  }

  const Plan& plan_;
  const std::size_t pairing_;
  const std::vector<PlannedGame>& planned_;
  shogi::Player& agent_;
  shogi::Player& opponent_;
  const LoopOptions& options_;
  const Clock& clock_;
  const LoopHooks& hooks_;
  std::size_t next_ = 0;
  std::vector<Game> active_;
  std::vector<GameRecord> finished_;
};

}  // namespace

Random turn_stream(std::uint64_t seed, std::uint64_t game, int ply, shogi::Color side) {
  return {seed, Purpose::kEvaluation, game, static_cast<std::uint64_t>(ply),
          static_cast<std::uint64_t>(shogi::index(side))};
}

std::vector<GameRecord> play_pairing(const Plan& plan, std::size_t pairing, shogi::Player& agent,
                                     shogi::Player& opponent, const LoopOptions& options, const Clock& clock,
                                     const LoopHooks& hooks) {
  return Loop(plan, pairing, agent, opponent, options, clock, hooks).play();
}

}  // namespace keisei::evaluation
