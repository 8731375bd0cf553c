// keisei runs list|show: the runs under a savedir, and one of them on a page.
#include <iostream>

#include "app/cli.h"
#include "store/run_report.h"

namespace keisei::app {

int run_runs(const RunsArgs& args) {
  if (args.action == RunsArgs::Action::kList) {
    const auto runs = store::list_runs(args.savedir);
    if (!runs) return report(runs.error());
    std::cout << (args.json ? store::runs_json(args.savedir, *runs) : store::runs_text(args.savedir, *runs));
    return 0;
  }
  const auto paths = store::find_run(args.savedir, args.run);
  if (!paths) return report(paths.error());
  const auto run = store::read_run(paths->root);
  if (!run) return report(run.error());
  std::cout << (args.json ? store::run_json(*run) : store::run_text(*run, args.sla));
  return 0;
}

}  // namespace keisei::app
