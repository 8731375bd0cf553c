#include "evaluation/engine_player.h"

#include <algorithm>
#include <utility>

#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

using shogi::Choice;

Choice of_kind(Choice::Kind kind, double value = 0) {
  Choice choice;
  choice.kind = kind;
  choice.value = value;
  return choice;
}

Choice fault(const std::string& why) {
  Choice choice = of_kind(Choice::Kind::kFault);
  choice.fault = why;
  return choice;
}

/// The position before the first move of its history.
std::string start_of(const shogi::Position& position) {
  shogi::Position first = position;
  while (first.plies_played() > 0) first.unmake();
  return first.sfen();
}

Choice choice_of(const EngineAnswer& answer) {
  switch (answer.kind) {
    case EngineAnswer::Kind::kResign:
      return of_kind(Choice::Kind::kResign);
    case EngineAnswer::Kind::kWin:
      return of_kind(Choice::Kind::kDeclare);
    case EngineAnswer::Kind::kNone:
      return of_kind(Choice::Kind::kMove);  // no move: the mover loses
    case EngineAnswer::Kind::kMove:
      break;
  }
  Choice choice = of_kind(Choice::Kind::kMove, answer.info.value());
  if (const auto move = shogi::parse_usi(answer.move)) choice.move = *move;
  return choice;
}

}  // namespace

EnginePlayer::EnginePlayer(EngineSpec spec, Start start, const Clock& clock, NoteSink on_note)
    : spec_(std::move(spec)),
      limits_(effective_limits(spec_)),
      start_(std::move(start)),
      clock_(clock),
      on_note_(std::move(on_note)),
      seats_(static_cast<std::size_t>(std::max(1, spec_.instances))) {}

void EnginePlayer::choose(std::span<const shogi::Turn> turns, std::span<Choice> choices) {
  for (std::size_t i = 0; i < turns.size(); ++i) choices[i] = answer(turns[i]);
}

EnginePlayer::Seat& EnginePlayer::seat_for(const shogi::Turn& turn) {
  const auto own = std::find_if(seats_.begin(), seats_.end(),
                                [&](const Seat& seat) { return seat.taken && seat.game == turn.game; });
  if (own != seats_.end()) return *own;
  // The one that has rested longest: most likely its game is over.
  return *std::min_element(seats_.begin(), seats_.end(), [](const Seat& a, const Seat& b) {
    return std::pair(a.taken, a.last_use) < std::pair(b.taken, b.last_use);
  });
}

GameClock& EnginePlayer::clock_for(const shogi::Turn& turn) {
  const std::pair key(turn.game, turn.position->side());
  if (clocks_.size() >= kMaxGameClocks && !clocks_.contains(key)) clocks_.erase(clocks_.begin());
  return clocks_.try_emplace(key, limits_).first->second;
}

void EnginePlayer::strike(Seat& seat, const std::string& what) {
  ++strikes_;
  if (incidents_.size() < kMaxIncidents) incidents_.push_back(name() + ": " + what);
  note(PlayerNote::Kind::kIncident, what);
  if (strikes_ == kMaxStrikes)
    note(PlayerNote::Kind::kExcluded,
         "excluded after " + std::to_string(kMaxStrikes) +
             " crashes, hangs or breaches of the protocol; its remaining games are faults");
  if (seat.engine) seat.engine->kill();  // it is past being asked to quit
  seat.engine.reset();
}

void EnginePlayer::note(PlayerNote::Kind kind, const std::string& text) const {
  if (on_note_) on_note_({.kind = kind, .player = player_text(spec_), .text = text});
}

void EnginePlayer::game_over(std::uint64_t game, GameResult result) {
  for (const shogi::Color side : {shogi::Color::kBlack, shogi::Color::kWhite}) clocks_.erase({game, side});
  const auto seat = std::find_if(seats_.begin(), seats_.end(),
                                 [&](const Seat& candidate) { return candidate.taken && candidate.game == game; });
  if (seat == seats_.end()) return;
  seat->taken = false;
  if (seat->engine) seat->engine->game_over(result);
}

Result<void> EnginePlayer::prepare(Seat& seat, bool switched) {
  if (switched && seat.engine) {
    auto readied = seat.engine->new_game();
    if (readied || seat.engine->trouble() != EngineTrouble::kGone) return readied;
    strike(seat, "between games: " + readied.error().message);  // no game is lost by it, but it counts
    if (excluded()) return fail(Code::kFailure, "it died between games");
  }
  if (!seat.engine) {
    auto engine = start_();
    if (!engine) return tl::make_unexpected(engine.error());
    seat.engine = std::move(*engine);
    return seat.engine->new_game();
  }
  return spec_.fresh ? seat.engine->new_game() : Result<void>{};
}

Choice EnginePlayer::judge(Seat& seat, EngineTrouble trouble, const Error& error) {
  switch (trouble) {
    case EngineTrouble::kCancelled:
      seat.engine.reset();
      return fault(error.message);
    case EngineTrouble::kLate:
      if (!seat.engine || !seat.engine->stop()) strike(seat, error.message);
      return of_kind(Choice::Kind::kTimeUp);
    case EngineTrouble::kNone:
    case EngineTrouble::kGone:
    case EngineTrouble::kBreach:
      break;
  }
  strike(seat, error.message);
  return of_kind(Choice::Kind::kMove);  // no move: the mover loses
}

Choice EnginePlayer::answer(const shogi::Turn& turn) {
  const auto exclusion = [&] {
    return fault("engine " + name() + " is excluded after " + std::to_string(strikes_) +
                 " crashes or hangs; the last one: " + (incidents_.empty() ? std::string() : incidents_.back()));
  };
  if (excluded()) return exclusion();
  Seat& seat = seat_for(turn);
  const bool switched = !seat.taken || seat.game != turn.game;
  seat.taken = true;
  seat.game = turn.game;
  seat.last_use = ++uses_;
  if (switched) seat.start_sfen = start_of(*turn.position);
  if (auto prepared = prepare(seat, switched); !prepared) {
    if (excluded()) return exclusion();
    const bool not_its_guilt = !seat.engine && prepared.error().code != Code::kUsage;  // no process, no scratch space
    if (not_its_guilt) return fault(prepared.error().message);
    const EngineTrouble trouble = seat.engine ? seat.engine->trouble() : EngineTrouble::kGone;
    if (trouble != EngineTrouble::kLate) return judge(seat, trouble, prepared.error());
    strike(seat, prepared.error().message);  // it does not think yet, so that it stops now excuses nothing
    return of_kind(Choice::Kind::kTimeUp);
  }
  GameClock& game_clock = clock_for(turn);
  const double budget_s = static_cast<double>(game_clock.budget_ms() + limits_.margin_ms) * 1e-3;
  auto answered = seat.engine->think({.position = turn.position,
                                      .start_sfen = seat.start_sfen,
                                      .clock = &game_clock,
                                      .longest_s = limits_.is_timed() ? budget_s : spec_.answer_s});
  if (!answered) return judge(seat, seat.engine->trouble(), answered.error());
  if (!game_clock.spend(static_cast<std::int64_t>(answered->seconds * 1e3))) return of_kind(Choice::Kind::kTimeUp);
  return choice_of(*answered);
}

}  // namespace keisei::evaluation
