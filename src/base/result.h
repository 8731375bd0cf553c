// Errors as values: every room's door returns Result<T>. An Error carries the process exit code it leads to, one
// sentence that says what and where, and a hint that says what to do. Asserts are for bugs, exceptions stay inside
// the room that calls the library which throws them.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace keisei {

/// What went wrong, as the process's exit code (0 is success).
enum class Code : int {
  kFailure = 1,  ///< the environment failed: disk, process, database
  kUsage = 2,    ///< flags or configuration
  kBadData = 3,  ///< a checkpoint, record or position that cannot be used
  kDevice = 4,   ///< device or memory missing
  kGate = 5,     ///< a gate did not hold: SLA, SPRT, proof
};

struct Error {
  Code code = Code::kFailure;
  std::string message;  ///< one sentence: what, where (file:line:column or section)
  std::string hint;     ///< what is allowed or what to do; may be empty
};

template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Code code, std::string message, std::string hint = {}) {
  return tl::make_unexpected(Error{code, std::move(message), std::move(hint)});
}

}  // namespace keisei
