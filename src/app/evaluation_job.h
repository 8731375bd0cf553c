// One evaluation from the outside: a request and weights become a job for the supervisor; what comes back becomes
// checked records, a summary and verdicts, and goes into the run database in one transaction. The bytes of a worker are
// untrusted: a record that does not decode, was not planned, or does not replay legally is a fault, never a result.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/ratings.h"
#include "evaluation/record.h"
#include "evaluation/report.h"
#include "evaluation/request.h"
#include "guard/job.h"
#include "guard/sla.h"
#include "guard/supervisor.h"
#include "store/run_database.h"

namespace keisei::app {

struct EvaluationOutcome {
  std::int64_t step = 0;  ///< of the agent
  evaluation::Request request;
  std::vector<evaluation::GameRecord> games;  ///< one for each game asked
  evaluation::Summary summary;
  guard::JobEnd end = guard::JobEnd::kDone;
  std::string detail;  ///< why it did not end as planned; else empty
  guard::Performance performance;
  std::vector<guard::Verdict> verdicts;

  [[nodiscard]] evaluation::Measured measured() const { return {performance.wall_s, &performance, &verdicts}; }
};

/// The request that the configuration describes, a benchmark's suite read from its file; kUsage where it cannot be
/// played.
[[nodiscard]] Result<evaluation::Request> request_from(const config::Config& config);

/// Encoded weights by their id.
using WeightsById = std::map<std::string, std::vector<std::byte>>;
/// Reads the weights of a checkpoint player: id and bytes.
using ReadWeights =
    std::function<Result<std::pair<std::string, std::vector<std::byte>>>(const evaluation::PlayerSpec& spec)>;

/// Fills in the weights id of every checkpoint that the request names, and reads its weights once.
[[nodiscard]] Result<WeightsById> load_players(evaluation::Request& request, const ReadWeights& read);

/// Kind of a job that starts the engines of its request once and plays nothing.
inline constexpr const char* kEngineCheck = "engine check";
/// Whether every engine that the request names can play, asked in a worker before the first game; ratings then know
/// each by what it says it is: its id is filled in. kUsage says which cannot and why; asks nothing where there is none.
[[nodiscard]] Result<void> check_engines(guard::Supervisor& supervisor, evaluation::Request& request);

/// Gives every engine of the request the id that follows from what it said it is, by the notes of such a job.
void name_engines(evaluation::Request& request, const guard::JobReport& report);

/// The weights go along as sealed memory under their ids, those that the request names only.
[[nodiscard]] Result<guard::Job> make_job(const std::string& kind, const evaluation::Request& request,
                                          const guard::JobLimits& limits, const WeightsById& weights);

/// What became of a job: its records checked, its notes taken over, every game that is missing a fault.
[[nodiscard]] EvaluationOutcome conclude(std::int64_t step, const evaluation::Request& request,
                                         const guard::JobReport& report, const guard::Targets& targets);

/// Stores the outcome and the ratings that follow from it together with `history` (games of earlier evaluations, which
/// this call extends). Returns the evaluation's id.
[[nodiscard]] Result<std::int64_t> store_outcome(store::RunDatabase& database, const EvaluationOutcome& outcome,
                                                 std::int64_t utc_ms, std::vector<evaluation::RatedGame>& history);

/// The rated games that a run database holds.
[[nodiscard]] Result<std::vector<evaluation::RatedGame>> rated_history(const store::RunDatabase& database);

}  // namespace keisei::app
