// keisei runs plot: metrics of a run over the plies it trained, as wide as the terminal, or as an SVG file. Metrics of
// one unit and about one size share a plot; the others get one of their own, so that none is a flat line at the bottom
// of another.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/cli.h"
#include "base/file.h"
#include "config/suggest.h"
#include "dashboard/line_plot.h"
#include "dashboard/metric_unit.h"
#include "dashboard/progress.h"
#include "evaluation/svg_chart.h"
#include "store/run_database.h"
#include "store/run_index.h"

namespace keisei::app {
namespace {

constexpr const char* kStepLabel = "plies trained";
constexpr int kPlotRows = 14;
constexpr int kColumnsWithoutTerminal = 80;
constexpr int kMostColumns = 240;
constexpr std::size_t kMostSvgPoints = 400;  // of a curve; more are averaged
constexpr std::size_t kMostSvgDots = 60;     // a longer curve is drawn without dots
constexpr double kSizesApart = 10;           // metrics whose sizes differ by more do not share a plot

struct Series {
  std::string name;
  std::string unit;
  std::vector<store::Metric> points;  ///< by rising step
  std::map<std::int64_t, std::pair<double, double>> interval;

  /// The greatest finite value without its sign; 0 without one.
  [[nodiscard]] double size() const {
    double most = 0;
    for (const store::Metric& point : points) {
      if (std::isfinite(point.value)) most = std::max(most, std::abs(point.value));
    }
    return most;
  }
};

Result<Series> read_series(const store::RunDatabase& database, const std::vector<std::string>& names,
                           const std::string& name) {
  auto points = database.metrics(name);
  if (!points) return tl::make_unexpected(points.error());
  Series series{name, dashboard::metric_unit(name), std::move(*points), {}};
  const auto is_there = [&](const std::string& one) {
    return std::find(names.begin(), names.end(), one) != names.end();
  };
  if (!is_there(name + "_low") || !is_there(name + "_high")) return series;
  const auto low = database.metrics(name + "_low"), high = database.metrics(name + "_high");
  if (!low || !high) return series;
  std::map<std::int64_t, double> lows;
  for (const store::Metric& one : *low) lows[one.step] = one.value;
  for (const store::Metric& one : *high) {
    if (const auto found = lows.find(one.step); found != lows.end())
      series.interval[one.step] = {found->second, one.value};
  }
  return series;
}

Result<std::vector<Series>> read_all(const RunsArgs& args, const store::RunPaths& paths) {
  const auto database = store::RunDatabase::open(paths.database(), store::RunDatabase::Mode::kRead);
  if (!database) return tl::make_unexpected(database.error());
  const auto names = database->metric_names();
  if (!names) return tl::make_unexpected(names.error());
  std::vector<Series> all;
  for (const std::string& metric : args.metrics) {
    if (std::find(names->begin(), names->end(), metric) == names->end()) {
      // The last word alone may have been meant: entropy for ppo/entropy.
      std::optional<std::string> meant;
      for (const std::string& name : *names) {
        if (!meant && name.ends_with("/" + metric)) meant = name;
      }
      if (!meant) meant = config::nearest(metric, *names);
      return fail(Code::kUsage,
                  "runs: " + paths.name() + " has no metric " + metric +
                      (meant ? "; did you mean " + *meant + "?" : ""),
                  "`keisei runs show " + args.run + "` lists them");
    }
    const bool twice = std::any_of(all.begin(), all.end(), [&](const Series& one) { return one.name == metric; });
    if (twice) continue;
    auto series = read_series(*database, *names, metric);
    if (!series) return tl::make_unexpected(series.error());
    all.push_back(std::move(*series));
  }
  return all;
}

using Group = std::vector<const Series*>;

std::vector<Group> grouped(const std::vector<Series>& all) {
  std::vector<Group> groups;
  for (const Series& series : all) {
    const auto fits = [&](const Group& group) {
      const double own = series.size(), other = group.front()->size();
      return group.front()->unit == series.unit && own <= other * kSizesApart && other <= own * kSizesApart;
    };
    const auto found = std::find_if(groups.begin(), groups.end(), fits);
    if (found == groups.end()) {
      groups.push_back({&series});
    } else {
      found->push_back(&series);
    }
  }
  return groups;
}

int terminal_columns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kColumnsWithoutTerminal;
  return std::min<int>(size.ws_col, kMostColumns);
}

void print_plots(const std::vector<Group>& groups) {
  const dashboard::Paint paint =
      dashboard::choose_paint(dashboard::surroundings(STDOUT_FILENO), dashboard::ColourWish::kAuto);
  const int columns = std::max(terminal_columns(), dashboard::kMinPlotColumns);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    dashboard::LinePlot plot{kStepLabel, groups[i].front()->unit, {}};
    for (const Series* series : groups[i]) {
      dashboard::PlotSeries curve{series->name, {}};
      for (const store::Metric& point : series->points) curve.points.push_back({point.step, point.value});
      plot.series.push_back(std::move(curve));
    }
    if (i > 0) std::cout << "\n";
    for (const dashboard::Line& line : dashboard::line_plot(plot, columns, kPlotRows, paint))
      std::cout << dashboard::to_text(line, columns, paint) << "\n";
  }
}

