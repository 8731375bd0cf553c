// keisei runs list|show|watch: the runs under a savedir, one of them on a page, or on the whole terminal as it goes on.
// What reads metrics (plot, export) or two runs (compare) lies in files of its own.
#include <unistd.h>

#include <iostream>

#include "app/cli.h"
#include "dashboard/progress.h"
#include "dashboard/watch.h"
#include "store/run_report.h"

namespace keisei::app {
namespace {

int watch(const store::RunPaths& paths) {
  const dashboard::Paint paint =
      dashboard::choose_paint(dashboard::surroundings(STDOUT_FILENO), dashboard::ColourWish::kAuto);
  const SystemClock clock;
  const auto watched = dashboard::watch_log(paths.log(), STDOUT_FILENO, paint, clock);
  return watched ? 0 : report(watched.error());
}

}  // namespace

int run_runs(const RunsArgs& args) {
  if (args.action == RunsArgs::Action::kList) {
    const auto runs = store::list_runs(args.savedir);
    if (!runs) return report(runs.error());
    std::cout << (args.json ? store::runs_json(args.savedir, *runs) : store::runs_text(args.savedir, *runs));
    return 0;
  }
  if (args.action == RunsArgs::Action::kPlot) return run_runs_plot(args);
  if (args.action == RunsArgs::Action::kCompare) return run_runs_compare(args);
  if (args.action == RunsArgs::Action::kExport) return run_runs_export(args);
  const auto paths = store::find_run(args.savedir, args.run);
  if (!paths) return report(paths.error());
  if (args.action == RunsArgs::Action::kWatch) return watch(*paths);
  const auto run = store::read_run(paths->root);
  if (!run) return report(run.error());
  std::cout << (args.json ? store::run_json(*run) : store::run_text(*run, args.sla)) << std::flush;
  return run->summary.trouble ? report(*run->summary.trouble) : 0;
}

}  // namespace keisei::app
