// The worker's end of the channel to its supervisor: requests come in, results, heartbeats and an ending go out, as
// checksummed frames over the socket that was inherited. inherit() also refuses to work where the worker would harm
// training (wrong scheduling policy or session). Where a burst gate was inherited too, heartbeat() waits at it. Sending
// is thread-safe; next(), cancelled() and heartbeat() belong to one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "guard/job.h"

namespace keisei::guard {

struct WorkerRequest {
  JobId id = 0;
  std::string kind;
  std::vector<std::byte> request;
  std::vector<Attachment> attachments;
  JobLimits limits;
};

enum class ErrorKind : std::uint8_t { kFailure = 0, kMemory = 1 };

class WorkerChannel {
 public:
  /// Reads `--channel-fd=N`, `--gate-fd=N` and `--plain` (no policy check) from argv, as the supervisor appends them;
  /// other arguments are ignored. Errors: no channel, no socket, a gate that is none, policy not SCHED_IDLE, not in the
  /// parent's session. The supervisor is told the reason too.
  [[nodiscard]] static Result<WorkerChannel> inherit(int argc, const char* const* argv);
  WorkerChannel(WorkerChannel&&) noexcept;
  WorkerChannel& operator=(WorkerChannel&&) noexcept;
  ~WorkerChannel();

  /// The next request, waiting for it. Nothing when the supervisor has closed the channel (end the process then) or
  /// sent something invalid.
  [[nodiscard]] std::optional<WorkerRequest> next();

  /// One finished piece of work (a game record), at most kMaxResultBytes. An error means the supervisor is gone.
  [[nodiscard]] Result<void> send_result(std::span<const std::byte> bytes);
  /// The request is finished, also after cancelled().
  [[nodiscard]] Result<void> done();
  /// The request failed; kMemory for std::bad_alloc and its like.
  [[nodiscard]] Result<void> error(std::string_view text, ErrorKind kind = ErrorKind::kFailure);

  /// "I am alive": call often (each ply or slice); sends at most one frame in 100 ms. While the gate is shut it waits
  /// here, still giving signs of life, until the gate opens, the request is cancelled or the supervisor is gone.
  void heartbeat();
  /// A gate was inherited: heartbeat() waits where it is shut.
  [[nodiscard]] bool gated() const;
  /// True once the supervisor asked to stop this request or is gone. Cheap (one non-blocking read).
  [[nodiscard]] bool cancelled();

 private:
  struct State;
  explicit WorkerChannel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace keisei::guard
