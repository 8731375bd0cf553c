#include "dashboard/web_api.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/file.h"
#include "dashboard/web_status.h"

namespace keisei::dashboard {
namespace {

WebAnswer at_once(WebResponse response) {
  return [response = std::move(response)] { return std::optional(response); };
}

WebResponse error_response(unsigned status, std::string_view message, std::string_view hint = {}) {
  return json_response(status, error_body(message, hint));
}

WebResponse error_response(const Error& error) {
  const unsigned status = error.code == Code::kUsage     ? kBadRequest
                          : error.code == Code::kBadData ? kUnprocessable
                                                         : kUnavailable;
  return error_response(status, error.message, error.hint);
}

WebAnswer nothing_there(std::string_view what) { return at_once(error_response(kNotFound, what)); }

/// Reads one metric between two steps, a slice a call. Null rows (not measured) are passed over.
class Stretch {
 public:
  Stretch(std::string name, std::int64_t from, std::int64_t to) : name_(std::move(name)), step_(from - 1), to_(to) {}

  /// True when all is read.
  Result<bool> read(const store::RunReader& reader) {
    auto rows = reader.metric_after(name_, step_, id_, to_, kRowsPerSlice);
    if (!rows) return tl::make_unexpected(rows.error());
    for (const store::NumberedMetric& row : *rows) {
      series_.add({row.metric.step, row.metric.time_ms, row.metric.value});
    }
    if (std::ssize(*rows) < kRowsPerSlice) return true;
    step_ = rows->back().metric.step;
    id_ = rows->back().id;
    return false;
  }
  [[nodiscard]] NamedSeries result() const { return {name_, series_.rows(), series_.points()}; }

