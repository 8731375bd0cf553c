// What a worker sends is untrusted: bytes that are no frames, frames that are no results, results that are no games.
#include <limits>

#include "app/evaluation_job.h"
#include "app/proof/rig.h"
#include "evaluation/plan.h"

namespace keisei::app::proof {
namespace {

constexpr double kMib = 1024.0 * 1024.0;
constexpr double kMostFromOneJob_mib = 64;

struct Wire {
  const char* name;
  const char* fault;
  const char* words;
  guard::JobEnd end;
  std::size_t kept;
  const char* says;
};

Outcome run_wire(const Wire& w, const Settings& settings) {
  Rig rig(settings);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  const Ran ran = rig.run(actor_job(w.words, 0), kReportBound_s);
  if (!ran.ended) wrong = joined(wrong, "it was not noticed");
  if (ran.report.end != w.end || ran.report.detail.find(w.says) == std::string::npos)
    wrong = joined(wrong, std::string("it was reported as ") + guard::name(ran.report.end) + ": " + ran.report.detail);
  if (ran.ended && ran.report.results.size() != w.kept)
    wrong = joined(
        wrong, std::to_string(ran.report.results.size()) + " results were taken instead of " + std::to_string(w.kept));
  return timed(rig, kReportBound_s, ran.ended ? std::optional(ran.wall_s) : std::nullopt, wrong);
}

Outcome flood(const Settings& settings) {
  constexpr double kBound_s = 20;  // for the bytes to pass
  Rig rig(settings);
  std::string wrong = rig.warm() ? "" : "no worker could be started";
  const Ran ran = rig.run(actor_job("flood", 0), kBound_s);
  if (!ran.ended || ran.report.end != guard::JobEnd::kProtocol)
    wrong = joined(wrong, std::string("it was reported as ") + guard::name(ran.report.end) + ": " + ran.report.detail);
  double kept_mib = 0;
  for (const auto& result : ran.report.results) kept_mib += static_cast<double>(result.size()) / kMib;
  wrong = joined(wrong, rig.aftermath());
  return counted(kMostFromOneJob_mib, kept_mib, wrong);
}

/// The results pass every check of the frame, most are of games that were asked for; none was played by the rules.
Outcome no_records(const Settings& settings) {
  evaluation::Request request;
  request.num_games = 4;
  request.openings.random_plies = 0;
  request.opponent.kind = evaluation::PlayerKind::kRandom;
  const auto plan = evaluation::make_plan(request);
  if (!plan) return counted(0, std::nullopt, plan.error().message);
  const auto claim = [&](std::size_t game, const std::string& move, double value) {
    evaluation::GameRecord record = evaluation::blank_record(*plan, 0, plan->pairings[0].games[game]);
    record.moves = {move};
    record.values = {value};
    record.winner = record.agent_colour == shogi::Color::kBlack ? shogi::Winner::kBlack : shogi::Winner::kWhite;
    record.reason = evaluation::EndReason::kCheckmate;
    record.fault.clear();
    return record;
  };
  evaluation::GameRecord unplanned = claim(3, "7g7f", 0);
  unplanned.game = 4'000'000;
  const std::vector<std::string> lines = {
      "this is no record",
      "{\"schema\":\"keisei.game/1\",\"game\":NaN}",
      evaluation::encode(claim(0, "7g7f", 0)),  // won by checkmate after one move
      evaluation::encode(claim(1, "5e5e", 0)),  // an illegal move
      evaluation::encode(claim(2, "7g7f", std::numeric_limits<double>::quiet_NaN())),
      evaluation::encode(unplanned)};
  std::string words = "echo\n";
  for (const std::string& line : lines) words += line + "\n";

  Rig rig(settings);
  const Ran ran = rig.run(actor_job(words, 0), kReportBound_s);
  std::string wrong = ran.ended ? "" : "it did not end";
  if (ran.report.results.size() != lines.size()) wrong = joined(wrong, "not all results arrived");
  const EvaluationOutcome outcome = conclude(0, request, ran.report, guard::Targets{});
  const auto& total = outcome.summary.total;
  if (total.faults != request.num_games)
    wrong = joined(wrong, std::to_string(total.faults) + " of " + std::to_string(request.num_games) +
                              " games were counted as faults");
  wrong = joined(wrong, rig.aftermath());
  return counted(0, total.wins + total.draws + total.losses, wrong);
}

}  // namespace

std::vector<Case> wire_cases() {
  using guard::JobEnd;
  constexpr const char* kClause = "untrusted results";
  static constexpr Wire kRows[] = {
      {"garbage", "a worker sends bytes that are no frame", "garbage", JobEnd::kProtocol, 1, "wrong magic"},
      {"torn_frame", "a worker ends in the middle of a frame", "torn", JobEnd::kCrashed, 1, "middle of a frame"},
      {"bit_flip", "one bit of a result is flipped", "bit_flip", JobEnd::kProtocol, 1, "checksum"},
      {"huge_result", "a result of 8 MiB, twice the cap", "huge", JobEnd::kProtocol, 1, "are allowed"},
      {"wrong_job", "a result of another job", "wrong_job", JobEnd::kProtocol, 0, "frame of job"},
  };
  std::vector<Case> all;
  for (const Wire& row : kRows) {
    all.push_back({row.name, kClause, row.fault, "s", Cost::kQuick,
                   [&row](const Settings& settings) { return run_wire(row, settings); }});
  }
  all.push_back({"flood", kClause, "a worker sends results without end", "MiB", Cost::kQuick, flood});
  all.push_back({"no_records", kClause, "results that are no records, hold NaN or break the rules", "games counted",
                 Cost::kQuick, no_records});
  return all;
}

}  // namespace keisei::app::proof
