// What happens to one worker and its job: frames, limits, and the way from asking to SIGKILL.
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "guard/supervisor_loop.h"
#include "guard/worker.h"

namespace keisei::guard {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kCloseGrace_ns = 1000 * kMs;
constexpr std::int64_t kKillAgain_ns = 50 * kMs;
constexpr std::int64_t kHangCheck_ns = 250 * kMs;
constexpr std::int64_t kDescendants_ns = 20 * kMs;
constexpr std::int64_t kPssTurn_ns = 250 * kMs;  ///< PSS costs a page-table walk, so it is read seldom …
constexpr double kPssGrowth = 1.02;              ///< … and when the resident set has grown by this since the last
constexpr std::int64_t kPssGrown_ns = 30 * kMs;  ///< at the earliest after the last
constexpr std::int64_t kPssNear_ns = 10 * kMs;   ///< the same, near the limit
constexpr std::size_t kMaxJobBytes = 64u << 20;  ///< from one worker in one job
constexpr std::size_t kMaxOrphans = 4096;

std::int64_t ns(double s) { return static_cast<std::int64_t>(std::min(s, 1e9) * 1e9); }
double seconds(std::int64_t ns) { return static_cast<double>(ns) * 1e-9; }

std::string rounded(double value) { return std::to_string(std::llround(value)); }

std::string tenths(double value) {
  std::string text = std::to_string(value);
  return text.substr(0, text.find('.') + 2);
}

}  // namespace

void Supervisor::Loop::read(Slot& slot, bool until_empty) {
  while (slot.worker && slot.misbehaviour.empty()) {
    const WorkerProcess::Read read = slot.worker->receive();
    if (slot.running) slot.running->bytes += read.bytes;
    if (slot.running && slot.running->bytes > kMaxJobBytes) {
      return protocol_error(slot, "worker sent more than " + std::to_string(kMaxJobBytes >> 20) + " MiB in one job");
    }
    while (slot.worker && slot.misbehaviour.empty()) {
      auto frame = slot.worker->next_frame();
      if (!frame) return protocol_error(slot, frame.error().message);
      if (!*frame) break;
      take(slot, std::move(**frame));
    }
    if (read.closed) {
      if (slot.closed_ns == 0) slot.closed_ns = clock_.monotonic_ns();
      return;
    }
    if (!until_empty || read.bytes == 0) return;
  }
}

void Supervisor::Loop::take(Slot& slot, Frame frame) {
  if (frame.type == FrameType::kError && frame.job == 0 && !slot.proven && slot.running && !frame.payload.empty()) {
    // Refused before its first job: what it says is the reason for the exit that follows.
    const auto* text = reinterpret_cast<const char*>(frame.payload.data());
    slot.running->detail.assign(text + 1, std::min(frame.payload.size() - 1, kMaxErrorBytes));
    return;
  }
  if (!slot.running) return protocol_error(slot, "worker sent a frame without a job");
  Running& running = *slot.running;
  if (frame.job != running.id) {
    return protocol_error(
        slot, "worker sent a frame of job " + std::to_string(frame.job) + " during job " + std::to_string(running.id));
  }
  running.last_frame_ns = running.idle_since_ns = clock_.monotonic_ns();
  running.cpu_at_frame_s = running.cpu_at_idle_s = slot.worker->cpu_s();
  switch (frame.type) {
    case FrameType::kResult:
      if (running.first_result_ns == 0) {
        running.first_result_ns = running.last_frame_ns;
        running.cpu_at_first_result_s = running.cpu_at_frame_s;
      }
      running.results.push_back(std::move(frame.payload));
      ++slot.results;
      return;
    case FrameType::kHeartbeat:
      return;
    case FrameType::kDone: {
      slot.proven = true;
      {
        const std::lock_guard lock(mutex_);
        breaker_.success();
      }
      return finish(slot, running.ending.value_or(JobEnd::kDone), running.detail, slot.worker->cpu_s());
    }
    case FrameType::kError: {
      if (frame.payload.empty()) return protocol_error(slot, "worker sent an error frame without a kind");
      const bool memory = frame.payload[0] == static_cast<std::byte>(ErrorKind::kMemory);
      const auto* text = reinterpret_cast<const char*>(frame.payload.data());
      std::string said(text + 1, std::min(frame.payload.size() - 1, kMaxErrorBytes));
      for (char& c : said) c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
      const bool decided = running.ending.has_value();
      if (memory) said += " (limit " + rounded(running.limits.memory_mb) + " MB)";
      slot.retiring = slot.retiring || memory;  // its heap is full of holes now
      return finish(slot,
                    decided  ? *running.ending
                    : memory ? JobEnd::kMemory
                             : JobEnd::kFailed,
                    decided ? running.detail : said, slot.worker->cpu_s());
    }
    case FrameType::kRequest:
    case FrameType::kCancel:
      break;
  }
  protocol_error(slot, "worker sent a frame that only the supervisor sends");
}

