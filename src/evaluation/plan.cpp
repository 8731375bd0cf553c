#include "evaluation/plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/random.h"
#include "evaluation/schedule.h"
#include "shogi/players.h"

namespace keisei::evaluation {
namespace {

/// The canonical SFEN of a position from which a game can be played.
Result<std::string> checked_start(const std::string& sfen, const std::string& where, const shogi::Rules& rules) {
  const auto position = shogi::Position::from_sfen(sfen);
  if (!position) return fail(Code::kUsage, where + ": " + position.error().message, position.error().hint);
  if (const auto outcome = position->outcome(rules)) {
    return fail(Code::kUsage, where + ": the game is over there by " + std::string(shogi::to_string(outcome->reason)),
                "an opening needs a legal move");
  }
  return position->sfen();
}

/// The openings of one plan by number of pair, the same for every pairing.
class OpeningBook {
 public:
  static Result<OpeningBook> make(const Request& request) {
    OpeningBook book(request);
    for (std::size_t i = 0; i < request.openings.sfens.size(); ++i) {
      auto sfen = checked_start(request.openings.sfens[i], "opening " + std::to_string(i + 1), request.rules);
      if (!sfen) return tl::make_unexpected(sfen.error());
      book.listed_.push_back(*std::move(sfen));
    }
    return book;
  }

  const std::string& at(int pair) {
    const auto index = static_cast<std::size_t>(pair);
    if (!listed_.empty()) return listed_[index % listed_.size()];
    while (drawn_.size() <= index) drawn_.push_back(draw_opening(seed_, drawn_.size(), random_plies_));
    return drawn_[index];
  }

