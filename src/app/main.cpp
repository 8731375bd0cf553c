// keisei: every command that needs no libtorch, and the door to those that do. It starts in a few milliseconds, finds
// faults of flags and configuration before anything heavy is loaded, and then becomes keisei-torch where needed.
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli.h"
#include "app/launch_torch.h"
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
  const bool here = args.name.empty() || args.name == "rules" || args.name == "playout";
  return here ? app::run_bench(args) : app::report(app::become_torch(all));
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
                               [](const app::CheckpointArgs& a) { return app::run_checkpoint(a); },
                               [](const app::DoctorArgs& a) { return app::run_doctor(a); }},
                    *command);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "__launch") return guard::launch_main(argc, argv);
  try {
    std::ios::sync_with_stdio(false);
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
