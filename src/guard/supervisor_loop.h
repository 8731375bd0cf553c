// The inside of Supervisor: what is shared with callers (queue, reports, snapshot; behind one mutex that is never held
// across a system call) and the thread's own world (worker processes and running jobs; no lock).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "guard/breaker.h"
#include "guard/gpu_meter.h"
#include "guard/strays.h"
#include "guard/supervisor.h"
#include "guard/worker_cgroup.h"
#include "guard/worker_process.h"

namespace keisei::guard {

class Supervisor::Loop {
 public:
  Loop(SupervisorOptions options, std::shared_ptr<Gate> gate, const Clock& clock, Fd wake);
  ~Loop();

  // Called by any thread.
  [[nodiscard]] Result<JobId> submit(Job job);
  [[nodiscard]] std::vector<JobReport> collect();
  [[nodiscard]] bool wait(JobId id, double timeout_s);
  void cancel(JobId id);
  void set_limit(int limit);
  [[nodiscard]] bool busy() const;
  [[nodiscard]] Snapshot status() const;

 private:
  struct Queued {
    JobId id = 0;
    Job job;
    std::int64_t at_ns = 0;
  };
  struct Running {
    JobId id = 0;
    std::string kind;
    JobLimits limits;
    std::int64_t queued_ns = 0;
    std::int64_t admitted_ns = 0;
    std::int64_t first_result_ns = 0;  ///< 0 = none yet
    double cpu_at_first_result_s = 0;
    std::int64_t last_frame_ns = 0;
    std::int64_t hang_check_ns = 0;
    double cpu_start_s = 0;
    double cpu_at_frame_s = 0;
    std::int64_t idle_since_ns = 0;  ///< the last frame, or when it was last seen to use or to want a processor
    double cpu_at_idle_s = 0;
    std::size_t bytes = 0;
    std::vector<std::vector<std::byte>> results;
    double rss_peak_mb = 0;
    double rss_at_sample_mb = 0;
    std::optional<double> pss_peak_mb;
    int concurrent_peak = 0;
    int limit_first = 0;  ///< of the gate, when it began
    int limit_most = 0;   ///< and since
    bool limit_moved = false;
    GpuMeter::Mark gpu;
    std::optional<JobEnd> ending;  ///< decided, though the worker has not stopped yet
    std::string detail;
  };
  enum class Stage { kNone, kAsked, kTerminated, kKilled };
  struct Slot {
    std::optional<WorkerProcess> worker;
    std::optional<Running> running;
    std::optional<Permit> permit;  ///< outlives `running` when the worker must be reaped first
    Stage stage = Stage::kNone;
    std::int64_t step_ns = 0;    ///< when the next stage begins
    std::int64_t closed_ns = 0;  ///< when it closed its channel; 0 = open
    bool retiring = false;       ///< its end is wanted and is no death
    bool proven = false;         ///< has finished a job
    int results = 0;             ///< ever
    std::string misbehaviour;    ///< what it is being killed for
    bool used = false;           ///< had a worker before

    /// Ready for a fresh worker.
    void clear() {
      worker.reset();
      running.reset();
      permit.reset();
      stage = Stage::kNone;
      step_ns = closed_ns = 0;
      retiring = proven = false;
      results = 0;
      misbehaviour.clear();
    }
  };

  // The thread.
  void run(const std::stop_token& stop);
  void wait_for_events(std::int64_t now_ns);
  [[nodiscard]] std::int64_t next_event_ns(std::int64_t now_ns) const;
  void dispatch();
  void fit_slots();
  void look_at_gate(Running& running) const;
  [[nodiscard]] Slot* free_slot();
  void begin(Slot& slot, Queued queued, Permit permit);
  void refuse_queue();
  void confine(const WorkerProcess& worker);
  void shut_down();

  // One worker.
  void read(Slot& slot, bool until_empty);
  void take(Slot& slot, Frame frame);
  void protocol_error(Slot& slot, const std::string& what);
  void tick(Slot& slot, std::int64_t now_ns);
  void check_hang(Slot& slot, std::int64_t now_ns);
  void ask(Slot& slot, JobEnd end, std::string detail);
  void force(Slot& slot, JobEnd end, std::string detail);
  void kill(Slot& slot);
  void retire(Slot& slot);
  void finish(Slot& slot, JobEnd end, std::string detail, std::optional<double> cpu_total_s);
  void bury(Slot& slot, const Exit& exit);
  void reap(Slot& slot);

  // All workers.
  void watch_memory(std::int64_t now_ns);
  std::optional<double> sample_pss(std::int64_t now_ns, double rss_sum_mb);
  std::size_t sweep();  ///< what is still there
  void take_cancels();
  void publish(std::int64_t now_ns);
  void report(JobReport report);
  void death(Slot& slot, const std::string& what);

  const SupervisorOptions options_;
  const std::shared_ptr<Gate> gate_;
  const Clock& clock_;
  const Fd wake_;
  const std::string mark_;
  const int cores_;

  // Shared, behind mutex_.
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::deque<Queued> queue_;
  std::set<JobId> running_ids_;
  std::set<JobId> cancels_;
  std::vector<JobReport> reports_;
  JobId next_id_ = 1;
  Snapshot snapshot_;
  Breaker breaker_;

  // The thread's own.
  std::optional<WorkerCgroup> cgroup_;  ///< outlives the workers in it
  bool cgroup_tried_ = false;
  std::uint64_t cgroup_kills_ = 0;                     ///< seen so far
  std::deque<Slot> slots_;                             ///< as many as the limit has ever been; never moved
  std::set<std::pair<pid_t, std::uint64_t>> orphans_;  ///< what dead workers are known to have started
  bool waiting_for_gate_ = false;
  std::int64_t watch_ns_ = 0;
  std::int64_t descendants_ns_ = 0;
  std::int64_t pss_ns_ = 0;
  std::int64_t sweep_until_ns_ = 0;
  GpuMeter gpu_;
  std::jthread thread_;  ///< last: ends before the rest is destroyed
};

}  // namespace keisei::guard
