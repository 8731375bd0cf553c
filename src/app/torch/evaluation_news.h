// What evaluation beside training tells the outlets: results, verdicts, the governor's doings, and its state in every
// update event. The names are the same in every outlet. Pure but for the bus; the session's thread.
#pragma once

#include <cstdint>
#include <vector>

#include "app/evaluation_job.h"
#include "app/torch/run_pool.h"
#include "guard/governor_status.h"
#include "guard/supervisor.h"
#include "telemetry/bus.h"

namespace keisei::app {

/// "evaluation", "evaluation.performance" and "evaluation.sla".
void publish_outcome(telemetry::Bus& bus, const EvaluationOutcome& outcome);

/// "promotion" for the weights that came into the pool and those that stay in it for good.
void publish_promotions(telemetry::Bus& bus, std::int64_t step, const PoolChange& change);

/// "governor.gate" for a gate that shuts or opens again, "governor.<kind>" (debug) for the rest.
void publish_governor(telemetry::Bus& bus, std::int64_t step, const std::vector<guard::GovernorEvent>& events);

/// What waits, what runs, what has been paid for it and what it was found to cost.
void add_evaluation_metrics(telemetry::Event& event, const guard::Snapshot& status,
                            const guard::GovernorStatus& governor, bool enabled);

}  // namespace keisei::app
