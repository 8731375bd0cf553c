#include "guard/worker.h"

#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>

#include "base/clock.h"
#include "guard/burst_gate.h"
#include "guard/frame.h"
#include "guard/proc.h"
#include "guard/request.h"

namespace keisei::guard {
namespace {

constexpr double kHeartbeatInterval_s = 0.1;
constexpr double kGateSlice_s = 0.25;  ///< from one sign of life to the next while the gate is shut
constexpr std::size_t kReadBytes = 1u << 16;

std::string reason() { return std::strerror(errno); }

/// Beside training, a worker at the default policy or in another autogroup costs up to 80 % of the training rate.
Result<void> verify_policy() {
  const int policy = ::sched_getscheduler(0);
  if (policy != SCHED_IDLE) {
    return fail(Code::kFailure,
                "worker refuses to run: scheduling policy is " + std::to_string(policy) + ", not SCHED_IDLE",
                "start it through the launcher, or with the plain option where nobody trains");
  }
  if (::getsid(0) != ::getsid(::getppid())) {
    return fail(Code::kFailure, "worker refuses to run: it is not in its parent's session",
                "autogroup scheduling would cancel SCHED_IDLE; do not start workers under setsid");
  }
  if (proc::autogroup(::getpid()) != proc::autogroup(::getppid())) {
    return fail(Code::kFailure, "worker refuses to run: its scheduling autogroup is not its parent's");
  }
  return {};
}

}  // namespace

struct WorkerChannel::State {
  Fd socket;
  std::optional<BurstGateView> gate;
  FrameDecoder decoder{kMaxRequestPayloadBytes};
  std::deque<Fd> received;
  SystemClock clock;
  std::mutex sending;
  JobId job = 0;
  double last_sent_s = 0;
  bool cancelled = false;
  bool closed = false;

  /// Sends one frame; `sending` is held.
  Result<void> put(FrameType type, std::span<const std::byte> payload, JobId id) {
    const std::vector<std::byte> bytes = encode(type, id, payload);
    last_sent_s = clock.monotonic_s();
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t n = ::send(socket.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return fail(Code::kFailure, "the supervisor is gone: " + reason());
      sent += static_cast<std::size_t>(n);
    }
    return {};
  }

  /// Sends a frame of the job in hand; with `ends` it is the last one.
  Result<void> send(FrameType type, std::span<const std::byte> payload, bool ends) {
    const std::lock_guard lock(sending);
    if (job == 0) return fail(Code::kFailure, "no request is being worked on");
    return put(type, payload, ends ? std::exchange(job, 0) : job);
  }

  void beat() {
    const std::lock_guard lock(sending);
    if (job == 0 || clock.monotonic_s() - last_sent_s < kHeartbeatInterval_s) return;
    (void)put(FrameType::kHeartbeat, {}, job);
  }

  JobId current_job() {
    const std::lock_guard lock(sending);
    return job;
  }

