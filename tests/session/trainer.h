// Runs the built program on a training so small that it ends in seconds, in a directory of its own that goes with the
// object. Processes that still run are ended by their ids.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "guard/sanitized.h"

extern char** environ;

namespace keisei::session {

inline std::string read_all(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Asks until it holds or `seconds` are over.
inline bool eventually(double seconds, const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

class Directory {
 public:
  Directory() {
    std::string name = testing::TempDir() + "keisei-session-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A started `keisei`; killed and reaped with the object if it still runs.
class Process {
 public:
  /// `file_blocks`: files may not grow beyond that many blocks of 512 bytes, as on a full disk; 0 = no limit.
  Process(const Directory& directory, std::vector<std::string> args, int file_blocks = 0) {
    static int number = 0;
    const std::string base = (directory.path() / ("output" + std::to_string(number++))).string();
    out_ = base + ".out";
    err_ = base + ".err";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    // A sanitizer's own memory alone passes the default limit of all evaluation processes, and what it does to their
    // speed would have to be saved up for minutes.
    const bool trains = !args.empty() && args.front() == "train";
    const bool evaluates = trains || (!args.empty() && args.front() == "evaluate");
    if (guard::kSanitized && trains)
      args.insert(args.begin() + 1, {"--override", "evaluation.training_impact_limit_percent=50"});
    if (guard::kSanitized && evaluates)
      args.insert(args.begin() + 1, {"--override", "evaluation.memory_limit_mb=8000"});
    args.insert(args.begin(), KEISEI_BINARY_DIR "/keisei");
    const std::string limit = file_blocks > 0 ? "ulimit -f " + std::to_string(file_blocks) + "; " : "";
    args.insert(args.begin(), {"sh", "-c", limit + "exec \"$0\" \"$@\""});
    std::vector<char*> argv;
    for (std::string& a : args) argv.push_back(a.data());
    argv.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, "/bin/sh", &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      (void)wait();
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The exit code, or 128 + the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  void signal(int number) const { ::kill(pid_, number); }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::string out() const { return read_all(out_); }
  [[nodiscard]] std::string err() const { return read_all(err_); }
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out(), nullptr, false); }

  /// Living children that run a program of their own (the evaluation worker). One that is just being spawned is still
  /// this program, and its parent waits for it: a test that stopped it there would stop both.
  [[nodiscard]] std::vector<pid_t> children() const {
    std::vector<pid_t> all;
    std::error_code error;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task", error)) {
      std::istringstream ids(read_all(task.path() / "children"));
      for (pid_t id = 0; ids >> id;)
        if (command(id) != command(pid_)) all.push_back(id);
    }
    return all;
  }

 private:
  static std::string command(pid_t pid) { return read_all("/proc/" + std::to_string(pid) + "/cmdline"); }

  pid_t pid_ = -1;
  std::string out_, err_;
};

/// Arguments of a training of `updates` updates of 256 plies, with a checkpoint and an evaluation after every `every`.
inline std::vector<std::string> training(const Directory& directory, const std::string& run, int updates,
                                         int every = 2) {
  std::vector<std::string> args = {
      "train", "--savedir", (directory.path() / "runs").string(), "--run-name", run, "--seed", "5", "--json"};
  for (const std::string& setting :
       {"training.total_timesteps=" + std::to_string(updates * 256), std::string("training.steps_per_epoch=256"),
        std::string("training.minibatch_size=64"), std::string("training.ppo_epochs=2"),
        std::string("training.tower_depth=1"), std::string("training.tower_width=8"), std::string("selfplay.games=16"),
        std::string("selfplay.snapshot_interval_updates=2"), std::string("env.max_moves_per_game=60"),
        "training.checkpoint_interval_timesteps=" + std::to_string(every * 256),
        "evaluation.evaluation_interval_timesteps=" + std::to_string(every * 256),
        std::string("evaluation.num_games=2"), std::string("evaluation.max_moves_per_game=20"),
        std::string("logging.keep_checkpoints=100")}) {
    args.push_back("--override");
    args.push_back(setting);
  }
  return args;
}

inline const std::vector<std::string> kNoEvaluation = {"--override",
                                                       "evaluation.enable_periodic_evaluation=false"};

inline std::vector<std::string> with(std::vector<std::string> args, const std::vector<std::string>& more) {
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

/// Trains to the end and returns the summary object.
inline nlohmann::json train(const Directory& directory, const std::vector<std::string>& args) {
  Process process(directory, args);
  EXPECT_EQ(process.wait(), 0) << process.err();
  return process.json();
}

}  // namespace keisei::session
