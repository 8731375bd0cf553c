// What an actor can be asked to do: rows of a name and a function, good manners in one table and faults in another, so
// that a request is one line of words and a fault is described once for the tests and for the proof. Used by the one
// thread of an actor's process; what it holds (memory, children) lasts as long as that process.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "guard/spawn.h"
#include "guard/worker.h"

namespace keisei::app::proof {

inline constexpr int kActorSocket = 3;              ///< descriptor of a worker's channel, for raw bytes
inline constexpr std::size_t kHogStep = 1'000'000;  ///< bytes touched at a time

/// Memory that stays in use.
class Hoard {
 public:
  /// Touches `mb` MB in steps of 1 MB, resting `rest_us` after each. `way`: new, mmap (shared, no RLIMIT_DATA), memfd,
  /// threads (33 of them, a stack and a heap each). Throws std::bad_alloc at the limit.
  void eat(const std::string& way, int mb, int rest_us);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
};

struct Act {
  guard::WorkerChannel& channel;
  const guard::WorkerRequest& request;
  std::istringstream words;
  Hoard& hoard;
  std::vector<guard::Child>& children;

  void say(const std::string& text) const;  ///< sends a result
  [[nodiscard]] std::string word();         ///< the next one, "" at the end
  [[nodiscard]] int number();               ///< the next one, 0 at the end
};

struct Behaviour {
  std::string_view name;
  bool (*act)(Act& act);  ///< true: the request is finished, done() is to be sent
};

[[nodiscard]] std::span<const Behaviour> manners();
[[nodiscard]] std::span<const Behaviour> faults();

/// Starts this program as `__actor WORDS...`, its stdout into `out` where that is not negative; throws
/// std::runtime_error when it cannot.
[[nodiscard]] guard::Child start_self(const std::vector<std::string>& words, int out = -1);

void nap(double s);
void burn(double cpu_s);  ///< processor time of this thread
[[noreturn]] void forever();
[[noreturn]] void busy_forever();

}  // namespace keisei::app::proof