evaluation::ChartSeries chart_series(const Series& series) {
  evaluation::ChartSeries chart{series.name, {}};
  std::vector<store::Metric> known;
  for (const store::Metric& point : series.points) {
    if (std::isfinite(point.value)) known.push_back(point);
  }
  const std::size_t count = std::min(known.size(), kMostSvgPoints);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = i * known.size() / count, end = (i + 1) * known.size() / count;
    evaluation::ChartPoint point;
    for (std::size_t k = begin; k < end; ++k) {
      point.x += static_cast<double>(known[k].step) / static_cast<double>(end - begin);
      point.y += known[k].value / static_cast<double>(end - begin);
    }
    const auto found = end - begin == 1 ? series.interval.find(known[begin].step) : series.interval.end();
    if (found != series.interval.end()) {
      if (std::isfinite(found->second.first)) point.low = found->second.first;
      if (std::isfinite(found->second.second)) point.high = found->second.second;
    }
    chart.points.push_back(point);
  }
  chart.dots = count <= kMostSvgDots;
  return chart;
}

std::string svg_text(const std::string& run, const std::vector<Group>& groups) {
  std::vector<std::string> charts;
  std::string all;
  for (const Group& group : groups) {
    std::vector<evaluation::ChartSeries> series;
    std::string names;
    for (const Series* one : group) {
      names += (names.empty() ? "" : ", ") + one->name;
      series.push_back(chart_series(*one));
    }
    const std::string unit = group.front()->unit;
    const std::string title = group.size() == 1 ? run + ": " + names : run;
    charts.push_back(evaluation::line_chart({title, kStepLabel, unit.empty() ? "value" : unit}, series));
    all += (all.empty() ? "" : ", ") + names;
  }
  return evaluation::svg_document(run + ": " + all, charts);
}

std::string json_text(const store::RunPaths& paths, const std::vector<Series>& all) {
  nlohmann::ordered_json out;
  out["schema"] = "keisei.plot/1";
  out["run"] = paths.name();
  out["x"] = kStepLabel;
  out["series"] = nlohmann::ordered_json::array();
  for (const Series& series : all) {
    nlohmann::ordered_json one;
    one["metric"] = series.name;
    one["unit"] = series.unit.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(series.unit);
    one["points"] = nlohmann::ordered_json::array();
    for (const store::Metric& point : series.points) {
      one["points"].push_back({point.step, std::isfinite(point.value) ? nlohmann::ordered_json(point.value)
                                                                      : nlohmann::ordered_json(nullptr)});
    }
    out["series"].push_back(std::move(one));
  }
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

int run_runs_plot(const RunsArgs& args) {
  const auto paths = store::find_run(args.savedir, args.run);
  if (!paths) return report(paths.error());
  const auto all = read_all(args, *paths);
  if (!all) return report(all.error());
  if (args.json) {
    std::cout << json_text(*paths, *all);
    return 0;
  }
  const std::vector<Group> groups = grouped(*all);
  if (!args.svg) {
    print_plots(groups);
    return 0;
  }
  const auto written = write_durably(*args.svg, svg_text(paths->name(), groups));
  return written ? 0 : report(written.error());
}

}  // namespace keisei::app
