#include "app/evaluation_job.h"

#include "evaluation/plan.h"
#include "guard/sealed.h"

namespace keisei::app {
namespace {

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
  request.opponent = *opponent;
  request.num_games = e.num_games;
  auto rule = evaluation::parse_declaration_rule(config.env.declaration_rule);
  if (!rule) return tl::make_unexpected(rule.error());
  request.rules = {e.max_moves_per_game, *rule};
  request.temperature = e.temperature;
  request.openings.random_plies = e.randomize_positions ? e.opening_plies : 0;
  request.seed = static_cast<std::uint64_t>(e.random_seed.value_or(config.env.seed));
  request.timeout_per_game_s = e.timeout_per_game;
  request.max_concurrent_games = e.max_concurrent_games;
  if (auto valid = evaluation::validate(request); !valid) return tl::make_unexpected(valid.error());
  return request;
}

Result<guard::Job> make_job(const std::string& kind, const evaluation::Request& request, const guard::JobLimits& limits,
                            std::span<const std::byte> agent, std::span<const std::byte> opponent) {
  guard::Job job;
  job.kind = kind;
  job.limits = limits;
  const std::string text = evaluation::encode(request);
  const auto bytes = std::as_bytes(std::span(text));
  job.request.assign(bytes.begin(), bytes.end());
  for (const auto& [name, weights] : {std::pair{"agent", agent}, std::pair{"opponent", opponent}}) {
    if (weights.empty()) continue;
    auto sealed = guard::seal_bytes(name, weights);
    if (!sealed) return tl::make_unexpected(sealed.error());
    job.attachments.push_back({name, std::move(*sealed)});
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
  std::string refused;
  for (const auto& bytes : report.results) {
    auto record = evaluation::decode_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
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
  for (const auto& table : *tables) {
    if (table.protocol != s.protocol) continue;
    for (const auto& rating : table.players) {
      if (rating.id != s.agent_id && rating.id != s.opponent_id) continue;
      store::RatingRow r;
      r.player = rating.id;
      r.name = rating.id == s.agent_id ? s.agent : s.opponent;
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
