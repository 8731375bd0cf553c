// keisei runs export: every metric of one or more runs as CSV in long form, one line a value: run, step, metric, value,
// time. A value that is not known is an empty field, never 0. Read in pages, so that stdout gets a run of any length; a
// file is whole or absent.
#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <string>

#include "app/cli.h"
#include "base/clock.h"
#include "base/file.h"
#include "config/value.h"
#include "store/run_index.h"
#include "store/run_reader.h"

namespace keisei::app {
namespace {

constexpr std::int64_t kRowsAPage = 10'000;
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;

/// A chunk of lines is taken, or what keeps it from being taken.
using Sink = std::function<Result<void>(const std::string&)>;

/// Quoted where RFC 4180 asks for it.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

Result<void> export_run(const store::RunPaths& paths, const std::string& name, const Sink& sink) {
  const auto reader = store::RunReader::open(paths.database());
  if (!reader) return tl::make_unexpected(reader.error());
  const auto newest = reader->newest();
  if (!newest) return tl::make_unexpected(newest.error());
  // What a running training adds meanwhile is left to the next export.
  for (std::int64_t last = 0; last < newest->metrics;) {
    const auto rows = reader->metrics_after(last, kRowsAPage);
    if (!rows) return tl::make_unexpected(rows.error());
    if (rows->empty()) break;
    std::string chunk;
    for (const store::NumberedMetric& row : *rows) {
      if (row.id > newest->metrics) break;
      const store::Metric& metric = row.metric;
      chunk += field(name) + "," + std::to_string(metric.step) + "," + field(metric.name) + "," +
               (std::isfinite(metric.value) ? config::number_text(metric.value) : "") + "," +
               iso_utc(metric.time_ms) + "\n";
    }
    last = rows->back().id;
    if (auto taken = sink(chunk); !taken) return taken;
  }
  return {};
}

Result<void> export_all(const RunsArgs& args, const Sink& sink) {
  std::vector<store::RunPaths> runs;
  for (const std::string& run : args.runs.empty() ? std::vector<std::string>{""} : args.runs) {
    auto paths = store::find_run(args.savedir, run);
    if (!paths) return tl::make_unexpected(paths.error());
    runs.push_back(std::move(*paths));
  }
  if (auto taken = sink("run,step,metric,value,time\n"); !taken) return taken;
  for (const store::RunPaths& paths : runs) {
    // Runs of one name from different directories are told apart by their paths.
    const auto same = std::count_if(runs.begin(), runs.end(),
                                    [&](const store::RunPaths& one) { return one.name() == paths.name(); });
    if (auto done = export_run(paths, same > 1 ? paths.root.string() : paths.name(), sink); !done) return done;
  }
  return {};
}

}  // namespace

int run_runs_export(const RunsArgs& args) {
  if (!args.output) {
    const auto done = export_all(args, [](const std::string& chunk) -> Result<void> {
      std::cout << chunk;
      if (!std::cout) return fail(Code::kFailure, "stdout cannot be written", "is the disk full or the pipe closed?");
      return {};
    });
    return done ? 0 : report(done.error());
  }
  std::string text;
  const auto done = export_all(args, [&](const std::string& chunk) -> Result<void> {
    if (text.size() + chunk.size() > kMaxFileBytes)
      return fail(Code::kFailure, "runs: the export is longer than " + std::to_string(kMaxFileBytes) + " bytes",
                  "leave --output out and send stdout into the file");
    text += chunk;
    return {};
  });
  if (!done) return report(done.error());
  if (const auto written = write_durably(*args.output, text); !written) return report(written.error());
  return 0;
}

}  // namespace keisei::app
