// keisei usi and keisei play with weights: this program can read them.
#include "app/play_command.h"
#include "app/torch/commands.h"
#include "app/torch/network_thinker.h"
#include "app/torch/weights.h"
#include "store/run_index.h"

namespace keisei::app {

PlayHost network_play_host() {
  return {[](const usi::EngineOptions& options,
             const std::filesystem::path& savedir) -> Result<std::unique_ptr<usi::Thinker>> {
    const auto checkpoint = store::open_checkpoint(options.weights, savedir);
    if (!checkpoint) return tl::make_unexpected(checkpoint.error());
    auto network = read_network(checkpoint->file, "cpu");
    if (!network) return tl::make_unexpected(network.error());
    const std::string id = weights_id((*network)->parameters());
    const std::shared_ptr<const net::Evaluator> evaluator = std::move(*network);
    net::set_compute_threads(static_cast<int>(options.threads));
    const SystemClock clock;
    const std::size_t batch = fitting_batch(*evaluator, clock);
    return std::make_unique<NetworkThinker>(evaluator, checkpoint->path.filename().string() + " (weights " + id + ")",
                                            options, batch);
  }};
}

}  // namespace keisei::app
