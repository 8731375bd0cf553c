// keisei-torch: the commands that need libtorch, and the evaluation worker. `keisei` starts it with the environment
// that libtorch must find before main (see ARCHITECTURE.md); people call `keisei`.

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli.h"
#include "app/torch/commands.h"
#include "app/torch/worker.h"

int main(int argc, char** argv) {
  using namespace keisei;
  if (argc > 1 && std::string_view(argv[1]) == "__worker") return app::run_worker(argc, argv);
  if (argc > 1 && std::string_view(argv[1]) == app::kHandedOverUsi)
    return app::run_handed_over_usi(argc, argv, app::network_play_host());
  try {
    auto command = app::parse(std::vector<std::string>(argv + 1, argv + argc), app::settings_environment());
    if (!command) return app::report(command.error());
    if (const auto* train = std::get_if<app::TrainArgs>(&*command)) return app::run_train(*train);
    if (const auto* evaluate = std::get_if<app::EvaluateArgs>(&*command)) return app::run_evaluate(*evaluate);
    if (const auto* bench = std::get_if<app::BenchArgs>(&*command)) return app::run_torch_bench(*bench);
    if (const auto* match = std::get_if<app::MatchArgs>(&*command)) return app::run_torch_match(*match);
    if (const auto* usi = std::get_if<app::UsiArgs>(&*command)) return app::run_usi(*usi, app::network_play_host());
    if (const auto* play = std::get_if<app::PlayArgs>(&*command)) return app::run_play(*play, app::network_play_host());
    return app::report({Code::kUsage, "keisei-torch has the commands train, evaluate, match, usi, play and bench",
                        "call keisei, which has all of them"});
  } catch (const std::bad_alloc&) {
    return app::report({Code::kDevice, "out of memory", "use a smaller preset or fewer selfplay.games"});
  } catch (const std::exception& e) {
    return app::report({Code::kFailure, std::string("unexpected: ") + e.what(),
                        "this is a bug of Keisei; the last checkpoint is intact"});
  }
}
