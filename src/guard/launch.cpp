#include "guard/launch.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "guard/cage.h"
#include "guard/cores.h"
#include "guard/proc_text.h"

#ifndef SCHED_IDLE
#define SCHED_IDLE 5
#endif

namespace keisei::guard {
namespace {

constexpr int kExitLimit = 126;
constexpr int kExitExec = 127;
constexpr long kDefaultStackMb = 2;
constexpr int kNiceest = 19;

struct Plan {
  long parent = 0;
  long memory_mb = 0;
  long stack_mb = kDefaultStackMb;
  long keep_fds = 3;
  bool plain = false;
  std::vector<int> cpus;  ///< empty = wherever the parent may run
  std::optional<Cage> cage;
  std::vector<std::string> environment;
  std::vector<char*> worker;
};

void say(const std::string& sentence) {
  const std::string line = "keisei __launch: " + sentence + "\n";
  [[maybe_unused]] const auto ignored = ::write(STDERR_FILENO, line.data(), line.size());
}

int refuse(const std::string& what) {
  say(what + ": " + std::strerror(errno));
  return kExitLimit;
}

std::optional<long> number(const char* text) {
  char* end = nullptr;
  errno = 0;
  const long value = std::strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < 0) return std::nullopt;
  return value;
}

std::optional<Plan> parse(int argc, char** argv) {
  Plan plan;
  int i = 1;
  while (i < argc && std::strncmp(argv[i], "--", 2) != 0) ++i;
  for (; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--") {
      for (++i; i < argc; ++i) plan.worker.push_back(argv[i]);
      break;
    }
    if (option == "--plain") {
      plan.plain = true;
      continue;
    }
    if (i + 1 >= argc) return std::nullopt;
    const char* value = argv[++i];
    if (option == "--env") {
      if (std::strchr(value, '=') == nullptr) return std::nullopt;
      plan.environment.emplace_back(value);
      continue;
    }
    if (option == "--cage") {
      auto cage = decode_cage(value);
      if (!cage) return std::nullopt;
      plan.cage = std::move(*cage);
      continue;
    }
    if (option == "--cpus") {
      auto cpus = proc::parse_cpu_list(value);
      if (!cpus) return std::nullopt;
      plan.cpus = std::move(*cpus);
      continue;
    }
    long* target = option == "--parent"      ? &plan.parent
                   : option == "--memory-mb" ? &plan.memory_mb
                   : option == "--stack-mb"  ? &plan.stack_mb
                   : option == "--keep-fds"  ? &plan.keep_fds
                                             : nullptr;
    const auto parsed = number(value);
    if (target == nullptr || !parsed) return std::nullopt;
    *target = *parsed;
  }
  if (plan.worker.empty() || plan.keep_fds < 3) return std::nullopt;
  return plan;
}

bool limit(__rlimit_resource_t resource, rlim_t bytes) {
  rlimit now{};
  if (::getrlimit(resource, &now) != 0) return false;
  // The hard limit stays, so that the supervisor may move the soft one between jobs.
  now.rlim_cur = now.rlim_max == RLIM_INFINITY ? bytes : std::min(bytes, now.rlim_max);
  return ::setrlimit(resource, &now) == 0;
}

/// The kernel's out-of-memory killer must take the evaluation before the training.
bool offer_to_oom_killer() {
  const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool written = ::write(fd, "1000", 4) == 4;
  ::close(fd);
  return written;
}

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal != SIGKILL && signal != SIGSTOP) ::signal(signal, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::vector<std::string> clean_environment(const std::vector<std::string>& extra) {
  std::vector<std::string> kept;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (inheritable_variable(text.substr(0, text.find('=')))) kept.emplace_back(text);
  }
  for (const std::string& text : extra) {
    const std::string head = text.substr(0, text.find('=') + 1);
    std::erase_if(kept, [&](const std::string& old) { return old.starts_with(head); });
    kept.push_back(text);
  }
  return kept;
}

}  // namespace

bool inheritable_variable(std::string_view name) {
  constexpr std::array kExact = {"PATH", "HOME", "LANG",    "TZ",           "TMPDIR",       "LD_LIBRARY_PATH",
                                 "TERM", "USER", "LOGNAME", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};
  constexpr std::array kPrefixes = {"LC_",       "OMP_",  "GOMP_",   "KMP_",  "MKL_",
                                    "OPENBLAS_", "GOTO_", "MALLOC_", "ATEN_", "CUDA_VISIBLE_"};
  const auto equals = [&](const char* text) { return name == text; };
  const auto begins = [&](const char* text) { return name.starts_with(text); };
  return std::any_of(kExact.begin(), kExact.end(), equals) || std::any_of(kPrefixes.begin(), kPrefixes.end(), begins);
}

int launch_main(int argc, char** argv) {
  const auto plan = parse(argc, argv);
  if (!plan) {
    say("usage: __launch [--parent PID] [--memory-mb N] [--stack-mb N] [--keep-fds N] [--cpus LIST] [--plain] "
        "[--cage CAGE] [--env NAME=VALUE] -- WORKER [ARG]");
    return kExitLimit;
  }
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return refuse("cannot follow the parent's death");
  // The parent may have died before the line above; then nobody would ever send the signal.
  if (plan->parent != 0 && ::getppid() != static_cast<pid_t>(plan->parent)) {
    say("the parent process is gone");
    return kExitLimit;
  }
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return refuse("cannot become a subreaper");
  if (::setpgid(0, 0) != 0 && ::getpgrp() != ::getpid()) return refuse("cannot make a process group");
  constexpr rlim_t kMb = 1000 * 1000;
  if (plan->memory_mb > 0 && !limit(RLIMIT_DATA, static_cast<rlim_t>(plan->memory_mb) * kMb)) {
    return refuse("cannot limit memory");
  }
  if (!limit(RLIMIT_STACK, static_cast<rlim_t>(std::max(1L, plan->stack_mb)) << 20))
    return refuse("cannot limit the stack");
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0) return refuse("cannot switch core dumps off");
  if (!plan->plain) {
    const sched_param none{};
    if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0) return refuse("cannot set SCHED_IDLE");
    if (::setpriority(PRIO_PROCESS, 0, kNiceest) != 0) return refuse("cannot set nice 19");
  }
  if (!plan->cpus.empty() && !set_affinity(plan->cpus)) return refuse("cannot keep to its cores");
  if (!offer_to_oom_killer()) return refuse("cannot set oom_score_adj");
  reset_signals();
  if (::close_range(static_cast<unsigned>(plan->keep_fds), ~0u, 0) != 0) return refuse("cannot close descriptors");

  if (plan->cage) {
    const auto missing = enter_cage(*plan->cage);
    if (!missing) {
      say(missing.error().message);
      return kExitLimit;
    }
    for (const std::string& part : *missing) say("cage: " + part);
  }
  std::vector<std::string> environment =
      plan->cage ? caged_environment(*plan->cage, environ) : clean_environment(plan->environment);
  std::vector<char*> envp;
  for (std::string& entry : environment) envp.push_back(entry.data());
  envp.push_back(nullptr);
  std::vector<char*> args = plan->worker;
  args.push_back(nullptr);
  ::execvpe(args[0], args.data(), envp.data());
  say(std::string("cannot execute ") + args[0] + ": " + std::strerror(errno));
  return kExitExec;
}

}  // namespace keisei::guard
