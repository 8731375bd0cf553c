#include "telemetry/database_outlet.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "telemetry/json_log.h"
#include "telemetry/level.h"

namespace keisei::telemetry {
namespace {

/// Drops the oldest rows beyond the bound; returns how many.
template <class Row>
std::size_t trim(std::vector<Row>& rows) {
  if (rows.size() <= kMaxPendingRows) return 0;
  const std::size_t excess = rows.size() - kMaxPendingRows;
  rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(excess));
  return excess;
}

}  // namespace

DatabaseOutlet::DatabaseOutlet(std::shared_ptr<store::RunDatabase> database) : database_(std::move(database)) {}

DatabaseOutlet::~DatabaseOutlet() {
  try {
    commit();
  } catch (const std::exception&) {  // a destructor has nobody to tell
  }
}

void DatabaseOutlet::write(const Event& event) {
  if (level_of(event) == Level::kDebug) return;  // one a second for as long as a run lasts
  const std::size_t before = metrics_.size() + events_.size();
  if (before == 0) oldest_ = std::chrono::steady_clock::now();
  for (const auto& [name, value] : event.metrics) {
    metrics_.push_back({.step = event.step, .time_ms = event.utc_ms, .name = name, .value = value});
  }
  if (event.kind != "update") {
    events_.push_back(
        {.id = 0, .step = event.step, .time_ms = event.utc_ms, .kind = event.kind, .json = json_line(event)});
  }
  bound_pending();
  // Only when the batch becomes full: beyond, the database is refusing, and tick() tries again, not every event.
  if (before < kMaxBatchRows && metrics_.size() + events_.size() >= kMaxBatchRows) commit();
}

void DatabaseOutlet::flush() { commit(); }

void DatabaseOutlet::tick() {
  if (metrics_.empty() && events_.empty()) return;
  if (std::chrono::steady_clock::now() - oldest_ >= kMaxBatchDelay) commit();
}

void DatabaseOutlet::commit() {
  oldest_ = std::chrono::steady_clock::now();
  // Two transactions: rows already stored must not be stored again when the second one fails.
  if (!metrics_.empty()) {
    if (const auto done = database_->add_metrics(metrics_); !done) throw std::runtime_error(done.error().message);
    metrics_.clear();
  }
  if (!events_.empty()) {
    if (const auto done = database_->add_events(events_); !done) throw std::runtime_error(done.error().message);
    events_.clear();
  }
}

void DatabaseOutlet::bound_pending() {
  const std::size_t lost = trim(metrics_) + trim(events_);
  if (lost == 0) return;
  rows_lost_ += lost;
  throw std::runtime_error("the run database refuses rows; given up so far: " + std::to_string(rows_lost_));
}

}  // namespace keisei::telemetry
