#include "guard/supervisor_loop.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "guard/request.h"

namespace keisei::guard {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kGatePoll_ns = 10 * kMs;      ///< how often a full gate is tried again
constexpr std::int64_t kIdleTurn_ns = 500 * kMs;     ///< snapshot refresh while something runs or stops
constexpr std::int64_t kCloseGrace_ns = 1000 * kMs;  ///< from a closed channel to its worker's end
constexpr std::int64_t kKillAgain_ns = 50 * kMs;
constexpr std::int64_t kSweepFor_ns = 2000 * kMs;
constexpr std::int64_t kReapBound_ns = 5000 * kMs;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

std::int64_t ns(double s) { return static_cast<std::int64_t>(std::min(s, 1e9) * 1e9); }
double seconds(std::int64_t ns) { return static_cast<double>(ns) * 1e-9; }

/// The session's signals are handled by its own threads.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

void Supervisor::Loop::run(const std::stop_token& stop) {
  block_signals();
  while (!stop.stop_requested()) {
    take_cancels();
    dispatch();
    publish(clock_.monotonic_ns());
    wait_for_events(clock_.monotonic_ns());
    const std::int64_t now_ns = clock_.monotonic_ns();
    for (Slot& slot : slots_) {
      if (slot.worker) reap(slot);
      if (slot.worker) tick(slot, now_ns);
    }
    watch_memory(now_ns);
    if (now_ns < sweep_until_ns_) sweep();
  }
  shut_down();
}

std::int64_t Supervisor::Loop::next_event_ns(std::int64_t now_ns) const {
  std::int64_t next = waiting_for_gate_ ? now_ns + kGatePoll_ns : kNever;
  for (const Slot& slot : slots_) {
    if (!slot.worker) continue;
    if (slot.running) next = std::min(next, watch_ns_);
    if (slot.stage != Stage::kNone) next = std::min(next, slot.step_ns);
    if (slot.closed_ns != 0) next = std::min(next, slot.closed_ns + kCloseGrace_ns);
    if (slot.running || slot.stage != Stage::kNone) next = std::min(next, now_ns + kIdleTurn_ns);
  }
  if (now_ns < sweep_until_ns_) next = std::min(next, now_ns + kKillAgain_ns);
  return next;
}

void Supervisor::Loop::wait_for_events(std::int64_t now_ns) {
  enum class What { kWake, kSocket, kErrors, kExit };
  std::vector<pollfd> polled = {{wake_.get(), POLLIN, 0}};
  std::vector<std::pair<What, Slot*>> whats = {{What::kWake, nullptr}};
  for (Slot& slot : slots_) {
    if (!slot.worker) continue;
    polled.push_back({slot.worker->child().pidfd(), POLLIN, 0});
    whats.emplace_back(What::kExit, &slot);
    if (slot.worker->socket() >= 0 && slot.closed_ns == 0 && slot.misbehaviour.empty()) {
      const int events = POLLIN | (slot.worker->wants_write() ? POLLOUT : 0);
      polled.push_back({slot.worker->socket(), static_cast<short>(events), 0});
      whats.emplace_back(What::kSocket, &slot);
    }
    if (slot.worker->errors() >= 0) {
      polled.push_back({slot.worker->errors(), POLLIN, 0});
      whats.emplace_back(What::kErrors, &slot);
    }
  }
  const std::int64_t next_ns = next_event_ns(now_ns);
  const std::int64_t wait_ns = std::max<std::int64_t>(0, next_ns - now_ns);
  const timespec timeout{static_cast<time_t>(wait_ns / (1000 * kMs)), static_cast<long>(wait_ns % (1000 * kMs))};
  if (::ppoll(polled.data(), polled.size(), next_ns == kNever ? nullptr : &timeout, nullptr) <= 0) return;
  for (std::size_t i = 0; i < polled.size(); ++i) {
    if (polled[i].revents == 0) continue;
    Slot* slot = whats[i].second;
    switch (whats[i].first) {
      case What::kWake: {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto ignored = ::read(wake_.get(), &count, sizeof count);
        break;
      }
      case What::kSocket:
        if ((polled[i].revents & POLLOUT) != 0) slot->worker->flush();
        read(*slot, false);
        break;
      case What::kErrors:
        slot->worker->read_errors();
        break;
      case What::kExit:
        break;  // reap() looks at every worker
    }
  }
}

void Supervisor::Loop::fit_slots() {
  const auto limit = static_cast<std::size_t>(gate_->limit());
  while (slots_.size() < limit) slots_.emplace_back();
  auto staying = static_cast<std::size_t>(
      std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.worker && !slot.retiring; }));
  for (Slot& slot : slots_) {
    if (staying <= limit) return;
    const bool idle = slot.worker && !slot.retiring && !slot.running && slot.stage == Stage::kNone;
    if (!idle || slot.closed_ns != 0 || !slot.misbehaviour.empty()) continue;
    retire(slot);
    --staying;
  }
}

