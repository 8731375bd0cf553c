// What the supervision tests share: options that point at the actor (src/app/proof/behaviour.h says what it can be
// asked to do) and escalate quickly, and jobs from words.
#pragma once

#include <dirent.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "guard/proc.h"
#include "guard/sanitized.h"
#include "guard/supervisor.h"

namespace keisei::guard::stage {

inline constexpr double kSlack_s = 6;   ///< beyond a bound, for a machine that is busy with other things
inline constexpr double kAmple_s = 30;  ///< for what must happen, on a busy machine

inline SupervisorOptions options() {
  SupervisorOptions o;
  o.launcher = GUARD_ACTOR;
  o.launcher_argv = {"keisei", "__launch"};
  o.worker = {GUARD_ACTOR, "__actor"};
  o.limit_data = !kSanitized;
  o.ask_s = 0.1;
  o.terminate_s = 0.1;
  o.shutdown_s = 0.2;
  o.breaker_deaths = 1000;
  o.process_restart_threshold = 0;
  o.gpu_library = "libno-gpu-in-this-test.so.1";
  o.plain = true;  // what is not about the policy must not depend on how busy the machine is
  return o;
}

/// As beside training: SCHED_IDLE.
inline SupervisorOptions idle_options() {
  SupervisorOptions o = options();
  o.plain = false;
  return o;
}

inline Job job(const std::string& words, double timeout_s = 20, double memory_mb = kSanitized ? 0 : 500,
               const std::string& kind = {}) {
  Job j;
  j.kind = kind;
  const auto bytes = std::as_bytes(std::span(words));
  j.request.assign(bytes.begin(), bytes.end());
  j.limits.timeout_s = timeout_s;
  j.limits.memory_mb = memory_mb;
  return j;
}

inline std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool eventually(const std::function<bool()>& condition, double within_s = kAmple_s) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(within_s);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

/// A supervisor over the actor, with the reports in hand.
struct Stage {
  explicit Stage(const SupervisorOptions& o = options(), int limit = 1) : gate(Gate::make(limit)) {
    auto started = Supervisor::start(o, gate, clock);
    if (started) supervisor = std::move(*started);
  }
  /// Runs one job to its end.
  JobReport run(Job j) {
    const auto id = supervisor->submit(std::move(j));
    EXPECT_TRUE(id) << (id ? "" : id.error().message);
    if (!id) return {};
    EXPECT_TRUE(supervisor->wait(*id, kAmple_s));
    for (JobReport& report : supervisor->collect()) {
      if (report.id == *id) return std::move(report);
    }
    ADD_FAILURE() << "no report of job " << *id;
    return {};
  }
  SystemClock clock;
  std::shared_ptr<Gate> gate;
  std::unique_ptr<Supervisor> supervisor;
};

inline bool alive(pid_t pid) {
  const auto stat = proc::stat(pid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* dir = ::opendir("/proc/self/fd");
  while (::readdir(dir) != nullptr) ++count;
  ::closedir(dir);
  return count;
}

/// The process has no child left, living or dead.
inline bool childless() { return ::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD; }

}  // namespace keisei::guard::stage