 private:
  std::string name_;
  std::int64_t step_;
  std::int64_t id_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t to_;
  Series series_;
};

std::vector<std::string> names_of(const Target& target) {
  std::vector<std::string> names;
  for (const auto& [key, value] : target.query) {
    if (key == "name" && names.size() < kMaxNamesAsked) names.push_back(value);
  }
  return names;
}

WebAnswer file_as_it_is(const std::filesystem::path& path, std::size_t most_bytes, const char* type,
                        const char* missing) {
  auto text = read_text(path, most_bytes);
  if (!text) return at_once(error_response(kNotFound, missing));
  WebResponse response;
  response.type = type;
  response.body = std::make_shared<const std::string>(std::move(*text));
  return at_once(std::move(response));
}

}  // namespace

WebResponse json_response(unsigned status, std::string body) {
  WebResponse response;
  response.status = status;
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

WebApi::WebApi(WebSource source, RecordWriter writer, const Clock& clock)
    : source_(std::move(source)), writer_(std::move(writer)), clock_(clock) {}

const std::vector<NamedRun>& WebApi::runs() {
  const std::int64_t now = clock_.monotonic_ns();
  if (listed_ns_ >= 0 && now - listed_ns_ < std::chrono::nanoseconds(kRunListAge).count()) return runs_;
  listed_ns_ = now;
  runs_.clear();
  std::vector<store::RunSummary> found;
  if (source_.roots.empty()) {
    if (auto listed = store::list_runs(source_.savedir)) found = std::move(*listed);
  } else {
    for (const auto& root : source_.roots) found.push_back(store::summarise_run(root));
    std::stable_sort(found.begin(), found.end(), [](const store::RunSummary& a, const store::RunSummary& b) {
      return a.started_ms.value_or(0) > b.started_ms.value_or(0);
    });
  }
  std::set<std::string> taken;
  for (store::RunSummary& run : found) {
    std::string id = run.paths.name();
    while (!taken.insert(id).second) id += '~';  // two folders of one name, asked for by path
    runs_.push_back({std::move(id), std::move(run)});
  }
  return runs_;
}

std::shared_ptr<WebRun> WebApi::open(const std::string& id) {
  const std::vector<NamedRun>& known = runs();
  const bool newest = id.empty() || id == "latest";
  const auto named =
      newest ? known.begin() : std::find_if(known.begin(), known.end(), [&](const NamedRun& r) { return r.id == id; });
  if (named == known.end()) return nullptr;
  const auto held =
      std::find_if(open_.begin(), open_.end(), [&](const auto& entry) { return entry.first == named->id; });
  if (held != open_.end()) {
    open_.splice(open_.begin(), open_, held);
  } else {
    open_.emplace_front(named->id, std::make_shared<WebRun>(named->summary.paths, clock_));
    // Streams and answers that still use a closed one keep it alive for as long.
    if (open_.size() > kMaxOpenRuns) open_.pop_back();
  }
  return open_.front().second;
}

std::string WebApi::id_of(const WebRun& run) const {
  for (const auto& [id, held] : open_) {
    if (held.get() == &run) return id;
  }
  return run.paths().name();
}

std::string WebApi::state_of(const WebRun& run) const { return state_body(id_of(run), run, clock_.utc_ms()); }

WebAnswer WebApi::answer(const Target& target) {
  const auto& path = target.path;
  if (path.size() == 1) return metrics(target.get("run").value_or(""));
  if (path.size() == 2 && path[1] == "runs") return at_once(json_response(200, runs_body(runs(), clock_.utc_ms())));
  if (path.size() >= 4 && path[1] == "runs") return of_run(target);
  return nothing_there("there is nothing under this address");
}

/// Answers when the run has been read up to now.
WebAnswer WebApi::page(std::shared_ptr<WebRun> run, Page body) const {
  return [run = std::move(run), body = std::move(body)]() -> std::optional<WebResponse> {
    if (run->advance()) return std::nullopt;
    auto text = body(*run);
    return text ? json_response(200, std::move(*text)) : error_response(text.error());
  };
}

/// What the run wrote last for Prometheus, as it stands.
WebAnswer WebApi::metrics(const std::string& id) {
  const std::shared_ptr<WebRun> run = open(id);
  if (!run) return nothing_there("no such run is served here");
  return file_as_it_is(run->paths().metrics(), kMaxMetricsBytes, "text/plain; version=0.0.4; charset=utf-8",
                       "this run has written no metrics.prom");
}

WebAnswer WebApi::of_run(const Target& target) {
  const auto& path = target.path;
  std::shared_ptr<WebRun> run = open(path[2]);
  if (!run) return nothing_there("no such run is served here");
  const std::string& what = path[3];
  if (what == "games" && path.size() >= 5) return game(std::move(run), target);
  if (what == "evaluations" && path.size() == 5) {
    Target copy = target;
    copy.query = {{"id", path[4]}};
    const auto id = copy.number("id");
    if (!id) return nothing_there("no such evaluation");
    return page(std::move(run), [id = *id](const WebRun& r) -> Result<std::string> {
      if (r.reader() == nullptr) return fail(Code::kBadData, r.trouble());
      auto text = r.reader()->evaluation_json(id);
      if (text && text->empty()) return fail(Code::kBadData, "this evaluation's own report was not recorded");
      return text;
    });
  }
  if (path.size() != 4) return nothing_there("there is nothing under this address");
  if (what == "state") {
    return page(std::move(run), [this](const WebRun& r) -> Result<std::string> { return state_of(r); });
  }
  if (what == "series") return series(std::move(run), target);
  if (what == "games") return games(std::move(run), target);
  if (what == "evaluations") return page(std::move(run), evaluations_body);
  if (what == "ratings") return page(std::move(run), ratings_body);
  if (what == "safeguards") return page(std::move(run), safeguards_body);
  if (what == "checkpoints") return page(std::move(run), checkpoints_body);
  if (what == "events") {
    return page(std::move(run), [](const WebRun& r) -> Result<std::string> { return events_body(r); });
  }
  if (what == "samples") {
    return page(std::move(run), [](const WebRun& r) -> Result<std::string> { return samples_body(r); });
  }
  if (what == "promotions") {
    return page(std::move(run), [](const WebRun& r) -> Result<std::string> { return promotions_body(r); });
  }
  if (what == "config") {
    return file_as_it_is(run->paths().config(), kMaxConfigBytes, "text/plain; charset=utf-8",
                         "this run's configuration was not recorded");
  }
  return nothing_there("there is nothing under this address");
}

WebAnswer WebApi::series(std::shared_ptr<WebRun> run, const Target& target) const {
  const std::vector<std::string> names = names_of(target);
  const auto from = target.number("from");
  const auto to = target.number("to");
  if (!from && !to) {
    return page(std::move(run), [names](const WebRun& r) -> Result<std::string> {
      std::vector<NamedSeries> found;
      for (const std::string& name : names) {
        const Series* one = r.series(name);
        found.push_back(one ? NamedSeries{name, one->rows(), one->points()} : NamedSeries{name, 0, {}});
      }
      return series_body(found);
    });
  }
  auto stretches = std::make_shared<std::vector<Stretch>>();
  for (const std::string& name : names) {
    stretches->emplace_back(name, from.value_or(0), to.value_or(std::numeric_limits<std::int64_t>::max()));
  }
  return [run = std::move(run), stretches, at = std::size_t{0}]() mutable -> std::optional<WebResponse> {
    if (run->reader() == nullptr && run->advance()) return std::nullopt;
    if (run->reader() == nullptr) return error_response(kUnavailable, run->trouble());
    if (at < stretches->size()) {
      const auto done = (*stretches)[at].read(*run->reader());
      if (!done) return error_response(done.error());
      if (*done) ++at;
      if (at < stretches->size()) return std::nullopt;
    }
    std::vector<NamedSeries> found;
    for (const Stretch& stretch : *stretches) found.push_back(stretch.result());
    return json_response(200, series_body(found));
  };
}

WebAnswer WebApi::games(std::shared_ptr<WebRun> run, const Target& target) const {
  store::GamePage asked;
  asked.evaluation_id = target.number("evaluation");
  asked.before_id = target.number("before").value_or(std::numeric_limits<std::int64_t>::max());
  asked.limit = std::clamp<std::int64_t>(target.number("limit").value_or(kMaxGamesAsked), 1, kMaxGamesAsked);
  asked.with_records = target.get("records").value_or("1") != "0";
  return page(std::move(run), [asked](const WebRun& r) -> Result<std::string> {
    if (r.reader() == nullptr) return fail(Code::kBadData, r.trouble());
    const auto rows = r.reader()->games(asked);
    if (!rows) return tl::make_unexpected(rows.error());
    return games_body(*rows);
  });
}

WebAnswer WebApi::game(std::shared_ptr<WebRun> run, const Target& target) const {
  const auto& path = target.path;
  Target copy;
  copy.query = {{"id", path[4]}};
  const auto id = copy.number("id");
  const bool as_text = path.size() == 6 && path[5] == "text";
  if (!id || (path.size() != 5 && !as_text)) return nothing_there("no such game");
  const std::string format = target.get("format").value_or("kif");
  return [this, run = std::move(run), id = *id, as_text, format]() -> std::optional<WebResponse> {
    if (run->reader() == nullptr && run->advance()) return std::nullopt;
    if (run->reader() == nullptr) return error_response(kUnavailable, run->trouble());
    const auto row = run->reader()->game(id);
    if (!row) return error_response(row.error());
    if (!*row) return error_response(kNotFound, "no such game");
    if (!as_text) return json_response(200, game_body(**row));
    if (!writer_) return error_response(kNotFound, "this server writes no records as text");
    auto text = writer_((*row)->json, format);
    if (!text) return error_response(text.error());
    WebResponse response;
    response.type = "text/plain; charset=utf-8";
    response.body = std::make_shared<const std::string>(std::move(*text));
    return response;
  };
}

}  // namespace keisei::dashboard
