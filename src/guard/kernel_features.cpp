#include "guard/kernel_features.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/file.h"
#include "guard/kept_file.h"
#include "guard/landlock.h"
#include "guard/proc_text.h"

namespace keisei::guard {
namespace {

std::string because() { return std::string("refused: ") + std::strerror(errno); }

Feature pidfd() {
  const Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
  return {"pidfd", static_cast<bool>(fd), fd ? "works" : because(), Need::kRequired,
          "the safeguards need Linux 5.3 or newer, or a sandbox that lets pidfd_open through"};
}

Feature sealed_memory() {
  const Fd fd(::memfd_create("keisei-doctor", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  const bool works = fd && ::fcntl(fd.get(), F_ADD_SEALS, seals) == 0;
  return {"memfd seals", works, works ? "work" : because(), Need::kRequired,
          "weights cross to evaluation in a sealed memfd; let memfd_create and its seals through"};
}

/// Tried on a thread of its own: a policy belongs to a thread, and not everybody may leave this one again.
Feature idle_policy() {
  int error = 0;
  std::thread([&error] {
    const sched_param none{};
    error = ::sched_setscheduler(0, SCHED_IDLE, &none) == 0 ? 0 : errno;
  }).join();
  return {"SCHED_IDLE", error == 0, error == 0 ? "permitted" : std::string("refused: ") + std::strerror(error),
          Need::kRequired, "evaluation would slow training down; let sched_setscheduler through"};
}

Feature nice_capability() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
  Feature feature{"CAP_SYS_NICE", {}, {}, Need::kNone, {}};
  if (::syscall(SYS_capget, &header, data.data()) != 0) {
    feature.detail = because();
    return feature;
  }
  feature.present = (data[CAP_TO_INDEX(CAP_SYS_NICE)].effective & CAP_TO_MASK(CAP_SYS_NICE)) != 0;
  feature.detail = *feature.present ? "held: a worker that is killed is hastened"
                                    : "not held: on a busy machine a worker that is killed ends a little later";
  return feature;
}

Feature oom_score() {
  const Fd fd(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  return {"oom_score_adj", static_cast<bool>(fd), fd ? "writable" : because(), Need::kRequired,
          "when memory runs out the kernel must take the evaluation first; mount /proc writable"};
}

Feature autogroup() {
  KeptFile file("/proc/sys/kernel/sched_autogroup_enabled");
  const auto text = file.read();
  if (!text) return {"autogroup", false, "not in this kernel", Need::kNone, {}};
  const bool on = text->starts_with("1");
  return {"autogroup",
          on,
          on ? "on; evaluation stays in the session of training, where its idle policy counts" : "off",
          Need::kNone,
          {}};
}

Feature pressure() {
  KeptFile file("/proc/pressure/cpu");
  const auto text = file.read();
  if (text && proc::parse_pressure(*text)) return {"PSI", true, "readable", Need::kNone, {}};
  return {"PSI", false, text ? "not readable: " + file.path() : "not in this kernel, or switched off", Need::kUseful,
          "boot with psi=1 to see how long work waits for processor, memory and disk"};
}

Feature schedstat() {
  KeptFile file("/proc/self/schedstat");
  const auto text = file.read();
  const bool works = text && proc::parse_run_delay_s(*text).has_value();
  return {"schedstat", works, works ? "readable" : "not in this kernel", Need::kUseful,
          "without it the fast tripwire of the governor is blind; use a kernel with CONFIG_SCHED_INFO"};
}

Feature memory_group(const CgroupTree& tree) {
  const auto parent = worker_cgroup_parent(tree);
  if (parent) return {"cgroup v2 for workers", true, "writable below " + parent->string(), Need::kUseful, {}};
  return {"cgroup v2 for workers", false, parent.error().message, Need::kNone,
          "the memory limit of evaluation is held by RLIMIT_DATA and the watchdog alone, which is enough" +
              (parent.error().hint.empty() ? "" : "; for a third: " + parent.error().hint)};
}

Feature landlock() {
  const int abi = landlock_abi();
  if (abi > 0) return {"Landlock", true, "ABI version " + std::to_string(abi), Need::kNone, {}};
  return {"Landlock", false, "not in this kernel, or switched off at boot", Need::kNone, {}};
}

Feature seccomp() {
  unsigned action = SECCOMP_RET_KILL_PROCESS;
  const bool works = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
  return {"seccomp", works, works ? "filters can end a process" : because(), Need::kNone, {}};
}

}  // namespace

std::vector<Feature> kernel_features(const CgroupTree& tree) {
  return {pidfd(),    sealed_memory(), idle_policy(),      nice_capability(), oom_score(), autogroup(),
          pressure(), schedstat(),     memory_group(tree), landlock(),        seccomp()};
}

}  // namespace keisei::guard
