#include "app/evaluation_job.h"

#include <set>

#include "evaluation/plan.h"
#include "guard/sealed.h"

namespace keisei::app {
namespace {

constexpr double kEngineCheckS = 60;  ///< longest for all engines together

std::string colour_name(shogi::Color c) { return c == shogi::Color::kBlack ? "black" : "white"; }

/// The fault that a missing game gets, by how the job ended.
evaluation::EndReason missing_reason(guard::JobEnd end) {
  switch (end) {
    case guard::JobEnd::kTimeout:
      return evaluation::EndReason::kTimeout;
    case guard::JobEnd::kCancelled:
    case guard::JobEnd::kReplaced:
      return evaluation::EndReason::kCancelled;
    default:
      return evaluation::EndReason::kNotPlayed;
  }
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

store::GameRow game_row(const evaluation::GameRecord& game) {
  const bool agent_is_black = game.agent_colour == shogi::Color::kBlack;
  const std::string& agent = game.agent_id.empty() ? game.agent : game.agent_id;
  const std::string& opponent = game.opponent_id.empty() ? game.opponent : game.opponent_id;
  return {.id = 0,
          .evaluation_id = 0,
          .number = static_cast<std::int64_t>(game.game),
          .black = agent_is_black ? agent : opponent,
          .white = agent_is_black ? opponent : agent,
          .agent_colour = colour_name(game.agent_colour),
          .winner = evaluation::is_fault(game.reason) ? "fault" : std::string(shogi::to_string(game.winner)),
          .reason = std::string(evaluation::to_string(game.reason)),
          .plies = game.plies(),
          .seconds = game.seconds,
          .json = evaluation::encode(game)};
}

}  // namespace

Result<evaluation::Request> request_from(const config::Config& config) {
  const config::Evaluation& e = config.evaluation;
  evaluation::Request request;
  request.strategy = e.strategy;
  auto opponent = evaluation::parse_player(e.opponent_type, e.opponent_checkpoint);
  if (!opponent) return tl::make_unexpected(opponent.error());
  request.num_games = e.num_games;
  auto rule = evaluation::parse_declaration_rule(config.env.declaration_rule);
  if (!rule) return tl::make_unexpected(rule.error());
  request.rules = {e.max_moves_per_game, *rule};
  request.temperature = e.temperature;
  request.openings.random_plies = e.randomize_positions ? e.opening_plies : 0;
  request.seed = static_cast<std::uint64_t>(e.random_seed.value_or(config.env.seed));
  request.timeout_per_game_s = e.timeout_per_game;
  request.max_concurrent_games = e.max_concurrent_games;
  auto stop = evaluation::parse_stop_rule(e.stop_when);
  if (!stop) return tl::make_unexpected(stop.error());
  request.stop = *stop;
  if (e.strategy == "single_opponent") {
    request.opponent = *opponent;
  } else if (e.strategy == "benchmark") {
    if (e.suite_path.empty())
      return fail(Code::kUsage, "the strategy benchmark needs a suite: evaluation.suite_path is empty",
                  "name a file of cases, such as configs/suites/basic.jsonl");
    auto suite = evaluation::read_suite(e.suite_path);
    if (!suite) return tl::make_unexpected(suite.error());
    request.suite = std::move(*suite);
  } else {
    auto opponents = evaluation::parse_opponents(e.opponents);
    if (!opponents) return tl::make_unexpected(opponents.error());
    request.opponents = std::move(*opponents);
    if (request.opponents.empty()) request.opponents.push_back({*opponent, ""});
  }
  request.tournament = {e.num_games_per_opponent, e.between_opponents};
  request.ladder.rating_match_range = e.rating_match_range;
  request.ladder.num_opponents_per_evaluation = e.num_opponents_per_evaluation;
  request.ladder.num_games_per_match = e.num_games_per_match;
  request.ladder.elo.k = config.display.elo_k_factor;
  request.ladder.elo.initial = config.display.elo_initial_rating;
  if (e.strategy == "custom") {
    auto plan = evaluation::parse_custom_plan(e.custom_plan);
    if (!plan) return tl::make_unexpected(plan.error());
    auto sequence = evaluation::parse_sequence(e.custom_sequence);
    if (!sequence) return tl::make_unexpected(sequence.error());
    request.custom = {*plan, std::move(*sequence)};
  }
  if (auto valid = evaluation::validate(request); !valid) return tl::make_unexpected(valid.error());
  return request;
}

Result<WeightsById> load_players(evaluation::Request& request, const ReadWeights& read) {
  WeightsById weights;
  std::map<std::string, std::string> ids;  // by spelling: each file is read once
  std::optional<Error> error;
  evaluation::visit_players(request, [&](evaluation::PlayerSpec& spec, std::string& id) {
    if (error || spec.kind != evaluation::PlayerKind::kCheckpoint) return;
    std::string& known = ids[spec.path];
    if (known.empty()) {
      auto loaded = read(spec);
      if (!loaded) {
        error = loaded.error();
        return;
      }
      known = loaded->first;
      weights[known] = std::move(loaded->second);
    }
    id = known;
  });
  if (error) return tl::make_unexpected(*error);
  return weights;
}

void name_engines(evaluation::Request& request, const guard::JobReport& report) {
  std::map<std::string, std::string> names;  // by spelling
  for (const auto& bytes : report.results) {
    const auto note = evaluation::decode_note(as_text(bytes));
    if (note && note->kind == evaluation::PlayerNote::Kind::kName) names[note->player] = note->text;
  }
  evaluation::visit_players(request, [&](const evaluation::PlayerSpec& spec, std::string& id) {
    if (spec.engine) id = evaluation::engine_identity(*spec.engine, names[evaluation::to_string(spec)]);
  });
}

Result<void> check_engines(guard::Supervisor& supervisor, evaluation::Request& request) {
  bool engines = false;
  evaluation::visit_players(request, [&](const evaluation::PlayerSpec& spec, const std::string&) {
    engines = engines || spec.kind == evaluation::PlayerKind::kEngine;
  });
  if (!engines) return {};
  auto job = make_job(kEngineCheck, request, {.timeout_s = kEngineCheckS, .memory_mb = 0, .game_timeout_s = 0}, {});
  if (!job) return tl::make_unexpected(job.error());
  const auto id = supervisor.submit(std::move(*job));
  if (!id) return tl::make_unexpected(id.error());
  (void)supervisor.wait(*id, 2 * kEngineCheckS);
  for (const guard::JobReport& report : supervisor.collect())
    if (report.id == *id && report.end == guard::JobEnd::kDone) {
      name_engines(request, report);
      return {};
    } else if (report.id == *id) {
      return fail(Code::kUsage,
                  "an engine cannot play: " + (report.detail.empty() ? guard::name(report.end) : report.detail),
                  "try the command by hand; it must answer usi with usiok");
    }
  return fail(Code::kUsage, "an engine did not answer in time", "try the command by hand");
}

Result<guard::Job> make_job(const std::string& kind, const evaluation::Request& request, const guard::JobLimits& limits,
                            const WeightsById& weights) {
  guard::Job job;
  job.kind = kind;
  job.limits = limits;
  const std::string text = evaluation::encode(request);
  const auto bytes = std::as_bytes(std::span(text));
  job.request.assign(bytes.begin(), bytes.end());
  evaluation::Request named = request;
  std::set<std::string> ids;
  evaluation::visit_players(named, [&](const evaluation::PlayerSpec&, const std::string& id) { ids.insert(id); });
  for (const auto& [id, data] : weights) {
    if (!ids.contains(id)) continue;
    auto sealed = guard::seal_bytes(id, data);
    if (!sealed) return tl::make_unexpected(sealed.error());
    job.attachments.push_back({id, std::move(*sealed)});
  }
  return job;
}

EvaluationOutcome conclude(std::int64_t step, const evaluation::Request& request, const guard::JobReport& report,
                           const guard::Targets& targets) {
  EvaluationOutcome outcome;
  outcome.step = step;
  outcome.request = request;
  outcome.end = report.end;
  outcome.detail = report.detail;
  outcome.performance = report.performance;
  outcome.verdicts = guard::judge(report.performance, report.end, targets);
  std::vector<evaluation::GameRecord> played;
  std::vector<evaluation::PlayerNote> notes;
  std::string refused;
  for (const auto& bytes : report.results) {
    if (evaluation::is_note(as_text(bytes))) {
      if (const auto note = evaluation::decode_note(as_text(bytes))) evaluation::add_note(notes, *note);
      continue;
    }
    auto record = evaluation::decode_record(as_text(bytes));
    auto legal = record ? evaluation::verify(*record) : Result<void>(tl::make_unexpected(record.error()));
    if (legal)
      played.push_back(std::move(*record));
    else
      refused = "a record of the worker was refused: " + legal.error().message;
  }
  if (outcome.detail.empty()) outcome.detail = refused;
  if (auto plan = evaluation::make_plan(request)) {
    const std::string why = outcome.detail.empty() ? "the worker ended before this game did" : outcome.detail;
    outcome.games = evaluation::account_for_all(*plan, std::move(played), missing_reason(report.end), why);
  }
  outcome.summary = evaluation::summarise(request, outcome.games);
  outcome.summary.notes = std::move(notes);
  return outcome;
}

Result<std::int64_t> store_outcome(store::RunDatabase& database, const EvaluationOutcome& outcome, std::int64_t utc_ms,
                                   std::vector<evaluation::RatedGame>& history) {
  const evaluation::Summary& s = outcome.summary;
  store::EvaluationRow row;
  row.step = outcome.step;
  row.time_ms = utc_ms;
  row.strategy = s.strategy;
  row.agent = s.agent;
  row.opponent = s.opponent;
  row.agent_id = s.agent_id;
  row.opponent_id = s.opponent_id;
  row.protocol = s.protocol;
  row.games = s.total.games();
  row.wins = s.total.wins;
  row.losses = s.total.losses;
  row.draws = s.total.draws;
  row.faults = s.total.faults;
  row.score = evaluation::score(s.total);
  if (const auto interval = evaluation::score_interval(s.total)) {
    row.score_low = interval->low;
    row.score_high = interval->high;
  }
  row.elo = evaluation::elo(s.total);
  const auto elo = evaluation::elo_interval(s.total);
  row.elo_low = elo.low;
  row.elo_high = elo.high;
  row.wall_s = outcome.performance.wall_s;
  row.json = evaluation::to_json(s, outcome.measured());

  std::vector<store::GameRow> games;
  for (const auto& game : outcome.games) games.push_back(game_row(game));
  std::vector<store::SlaRow> sla;
  for (const guard::Verdict& v : outcome.verdicts)
    sla.push_back({0, v.clause, guard::name(v.state), v.value, v.threshold, v.source, utc_ms});

  const auto fresh = evaluation::rated_games(outcome.games);
  history.insert(history.end(), fresh.begin(), fresh.end());
  std::vector<store::RatingRow> ratings;
  auto tables = evaluation::rate(history);
  if (!tables) return tl::make_unexpected(tables.error());
  std::map<std::string, std::string> names;  // of this evaluation's players, by id
  for (const evaluation::RatedGame& game : fresh) {
    names.emplace(game.black, game.black);
    names.emplace(game.white, game.white);
  }
  for (const evaluation::CrossTable::Player& player : s.cross.players)
    if (const auto found = names.find(player.id); found != names.end()) found->second = player.name;
  for (const auto& table : *tables) {
    if (table.protocol != s.protocol) continue;
    for (const auto& rating : table.players) {
      const auto known = names.find(rating.id);
      if (known == names.end()) continue;
      store::RatingRow r;
      r.player = rating.id;
      r.name = known->second;
      r.protocol = table.protocol;
      r.games = rating.games;
      r.elo = rating.elo;
      if (rating.error_elo) {
        r.elo_low = rating.elo - *rating.error_elo;
        r.elo_high = rating.elo + *rating.error_elo;
      }
      ratings.push_back(std::move(r));
    }
  }
  return database.add_evaluation(row, games, ratings, sla);
}

Result<std::vector<evaluation::RatedGame>> rated_history(const store::RunDatabase& database) {
  auto rows = database.games();
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<evaluation::GameRecord> records;
  for (const store::GameRow& row : *rows) {
    auto record = evaluation::decode_record(row.json);
    if (!record)
      return fail(record.error().code,
                  "game " + std::to_string(row.id) + " of the run database: " + record.error().message,
                  record.error().hint);
    records.push_back(std::move(*record));
  }
  return evaluation::rated_games(records);
}

}  // namespace keisei::app