void Supervisor::Loop::protocol_error(Slot& slot, const std::string& what) {
  if (!slot.misbehaviour.empty()) return;
  slot.misbehaviour = what;
  force(slot, JobEnd::kProtocol, what);
}

void Supervisor::Loop::ask(Slot& slot, JobEnd end, std::string detail) {
  if (!slot.running || slot.running->ending) return;
  slot.running->ending = end;
  slot.running->detail = std::move(detail);
  slot.worker->send(encode(FrameType::kCancel, slot.running->id, {}));
  slot.stage = Stage::kAsked;
  slot.step_ns = clock_.monotonic_ns() + ns(options_.ask_s);
}

void Supervisor::Loop::force(Slot& slot, JobEnd end, std::string detail) {
  if (slot.running && !slot.running->ending) {
    slot.running->ending = end;
    slot.running->detail = std::move(detail);
  }
  kill(slot);
}

void Supervisor::Loop::kill(Slot& slot) {
  slot.worker->refresh_descendants();
  slot.worker->hasten();
  slot.worker->child().signal_group(SIGKILL);
  slot.stage = Stage::kKilled;
  slot.step_ns = clock_.monotonic_ns() + kKillAgain_ns;
}

void Supervisor::Loop::retire(Slot& slot) {
  slot.retiring = true;
  slot.worker->close_channel();
  if (slot.stage == Stage::kNone) {
    slot.stage = Stage::kAsked;
    slot.step_ns = clock_.monotonic_ns() + ns(options_.ask_s);
  }
}

void Supervisor::Loop::tick(Slot& slot, std::int64_t now_ns) {
  if (slot.stage == Stage::kNone && slot.running) {
    const double limit_s = slot.running->limits.timeout_s;
    if (limit_s > 0 && now_ns - slot.running->admitted_ns >= ns(limit_s)) {
      ask(slot, JobEnd::kTimeout, "stopped at its deadline of " + tenths(limit_s) + " s");
    } else {
      check_hang(slot, now_ns);
    }
  }
  if (slot.running) look_at_gate(*slot.running);
  if (slot.closed_ns != 0 && !slot.retiring && slot.stage != Stage::kKilled &&
      now_ns - slot.closed_ns >= kCloseGrace_ns) {
    return protocol_error(slot, "worker closed its channel and did not end");
  }
  if (slot.stage == Stage::kNone || now_ns < slot.step_ns) return;
  if (slot.stage == Stage::kAsked) {
    slot.worker->child().signal_group(SIGTERM);
    slot.worker->child().signal_group(SIGCONT);  // a stopped process would keep SIGTERM pending
    slot.stage = Stage::kTerminated;
    slot.step_ns = now_ns + ns(options_.terminate_s);
  } else {
    kill(slot);
  }
}

void Supervisor::Loop::check_hang(Slot& slot, std::int64_t now_ns) {
  Running& running = *slot.running;
  if (now_ns < running.hang_check_ns) return;
  running.hang_check_ns = now_ns + kHangCheck_ns;
  // Time on the wall proves nothing: an idle-policy worker may wait long for a processor. Its own processor time does,
  // and so does silence while none of its threads even wants one.
  const double cpu_s = slot.worker->cpu_s();
  const double silent_cpu_s = cpu_s - running.cpu_at_frame_s;
  if (options_.hang_cpu_s > 0 && silent_cpu_s >= options_.hang_cpu_s) {
    return ask(slot, JobEnd::kTimeout,
               "hung: no heartbeat for " + tenths(silent_cpu_s) + " s of its own processor time");
  }
  if (options_.hang_idle_s <= 0 || seconds(now_ns - running.idle_since_ns) < options_.hang_idle_s) return;
  if (slot.worker->runnable() || cpu_s - running.cpu_at_idle_s > 0.5 * options_.hang_idle_s) {
    // Starved, not hung: it wants a processor, or had one meanwhile. The idle clock starts again.
    running.idle_since_ns = now_ns;
    running.cpu_at_idle_s = cpu_s;
    return;
  }
  ask(slot, JobEnd::kTimeout,
      "hung: silent for " + tenths(seconds(now_ns - running.last_frame_ns)) +
          " s while none of its threads wants a processor");
}

