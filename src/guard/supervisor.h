// Runs evaluations in worker processes under limits that hold: deadline, memory, concurrency, restart budget. A thread
// that lives as long as the object does every spawn (PR_SET_PDEATHSIG follows the thread that spawned) and watches
// pidfds, sockets and the clock; the trainer's thread only hands over and collects and never waits. Workers are
// processes and not threads because only a process can be stopped for certain. One warm worker is kept per permit.
// The session owns it. All public functions are thread-safe. Seconds; MB are 10^6 bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "guard/gate.h"
#include "guard/job.h"
#include "guard/nvml.h"
#include "guard/worker_cgroup.h"

namespace keisei::guard {

class BurstGate;

inline constexpr std::size_t kQueueCapacity = 16;  ///< jobs that wait
inline constexpr std::size_t kMaxOpenJobs = 256;   ///< waiting, running and not yet collected together

struct SupervisorOptions {
  std::string launcher = "/proc/self/exe";                          ///< a program that calls launch_main
  std::vector<std::string> launcher_argv = {"keisei", "__launch"};  ///< its argv[0] and hidden argument
  std::vector<std::string> worker;                                  ///< argv of the worker; [0] is a path or in PATH
  std::vector<std::string> environment;                             ///< extra NAME=VALUE for the worker, no secrets
  bool plain = false;             ///< default policy instead of SCHED_IDLE + nice 19 (nobody trains beside)
  bool limit_data = true;         ///< RLIMIT_DATA in the worker (off in sanitizer builds, whose shadow it would count)
  int cores = 0;                  ///< for utilisation; 0 = those of the affinity mask
  std::vector<int> worker_cores;  ///< the only processors a worker may run on; empty = all of this process
  bool memory_cgroup = true;      ///< a control group with memory.max for the workers, where one can be made
  CgroupTree cgroups;             ///< where it is made
  int process_restart_threshold = 100;     ///< results after which a worker is replaced
  double ask_s = 2;                        ///< from the cancel frame to SIGTERM
  double terminate_s = 2;                  ///< from SIGTERM to SIGKILL
  double watch_s = 0.010;                  ///< memory watch while a job runs
  std::string gpu_library = kNvmlLibrary;  ///< asked how busy the GPUs are while a job runs
  double gpu_period_s = 0.2;               ///< between two such questions
  double memory_kill_fraction = 0.9;       ///< of the limit
  double hang_cpu_s = 20;                  ///< own processor time without a frame after which a worker counts as hung
  double hang_idle_s = 30;  ///< time without a frame with no thread runnable after which it counts as hung
  int breaker_deaths = 3;
  double breaker_window_s = 600;
  double shutdown_s = 0.5;                      ///< at destruction: from closing the channel to SIGKILL
  std::shared_ptr<const BurstGate> burst_gate;  ///< workers wait at it at each heartbeat; none = they never wait
};

/// For dashboards.
struct WorkerStatus {
  int pid = 0;
  std::string state;  ///< "idle", "running", "stopping"
  JobId job = 0;
  std::string kind;
  double job_s = 0;  ///< since admission
  double rss_mb = 0;
  int results = 0;  ///< of this job
};
struct Snapshot {
  std::vector<WorkerStatus> workers;
  std::size_t queued = 0;
  std::uint64_t spawned = 0;   ///< worker processes ever
  std::uint64_t admitted = 0;  ///< permits that the gate has ever given, to whomever shares it
  int limit = 0;               ///< permits at once
  std::uint64_t restarts = 0;  ///< of them, because an earlier one ended
  std::uint64_t deaths = 0;    ///< ends that were not asked for, or needed force
  std::uint64_t finished = 0;  ///< jobs
  std::uint64_t replaced = 0;
  std::uint64_t strays_killed = 0;  ///< processes that had left a worker's group
  std::string memory_cgroup;        ///< its path, or why there is none; empty before the first worker
  std::string breaker;              ///< "closed", "open", "half_open"
  std::string breaker_reason;       ///< empty while closed
  double breaker_remaining_s = 0;
};

class Supervisor {
 public:
  /// Starts the thread; no worker yet. `clock` outlives the supervisor.
  [[nodiscard]] static Result<std::unique_ptr<Supervisor>> start(SupervisorOptions options, std::shared_ptr<Gate> gate,
                                                                 const Clock& clock);
  /// Ends all workers and reaps them; takes at most shutdown_s and a little.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Queues a job; never waits. Errors: queue full, breaker open (with the reason), reports not collected, request or
  /// attachments beyond their bounds. A waiting job of the same kind is replaced and reported as kReplaced.
  [[nodiscard]] Result<JobId> submit(Job job);
  /// All reports since the last call, in order of ending; never waits.
  [[nodiscard]] std::vector<JobReport> collect();
  /// Waits until the job has ended; false when `timeout_s` is over first or there never was such a job.
  [[nodiscard]] bool wait(JobId id, double timeout_s);
  /// Asks a job to end; one that runs is reported as kCancelled once its worker obeyed or is dead.
  void cancel(JobId id);
  /// Moves the gate's limit in the running: jobs that run stay, waiting ones begin as soon as there is room, and idle
  /// workers beyond it end.
  void set_limit(int limit);
  /// True while a job waits or runs.
  [[nodiscard]] bool busy() const;
  [[nodiscard]] Snapshot status() const;

 private:
  class Loop;
  explicit Supervisor(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace keisei::guard
