// Where a process keeps its caged programs (foreign engines): it starts them through the launcher stage, watches
// memory, number of processes and scratch space of each with all it starts, and ends them so that nothing is left: no
// process (also none that left its group, session or parent), no file. One Kennel a process: it takes any caged child
// that it does not know for a stray. Start and use a Caged from one thread, which must outlive it. MB are 10^6 bytes.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "guard/spawn.h"

namespace keisei::guard {

struct KennelOptions {
  std::string launcher;  ///< the program with the launcher stage; "" = keisei beside this program
  std::vector<std::string> launcher_argv{"keisei", "__launch"};
  std::filesystem::path scratch_root{};  ///< where scratch directories are made; {} = the system's temporary one
  bool limit_data = true;                ///< RLIMIT_DATA; off where a sanitizer's shadow memory would count
};

struct CagedCommand {
  std::vector<std::string> argv;        ///< argv[0] is an absolute path
  std::string directory{};              ///< working directory, readable; "" = the program's own
  std::vector<std::string> readable{};  ///< more that it may read
  double memory_mb = 2048;              ///< of it and all it starts together, resident
  int processes = 64;                   ///< it and all it starts
  double scratch_mb = 256;              ///< in its scratch directory
  bool strict = false;                  ///< refuse to start in a cage that is not whole
};

class Kennel;

/// A caged program. Destruction ends it.
class Caged {
 public:
  ~Caged();
  Caged(const Caged&) = delete;
  Caged& operator=(const Caged&) = delete;

  [[nodiscard]] int input() const { return input_.get(); }    ///< its stdin: write end, not blocking
  [[nodiscard]] int output() const { return output_.get(); }  ///< its stdout: read end, not blocking
  [[nodiscard]] int errors() const { return errors_.get(); }  ///< its stderr: read end, not blocking
  [[nodiscard]] int pidfd() const;                            ///< readable once it has ended
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] const std::filesystem::path& scratch() const { return scratch_; }

  void close_input() { input_.reset(); }
  /// How it ended, in words, with the limit it broke if that is why; nothing while it runs. Never waits.
  [[nodiscard]] std::optional<std::string> ended();
  /// A signal to its process group.
  void signal(int number);
  /// Kills it and whatever it started, reaps, removes the scratch directory. Waits for the kernel only, a few seconds
  /// at most. May be called twice.
  void end();

 private:
  friend class Kennel;
  Caged(std::shared_ptr<Kennel> kennel, Child child, const CagedCommand& command);
  [[nodiscard]] std::optional<std::string> ended_locked();

  std::shared_ptr<Kennel> kennel_;
  Child child_;
  pid_t pid_;
  std::string program_;
  double memory_mb_;
  int processes_;
  double scratch_mb_;
  Fd input_;
  Fd output_;
  Fd errors_;
  std::filesystem::path scratch_;
  Fd scratch_lock_;
  std::optional<std::string> broken_limit_;  ///< set by the watch
  std::optional<std::string> end_;
  bool done_ = false;
};

class Kennel : public std::enable_shared_from_this<Kennel> {
 public:
  /// Makes this process adopt orphans of what it starts, and removes scratch directories that a killed process left.
  [[nodiscard]] static Result<std::shared_ptr<Kennel>> open(KennelOptions options);
  ~Kennel();
  Kennel(const Kennel&) = delete;
  Kennel& operator=(const Kennel&) = delete;

  /// kUsage for a program or directory that is not there, kFailure when no process can be made.
  [[nodiscard]] Result<std::unique_ptr<Caged>> start(const CagedCommand& command);

 private:
  friend class Caged;
  explicit Kennel(KennelOptions options) : options_(std::move(options)) {}
  void watch(const std::stop_token& stop);
  void inspect(Caged& caged, bool look_at_scratch);
  /// Kills and reaps caged children of this process that are nobody's any more; `mutex_` is held.
  void sweep_strays();
  void forget(Caged* caged);

  KennelOptions options_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::list<Caged*> live_;
  std::jthread watcher_;
};

}  // namespace keisei::guard