void Supervisor::Loop::finish(Slot& slot, JobEnd end, std::string detail, std::optional<double> cpu_total_s) {
  Running running = std::move(*slot.running);
  slot.running.reset();
  const std::int64_t now_ns = clock_.monotonic_ns();
  JobReport done{running.id, running.kind, end, std::move(detail), std::move(running.results), {}};
  Performance& p = done.performance;
  p.queued_s = seconds(running.admitted_ns - running.queued_ns);
  p.wall_s = seconds(now_ns - running.admitted_ns);
  if (running.first_result_ns != 0) {
    p.latency_ms = seconds(running.first_result_ns - running.admitted_ns) * 1e3;
    p.first_result_cpu_s = std::max(0.0, running.cpu_at_first_result_s - running.cpu_start_s);
  }
  if (cpu_total_s) p.worker_cpu_s = std::max(0.0, *cpu_total_s - running.cpu_start_s);
  if (p.worker_cpu_s && *p.wall_s > 0) p.cpu_utilization_percent = 100 * *p.worker_cpu_s / (*p.wall_s * cores_);
  if (slot.worker && slot.stage < Stage::kKilled) {
    slot.worker->refresh_descendants();
    running.rss_peak_mb = std::max(running.rss_peak_mb, slot.worker->rss_mb());
    double sum = 0;
    bool known = true;
    for (Slot& other : slots_) {
      if (!other.worker) continue;
      const auto pss = other.worker->pss_mb();
      known = known && pss.has_value();
      sum += pss.value_or(0);
    }
    if (known && sum > 0) running.pss_peak_mb = std::max(running.pss_peak_mb.value_or(0), sum);
  }
  if (running.rss_peak_mb > 0) p.rss_peak_mb = running.rss_peak_mb;
  if (running.pss_peak_mb) {
    p.memory_peak_mb = running.pss_peak_mb;
    p.memory_source = "PSS of all evaluation processes, sampled";
  } else if (p.rss_peak_mb) {
    p.memory_peak_mb = p.rss_peak_mb;
    p.memory_source = "resident set, an upper bound of PSS";
  }
  look_at_gate(running);
  p.concurrent_evaluations = running.concurrent_peak;
  if (running.limit_moved) p.concurrency_limit = running.limit_most;
  const Reading gpu = gpu_.end(running.gpu);
  p.gpu_utilization_percent = gpu.value;
  p.gpu_source = gpu.source;
  p.workers_spawned = static_cast<double>(processes_spawned());
  p.permits_given = static_cast<double>(gate_->admitted());

  if (slot.worker) {
    const bool pressed = slot.stage == Stage::kTerminated || slot.stage == Stage::kKilled;
    if (!pressed) slot.stage = Stage::kNone;
    const bool worn = options_.process_restart_threshold > 0 && slot.results >= options_.process_restart_threshold;
    if (pressed || worn || slot.retiring || slot.worker->has_descendants()) {
      retire(slot);
    } else {
      slot.permit.reset();
    }
  }
  report(std::move(done));
}

void Supervisor::Loop::reap(Slot& slot) {
  const auto exit = slot.worker->child().try_reap();
  if (exit) bury(slot, *exit);
}

