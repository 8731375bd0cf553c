// What `keisei doctor` found, before it is printed: findings in words with what to do about each, and the bare numbers
// behind them. A number that could not be read is unknown with its reason, never a zero. Everything is looked at or
// tried, nothing is changed. MB are 10^6 bytes. Called by one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "guard/nvml.h"
#include "guard/reading.h"

namespace keisei::app::doctor {

enum class State {
  kGood,
  kNote,  ///< works, but something is slower or weaker
  kBad,   ///< something that Keisei does will not work
};
[[nodiscard]] const char* name(State state);  ///< "ok", "note", "problem"

struct Finding {
  std::string group;  ///< machine, kernel, gpu, programs, settings
  std::string what;
  State state = State::kGood;
  std::optional<std::string> value;  ///< nothing = unknown
  std::string why;                   ///< what it means, or why it is unknown
  std::string advice;                ///< what to do; never empty unless all is well
};

struct Measure {
  std::string name;  ///< with its unit, "memory_total_mb"
  guard::Reading reading;
};

struct Report {
  std::vector<Finding> findings;
  std::vector<Measure> measures;
  std::vector<guard::GpuSample> gpus;
  std::string gpu_reason;  ///< why `gpus` is empty; else empty
};

/// Looks at this machine; takes some milliseconds. `savedir` is where runs are going to be kept.
[[nodiscard]] Report examine(const std::string& savedir);
/// Part of examine: libraries, clock, port, locale, fonts, added to what was found.
void examine_surroundings(Report& report);

}  // namespace keisei::app::doctor
