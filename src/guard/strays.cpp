#include "guard/strays.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "guard/proc.h"

namespace keisei::guard {
namespace {

constexpr int kRounds = 24;
constexpr std::chrono::milliseconds kBetweenRounds{2};
constexpr int kWorkerOomScore = 1000;

bool is_stray(pid_t pid, const StrayRule& rule, pid_t session, bool score_tells) {
  if (std::find(rule.workers.begin(), rule.workers.end(), pid) != rule.workers.end()) return false;
  const auto stat = proc::stat(pid);
  if (!stat || stat->parent != ::getpid()) return false;
  if (rule.seen && rule.seen(pid, stat->start_ticks)) return true;
  if (stat->state != 'Z' && proc::has_environment(pid, rule.mark)) return true;
  // A dead process has no environment, and a living one may have been started without ours. A worker's own shape (our
  // session, leader of its group) is spared: it may belong to another supervisor in this process, which reaps it.
  const bool worker_shape = stat->session == session && stat->group == pid;
  return score_tells && !worker_shape && proc::oom_score_adj(pid) == kWorkerOomScore;
}

}  // namespace

Sweep sweep_strays(const StrayRule& rule) {
  Sweep sweep;
  std::set<pid_t> killed;
  const pid_t session = ::getsid(0);
  const bool score_tells = proc::oom_score_adj(::getpid()) != kWorkerOomScore;
  for (int round = 0; round < kRounds; ++round) {
    if (round > 0) std::this_thread::sleep_for(kBetweenRounds);
    sweep.left = 0;
    for (const pid_t pid : proc::children(::getpid())) {
      if (!is_stray(pid, rule, session, score_tells)) continue;
      proc::hasten(pid);
      if (::kill(pid, SIGKILL) == 0) killed.insert(pid);
      if (::waitpid(pid, nullptr, WNOHANG) != pid) ++sweep.left;
    }
    // The children of what was just reaped have become ours meanwhile: look once more before being content.
    if (sweep.left == 0 && (round > 0 || killed.empty())) break;
  }
  sweep.killed = killed.size();
  return sweep;
}

}  // namespace keisei::guard
