// keisei runs compare A B: two runs side by side.
#include <iostream>
#include <utility>

#include "app/cli.h"
#include "store/run_comparison.h"

namespace keisei::app {
namespace {

Result<store::ComparedRun> read(const RunsArgs& args, const std::string& run) {
  const auto paths = store::find_run(args.savedir, run);
  if (!paths) return tl::make_unexpected(paths.error());
  return store::read_compared(paths->root);
}

}  // namespace

int run_runs_compare(const RunsArgs& args) {
  auto a = read(args, args.runs.at(0));
  if (!a) return report(a.error());
  auto b = read(args, args.runs.at(1));
  if (!b) return report(b.error());
  const store::RunComparison comparison = store::compare(std::move(*a), std::move(*b));
  std::cout << (args.json ? store::comparison_json(comparison) : store::comparison_text(comparison)) << std::flush;
  int exit_code = 0;
  for (const store::ComparedRun& run : comparison.run) {
    if (run.report.summary.trouble) exit_code = report(*run.report.summary.trouble);
  }
  return exit_code;
}

}  // namespace keisei::app
