// Work in another process, for what a test must not do to its own: limits, user changes, mounts, sudden death.
#pragma once

#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <utility>

namespace keisei::store {

/// Runs `body` (returning 0..255) in a forked process; the process's exit code, or 128 + its signal.
template <class Body>
int in_child(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    int code = 99;
    try {
      code = body();
    } catch (const std::exception&) {
    }
    ::_exit(code);
  }
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, 0) != pid) return 255;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// From now on no file of this process can grow beyond `bytes`: writing more fails like a full disk.
inline void limit_file_size(rlim_t bytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{bytes, bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// Gives up root's rights where the process has them; false when that fails.
inline bool become_nobody() {
  constexpr id_t kNobody = 65534;
  return ::getuid() != 0 || (::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0);
}

/// A forked process that reports numbers through a pipe until it is killed.
class Reporter {
 public:
  /// `body` gets a function that reports one number; what it has reported counts as acknowledged.
  template <class Body>
  explicit Reporter(Body body) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      body([&](long long number) {
        if (::write(ends[1], &number, sizeof number) != sizeof number) ::_exit(1);
      });
      ::_exit(0);
    }
    ::close(ends[1]);
    fd_ = ends[0];
  }
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;
  ~Reporter() { kill(); }

  /// The next number, or -1 at the end.
  long long next() {
    long long number = -1;
    return ::read(fd_, &number, sizeof number) == sizeof number ? number : -1;
  }
  /// kill -9; the last number that was still reported, or `last`.
  long long kill(long long last = -1) {
    if (pid_ <= 0) return last;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    for (long long number = next(); number >= 0; number = next()) last = number;
    ::close(fd_);
    return last;
  }

 private:
  pid_t pid_ = -1;
  int fd_ = -1;
};

}  // namespace keisei::store
