// The commands `keisei usi` and `keisei play` from their arguments to their exit codes. Both programs have them: keisei
// with the players that need no network, keisei-torch with weights, which it alone can load. Owns nothing; each is
// called once, from main.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "app/play_args.h"
#include "app/usi/engine_options.h"
#include "app/usi/thinker.h"
#include "base/result.h"

namespace keisei::app {

struct PlayHost {
  /// A thinker from the weights that the options name; empty where the program cannot load any.
  std::function<Result<std::unique_ptr<usi::Thinker>>(const usi::EngineOptions& options,
                                                      const std::filesystem::path& savedir)>
      load{};
};

int run_usi(const UsiArgs& args, const PlayHost& host);
int run_play(const PlayArgs& args, const PlayHost& host);

/// The word with which keisei hands a running USI session over to keisei-torch: __usi FD SAVEDIR SEED PLAYER, where FD
/// is an anonymous file with the lines that come before those of stdin.
inline constexpr const char* kHandedOverUsi = "__usi";
/// `argv` as above; called from the main of keisei-torch.
int run_handed_over_usi(int argc, const char* const* argv, const PlayHost& host);

}  // namespace keisei::app