  /// Reads once; false when nothing came (only with MSG_DONTWAIT) or the channel is closed.
  bool receive(int flags) {
    std::array<std::byte, kReadBytes> bytes{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxAttachments * sizeof(int))> control{};
    iovec piece{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t n = ::recvmsg(socket.get(), &message, flags | MSG_CMSG_CLOEXEC);
    if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return errno == EINTR;
    for (cmsghdr* c = n > 0 ? CMSG_FIRSTHDR(&message) : nullptr; c != nullptr; c = CMSG_NXTHDR(&message, c)) {
      if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
      for (std::size_t at = 0; at + CMSG_LEN(0) + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
        received.emplace_back(fd);
      }
    }
    if (n <= 0) {
      closed = true;
      return false;
    }
    decoder.feed(std::span(bytes).first(static_cast<std::size_t>(n)));
    return true;
  }

  std::optional<WorkerRequest> accept(Frame frame) {
    auto head = decode_request(frame.payload);
    if (!head || head->attachment_names.size() > received.size()) {
      closed = true;
      return std::nullopt;
    }
    WorkerRequest request{frame.job, std::move(head->kind), std::move(head->request), {}, head->limits};
    for (std::string& name : head->attachment_names) {
      request.attachments.push_back({std::move(name), std::move(received.front())});
      received.pop_front();
    }
    {
      const std::lock_guard lock(sending);
      job = frame.job;
      last_sent_s = 0;
    }
    cancelled = false;
    return request;
  }
};

WorkerChannel::WorkerChannel(std::unique_ptr<State> state) : state_(std::move(state)) {}
WorkerChannel::WorkerChannel(WorkerChannel&&) noexcept = default;
WorkerChannel& WorkerChannel::operator=(WorkerChannel&&) noexcept = default;
WorkerChannel::~WorkerChannel() = default;

Result<WorkerChannel> WorkerChannel::inherit(int argc, const char* const* argv) {
  constexpr std::string_view kChannel = "--channel-fd=";
  constexpr std::string_view kGate = "--gate-fd=";
  int fd = -1;
  int gate_fd = -1;
  bool plain = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(kChannel)) fd = std::atoi(argv[i] + kChannel.size());
    if (argument.starts_with(kGate)) gate_fd = std::atoi(argv[i] + kGate.size());
    if (argument == "--plain") plain = true;
  }
  struct stat info {};
  if (fd < 3 || ::fstat(fd, &info) != 0 || !S_ISSOCK(info.st_mode)) {
    return fail(Code::kUsage, "no supervisor's channel was inherited", "workers are started by the supervisor only");
  }
  auto state = std::make_unique<State>();
  state->socket.reset(fd);
  Result<void> ready = plain ? Result<void>() : verify_policy();
  if (ready && gate_fd >= 3 && gate_fd != fd) {
    auto gate = BurstGateView::map(Fd(gate_fd));
    if (gate) {
      state->gate.emplace(std::move(*gate));
    } else {
      ready = tl::make_unexpected(gate.error());
    }
  }
  if (!ready) {
    ByteWriter text;
    text.u8(static_cast<std::uint8_t>(ErrorKind::kFailure));
    text.raw(std::as_bytes(std::span(ready.error().message)));
    (void)state->put(FrameType::kError, text.take(), 0);  // nobody shares it yet
    return tl::make_unexpected(ready.error());
  }
  return WorkerChannel(std::move(state));
}

std::optional<WorkerRequest> WorkerChannel::next() {
  while (!state_->closed) {
    auto frame = state_->decoder.next();
    if (!frame) break;
    if (!*frame) {
      (void)state_->receive(0);
      continue;
    }
    if ((*frame)->type == FrameType::kRequest) {
      if (auto request = state_->accept(std::move(**frame))) return request;
      break;
    }
    if ((*frame)->type != FrameType::kCancel) break;  // a cancel may come after its job has ended
  }
  state_->closed = true;
  return std::nullopt;
}

Result<void> WorkerChannel::send_result(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxResultBytes) {
    return fail(Code::kUsage, "a result has " + std::to_string(bytes.size()) + " bytes",
                "at most " + std::to_string(kMaxResultBytes));
  }
  return state_->send(FrameType::kResult, bytes, false);
}

Result<void> WorkerChannel::done() { return state_->send(FrameType::kDone, {}, true); }

Result<void> WorkerChannel::error(std::string_view text, ErrorKind kind) {
  ByteWriter payload;
  payload.u8(static_cast<std::uint8_t>(kind));
  payload.raw(std::as_bytes(std::span(text.substr(0, kMaxErrorBytes))));
  return state_->send(FrameType::kError, payload.take(), true);
}

void WorkerChannel::heartbeat() {
  state_->beat();
  if (!state_->gate) return;
  while (!state_->gate->is_open() && state_->current_job() != 0 && !cancelled()) {
    (void)state_->gate->wait_open(kGateSlice_s);
    state_->beat();
  }
}

bool WorkerChannel::gated() const { return state_->gate.has_value(); }

bool WorkerChannel::cancelled() {
  while (!state_->closed && state_->receive(MSG_DONTWAIT)) {
  }
  while (!state_->cancelled && !state_->closed) {
    auto frame = state_->decoder.next();
    if (!frame) state_->closed = true;
    if (!frame || !*frame) break;
    if ((*frame)->type == FrameType::kCancel && (*frame)->job == state_->current_job()) state_->cancelled = true;
  }
  return state_->cancelled || state_->closed;
}

}  // namespace keisei::guard