void Supervisor::Loop::bury(Slot& slot, const Exit& exit) {
  // Finished games that are still in the socket count, whatever ended the worker.
  if (slot.misbehaviour.empty() && slot.closed_ns == 0) read(slot, true);
  slot.worker->read_errors();
  const std::string words = slot.worker->last_words();
  std::string what = "worker ended with " + exit.text();
  if (slot.worker->torn_bytes() > 0) what += " in the middle of a frame";
  if (!words.empty()) what += ": " + words;
  if (!slot.retiring) death(slot, slot.misbehaviour.empty() ? what : slot.misbehaviour);
  std::string detail;
  JobEnd end = JobEnd::kCrashed;
  if (slot.running) {
    detail = slot.running->detail.empty() ? what : slot.running->detail;
    end = slot.running->ending.value_or(JobEnd::kCrashed);
    const std::uint64_t kills = cgroup_ ? cgroup_->kills() : 0;
    if (kills > cgroup_kills_ && !slot.running->ending && exit.signalled && exit.code == SIGKILL) {
      end = JobEnd::kMemory;
      detail = "ended by the kernel at the memory limit of " + rounded(slot.running->limits.memory_mb) +
               " MB for all evaluation processes";
    }
    cgroup_kills_ = std::max(cgroup_kills_, kills);
    slot.running->rss_peak_mb = std::max(slot.running->rss_peak_mb, exit.max_rss_mb);
  }
  const double cpu_total_s = std::max(exit.cpu_s, slot.worker->cpu_s());
  slot.worker->refresh_descendants();
  for (const auto& known : slot.worker->started()) {
    if (orphans_.size() < kMaxOrphans) orphans_.insert(known);
  }
  slot.worker.reset();
  slot.permit.reset();
  sweep();
  sweep_until_ns_ = clock_.monotonic_ns() + 500 * kMs;
  if (slot.running) finish(slot, end, std::move(detail), cpu_total_s);
  slot.clear();
}

void Supervisor::Loop::watch_memory(std::int64_t now_ns) {
  const bool any =
      std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.running && slot.worker; });
  if (!any || now_ns < watch_ns_) return;
  watch_ns_ = now_ns + ns(options_.watch_s);
  if (now_ns >= descendants_ns_) {
    descendants_ns_ = now_ns + kDescendants_ns;
    for (Slot& slot : slots_) {
      if (slot.worker) slot.worker->refresh_descendants();
    }
  }
  double sum = 0;
  double limit = HUGE_VAL;
  int processes = 0;
  Slot* largest = nullptr;
  double largest_mb = 0;
  for (Slot& slot : slots_) {
    if (!slot.worker) continue;
    const double rss = slot.worker->rss_mb();
    sum += rss;
    processes += slot.worker->has_descendants() ? 2 : 1;
    if (rss >= largest_mb) {
      largest_mb = rss;
      largest = &slot;
    }
    if (!slot.running) continue;
    slot.running->rss_peak_mb = std::max(slot.running->rss_peak_mb, rss);
    if (slot.running->limits.memory_mb > 0) limit = std::min(limit, slot.running->limits.memory_mb);
  }
  if (cgroup_) (void)cgroup_->limit_memory(limit);  // the other limits hold where this one cannot be set
  const double stop_at = limit * options_.memory_kill_fraction;
  const bool near = sum >= stop_at;
  const bool grown = std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
    return slot.running && slot.worker && sum > slot.running->rss_at_sample_mb * kPssGrowth;
  });
  const std::int64_t last_ns = pss_ns_ - kPssTurn_ns;
  const bool due =
      now_ns >= pss_ns_ || (grown && now_ns >= last_ns + kPssGrown_ns) || (near && now_ns >= last_ns + kPssNear_ns);
  std::optional<double> pss;
  if (due && !(near && processes == 1)) pss = sample_pss(now_ns, sum);
  // One process: its resident set is the sum. Several share pages: then the proportional sum decides.
  const bool over = near && (processes == 1 || (pss && *pss >= stop_at));
  if (!over || largest == nullptr || largest->stage == Stage::kKilled) return;
  const double seen = pss.value_or(sum);
  if (!largest->running) {
    largest->retiring = true;
    return kill(*largest);
  }
  force(*largest, JobEnd::kMemory,
        "stopped at " + rounded(seen) + " MB: the memory limit is " + rounded(limit) +
            " MB for all evaluation processes");
}

std::optional<double> Supervisor::Loop::sample_pss(std::int64_t now_ns, double rss_sum_mb) {
  pss_ns_ = now_ns + kPssTurn_ns;
  double sum = 0;
  for (Slot& slot : slots_) {
    if (!slot.worker) continue;
    const auto pss = slot.worker->pss_mb();
    if (!pss) return std::nullopt;
    sum += *pss;
  }
  for (Slot& slot : slots_) {
    if (!slot.running) continue;
    slot.running->pss_peak_mb = std::max(slot.running->pss_peak_mb.value_or(0), sum);
    slot.running->rss_at_sample_mb = std::max(slot.running->rss_at_sample_mb, rss_sum_mb);
  }
  return sum;
}

}  // namespace keisei::guard
