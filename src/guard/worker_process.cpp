#include "guard/worker_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "guard/burst_gate.h"
#include "guard/cores.h"

namespace keisei::guard {
namespace {

constexpr int kWorkerSocket = 3;
constexpr int kWorkerGate = 4;
constexpr std::size_t kReadBytes = 1u << 16;
constexpr std::size_t kMaxSeen = 4096;

/// One sendmsg; the descriptors ride on its first byte.
ssize_t send_once(int socket, std::span<const std::byte> bytes, const std::vector<Fd>& descriptors) {
  iovec piece{const_cast<std::byte*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMaxAttachments * sizeof(int))> control{};
  if (!descriptors.empty()) {
    std::array<int, kMaxAttachments> fds{};
    for (std::size_t i = 0; i < descriptors.size(); ++i) fds[i] = descriptors[i].get();
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr* c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(c), fds.data(), descriptors.size() * sizeof(int));
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

WorkerProcess::WorkerProcess(Child child, Fd socket, Fd errors, std::string mark)
    : child_(std::move(child)),
      pid_(child_.pid()),
      socket_(std::move(socket)),
      errors_(std::move(errors)),
      mark_(std::move(mark)),
      rss_(pid_) {}

Result<WorkerProcess> WorkerProcess::start(const SupervisorOptions& options, const std::string& mark,
                                           double memory_mb) {
  std::array<int, 2> pair{};
  std::array<int, 2> pipe{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return fail(Code::kFailure, std::string("cannot make a worker's socket: ") + std::strerror(errno));
  }
  Fd ours(pair[0]);
  const Fd theirs(pair[1]);
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
    return fail(Code::kFailure, std::string("cannot make a worker's pipe: ") + std::strerror(errno));
  }
  Fd errors(pipe[0]);
  const Fd errors_theirs(pipe[1]);
  ::fcntl(errors.get(), F_SETFL, O_NONBLOCK);

  SpawnPlan plan{options.launcher, options.launcher_argv, {{errors_theirs.get(), 2}, {theirs.get(), kWorkerSocket}}};
  if (options.burst_gate) plan.descriptors.emplace_back(options.burst_gate->memfd(), kWorkerGate);
  const auto option = [&](const char* name, const std::string& value) {
    plan.argv.emplace_back(name);
    plan.argv.push_back(value);
  };
  option("--parent", std::to_string(::getpid()));
  option("--keep-fds", std::to_string((options.burst_gate ? kWorkerGate : kWorkerSocket) + 1));
  if (options.limit_data && memory_mb > 0) option("--memory-mb", std::to_string(std::lround(std::ceil(memory_mb))));
  if (!options.worker_cores.empty()) option("--cpus", cpu_list_text(options.worker_cores));
  if (options.plain) plan.argv.emplace_back("--plain");
  option("--env", mark);
  for (const std::string& entry : options.environment) option("--env", entry);
  plan.argv.emplace_back("--");
  plan.argv.insert(plan.argv.end(), options.worker.begin(), options.worker.end());
  plan.argv.push_back("--channel-fd=" + std::to_string(kWorkerSocket));
  if (options.burst_gate) plan.argv.push_back("--gate-fd=" + std::to_string(kWorkerGate));
  if (options.plain) plan.argv.emplace_back("--plain");

  auto child = spawn(plan);
  if (!child) return tl::make_unexpected(child.error());
  return WorkerProcess(std::move(*child), std::move(ours), std::move(errors), mark);
}

void WorkerProcess::send(std::vector<std::byte> bytes, std::vector<Fd> descriptors) {
  outbox_.push_back({std::move(bytes), 0, std::move(descriptors)});
  flush();
}

void WorkerProcess::flush() {
  while (wants_write()) {
    Outgoing& first = outbox_.front();
    const ssize_t n =
        send_once(socket_.get(), std::span<const std::byte>(first.bytes).subspan(first.sent), first.descriptors);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n < 0) {
      outbox_.clear();  // the worker is gone; its end of the socket and its exit say so
      return;
    }
    first.descriptors.clear();
    first.sent += static_cast<std::size_t>(n);
    if (first.sent == first.bytes.size()) outbox_.pop_front();
  }
}

WorkerProcess::Read WorkerProcess::receive() {
  Read read;
  std::array<std::byte, kReadBytes> bytes{};
  while (socket_ && read.bytes < kReadPerTurnBytes) {
    const ssize_t n = ::recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (n <= 0) {
      read.closed = true;
      break;
    }
    decoder_.feed(std::span(bytes).first(static_cast<std::size_t>(n)));
    read.bytes += static_cast<std::size_t>(n);
  }
  return read;
}

void WorkerProcess::close_channel() {
  outbox_.clear();
  socket_.reset();
}

void WorkerProcess::read_errors() {
  std::array<char, kReadBytes> bytes{};
  std::size_t taken = 0;
  while (errors_ && taken < kReadPerTurnBytes) {
    const ssize_t n = ::read(errors_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n <= 0) {
      errors_.reset();
      break;
    }
    taken += static_cast<std::size_t>(n);
    words_.append(bytes.data(), static_cast<std::size_t>(n));
    if (words_.size() > kLastWordsBytes) words_.erase(0, words_.size() - kLastWordsBytes);
  }
}

std::string WorkerProcess::last_words() const {
  std::string line;
  for (const char c : words_) {
    const auto u = static_cast<unsigned char>(c);
    line += u < 0x20 || u == 0x7f ? ' ' : c;  // no control characters from the worker reach a terminal
  }
  const std::size_t begin = line.find_first_not_of(' ');
  const std::size_t end = line.find_last_not_of(' ');
  return begin == std::string::npos ? std::string() : line.substr(begin, end - begin + 1);
}

void WorkerProcess::limit_memory(double memory_mb) const {
  rlimit now{};
  if (::prlimit(pid_, RLIMIT_DATA, nullptr, &now) != 0) return;
  const auto wanted = static_cast<rlim_t>(std::ceil(memory_mb) * 1e6);
  now.rlim_cur = memory_mb > 0 ? std::min(wanted, now.rlim_max) : now.rlim_max;
  ::prlimit(pid_, RLIMIT_DATA, &now, nullptr);
}

void WorkerProcess::refresh_descendants() {
  descendants_.clear();
  for (const pid_t pid : proc::descendants(pid_)) {
    const auto stat = proc::stat(pid);
    if (!stat || stat->state == 'Z') continue;
    if (seen_.size() < kMaxSeen) seen_.insert({pid, stat->start_ticks});
    descendants_.emplace_back(pid);
    if (const auto cpu = proc::cpu_s(pid)) descendants_cpu_s_[pid] = *cpu;
  }
}

double WorkerProcess::rss_mb() {
  double sum = rss_.rss_mb().value_or(0);
  for (const proc::RssProbe& probe : descendants_) sum += probe.rss_mb().value_or(0);
  return sum;
}

std::optional<double> WorkerProcess::pss_mb() const {
  const auto own = proc::pss_mb(pid_);
  if (!own) return std::nullopt;
  double sum = *own;
  for (const proc::RssProbe& probe : descendants_) sum += proc::pss_mb(probe.pid()).value_or(0);
  return sum;
}

double WorkerProcess::cpu_s() {
  double sum = proc::cpu_s(pid_).value_or(0);
  for (const auto& [pid, cpu] : descendants_cpu_s_) sum += cpu;
  cpu_s_ = std::max(cpu_s_, sum);
  return cpu_s_;
}

bool WorkerProcess::runnable() const {
  if (proc::runnable(pid_)) return true;
  return std::any_of(descendants_.begin(), descendants_.end(),
                     [](const proc::RssProbe& probe) { return proc::runnable(probe.pid()); });
}

void WorkerProcess::hasten() {
  proc::hasten(pid_);
  for (const proc::RssProbe& probe : descendants_) proc::hasten(probe.pid());
}

}  // namespace keisei::guard
