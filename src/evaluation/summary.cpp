#include <map>
#include <string>
#include <utility>

#include "evaluation/conductor.h"
#include "evaluation/report.h"
#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

/// A request that cannot be played has no pairings, but still a summary of nothing.
Schedule schedule_of(const Request& request) {
  if (validate(request)) return make_schedule(request);
  Schedule schedule;
  schedule.players.push_back({request.agent, player_id(request.agent, request.agent_id)});
  schedule.players.push_back({request.opponent, player_id(request.opponent, request.opponent_id)});
  return schedule;
}

/// Goes through the results as the loop did: how many games of each pairing count, and where a loss or a rule ended it.
Conductor replay(const Schedule& schedule, const Request& request, std::span<const GameRecord> games) {
  std::map<std::uint64_t, GameResult> results;
  for (const GameRecord& game : games) results.emplace(game.game, game.result());
  Course course{.games = {}, .until_first_loss = schedule.until_first_loss, .stop = request.stop};
  std::vector<std::uint64_t> first_game;
  std::uint64_t next_game = 0;
  for (const ScheduledPairing& pairing : schedule.pairings) {
    course.games.push_back(pairing.games);
    first_game.push_back(next_game);
    next_game += static_cast<std::uint64_t>(pairing.games);
  }
  Conductor conductor(std::move(course));
  for (auto due = conductor.next(kMaxGames); !due.empty(); due = conductor.next(kMaxGames)) {
    for (const DueGame& game : due) {
      const auto found = results.find(first_game[game.pairing] + game.index);
      conductor.finish(game, found != results.end() ? found->second : GameResult::kFault);
    }
  }
  return conductor;
}

/// Whether the agent mated by checks alone.
bool is_solved(const GameRecord& game) {
  if (game.reason != EndReason::kCheckmate || game.result() != GameResult::kWin) return false;
  auto position = shogi::Position::from_sfen(game.opening_sfen);
  if (!position) return false;
  for (const std::string& usi : game.moves) {
    const auto move = shogi::parse_usi(usi);
    if (!move || !position->is_legal(*move)) return false;
    if (position->side() == game.agent_colour && !position->gives_check(*move)) return false;
    position->make(*move);
  }
  return true;
}

void add_game(Tally& total, Tally& black, Tally& white, const GameRecord& game) {
  total.add(game.result());
  (game.agent_colour == shogi::Color::kBlack ? black : white).add(game.result());
}

std::vector<PairingSummary> summarise_pairings(const Request& request, const Schedule& schedule,
                                               const Conductor& conductor, std::span<const GameRecord> games) {
  std::vector<PairingSummary> pairings;
  for (std::size_t i = 0; i < schedule.pairings.size(); ++i) {
    const ScheduledPairing& scheduled = schedule.pairings[i];
    const Opponent& first = schedule.players[static_cast<std::size_t>(scheduled.first)];
    PairingSummary pairing;
    pairing.first = to_string(first.spec);
    pairing.first_id = first.id;
    pairing.of_agent = scheduled.first == 0;
    if (scheduled.second == kNoPlayer) {
      pairing.second =
          "tsume:" + std::to_string(request.suite[static_cast<std::size_t>(scheduled.case_number)].mate_in);
    } else {
      const Opponent& second = schedule.players[static_cast<std::size_t>(scheduled.second)];
      pairing.second = to_string(second.spec);
      pairing.second_id = second.id;
    }
    pairing.games_asked = conductor.games(i);
    pairing.stop = conductor.stop_state(i);
    pairings.push_back(std::move(pairing));
  }
  for (const GameRecord& game : games) {
    if (static_cast<std::size_t>(game.pairing) >= pairings.size()) continue;
    PairingSummary& pairing = pairings[static_cast<std::size_t>(game.pairing)];
    add_game(pairing.total, pairing.as_black, pairing.as_white, game);
  }
  for (const auto& [place, counts] : pair_counts_by_pairing(games)) {
    if (static_cast<std::size_t>(place) < pairings.size()) pairings[static_cast<std::size_t>(place)].pairs = counts;
  }
  return pairings;
}

CrossTable cross_of(const Schedule& schedule, std::span<const PairingSummary> pairings) {
  CrossTable table;
  std::vector<std::size_t> row_of;
  std::map<std::string, std::size_t> known;
  for (const Opponent& player : schedule.players) {
    const auto [place, added] = known.emplace(rating_key(player), table.players.size());
    if (added) table.players.push_back({to_string(player.spec), player.id});
    row_of.push_back(place->second);
  }
  const std::size_t n = table.players.size();
  table.cells.resize(n * n);
  for (std::size_t i = 0; i < pairings.size(); ++i) {
    const ScheduledPairing& scheduled = schedule.pairings[i];
    if (scheduled.second == kNoPlayer) continue;
    const std::size_t row = row_of[static_cast<std::size_t>(scheduled.first)];
    const std::size_t column = row_of[static_cast<std::size_t>(scheduled.second)];
    if (row == column) continue;
    const Tally& t = pairings[i].total;
    table.cells[row * n + column] += t;
    table.cells[column * n + row] += {.wins = t.losses, .losses = t.wins, .draws = t.draws, .faults = t.faults};
  }
  return table;
}

