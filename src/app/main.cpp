// keisei: every command that needs no libtorch, and the door to those that do. It starts in a few milliseconds, finds
// faults of flags and configuration before anything heavy is loaded, and then becomes keisei-torch where needed.
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli.h"
#include "app/completion.h"
#include "app/launch_torch.h"
#include "app/match_command.h"
#include "app/match_worker.h"
#include "app/play_command.h"
#include "app/proof/actor.h"
#include "guard/launch.h"

namespace {

using namespace keisei;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

/// Faults of the configuration are told here, at once; warnings are the other program's to tell, once.
int check_and_become_torch(const config::Source& source, const std::vector<std::string>& args) {
  if (const auto loaded = config::load(source); !loaded) return app::report(loaded.error());
  return app::report(app::become_torch(args));
}

int bench(const app::BenchArgs& args, const std::vector<std::string>& all) {
  const bool here = args.name.empty() || args.name == "rules" || args.name == "playout" ||
                    args.name == "statistics" || args.name == "dashboard";
  return here ? app::run_bench(args) : app::report(app::become_torch(all));
}

/// A match with a network is played by the other program, every other one here.
int match(const app::MatchArgs& args, const std::vector<std::string>& all) {
  const auto network = app::match_has_network(args);
  if (!network) return app::report(network.error());
  return *network ? app::report(app::become_torch(all)) : app::run_match(args, app::plain_match_host());
}

/// Weights are for the other program, every other player is here.
template <class Args>
int with_weights(const Args& args, const std::vector<std::string>& all,
                 int (*here)(const Args&, const app::PlayHost&)) {
  return args.player.weights.empty() ? here(args, {}) : app::report(app::become_torch(all));
}

int run(const std::vector<std::string>& args) {
  const auto command = app::parse(args, app::settings_environment());
  if (!command) return app::report(command.error());
  return std::visit(Overloaded{[](const app::TextOut& out) {
                                 std::cout << out.text;
                                 return 0;
                               },
                               [&](const app::TrainArgs& a) { return check_and_become_torch(a.source, args); },
                               [&](const app::EvaluateArgs& a) { return check_and_become_torch(a.source, args); },
                               [](const app::PerftArgs& a) { return app::run_perft(a); },
                               [](const app::PositionArgs& a) { return app::run_position(a); },
                               [&](const app::BenchArgs& a) { return bench(a, args); },
                               [](const app::ConfigArgs& a) { return app::run_config(a); },
                               [](const app::RunsArgs& a) { return app::run_runs(a); },
                               [](const app::ServeArgs& a) { return app::run_serve(a); },
                               [](const app::CompletionArgs& a) { return app::run_completion(a); },
                               [](const app::ManArgs& a) { return app::run_man(a); },
                               [](const app::CheckpointArgs& a) { return app::run_checkpoint(a); },
                               [](const app::DoctorArgs& a) { return app::run_doctor(a); },
                               [&](const app::MatchArgs& a) { return match(a, args); },
                               [](const app::ConvertArgs& a) { return app::run_convert(a); },
                               [](const app::RatingsArgs& a) { return app::run_ratings(a); },
                               [&](const app::UsiArgs& a) { return with_weights(a, args, app::run_usi); },
                               [&](const app::PlayArgs& a) { return with_weights(a, args, app::run_play); }},
                    *command);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "__launch") return guard::launch_main(argc, argv);
  if (argc > 1 && std::string_view(argv[1]) == "__actor") return app::proof::run_actor(argc, argv);
  if (argc > 1 && std::string_view(argv[1]) == "__match_worker") return app::run_match_worker(argc, argv);
  try {
    std::ios::sync_with_stdio(false);
    if (argc > 1 && std::string_view(argv[1]) == app::kNamesWord)
      return app::run_names(std::vector<std::string>(argv + 2, argv + argc));
    const int code = run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
    std::cout.flush();
    if (!std::cout)
      return app::report({Code::kFailure, "stdout cannot be written", "is the disk full or the pipe closed?"});
    return code;
  } catch (const std::bad_alloc&) {
    return app::report({Code::kDevice, "out of memory", {}});
  } catch (const std::exception& error) {
    return app::report({Code::kFailure, std::string("unexpected: ") + error.what(), "this is a bug of Keisei"});
  }
}