void Supervisor::Loop::look_at_gate(Running& running) const {
  running.concurrent_peak = std::max(running.concurrent_peak, gate_->in_use());
  const int limit = gate_->limit();  // read after the count, so that a limit just raised is seen with its permits
  running.limit_moved = running.limit_moved || limit != running.limit_first;
  running.limit_most = std::max(running.limit_most, limit);
}

Supervisor::Loop::Slot* Supervisor::Loop::free_slot() {
  Slot* empty = nullptr;
  int unproven = 0;
  for (Slot& slot : slots_) {
    const bool available =
        !slot.running && slot.stage == Stage::kNone && slot.closed_ns == 0 && slot.misbehaviour.empty();
    if (slot.worker && available) return &slot;
    if (!slot.worker && empty == nullptr) empty = &slot;
    if (slot.running && !slot.proven) ++unproven;
  }
  // A fresh worker is a try: never more tries under way than the restart budget has left.
  const std::lock_guard lock(mutex_);
  const bool trial = breaker_.state() == Breaker::State::kHalfOpen;
  if (trial ? unproven > 0 : breaker_.deaths() + unproven >= breaker_.limit()) return nullptr;
  return empty;
}

void Supervisor::Loop::dispatch() {
  waiting_for_gate_ = false;
  fit_slots();
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (queue_.empty()) return;
    }
    refuse_queue();
    Slot* slot = free_slot();
    if (slot == nullptr) return;
    std::optional<Permit> permit = gate_->try_admit();
    if (!permit) {
      waiting_for_gate_ = true;
      return;
    }
    std::optional<Queued> queued;
    {
      const std::lock_guard lock(mutex_);
      if (queue_.empty()) return;  // cancelled meanwhile
      queued = std::move(queue_.front());
      queue_.pop_front();
      running_ids_.insert(queued->id);
      snapshot_.queued = queue_.size();
    }
    begin(*slot, std::move(*queued), std::move(*permit));
  }
}

void Supervisor::Loop::refuse_queue() {
  {
    const std::lock_guard lock(mutex_);
    const std::string why = breaker_.reason();
    if (why.empty()) return;
    for (Queued& queued : queue_) {
      reports_.push_back({queued.id, std::move(queued.job.kind), JobEnd::kBreakerOpen, why, {}, {}});
      ++snapshot_.finished;
    }
    queue_.clear();
    snapshot_.queued = 0;
  }
  ended_.notify_all();
}

void Supervisor::Loop::begin(Slot& slot, Queued queued, Permit permit) {
  const std::int64_t now_ns = clock_.monotonic_ns();
  Running running;
  running.id = queued.id;
  running.kind = queued.job.kind;
  running.limits = queued.job.limits;
  running.queued_ns = queued.at_ns;
  running.admitted_ns = running.last_frame_ns = running.idle_since_ns = now_ns;
  running.hang_check_ns = now_ns;
  running.limit_first = running.limit_most = gate_->limit();
  look_at_gate(running);
  running.gpu = gpu_.begin();
  slot.permit = std::move(permit);
  slot.running = std::move(running);
  if (!slot.worker) {
    auto worker = WorkerProcess::start(options_, mark_, queued.job.limits.memory_mb);
    if (!worker) {
      death(slot, worker.error().message);
      slot.permit.reset();  // before the report: who has seen it may rely on the permit being back
      finish(slot, JobEnd::kCrashed, worker.error().message, std::nullopt);
      return;
    }
    slot.worker.emplace(std::move(*worker));
    confine(*slot.worker);
    const std::lock_guard lock(mutex_);
    ++snapshot_.spawned;
    if (slot.used) ++snapshot_.restarts;
    slot.used = true;
  } else if (options_.limit_data) {
    slot.worker->limit_memory(queued.job.limits.memory_mb);
  }
  slot.running->cpu_start_s = slot.running->cpu_at_frame_s = slot.running->cpu_at_idle_s = slot.worker->cpu_s();
  std::vector<Fd> descriptors;
  const std::vector<std::byte> payload = encode_request(queued.job);
  for (Attachment& attachment : queued.job.attachments) descriptors.push_back(std::move(attachment.memfd));
  slot.worker->send(encode(FrameType::kRequest, queued.id, payload), std::move(descriptors));
  watch_ns_ = now_ns;
}

void Supervisor::Loop::confine(const WorkerProcess& worker) {
  if (!options_.memory_cgroup) return;
  if (!cgroup_tried_) {
    cgroup_tried_ = true;
    auto made = WorkerCgroup::make(options_.cgroups, mark_.substr(mark_.find('=') + 1));
    if (made) cgroup_.emplace(std::move(*made));
    const std::lock_guard lock(mutex_);
    snapshot_.memory_cgroup = cgroup_ ? cgroup_->path().string() : made.error().message;
  }
  if (!cgroup_) return;
  if (const auto added = cgroup_->add(worker.pid()); !added) {
    const std::lock_guard lock(mutex_);
    snapshot_.memory_cgroup = added.error().message;
  }
}

