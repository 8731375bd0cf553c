// A request frame's payload: the job's kind, limits and attachment names before the opaque request bytes. The memfds
// themselves travel beside the frame (SCM_RIGHTS), in the order of the names. Pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "guard/job.h"

namespace keisei::guard {

struct RequestHead {
  std::string kind;
  JobLimits limits;
  std::vector<std::string> attachment_names;
  std::vector<std::byte> request;
};

inline constexpr std::size_t kMaxRequestPayloadBytes = kMaxRequestBytes + 64 * 1024;

[[nodiscard]] std::vector<std::byte> encode_request(const Job& job);
/// kBadData when the bytes are no request.
[[nodiscard]] Result<RequestHead> decode_request(std::span<const std::byte> payload);
/// kUsage when a bound of job.h is passed.
[[nodiscard]] Result<void> check_job(const Job& job);

}  // namespace keisei::guard
