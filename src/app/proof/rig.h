// The stage of one case: a supervisor over actors as production has it, and eyes of its own. Workers carry a mark in
// their environment by which every process that belongs to them is found in /proc, whoever its parent is, so that
// "nothing is left" does not rest on what the supervisor says. Owned by the case's thread; what a broken safeguard
// leaves behind, it ends itself. Seconds; MB are 10^6 bytes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/proof/proof.h"
#include "base/scratch.h"
#include "guard/sanitized.h"
#include "guard/supervisor.h"

namespace keisei::app::proof {

inline constexpr double kStopBound_s = 4.2;  ///< from a deadline to the worker's end, at most
inline constexpr double kGoneBound_s = 2;    ///< from a worker's end, or its parent's, to the last process of it
inline constexpr double kReportBound_s = 2;  ///< from a crash to its report
inline constexpr double kGiveUp_s = 3;       ///< beyond bound and patience: then it is taken as never

/// The actor at the default policy, with short steps from asking to SIGKILL; cases about policy or steps change that.
[[nodiscard]] guard::SupervisorOptions actor_options();

[[nodiscard]] guard::Job actor_job(const std::string& words, double timeout_s, double memory_mb = 0);

[[nodiscard]] std::string text_of(const std::vector<std::byte>& bytes);

/// True as soon as the condition is; false after `within_s`.
bool eventually(const Clock& clock, double within_s, const std::function<bool()>& condition);

/// How many entries a directory has.
[[nodiscard]] std::size_t entries(const std::filesystem::path& directory);
/// Children of this process that have ended and that nobody has collected.
[[nodiscard]] std::size_t zombies();
/// Neither gone nor a zombie.
[[nodiscard]] bool alive(pid_t pid);

/// The temporary folder of this process and of the workers that it starts, for one case: what other programs leave in
/// the system's own is not counted. Sets TMPDIR while it lives.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::size_t files() const { return entries(scratch_.path()); }

 private:
  Scratch scratch_{"proof"};
  std::optional<std::string> before_;
};

struct Ran {
  bool ended = false;  ///< a report came in time
  double wall_s = 0;   ///< submission to the report, by the rig's own clock
  guard::JobReport report;
};

class Rig {
 public:
  explicit Rig(const Settings& settings, guard::SupervisorOptions options = actor_options(), int limit = 1);
  Rig(const Settings& settings, guard::SupervisorOptions options, std::shared_ptr<guard::Gate> gate,
      const Clock& supervisors_clock);
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  [[nodiscard]] guard::Supervisor& supervisor() { return *supervisor_; }
  [[nodiscard]] const guard::Gate& gate() const { return *gate_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// Runs a job to its report, or ends it by force after `bound_s`, patience and kGiveUp_s.
  [[nodiscard]] Ran run(guard::Job job, double bound_s);
  /// The same for a job that is already submitted (`begin_s`: when).
  [[nodiscard]] Ran await(guard::JobId id, double begin_s, double bound_s);
  /// A warm worker, so that its start is not in what follows; false when it cannot be had.
  [[nodiscard]] bool warm();
  /// Waits until the running job has sent `results` results.
  [[nodiscard]] bool results_arrive(int results);

  /// Living processes of this rig's workers, whatever became of their parents.
  [[nodiscard]] std::vector<pid_t> living() const;
  /// A process that has lost its mark and must be gone in the end.
  void must_end(pid_t pid) { named_.push_back(pid); }

  /// What must be true after every fault: the permit is back, the next job runs, no process is left. Empty when it is;
  /// else what is not. The supervisor is gone afterwards.
  [[nodiscard]] std::string aftermath();
  /// Ends the supervisor and says which processes are left; they are ended by force.
  [[nodiscard]] std::string close();

 private:
  void end_by_force();

  Settings settings_;
  std::string mark_;
  std::shared_ptr<guard::Gate> gate_;
  std::unique_ptr<guard::Supervisor> supervisor_;
  std::vector<pid_t> named_;
};

/// The outcome of a time that was promised; `wrong` is what else was amiss. The rig's aftermath is part of it.
[[nodiscard]] Outcome timed(Rig& rig, double promised_s, std::optional<double> observed_s, std::string wrong);
/// The outcome of a number that must not be passed.
[[nodiscard]] Outcome counted(double promised, std::optional<double> observed, std::string wrong);
/// Joins two sentences, either of which may be empty.
[[nodiscard]] std::string joined(std::string first, const std::string& second);

}  // namespace keisei::app::proof
