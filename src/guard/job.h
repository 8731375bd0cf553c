// A job is one evaluation asked of the supervisor: opaque request bytes and sealed memory (weights) for a worker
// process, under limits. A JobReport is what became of it; finished results are kept whatever the ending. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "guard/performance.h"

namespace keisei::guard {

using JobId = std::uint64_t;  ///< 1, 2, 3 … per supervisor; 0 is no job

inline constexpr std::size_t kMaxRequestBytes = 16u << 20;
inline constexpr std::size_t kMaxAttachments = 16;
inline constexpr std::size_t kMaxNameBytes = 255;

struct JobLimits {
  double timeout_s = 300;     ///< whole job, from admission; <= 0 is no limit
  double memory_mb = 500;     ///< 10^6 bytes, all evaluation processes together; <= 0 is no limit
  double game_timeout_s = 0;  ///< one game; kept by the worker, 0 is off
};

/// A sealed memfd (guard/sealed.h) under a name.
struct Attachment {
  std::string name;
  Fd memfd;
};

struct Job {
  std::string kind;  ///< at most one job of a kind waits: the newest wins; an empty kind never replaces
  std::vector<std::byte> request;
  std::vector<Attachment> attachments;
  JobLimits limits;
};

enum class JobEnd {
  kDone,         ///< the worker said so
  kFailed,       ///< the worker reported an error (detail has its text)
  kTimeout,      ///< deadline, or hung by its own processor time
  kMemory,       ///< stopped at the memory limit
  kCrashed,      ///< the worker died or could not be started
  kProtocol,     ///< the worker sent something that is no valid frame
  kCancelled,    ///< cancel()
  kReplaced,     ///< a newer job of its kind took its place before it began
  kBreakerOpen,  ///< too many worker deaths: not begun
};

[[nodiscard]] constexpr const char* name(JobEnd end) {
  switch (end) {
    case JobEnd::kDone:
      return "done";
    case JobEnd::kFailed:
      return "failed";
    case JobEnd::kTimeout:
      return "timeout";
    case JobEnd::kMemory:
      return "memory";
    case JobEnd::kCrashed:
      return "crashed";
    case JobEnd::kProtocol:
      return "protocol";
    case JobEnd::kCancelled:
      return "cancelled";
    case JobEnd::kReplaced:
      return "replaced";
    case JobEnd::kBreakerOpen:
      return "breaker_open";
  }
  return "unknown";
}

struct JobReport {
  JobId id = 0;
  std::string kind;
  JobEnd end = JobEnd::kDone;
  std::string detail;                           ///< one sentence; empty for a plain kDone
  std::vector<std::vector<std::byte>> results;  ///< every result frame that arrived, in order
  Performance performance;
};

}  // namespace keisei::guard
