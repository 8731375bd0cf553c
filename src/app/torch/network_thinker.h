// A network as a thinker for USI and for the terminal: mates by checks first, then planning over the policy for as long
// as the clock allows, going on from what the last tree knows of the position; with no time for a single simulation it
// plays the policy alone. The size of its batches is
// fitted to the machine when it is loaded, so that a stop is answered within milliseconds. One thread at a time.
#pragma once

#include <memory>
#include <string>

#include "app/usi/engine_options.h"
#include "app/usi/thinker.h"
#include "base/clock.h"
#include "net/evaluator.h"
#include "search/tree_search.h"
#include "shogi/dfpn.h"

namespace keisei::app {

/// The greatest batch, up to the usual one, that `evaluator` answers within kMostBatchS; also warms it up.
[[nodiscard]] std::size_t fitting_batch(const net::Evaluator& evaluator, const Clock& clock);
inline constexpr double kMostBatchS = 0.004;

class NetworkThinker final : public usi::Thinker {
 public:
  /// `options` give the memory of its tables, the threads and the declaration rule.
  NetworkThinker(std::shared_ptr<const net::Evaluator> evaluator, std::string description,
                 const usi::EngineOptions& options, std::size_t batch);

  usi::Thought think(const usi::ThinkRequest& request, const usi::Allowance& allowance,
                     const usi::TellThought& tell) override;
  [[nodiscard]] std::string description() const override { return description_; }
  [[nodiscard]] bool ranks_lines() const override { return true; }
  [[nodiscard]] bool values_draws() const override { return true; }
  void new_game() override {
    mates_.clear();
    tree_.forget();
  }

 private:
  std::string description_;
  int threads_;
  shogi::MateSearch mates_;
  search::TreeSearch tree_;
};

}  // namespace keisei::app
