#include "guard/supervisor.h"

#include <sched.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>

#include "guard/request.h"
#include "guard/supervisor_loop.h"

namespace keisei::guard {
namespace {

int affine_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
}

}  // namespace

Result<std::unique_ptr<Supervisor>> Supervisor::start(SupervisorOptions options, std::shared_ptr<Gate> gate,
                                                      const Clock& clock) {
  if (options.worker.empty() || options.launcher_argv.empty()) {
    return fail(Code::kUsage, "supervisor: launcher and worker need an argument vector each");
  }
  if (!(options.watch_s > 0) || !(options.gpu_period_s > 0) || !(options.ask_s >= 0) || !(options.terminate_s >= 0) ||
      !(options.shutdown_s >= 0)) {
    return fail(
        Code::kUsage,
        "supervisor: watch_s and gpu_period_s must be positive, ask_s, terminate_s and shutdown_s not negative");
  }
  if (std::any_of(options.worker_cores.begin(), options.worker_cores.end(), [](int core) { return core < 0; })) {
    return fail(Code::kUsage, "supervisor: worker_cores must not be negative");
  }
  if (options.cores <= 0) options.cores = affine_cores();
  // What escapes a worker must come back to this process to be found and ended.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    return fail(Code::kFailure, std::string("cannot become a subreaper: ") + std::strerror(errno));
  }
  Fd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return fail(Code::kFailure, std::string("cannot make an eventfd: ") + std::strerror(errno));
  return std::unique_ptr<Supervisor>(
      new Supervisor(std::make_unique<Loop>(std::move(options), std::move(gate), clock, std::move(wake))));
}

Supervisor::Supervisor(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
Supervisor::~Supervisor() = default;
Result<JobId> Supervisor::submit(Job job) { return loop_->submit(std::move(job)); }
std::vector<JobReport> Supervisor::collect() { return loop_->collect(); }
bool Supervisor::wait(JobId id, double timeout_s) { return loop_->wait(id, timeout_s); }
void Supervisor::cancel(JobId id) { loop_->cancel(id); }
void Supervisor::set_limit(int limit) { loop_->set_limit(limit); }
bool Supervisor::busy() const { return loop_->busy(); }
Snapshot Supervisor::status() const { return loop_->status(); }

namespace {

void ring(int eventfd) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto ignored = ::write(eventfd, &one, sizeof one);
}

}  // namespace

Supervisor::Loop::Loop(SupervisorOptions options, std::shared_ptr<Gate> gate, const Clock& clock, Fd wake)
    : options_(std::move(options)),
      gate_(std::move(gate)),
      clock_(clock),
      wake_(std::move(wake)),
      mark_("KEISEI_WORKER_OF=" + std::to_string(::getpid()) + "-" + std::to_string(clock.monotonic_ns()) + "-" +
            std::to_string(wake_.get())),
      cores_(options_.cores),
      breaker_(options_.breaker_deaths, options_.breaker_window_s, clock),
      slots_(static_cast<std::size_t>(gate_->limit())),
      gpu_(options_.gpu_library, options_.gpu_period_s) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Supervisor::Loop::~Loop() {
  thread_.request_stop();
  ring(wake_.get());
  thread_.join();
  ended_.notify_all();
}

Result<JobId> Supervisor::Loop::submit(Job job) {
  if (auto checked = check_job(job); !checked) return tl::make_unexpected(checked.error());
  JobId id = 0;
  {
    const std::lock_guard lock(mutex_);
    if (std::string why = breaker_.reason(); !why.empty()) return fail(Code::kFailure, std::move(why));
    if (queue_.size() + running_ids_.size() + reports_.size() >= kMaxOpenJobs) {
      return fail(Code::kFailure, "evaluation: " + std::to_string(kMaxOpenJobs) + " jobs are open",
                  "collect the reports");
    }
    const auto same = std::find_if(queue_.begin(), queue_.end(),
                                   [&](const Queued& q) { return !job.kind.empty() && q.job.kind == job.kind; });
    if (same == queue_.end() && queue_.size() >= kQueueCapacity) {
      return fail(Code::kFailure, "evaluation: the queue is full (" + std::to_string(kQueueCapacity) + " jobs wait)");
    }
    id = next_id_++;
    const std::int64_t now_ns = clock_.monotonic_ns();
    if (same == queue_.end()) {
      queue_.push_back({id, std::move(job), now_ns});
    } else {
      JobReport replaced{same->id, same->job.kind, JobEnd::kReplaced, "replaced by job " + std::to_string(id), {}, {}};
      replaced.performance.queued_s = static_cast<double>(now_ns - same->at_ns) * 1e-9;
      *same = Queued{id, std::move(job), now_ns};
      reports_.push_back(std::move(replaced));
      ++snapshot_.replaced;
    }
    snapshot_.queued = queue_.size();
  }
  ended_.notify_all();
  ring(wake_.get());
  return id;
}

std::vector<JobReport> Supervisor::Loop::collect() {
  const std::lock_guard lock(mutex_);
  return std::exchange(reports_, {});
}

bool Supervisor::Loop::wait(JobId id, double timeout_s) {
  std::unique_lock lock(mutex_);
  if (id == 0 || id >= next_id_) return false;
  constexpr double kLongest_s = 1e6;
  const auto limit =
      std::chrono::duration<double>(std::isfinite(timeout_s) ? std::clamp(timeout_s, 0.0, kLongest_s) : kLongest_s);
  return ended_.wait_for(lock, limit, [&] {
    const bool queued = std::any_of(queue_.begin(), queue_.end(), [&](const Queued& q) { return q.id == id; });
    return !queued && !running_ids_.contains(id);
  });
}

void Supervisor::Loop::cancel(JobId id) {
  {
    const std::lock_guard lock(mutex_);
    const auto queued = std::find_if(queue_.begin(), queue_.end(), [&](const Queued& q) { return q.id == id; });
    if (queued != queue_.end()) {
      reports_.push_back({id, queued->job.kind, JobEnd::kCancelled, "cancelled before it began", {}, {}});
      queue_.erase(queued);
      snapshot_.queued = queue_.size();
    } else if (running_ids_.contains(id)) {
      cancels_.insert(id);
    }
  }
  ended_.notify_all();
  ring(wake_.get());
}

void Supervisor::Loop::set_limit(int limit) {
  gate_->set_limit(limit);
  ring(wake_.get());
}

bool Supervisor::Loop::busy() const {
  const std::lock_guard lock(mutex_);
  return !queue_.empty() || !running_ids_.empty();
}

Snapshot Supervisor::Loop::status() const {
  const std::lock_guard lock(mutex_);
  Snapshot snapshot = snapshot_;
  snapshot.admitted = gate_->admitted();
  snapshot.limit = gate_->limit();
  const Breaker::State state = breaker_.state();
  snapshot.breaker = state == Breaker::State::kClosed ? "closed"
                     : state == Breaker::State::kOpen ? "open"
                                                      : "half_open";
  snapshot.breaker_reason = breaker_.reason();
  snapshot.breaker_remaining_s = breaker_.remaining_s();
  return snapshot;
}

}  // namespace keisei::guard