 private:
  explicit OpeningBook(const Request& request) : seed_(request.seed), random_plies_(request.openings.random_plies) {}
  std::uint64_t seed_;
  int random_plies_;
  std::vector<std::string> listed_;
  std::vector<std::string> drawn_;
};

shogi::Color colour_of(int game, SuiteCase::Colour asked) {
  if (asked == SuiteCase::Colour::kBoth) return game % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite;
  return asked == SuiteCase::Colour::kBlack ? shogi::Color::kBlack : shogi::Color::kWhite;
}

/// The games of one case, all from its position; with one colour only no two of them are a colour-swapped pair.
Result<void> add_case(Pairing& pairing, const SuiteCase& entry, int games, std::uint64_t first_game) {
  const auto start = checked_start(entry.sfen, "case \"" + entry.id + "\"", pairing.rules);
  if (!start) return tl::make_unexpected(start.error());
  const bool tsume = entry.kind == SuiteCase::Kind::kTsume;
  if (tsume) {
    pairing.mate_in = entry.mate_in;
    pairing.rules = {.max_moves = entry.mate_in, .declaration = shogi::DeclarationRule::kNone};
  }
  const bool swapped = !tsume && entry.agent_colour == SuiteCase::Colour::kBoth;
  const shogi::Color to_move = shogi::Position::from_sfen(*start)->side();
  for (int i = 0; i < games; ++i) {
    pairing.games.push_back({.game = first_game + static_cast<std::uint64_t>(i),
                             .pair = swapped ? i / 2 : i,
                             .opening_sfen = *start,
                             .agent_colour = tsume ? to_move : colour_of(i, entry.agent_colour)});
  }
  return {};
}

/// Random plies from the start position; nothing when the game ends or the material is out of balance.
std::optional<shogi::Position> try_opening(Random random, int plies) {
  shogi::Position position = shogi::Position::start();
  constexpr shogi::Rules kNoLimit{.max_moves = 0, .declaration = shogi::DeclarationRule::kNone};
  shogi::MoveList moves;
  for (int ply = 0; ply < plies; ++ply) {
    position.legal_moves(moves);
    position.make(moves[random.below(static_cast<std::uint32_t>(moves.size()))]);
    if (position.outcome(kNoLimit)) return std::nullopt;
  }
  const double difference =
      shogi::material(position, shogi::Color::kBlack) - shogi::material(position, shogi::Color::kWhite);
  if (std::abs(difference) > kMaxOpeningImbalance || position.mate_in_one()) return std::nullopt;
  return position;
}

}  // namespace

std::string Pairing::opponent_name() const {
  return mate_in > 0 ? "tsume:" + std::to_string(mate_in) : to_string(opponent);
}

int Plan::games() const {
  std::size_t sum = 0;
  for (const Pairing& pairing : pairings) sum += pairing.games.size();
  return static_cast<int>(sum);
}

Course Plan::course() const {
  Course course{.games = {}, .until_first_loss = until_first_loss, .stop = stop};
  for (const Pairing& pairing : pairings) course.games.push_back(static_cast<int>(pairing.games.size()));
  return course;
}

std::string draw_opening(std::uint64_t seed, std::uint64_t index, int plies) {
  for (std::uint64_t attempt = 0; attempt < static_cast<std::uint64_t>(kMaxOpeningDraws); ++attempt) {
    if (const auto position = try_opening(Random(seed, Purpose::kOpening, index, attempt), plies)) {
      return position->sfen();
    }
  }
  return shogi::Position::start().sfen();
}

Result<Plan> make_plan(const Request& request) {
  if (auto good = validate(request); !good) return tl::make_unexpected(good.error());
  auto book = OpeningBook::make(request);
  if (!book) return tl::make_unexpected(book.error());
  const Schedule schedule = make_schedule(request);
  Plan plan;
  plan.seed = request.seed;
  plan.rules = request.rules;
  plan.protocol = protocol_hash(request);
  plan.until_first_loss = schedule.until_first_loss;
  plan.stop = request.stop;
  std::uint64_t next_game = 0;
  for (const ScheduledPairing& scheduled : schedule.pairings) {
    const Opponent& first = schedule.players[static_cast<std::size_t>(scheduled.first)];
    Pairing pairing;
    pairing.agent = first.spec;
    pairing.agent_id = first.id;
    pairing.rules = request.rules;
    if (scheduled.second != kNoPlayer) {
      const Opponent& second = schedule.players[static_cast<std::size_t>(scheduled.second)];
      pairing.opponent = second.spec;
      pairing.opponent_id = second.id;
    }
    if (scheduled.case_number >= 0) {
      const SuiteCase& entry = request.suite[static_cast<std::size_t>(scheduled.case_number)];
      if (auto added = add_case(pairing, entry, scheduled.games, next_game); !added) {
        return tl::make_unexpected(added.error());
      }
    } else {
      for (int i = 0; i < scheduled.games; ++i) {
        pairing.games.push_back({.game = next_game + static_cast<std::uint64_t>(i),
                                 .pair = i / 2,
                                 .opening_sfen = book->at(i / 2),
                                 .agent_colour = colour_of(i, SuiteCase::Colour::kBoth)});
      }
    }
    next_game += pairing.games.size();
    plan.pairings.push_back(std::move(pairing));
  }
  return plan;
}

GameRecord blank_record(const Plan& plan, std::size_t pairing, const PlannedGame& game) {
  const Pairing& players = plan.pairings[pairing];
  GameRecord record;
  record.game = game.game;
  record.seed = plan.seed;
  record.pairing = static_cast<int>(pairing);
  record.pair = game.pair;
  record.opening_sfen = game.opening_sfen;
  record.agent_colour = game.agent_colour;
  record.fault = "not played";
  record.agent = to_string(players.agent);
  record.opponent = players.opponent_name();
  record.agent_id = players.agent_id;
  record.opponent_id = players.opponent_id;
  record.protocol = plan.protocol;
  record.rules = players.rules;
  return record;
}

bool is_planned(const Plan& plan, const GameRecord& record) {
  const auto pairing = static_cast<std::size_t>(record.pairing);
  if (record.pairing < 0 || pairing >= plan.pairings.size()) return false;
  const std::vector<PlannedGame>& games = plan.pairings[pairing].games;
  if (games.empty() || record.game < games.front().game || record.game - games.front().game >= games.size())
    return false;
  const GameRecord planned = blank_record(plan, pairing, games[record.game - games.front().game]);
  return record.game == planned.game && record.seed == planned.seed && record.pair == planned.pair &&
         record.opening_sfen == planned.opening_sfen && record.agent_colour == planned.agent_colour &&
         record.agent == planned.agent && record.opponent == planned.opponent && record.agent_id == planned.agent_id &&
         record.opponent_id == planned.opponent_id && record.protocol == planned.protocol &&
         record.rules.max_moves == planned.rules.max_moves && record.rules.declaration == planned.rules.declaration;
}

std::vector<GameRecord> account_for_all(const Plan& plan, std::vector<GameRecord> played, EndReason reason,
                                        const std::string& fault) {
  std::map<std::uint64_t, GameRecord*> by_game;
  for (GameRecord& record : played) {
    if (is_planned(plan, record)) by_game.emplace(record.game, &record);
  }
  std::map<std::uint64_t, GameRecord> missing;
  Conductor conductor(plan.course());
  std::vector<DueGame> due;
  for (auto more = conductor.next(kMaxGames); !more.empty(); more = conductor.next(kMaxGames)) {
    for (const DueGame& game : more) {
      const PlannedGame& planned = plan.pairings[game.pairing].games[game.index];
      due.push_back(game);
      const auto found = by_game.find(planned.game);
      conductor.finish(game, found != by_game.end() ? found->second->result() : GameResult::kFault);
      if (found != by_game.end()) continue;
      GameRecord record = blank_record(plan, game.pairing, planned);
      record.reason = is_fault(reason) ? reason : EndReason::kNotPlayed;
      if (!fault.empty()) record.fault = fault.substr(0, kMaxFaultBytes);
      missing.emplace(planned.game, std::move(record));
    }
  }
  std::vector<GameRecord> all;
  for (const DueGame& game : due) {
    if (!conductor.counts(game)) continue;
    const std::uint64_t number = plan.pairings[game.pairing].games[game.index].game;
    const auto found = by_game.find(number);
    all.push_back(std::move(found != by_game.end() ? *found->second : missing.at(number)));
  }
  return all;
}

}  // namespace keisei::evaluation
