// A built program that speaks USI, driven like a GUI does: lines to its stdin, lines from its stdout, each waited for
// with a generous limit. The process is killed and reaped at the latest with the object. One thread.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

extern char** environ;

namespace keisei::app {

class UsiProgram {
 public:
  explicit UsiProgram(std::vector<std::string> words, const std::string& program = KEISEI_BINARY_DIR "/keisei") {
    words.insert(words.begin(), program);
    int in[2];
    int out[2];
    EXPECT_EQ(::pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ), 0) << program;
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
    ::signal(SIGPIPE, SIG_IGN);
  }
  ~UsiProgram() {
    close_input();
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      (void)wait();
    }
    ::close(out_);
  }
  UsiProgram(const UsiProgram&) = delete;
  UsiProgram& operator=(const UsiProgram&) = delete;

  void send(const std::string& line) { send_bytes(line + "\n"); }
  void send_bytes(const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(in_, bytes.data() + done, bytes.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;
      done += static_cast<std::size_t>(n);
    }
  }
  void close_input() {
    if (in_ >= 0) ::close(in_);
    in_ = -1;
  }

  /// The next line, or nothing when there is none for so long, or no more.
  std::optional<std::string> next(std::chrono::milliseconds limit = kPatience) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
      if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      pollfd one{.fd = out_, .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || ::poll(&one, 1, static_cast<int>(left.count())) <= 0) return std::nullopt;
      char block[4096];
      const ssize_t n = ::read(out_, block, sizeof block);
      if (n <= 0) return std::nullopt;
      buffer_.append(block, static_cast<std::size_t>(n));
    }
  }
  /// Skips lines up to one that begins so; all passed over are kept in `skipped`.
  std::string expect(const std::string& prefix) {
    skipped.clear();
    while (const auto line = next()) {
      if (line->starts_with(prefix)) return *line;
      skipped.push_back(*line);
    }
    ADD_FAILURE() << "no line begins with \"" << prefix << "\"";
    return {};
  }
  /// The exit code, once it has ended by itself; -1 where it has not.
  int wait() {
    if (pid_ <= 0) return code_;
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return code_;
  }

  std::vector<std::string> skipped;
  static constexpr std::chrono::milliseconds kPatience{120'000};

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int code_ = -1;
  std::string buffer_;
};

}  // namespace keisei::app
