// The other side of the supervision tests: `__launch …` is the launcher, `__worker …` a worker that behaves or breaks a
// rule as its request says (words), `__host` a process that owns a supervisor with a busy worker and can be killed.
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "guard/frame.h"
#include "guard/launch.h"
#include "guard/sealed.h"
#include "guard/supervisor.h"
#include "guard/worker.h"

namespace {

using namespace keisei;
using namespace keisei::guard;

constexpr int kSocket = 3;

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }
void nap(double s) { std::this_thread::sleep_for(std::chrono::duration<double>(s)); }

void put_raw(const std::vector<std::byte>& bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = ::send(kSocket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void forever() {
  while (true) nap(1);
}

void burn(double s) {
  timespec t{};
  const auto now = [&] {
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
  };
  const double end = now() + s;
  volatile unsigned sink = 0;
  while (now() < end) {
    for (int i = 0; i < 10000; ++i) sink = sink + 1;
  }
}

/// Touches `mb` in steps of 1 MB; the way decides what kind of memory it is.
void eat(const std::string& way, int mb) {
  constexpr std::size_t kStep = 1'000'000;
  static std::vector<std::unique_ptr<char[]>> blocks;
  char* area = nullptr;
  const std::size_t size = kStep * static_cast<std::size_t>(mb);
  if (way == "mmap") {
    area = static_cast<char*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  } else if (way == "memfd") {
    const int fd = ::memfd_create("hog", MFD_CLOEXEC);
    if (::ftruncate(fd, static_cast<off_t>(size)) != 0) std::abort();
    area = static_cast<char*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  }
  for (int i = 0; i < mb; ++i) {
    char* at = area == nullptr ? nullptr : area + kStep * static_cast<std::size_t>(i);
    if (at == nullptr) {
      blocks.emplace_back(new char[kStep]);
      at = blocks.back().get();
    }
    std::memset(at, i + 1, kStep);
  }
}

pid_t grandchild(bool leave_session, bool forget_environment) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  if (leave_session) ::setsid();
  ::signal(SIGTERM, SIG_IGN);
  if (forget_environment) {
    char name[] = "sleep";
    char time[] = "1000";
    char* argv[] = {name, time, nullptr};
    char* envp[] = {nullptr};
    ::execve("/bin/sleep", argv, envp);
  }
  forever();
}

std::string environment() {
  std::string text;
  for (char** entry = environ; *entry != nullptr; ++entry) text += std::string(*entry) + "\n";
  return text;
}

std::string open_descriptors() {
  std::string text;
  DIR* dir = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(dir)) {
    if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != ::dirfd(dir)) text += std::string(entry->d_name) + " ";
  }
  ::closedir(dir);
  return text;
}

std::string circumstances() {
  std::ostringstream out;
  rlimit core{};
  rlimit data{};
  rlimit stack{};
  ::getrlimit(RLIMIT_CORE, &core);
  ::getrlimit(RLIMIT_DATA, &data);
  ::getrlimit(RLIMIT_STACK, &stack);
  int death = 0;
  ::prctl(PR_GET_PDEATHSIG, &death);
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  int oom = 0;
  if (FILE* file = std::fopen("/proc/self/oom_score_adj", "r")) {
    if (std::fscanf(file, "%d", &oom) != 1) oom = -1;
    std::fclose(file);
  }
  out << "policy " << ::sched_getscheduler(0) << " nice " << ::getpriority(PRIO_PROCESS, 0) << " oom " << oom
      << " core " << core.rlim_cur << " data " << data.rlim_cur << " stack " << stack.rlim_cur << " own_group "
      << (::getpgrp() == ::getpid()) << " same_session " << (::getsid(0) == ::getsid(::getppid())) << " pdeathsig "
      << death << " blocked_int " << sigismember(&mask, SIGINT);
  return out.str();
}

