#include "guard/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

namespace keisei::guard {
namespace {

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; }

constexpr int kFirstHighDescriptor = 16;

/// Of the whole process, as its children are: a counter that each caller kept for itself would miss a second caller.
constinit std::atomic<std::uint64_t> spawned{0};

/// posix_spawn's two attribute objects and the descriptors they name, freed together.
struct Attributes {
  posix_spawnattr_t attributes{};
  posix_spawn_file_actions_t actions{};
  std::vector<Fd> copies;
  Attributes() {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

int prepare(Attributes& a, const std::vector<std::pair<int, int>>& descriptors) {
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&a.attributes, &all);
  posix_spawnattr_setsigmask(&a.attributes, &none);
  posix_spawnattr_setpgroup(&a.attributes, 0);
  const int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP;
  if (const int e = posix_spawnattr_setflags(&a.attributes, static_cast<short>(flags)); e != 0) return e;
  for (int standard = 0; standard <= 2; ++standard) {
    const bool named =
        std::any_of(descriptors.begin(), descriptors.end(), [&](auto& d) { return d.second == standard; });
    const int mode = standard == 0 ? O_RDONLY : O_WRONLY;
    if (named) continue;
    if (const int e = posix_spawn_file_actions_addopen(&a.actions, standard, "/dev/null", mode, 0); e != 0) return e;
  }
  for (const auto& [ours, theirs] : descriptors) {
    // A high copy, so that no descriptor of ours is overwritten before it is used.
    Fd high(::fcntl(ours, F_DUPFD_CLOEXEC, kFirstHighDescriptor));
    if (!high) return errno;
    if (const int e = posix_spawn_file_actions_adddup2(&a.actions, high.get(), theirs); e != 0) return e;
    a.copies.push_back(std::move(high));
  }
  return 0;
}

}  // namespace

std::string Exit::text() const {
  if (!signalled) return "exit code " + std::to_string(code);
  const char* description = ::sigdescr_np(code);
  return "signal " + std::to_string(code) + " (" + (description != nullptr ? description : "unknown") + ")";
}

Child::~Child() {
  if (pid_ < 0) return;
  signal_group(SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void Child::signal_group(int signal) const {
  if (pid_ <= 0) return;
  ::kill(-pid_, signal);
  ::kill(pid_, signal);  // not yet reaped, so the number is still ours; it may have left the group
}

std::optional<Exit> Child::try_reap() {
  if (pid_ < 0) return std::nullopt;
  int status = 0;
  rusage usage{};
  const pid_t got = ::wait4(pid_, &status, WNOHANG, &usage);
  if (got == 0 || (got < 0 && errno == EINTR)) return std::nullopt;
  Exit exit;
  if (got == pid_) {
    exit.signalled = WIFSIGNALED(status);
    exit.code = exit.signalled ? WTERMSIG(status) : WEXITSTATUS(status);
    exit.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    exit.max_rss_mb = static_cast<double>(usage.ru_maxrss) * 1024e-6;
  } else {
    exit.code = -1;  // somebody else reaped it
  }
  pid_ = -1;
  pidfd_.reset();
  return exit;
}

std::uint64_t processes_spawned() { return spawned.load(); }

Result<Child> spawn(const SpawnPlan& plan) {
  Attributes attributes;
  if (const int e = prepare(attributes, plan.descriptors); e != 0) {
    return fail(Code::kFailure, "cannot prepare a process for " + plan.program + ": " + std::strerror(e));
  }
  std::vector<std::string> texts = plan.argv;
  std::vector<char*> argv;
  for (std::string& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int e =
      ::posix_spawnp(&pid, plan.program.c_str(), &attributes.actions, &attributes.attributes, argv.data(), environ);
  if (e != 0) return fail(Code::kFailure, "cannot start " + plan.program + ": " + std::strerror(e));
  spawned.fetch_add(1);
  // By number: Debian 12's <sys/pidfd.h> is not fit for C++.
  Child child(pid, Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
  if (child.pidfd() < 0)
    return fail(Code::kFailure, std::string("cannot watch a process: pidfd_open: ") + std::strerror(errno));
  return child;
}

}  // namespace keisei::guard
