// One evaluation from the outside: a request and weights become a job for the supervisor; what comes back becomes
// checked records, a summary and verdicts, and goes into the run database in one transaction. The bytes of a worker are
// untrusted: a record that does not decode, was not planned, or does not replay legally is a fault, never a result.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evaluation/ratings.h"
#include "evaluation/record.h"
#include "evaluation/report.h"
#include "evaluation/request.h"
#include "guard/job.h"
#include "guard/sla.h"
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

/// The request that the configuration describes; kUsage where it cannot be played.
[[nodiscard]] Result<evaluation::Request> request_from(const config::Config& config);

/// `agent` and `opponent` are encoded weights (empty for a player without a network).
[[nodiscard]] Result<guard::Job> make_job(const std::string& kind, const evaluation::Request& request,
                                          const guard::JobLimits& limits, std::span<const std::byte> agent,
                                          std::span<const std::byte> opponent);

[[nodiscard]] EvaluationOutcome conclude(std::int64_t step, const evaluation::Request& request,
                                         const guard::JobReport& report, const guard::Targets& targets);

/// Stores the outcome and the ratings that follow from it together with `history` (games of earlier evaluations, which
/// this call extends). Returns the evaluation's id.
[[nodiscard]] Result<std::int64_t> store_outcome(store::RunDatabase& database, const EvaluationOutcome& outcome,
                                                 std::int64_t utc_ms, std::vector<evaluation::RatedGame>& history);

/// The rated games that a run database holds.
[[nodiscard]] Result<std::vector<evaluation::RatedGame>> rated_history(const store::RunDatabase& database);

}  // namespace keisei::app