std::vector<CaseSummary> cases_of(const Request& request, std::span<const PairingSummary> pairings,
                                  std::span<const GameRecord> games) {
  std::vector<CaseSummary> cases;
  for (std::size_t i = 0; i < request.suite.size() && i < pairings.size(); ++i) {
    const SuiteCase& entry = request.suite[i];
    const bool tsume = entry.kind == SuiteCase::Kind::kTsume;
    CaseSummary found;
    found.id = entry.id;
    found.kind = tsume ? "tsume" : "game";
    found.opponent = pairings[i].second;
    found.mate_in = entry.mate_in;
    found.pass_score = entry.pass_score;
    found.games_asked = pairings[i].games_asked;
    found.total = pairings[i].total;
    found.passed = !tsume && found.total.valid() == found.games_asked && score(found.total) >= entry.pass_score;
    cases.push_back(std::move(found));
  }
  for (const GameRecord& game : games) {
    const auto place = static_cast<std::size_t>(game.pairing);
    if (place < cases.size() && cases[place].kind == "tsume") cases[place].passed = is_solved(game);
  }
  return cases;
}

EliminationSummary elimination_of(const Schedule& schedule, const Conductor& conductor,
                                  std::span<const PairingSummary> pairings) {
  EliminationSummary found;
  for (const PairingSummary& pairing : pairings) {
    found.passed += pairing.total.losses == 0 && pairing.total.valid() > 0 ? 1 : 0;
  }
  if (const auto lost = conductor.lost()) {
    found.lost_pairing = static_cast<int>(lost->pairing);
    std::uint64_t game = lost->index;
    for (std::size_t i = 0; i < lost->pairing; ++i) game += static_cast<std::uint64_t>(schedule.pairings[i].games);
    found.lost_game = game;
  }
  return found;
}

LadderSummary ladder_of(const Request& request, const Schedule& schedule, std::span<const GameRecord> games) {
  const std::string agent = rating_key(schedule.players[0]);
  SequentialElo elo = request.ladder.elo;
  LadderSummary found;
  found.before = elo.rating(agent);
  elo.apply(games);
  found.after = elo.rating(agent);
  found.choices = schedule.ladder;
  found.ratings = std::move(elo.ratings);
  return found;
}

/// What is said of the agent's games, of whatever pairing.
void add_agent_games(Summary& summary, std::span<const GameRecord> games) {
  std::vector<int> plies;
  std::vector<GameResult> results;
  for (const GameRecord& game : games) {
    summary.game_seconds += game.seconds;
    const GameResult result = game.result();
    if (result == GameResult::kFault) ++summary.faults_by_text[game.fault];
    const auto place = static_cast<std::size_t>(game.pairing);
    if (place < summary.pairings.size() && !summary.pairings[place].of_agent) continue;
    const std::string reason(to_string(game.reason));
    add_game(summary.total, summary.as_black, summary.as_white, game);
    ++summary.end_reasons[reason];
    summary.by_end_reason[reason].add(result);
    const bool black = game.agent_colour == shogi::Color::kBlack;
    (black ? summary.ends_as_black : summary.ends_as_white)[reason].add(result);
    if (result == GameResult::kFault) continue;
    plies.push_back(game.plies());
    results.push_back(result);
  }
  summary.plies = lengths(plies);
  summary.streaks = streaks(results);
}

}  // namespace

Tally CrossTable::total(std::size_t row) const {
  Tally sum;
  for (std::size_t column = 0; column < players.size(); ++column) sum += at(row, column);
  return sum;
}

Summary summarise(const Request& request, std::span<const GameRecord> games) {
  const Schedule schedule = schedule_of(request);
  const Conductor conductor = replay(schedule, request, games);
  Summary summary;
  summary.strategy = request.strategy;
  if (request.strategy == "custom") summary.plan = to_string(request.custom.plan);
  summary.agent = to_string(request.agent);
  summary.agent_id = schedule.players[0].id;
  const std::size_t opponents = schedule.players.size() - 1;
  if (opponents == 1) {
    summary.opponent = to_string(schedule.players[1].spec);
    summary.opponent_id = schedule.players[1].id;
  } else {
    summary.opponent = opponents == 0 ? std::to_string(request.suite.size()) + " tsume problems"
                                      : std::to_string(opponents) + " opponents";
  }
  summary.protocol = protocol_hash(request);
  summary.stop_when = to_string(request.stop);
  summary.seed = request.seed;
  summary.pairings = summarise_pairings(request, schedule, conductor, games);
  add_agent_games(summary, games);
  int asked = 0;
  int played = 0;
  for (const PairingSummary& pairing : summary.pairings) {
    asked += pairing.games_asked;
    played += pairing.total.valid();
    if (!pairing.of_agent) continue;
    summary.games_asked += pairing.games_asked;
    for (std::size_t i = 0; i < pairing.pairs.size(); ++i) summary.pairs[i] += pairing.pairs[i];
  }
  summary.cross = cross_of(schedule, summary.pairings);
  summary.cases = cases_of(request, summary.pairings, games);
  if (schedule.until_first_loss) summary.elimination = elimination_of(schedule, conductor, summary.pairings);
  if (request.strategy == "ladder") summary.ladder = ladder_of(request, schedule, games);
  summary.status = summary.total.valid() == 0 ? "no games" : played < asked ? "incomplete" : "ok";
  return summary;
}

}  // namespace keisei::evaluation
