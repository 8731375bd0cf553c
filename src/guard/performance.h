// What one evaluation cost, as measured from outside by the supervisor. Every figure may be unknown (nullopt): a figure
// that was not measured is never a zero. Plain values. Units are in the names; MB are 10^6 bytes.
#pragma once

#include <optional>
#include <string>

namespace keisei::guard {

struct Performance {
  std::optional<double> latency_ms;               ///< admission (permit) to the first result
  std::optional<double> first_result_cpu_s;       ///< of worker_cpu_s, up to the first result
  std::optional<double> queued_s;                 ///< submission to admission
  std::optional<double> wall_s;                   ///< admission to the end
  std::optional<double> worker_cpu_s;             ///< processor time of the worker spent on this job
  std::optional<double> memory_peak_mb;           ///< peak of the summed PSS of all evaluation processes
  std::string memory_source;                      ///< where memory_peak_mb came from
  std::optional<double> rss_peak_mb;              ///< peak resident set of this worker and its children
  std::optional<double> cpu_utilization_percent;  ///< worker_cpu_s / (wall_s x cores) x 100
  std::optional<double> gpu_utilization_percent;  ///< busiest device, mean over the job; unknown without NVML
  std::string gpu_source;                         ///< where it came from; "unknown: …" when there is no value
  std::optional<double> training_impact_percent;  ///< unknown until measured by experiment
  std::optional<double> concurrent_evaluations;   ///< most permits out at once while this job ran
  std::optional<double> concurrency_limit;        ///< greatest limit while it ran, where that changed; else unknown
  std::optional<double> workers_spawned;          ///< processes this program has ever started, when the job ended
  std::optional<double> permits_given;            ///< by the gate, ever, when the job ended
};

}  // namespace keisei::guard
