// The command `keisei match` from its arguments to its exit code. Both programs have it: keisei for players without a
// network, keisei-torch where one takes part, which brings the two things that only it can: reading weights and a
// worker that plays networks. Owns nothing; called once, from main.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/match_args.h"
#include "evaluation/player_spec.h"

namespace keisei::app {

struct MatchWeights {
  std::vector<std::byte> bytes;  ///< for the worker
  std::string id;                ///< of the weights, for ratings
};

struct MatchHost {
  std::vector<std::string> worker;  ///< argv of the worker program
  std::string launcher;             ///< the program with the launcher stage
  /// Weights of a checkpoint player; empty where the program has none.
  std::function<Result<MatchWeights>(const evaluation::PlayerSpec& spec, const std::filesystem::path& savedir)>
      weights{};
};

/// Whether a network takes part, also in a match to be resumed. kUsage, kBadData.
[[nodiscard]] Result<bool> match_has_network(const MatchArgs& args);

/// The host of keisei itself.
[[nodiscard]] MatchHost plain_match_host();

int run_match(const MatchArgs& args, const MatchHost& host);
int run_ratings(const RatingsArgs& args);

}  // namespace keisei::app
