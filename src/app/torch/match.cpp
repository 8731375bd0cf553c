// keisei match where a network takes part: this program can read weights, and its worker plays them.
#include "app/match_command.h"
#include "app/torch/commands.h"
#include "app/torch/weights.h"
#include "app/torch/worker_plan.h"

namespace keisei::app {

int run_torch_match(const MatchArgs& args) {
  auto options = supervisor_options({});
  if (!options) return report(options.error());
  return run_match(
      args, {std::move(options->worker), std::move(options->launcher),
             [](const evaluation::PlayerSpec& spec, const std::filesystem::path& savedir) -> Result<MatchWeights> {
               auto weights = load_weights(spec.path, savedir);
               if (!weights) return tl::make_unexpected(weights.error());
               return MatchWeights{std::move(weights->bytes), std::move(weights->id)};
             }});
}

}  // namespace keisei::app