/// True when the request is finished and done() is to be sent.
bool behave(WorkerChannel& channel, const WorkerRequest& request) {
  std::istringstream words(std::string(reinterpret_cast<const char*>(request.request.data()), request.request.size()));
  std::string what;
  std::string way;
  int n = 0;
  words >> what;
  const auto say = [&](const std::string& text) { (void)channel.send_result(bytes_of(text)); };
  if (what == "results") {
    words >> n;
    for (int i = 0; i < n; ++i) say("game " + std::to_string(i));
    return true;
  }
  if (what == "work") {  // ms; beats and obeys
    words >> n;
    say("begun");
    for (int i = 0; i < n && !channel.cancelled(); ++i) {
      nap(0.001);
      channel.heartbeat();
    }
    say("last");
    return true;
  }
  if (what == "burn") {
    words >> n;
    burn(n * 1e-3);
    say("burnt");
    return true;
  }
  if (what == "attachments") {
    for (const Attachment& attachment : request.attachments) {
      const auto bytes = read_sealed(attachment.memfd, 1u << 20);
      say(attachment.name + "=" +
          (bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : bytes.error().message));
      say(::ftruncate(attachment.memfd.get(), 1) == 0 ? "could change it" : "sealed");
    }
    return true;
  }
  if (what == "environment") return say(environment()), true;
  if (what == "descriptors") return say(open_descriptors()), true;
  if (what == "circumstances") return say(circumstances()), true;
  if (what == "pid") return say(std::to_string(::getpid())), true;
  if (what == "limits") {
    say(std::to_string(request.limits.timeout_s) + " " + std::to_string(request.limits.memory_mb) + " " +
        std::to_string(request.limits.game_timeout_s));
    return true;
  }
  if (what == "error") {
    (void)channel.error("the opponent could not be loaded");
    return false;
  }
  if (what == "sleep") forever();
  if (what == "busy") {
    say("begun");
    while (true) burn(1);
  }
  if (what == "busy_beats") {
    say("begun");
    while (true) {
      burn(0.01);
      channel.heartbeat();
    }
  }
  if (what == "ignore_term") {
    ::signal(SIGTERM, SIG_IGN);
    say("begun");
    while (true) burn(1);
  }
  if (what == "stop") {
    say("begun");
    ::raise(SIGSTOP);
    forever();
  }
  if (what == "eat") {
    words >> way >> n;
    say("begun");
    eat(way, n);
    say("ate it");
    return true;
  }
  if (what == "hold") {
    words >> n;
    ::signal(SIGTERM, SIG_IGN);
    say("begun");
    eat("mmap", n);
    say("held");
    const sched_param none{};
    ::sched_setscheduler(0, SCHED_IDLE, &none);
    ::setpriority(PRIO_PROCESS, 0, 19);
    forever();
  }
  if (what == "fork_hogs") {
    words >> n;
    say("begun");
    for (int i = 0; i < n; ++i) {
      if (::fork() == 0) {
        ::setsid();
        eat("mmap", 60);
        forever();
      }
    }
    forever();
  }
  if (what == "throw") throw std::runtime_error("a planted exception");
  if (what == "abort") std::abort();
  if (what == "segv") {
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(SIGSEGV);
  }
  if (what == "exit") {
    words >> n;
    say("begun");
    std::cerr << "the last words of the worker\n";
    std::_Exit(n);
  }
  if (what == "garbage") {
    say("begun");
    put_raw(std::vector<std::byte>(4096, std::byte{0xA5}));
    forever();
  }
  if (what == "flood") {
    const std::vector<std::byte> piece = encode(FrameType::kResult, request.id, std::vector<std::byte>(1u << 20));
    while (true) put_raw(piece);
  }
  if (what == "flood_output") {
    const std::string piece(1u << 16, 'x');
    while (true) {
      if (::write(STDOUT_FILENO, piece.data(), piece.size()) < 0 ||
          ::write(STDERR_FILENO, piece.data(), piece.size()) < 0)
        break;
    }
  }
  if (what == "torn") {
    say("begun");
    auto bytes = encode(FrameType::kResult, request.id, std::vector<std::byte>(1000));
    bytes.resize(500);
    put_raw(bytes);
    std::_Exit(0);
  }
  if (what == "wrong_job") {
    put_raw(encode(FrameType::kResult, request.id + 1, {}));
    forever();
  }
  if (what == "bit_flip") {
    auto bytes = encode(FrameType::kResult, request.id, std::vector<std::byte>(64));
    bytes.back() ^= std::byte{1};
    put_raw(bytes);
    forever();
  }
  if (what == "huge") {
    auto bytes = encode(FrameType::kResult, request.id, {});
    bytes[19] = std::byte{0x7f};
    put_raw(bytes);
    forever();
  }
  if (what == "after_done") {
    (void)channel.done();
    put_raw(encode(FrameType::kResult, request.id, {}));
    forever();
  }
  if (what == "close") {
    ::close(kSocket);
    forever();
  }
  if (what == "escape") {  // how: done | crash | hang; with `clean` the grandchild has no environment
    std::string clean;
    words >> way >> clean;
    const pid_t pid = grandchild(true, clean == "clean");
    nap(0.1);
    say(std::to_string(pid));
    if (way == "crash") std::abort();
    if (way == "hang") forever();
    return true;
  }
  (void)channel.error("unknown behaviour " + what);
  return false;
}

int work(int argc, char** argv) {
  auto channel = WorkerChannel::inherit(argc, argv);
  if (!channel) {
    std::cerr << channel.error().message << "\n";
    return channel.error().code == Code::kUsage ? 2 : 1;
  }
  while (auto request = channel->next()) {
    try {
      if (behave(*channel, *request)) (void)channel->done();
    } catch (const std::bad_alloc&) {
      (void)channel->error("out of memory", ErrorKind::kMemory);
    }
  }
  return 0;
}

int host(const char* self, const std::string& request) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a failing test leaves nothing behind
  const SystemClock clock;
  SupervisorOptions options;
  options.launcher = self;
  options.launcher_argv = {"actor", "__launch"};
  options.worker = {self, "__worker"};
  options.limit_data = false;
  options.plain = true;
  auto supervisor = Supervisor::start(options, Gate::make(1), clock);
  Job job;
  const auto bytes = bytes_of(request);
  job.request.assign(bytes.begin(), bytes.end());
  const auto id = (*supervisor)->submit(std::move(job));
  if (!id) return 1;
  while ((*supervisor)->status().workers.empty() || (*supervisor)->status().workers[0].results == 0) nap(0.005);
  std::cout << (*supervisor)->status().workers[0].pid << std::endl;
  forever();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "__launch") return keisei::guard::launch_main(argc, argv);
  if (mode == "__worker") return work(argc, argv);
  if (mode == "__host" && argc > 2) return host(argv[0], argv[2]);
  std::cerr << "actor: __launch, __worker or __host\n";
  return 2;
}
