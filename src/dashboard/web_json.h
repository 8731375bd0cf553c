// A run's pieces as the JSON that the page reads: one function a view. What is not known is null or absent, never 0.
// Texts go out as JSON strings whatever they hold (broken UTF-8 is replaced), the page shows them as text. Records and
// evaluations, which the database keeps as checked JSON, are passed on as they are. Values in, strings out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dashboard/web_run.h"
#include "store/run_index.h"

namespace keisei::dashboard {

/// What `web_runs` lists: a run by the name it has in addresses.
struct NamedRun {
  std::string id;
  store::RunSummary summary;
};

/// keisei.web.runs/1
[[nodiscard]] std::string runs_body(std::span<const NamedRun> runs, std::int64_t now_ms);
/// keisei.web.state/1: status, facts, the newest value of every metric, how many rows each table has. Live streams
/// send this very object.
[[nodiscard]] std::string state_body(const std::string& id, const WebRun& run, std::int64_t now_ms);

struct NamedSeries {
  std::string name;
  std::int64_t rows = 0;  ///< behind the points
  std::vector<SeriesPoint> points;
};
/// keisei.web.series/1: parallel arrays step, time_ms, value for each name.
[[nodiscard]] std::string series_body(std::span<const NamedSeries> series);

/// keisei.web.evaluations/1: the newest kMaxEvaluationsShown, without the whole object of each but its pairs and SPRT.
[[nodiscard]] Result<std::string> evaluations_body(const WebRun& run);
/// keisei.web.ratings/1: after each evaluation, by its id.
[[nodiscard]] Result<std::string> ratings_body(const WebRun& run);
/// keisei.web.safeguards/1: verdicts, the governor's pairs and set points.
[[nodiscard]] Result<std::string> safeguards_body(const WebRun& run);
/// keisei.web.events/1: the newest, oldest first.
[[nodiscard]] std::string events_body(const WebRun& run);
/// keisei.web.samples/1: games of self-play that ended, oldest first, and the newest one that goes on.
[[nodiscard]] std::string samples_body(const WebRun& run);
/// keisei.web.promotions/1: who became an opponent of evaluations, oldest first.
[[nodiscard]] std::string promotions_body(const WebRun& run);
/// keisei.web.checkpoints/1
[[nodiscard]] Result<std::string> checkpoints_body(const WebRun& run);
/// keisei.web.games/1: a page of games with their records.
[[nodiscard]] std::string games_body(std::span<const store::GameRow> games);
/// keisei.web.game/1
[[nodiscard]] std::string game_body(const store::GameRow& game);
/// keisei.web.error/1
[[nodiscard]] std::string error_body(std::string_view message, std::string_view hint = {});

}  // namespace keisei::dashboard