void Supervisor::Loop::take_cancels() {
  std::set<JobId> cancels;
  {
    const std::lock_guard lock(mutex_);
    cancels.swap(cancels_);
  }
  for (const JobId id : cancels) {
    for (Slot& slot : slots_) {
      if (slot.running && slot.running->id == id) ask(slot, JobEnd::kCancelled, "cancelled while it ran");
    }
  }
}

std::size_t Supervisor::Loop::sweep() {
  StrayRule rule{mark_, {}, [this](pid_t pid, std::uint64_t start) { return orphans_.contains({pid, start}); }};
  for (Slot& slot : slots_) {
    if (slot.worker) rule.workers.push_back(slot.worker->pid());
  }
  const Sweep swept = sweep_strays(rule);
  if (swept.left > 0) sweep_until_ns_ = std::max(sweep_until_ns_, clock_.monotonic_ns() + kSweepFor_ns);
  const std::lock_guard lock(mutex_);
  snapshot_.strays_killed += swept.killed;
  return swept.left;
}

void Supervisor::Loop::publish(std::int64_t now_ns) {
  std::vector<WorkerStatus> workers;
  for (Slot& slot : slots_) {
    if (!slot.worker) continue;
    WorkerStatus status;
    status.pid = slot.worker->pid();
    status.state = slot.stage != Stage::kNone ? "stopping" : slot.running ? "running" : "idle";
    if (slot.running) {
      status.job = slot.running->id;
      status.kind = slot.running->kind;
      status.job_s = seconds(now_ns - slot.running->admitted_ns);
      status.results = static_cast<int>(slot.running->results.size());
      status.rss_mb = slot.worker->rss_mb();
    }
    workers.push_back(std::move(status));
  }
  const std::lock_guard lock(mutex_);
  snapshot_.workers = std::move(workers);
}

void Supervisor::Loop::report(JobReport done) {
  {
    const std::lock_guard lock(mutex_);
    running_ids_.erase(done.id);
    cancels_.erase(done.id);
    ++snapshot_.finished;
    reports_.push_back(std::move(done));
  }
  ended_.notify_all();
}

void Supervisor::Loop::death(Slot& slot, const std::string& what) {
  slot.proven = false;
  const std::lock_guard lock(mutex_);
  ++snapshot_.deaths;
  breaker_.death(what);
}

void Supervisor::Loop::shut_down() {
  const std::int64_t asked_ns = clock_.monotonic_ns();
  // The real clock bounds this: nobody may move another one while the object is going.
  const SystemClock clock;
  const std::int64_t begin_ns = clock.monotonic_ns();
  for (Slot& slot : slots_) {
    if (!slot.worker) continue;
    slot.worker->close_channel();
    if (slot.running) slot.worker->child().signal_group(SIGTERM);
    if (slot.running) slot.worker->child().signal_group(SIGCONT);
  }
  const auto any = [&] {
    return std::any_of(slots_.begin(), slots_.end(), [](Slot& s) { return s.worker.has_value(); });
  };
  bool ended = false;
  while (any()) {
    for (Slot& slot : slots_) {
      if (!slot.worker) continue;
      slot.worker->read_errors();
      slot.worker->refresh_descendants();
      const std::int64_t waited_ns = clock.monotonic_ns() - begin_ns;
      if (waited_ns >= ns(options_.shutdown_s)) {
        slot.worker->hasten();
        slot.worker->child().signal_group(SIGKILL);
      }
      if (slot.worker->child().try_reap()) {
        slot.worker.reset();
        ended = true;
      } else if (waited_ns >= ns(options_.shutdown_s) + kReapBound_ns) {
        slot.worker->child().abandon();
        slot.worker.reset();
      }
    }
    if (!any()) break;
    std::vector<pollfd> polled;
    for (Slot& slot : slots_) {
      if (slot.worker) polled.push_back({slot.worker->child().pidfd(), POLLIN, 0});
    }
    constexpr int kTurn_ms = 10;
    ::poll(polled.data(), polled.size(), kTurn_ms);
  }
  if (ended || asked_ns < sweep_until_ns_) {
    // What was killed takes its time to die where it has much memory to give back, and nobody reaps it after this.
    const std::int64_t sweep_ns = clock.monotonic_ns();
    while (sweep() > 0 && clock.monotonic_ns() - sweep_ns < kReapBound_ns) {
    }
  }
  for (Slot& slot : slots_) {
    slot.running.reset();
    slot.permit.reset();
  }
  const std::lock_guard lock(mutex_);
  queue_.clear();
  running_ids_.clear();
  snapshot_.workers.clear();
}

}  // namespace keisei::guard
