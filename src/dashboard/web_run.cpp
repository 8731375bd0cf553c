#include "dashboard/web_run.h"

#include <sys/stat.h>

#include <chrono>
#include <string_view>
#include <utility>

namespace keisei::dashboard {
namespace {

/// 0 when the file is not there.
std::uint64_t inode_of(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

bool is_pair(std::string_view kind) {
  return kind == "governor.pair" || kind == "governor.pair_dropped" || kind == "governor.set_point";
}

/// Their figures are rows of evaluations, games and verdicts, or of metrics.
bool is_in_tables(std::string_view kind) {
  return kind == "evaluation" || kind == "evaluation.performance" || kind == "evaluation.sla";
}

/// Of the JSON of a game.sample: a game that goes on has no reason.
bool has_ended(const std::string& json) { return json.find("\"reason\":") != json.npos; }

void keep(std::deque<store::EventRow>& rows, std::size_t most, store::EventRow row) {
  rows.push_back(std::move(row));
  if (rows.size() > most) rows.pop_front();
}

bool differs(const store::RunSummary& a, const store::RunSummary& b) {
  return a.status != b.status || a.pid != b.pid || a.step != b.step || a.checkpoints != b.checkpoints ||
         a.finished_ms != b.finished_ms;
}

}  // namespace

WebRun::WebRun(store::RunPaths paths, const Clock& clock) : paths_(std::move(paths)), clock_(clock) {
  summary_.paths = paths_;
  summary_.status = "unknown";
}

const Series* WebRun::series(const std::string& name) const {
  const auto found = series_.find(name);
  return found == series_.end() ? nullptr : &found->second;
}

void WebRun::close(std::string why) {
  if (why != trouble_) ++version_;
  reader_.reset();
  database_.reset();
  trouble_ = std::move(why);
  inode_ = 0;
  data_version_ = -1;
  metrics_read_ = 0;
  events_read_ = 0;
  newest_ = {};
  caught_up_ = true;
  latest_.clear();
  series_.clear();
  events_.clear();
  pairs_.clear();
  samples_.clear();
  running_sample_.reset();
  promotions_.clear();
}

void WebRun::open() {
  const std::uint64_t inode = inode_of(paths_.database());
  if (inode == 0) return close("the run has no database yet");
  auto database = store::RunDatabase::open(paths_.database(), store::RunDatabase::Mode::kRead);
  if (!database) return close(database.error().message);
  auto reader = store::RunReader::open(paths_.database());
  if (!reader) return close(reader.error().message);
  database_.emplace(std::move(*database));
  reader_.emplace(std::move(*reader));
  inode_ = inode;
  trouble_.clear();
  caught_up_ = false;
  ++version_;
}

void WebRun::look_at_status() {
  const std::int64_t now = clock_.monotonic_ns();
  const std::int64_t every = std::chrono::nanoseconds(kStatusInterval).count();
  if (looked_ns_ >= 0 && now - looked_ns_ < every) return;
  looked_ns_ = now;
  store::RunSummary fresh = store::summarise_run(paths_.root);
  if (differs(fresh, summary_)) ++version_;
  summary_ = std::move(fresh);
  if (inode_ == 0 || inode_of(paths_.database()) != inode_) {
    if (inode_ != 0) close("the database was replaced");
    open();
  }
}

bool WebRun::advance() {
  look_at_status();
  if (!reader_) return false;
  const auto more = read_slice();
  if (more) return *more;
  close(more.error().message);
  return false;
}

Result<bool> WebRun::read_slice() {
  const auto version = reader_->data_version();
  if (!version) return tl::make_unexpected(version.error());
  if (*version == data_version_ && caught_up_) return false;
  data_version_ = *version;
  auto metrics = reader_->metrics_after(metrics_read_, kRowsPerSlice);
  if (!metrics) return tl::make_unexpected(metrics.error());
  auto events = reader_->events_after(events_read_, kRowsPerSlice);
  if (!events) return tl::make_unexpected(events.error());
  const auto newest = reader_->newest();
  if (!newest) return tl::make_unexpected(newest.error());
  auto meta = database_->meta();
  if (!meta) return tl::make_unexpected(meta.error());

  const bool grew = !metrics->empty() || !events->empty() || *newest != newest_ || *meta != meta_;
  for (const store::NumberedMetric& row : *metrics) take(row);
  if (!metrics->empty()) metrics_read_ = metrics->back().id;
  if (!events->empty()) events_read_ = events->back().id;
  for (store::EventRow& row : *events) take(std::move(row));
  newest_ = *newest;
  meta_ = std::move(*meta);
  caught_up_ = metrics_read_ >= newest_.metrics && events_read_ >= newest_.events;
  if (grew && caught_up_) ++version_;
  return !caught_up_;
}

void WebRun::take(const store::NumberedMetric& row) {
  const store::Metric& metric = row.metric;
  const auto known = latest_.find(metric.name);
  if (known == latest_.end()) {
    if (latest_.size() >= kMaxServedSeries) return;
    latest_.emplace(metric.name, metric);
  } else {
    known->second = metric;
  }
  series_[metric.name].add({metric.step, metric.time_ms, metric.value});
}

void WebRun::take(store::EventRow row) {
  if (is_in_tables(row.kind)) return;
  // What comes by the second would push out of the events what somebody should read.
  if (row.kind == "game.sample") {
    if (has_ended(row.json)) return keep(samples_, kMaxSamplesKept, std::move(row));
    running_sample_ = std::move(row);
  } else if (row.kind == "promotion") {
    keep(promotions_, kMaxPromotionsKept, std::move(row));
  } else if (is_pair(row.kind)) {
    keep(pairs_, kMaxPairsKept, std::move(row));
  } else {
    keep(events_, kMaxEventsKept, std::move(row));
  }
}

}  // namespace keisei::dashboard
