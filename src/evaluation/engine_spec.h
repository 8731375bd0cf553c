// An engine as a player is written usi:COMMAND[?KEY=VALUE&...], or xboard:COMMAND[?...] by the XBoard protocol.
// COMMAND: program and arguments parted by blanks; a word with blanks, '?' or quotes stands in "…", where \" and
// \\ mean themselves. The first '?' outside quotes begins the options; %XX writes any other byte in them. Keys: name,
// instances, dir, read, memory (MB), strict, fresh, answer (s), the limits of game_clock.h (depth, nodes, movetime,
// byoyomi, time, inc, margin) and option.NAME, as in usi:fairy-stockfish?depth=1&option.Skill Level=3. Relative paths
// in arguments are taken from the engine's directory. Of files an engine sees its own directory, dir, and what is named
// by absolute path: as an argument or by read, which may be given several times. Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "evaluation/game_clock.h"

namespace keisei::evaluation {

inline constexpr int kMaxEngineInstances = 64;
inline constexpr int kMinEngineMemoryMb = 16;
inline constexpr int kMaxEngineMemoryMb = 1'000'000;
inline constexpr int kDefaultEngineMemoryMb = 2048;
inline constexpr double kDefaultAnswerS = 60;
inline constexpr double kMaxAnswerS = 3600;
inline constexpr std::size_t kMaxEngineOptions = 64;
inline constexpr std::size_t kMaxReadablePaths = 16;
inline constexpr std::int64_t kDefaultByoyomiMs = 1000;  ///< where no limit is given

enum class EngineProtocol : std::uint8_t { kUsi, kXboard };
[[nodiscard]] std::string_view to_string(EngineProtocol protocol);  ///< usi | xboard

struct EngineSpec {
  EngineProtocol protocol = EngineProtocol::kUsi;
  std::vector<std::string> command;   ///< program (a path, or a name looked up in PATH), then arguments
  std::string name;                   ///< shown to people; "" = the program's file name
  int instances = 1;                  ///< processes, and so the games that are played side by side
  std::string directory;              ///< working directory, readable; "" = the program's own
  std::vector<std::string> readable;  ///< absolute: more files, and directories with all below, that it may read
  int memory_mb = kDefaultEngineMemoryMb;
  bool strict = false;                ///< refuse to play where the kernel cannot cage it fully
  bool fresh = false;                 ///< a new game before each move: a move depends on its position alone
  double answer_s = kDefaultAnswerS;  ///< longest for an answer where no time limit is given
  TimeControl limits;
  std::vector<std::pair<std::string, std::string>> options;  ///< setoption NAME VALUE, in order
  friend bool operator==(const EngineSpec&, const EngineSpec&) = default;
};

/// Reads what follows "usi:" or "xboard:". kUsage names the part that is wrong and what is allowed.
[[nodiscard]] Result<EngineSpec> parse_engine(std::string_view text, EngineProtocol protocol = EngineProtocol::kUsi);

/// kUsage for limits that the protocol has no words for: XBoard knows no nodes and only whole seconds.
[[nodiscard]] Result<void> check_limits(EngineProtocol protocol, const TimeControl& limits);

/// The canonical spelling without "usi:"; parse_engine(to_string(spec), spec.protocol) == spec.
[[nodiscard]] std::string to_string(const EngineSpec& spec);

/// The canonical spelling as a player: "usi:…" or "xboard:…".
[[nodiscard]] std::string player_text(const EngineSpec& spec);

/// The limits with the default (byoyomi of kDefaultByoyomiMs) where none is given.
[[nodiscard]] TimeControl effective_limits(const EngineSpec& spec);

/// What people see: the given name or the program's file name.
[[nodiscard]] std::string display_name(const EngineSpec& spec);

/// A short identity for ratings: a name and 16 hexadecimal digits of what the engine plays by: its command, what it
/// calls itself ("" = not known yet), limits and options, but not how many there are or what people call it, nor what
/// it may read besides.
[[nodiscard]] std::string engine_identity(const EngineSpec& spec, std::string_view says_it_is = {});

/// The absolute path of a program: a path as it is, a name from PATH or from the places of Debian's games. kUsage when
/// there is none or it cannot be executed.
[[nodiscard]] Result<std::string> find_program(const std::string& word, const std::string& search_path);

}  // namespace keisei::evaluation
