// The options that the engine shows to a GUI, as one table: usi prints it, setoption is checked against it. Values take
// effect at the next isready (what is loaded) or the next go (what is asked). Plain values; owned by the reading
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "shogi/position.h"

namespace keisei::app::usi {

struct EngineOptions {
  std::int64_t hash_mib = 64;           ///< tables of the mate solver and of the search
  bool ponder = false;                  ///< whether bestmove names what to ponder on
  std::string weights;                  ///< a checkpoint or a run; empty = the player without a network
  std::int64_t threads = 1;             ///< of the network
  std::int64_t lines = 1;               ///< MultiPV
  std::int64_t resign_value = 99'999;   ///< hundredths of a pawn behind; the greatest value = never
  std::int64_t network_delay_ms = 100;  ///< lost between this program and the GUI's clock
  std::int64_t nodes_limit = 0;         ///< of one move; 0 = none
  std::int64_t draw_value_black = 0;    ///< hundredths of a pawn that a draw is worth where this engine plays Black
  std::int64_t draw_value_white = 0;    ///< the same for White
  shogi::DeclarationRule declaration = shogi::DeclarationRule::k27;
};
inline constexpr std::int64_t kNeverResign = 99'999;

/// The "option name ..." lines, with these values as defaults; names and values hold no blanks, as GUIs need it.
[[nodiscard]] std::string option_lines(const EngineOptions& defaults);

/// Takes a value over. False for a name that is not in the table: such are passed over quietly. kUsage for a value that
/// is not allowed; nothing has changed then.
[[nodiscard]] Result<bool> set_option(EngineOptions& options, const std::string& name, const std::string& value);

}  // namespace keisei::app::usi
