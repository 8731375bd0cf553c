// A USI engine for tests: `rogue_engine BEHAVIOUR TOKEN [ARGUMENT]` plays a few rook moves from the start position and
// resigns, but misbehaves at one point. TOKEN only marks the process, so that a test can see whether any is left. What
// it found out by breaking a rule of its cage it says in its name.
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int kMovesBeforeResigning = 3;
std::string behaviour;
std::string token;
std::string argument;

bool is(const char* name) { return behaviour == name; }

void put(const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data() + at, text.size() - at);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) at += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void forever() {
  while (true) ::pause();
}

std::string readable(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return text.empty() ? "refused" : "read";
}

std::string writable(const std::string& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  if (fd < 0) return "refused";
  ::close(fd);
  return "written";
}

std::string done(long result) { return result < 0 && errno == EPERM ? "refused" : result < 0 ? "failed" : "done"; }

/// A child that is not to be seen: another session, no environment, its parent gone.
void escape() {
  if (::fork() != 0) return;
  ::setsid();
  if (::fork() != 0) ::_exit(0);
  ::signal(SIGTERM, SIG_IGN);
  const std::string time = "1000." + token;
  char name[] = "sleep";
  std::vector<char> copy(time.begin(), time.end());
  copy.push_back('\0');
  char* argv[] = {name, copy.data(), nullptr};
  char* envp[] = {nullptr};
  ::execve("/bin/sleep", argv, envp);
  ::_exit(1);
}

/// What a cage must not allow, tried.
std::string findings() {
  if (is("reads_file")) return "file " + readable(argument);
  if (is("reads_parent")) {
    const std::string parent = "/proc/" + std::to_string(::getppid());
    return "environ " + readable(parent + "/environ") + " cmdline " + readable(parent + "/cmdline");
  }
  if (is("reads_own")) {
    return "cpuinfo " + readable("/proc/cpuinfo") + " self " + readable("/proc/self/status") + " libc " +
           readable("/etc/ld.so.cache") + " program " + readable("/proc/self/exe");
  }
  if (is("writes_file")) return "file " + writable(argument);
  if (is("writes_scratch")) {
    const char* home = std::getenv("HOME");
    return "home " + writable(std::string(home == nullptr ? "" : home) + "/learned");
  }
  if (is("opens_socket")) {
    const std::string inet = done(::socket(AF_INET, SOCK_STREAM, 0));
    const std::string local = done(::socket(AF_UNIX, SOCK_STREAM, 0));
    int pair[2];
    return "inet " + inet + " unix " + local + " pair " + done(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  }
  if (is("administers")) {
    return "ptrace " + done(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr)) + " namespace " +
           done(::syscall(SYS_unshare, CLONE_NEWUSER)) + " mount " +
           done(::syscall(SYS_mount, "none", "/", "tmpfs", 0, nullptr)) + " everybody " + done(::kill(-1, 0)) +
           " parent " + done(::kill(::getppid(), 0)) + " capable " + done(::sethostname("rogue", 5));
  }
  if (is("environment")) {
    const char* canary = std::getenv("KEISEI_TEST_CANARY");
    return std::string("canary ") + (canary == nullptr ? "hidden" : "seen") + " tmp " +
           (std::getenv("TMPDIR") == nullptr ? "missing" : "there");
  }
  if (is("descriptors")) {
    int open = 0;
    for (int fd = 0; fd < 1024; ++fd) open += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return std::to_string(open) + " descriptors";
  }
  return "polite";
}

void eat(bool shared) {
  constexpr std::size_t kStep = 1'000'000;
  constexpr int kSteps = 4000;
  for (int i = 0; i < kSteps; ++i) {
    void* area =
        ::mmap(nullptr, kStep, PROT_READ | PROT_WRITE, (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED) std::abort();
    std::memset(area, 1, kStep);
  }
}

std::string own_move(const std::string& position) {
  std::istringstream words(position);
  std::string word;
  int moves = -1;
  while (words >> word) {
    if (moves >= 0) ++moves;
    if (word == "moves") moves = 0;
  }
  if (moves < 0) moves = 0;
  const bool black = moves % 2 == 0;
  const int own = moves / 2;
  if (is("exits_after_moves") && own >= std::atoi(argument.c_str())) ::_exit(3);
  if (is("illegal_move")) return "1a9i";
  if (is("other_side")) return black ? "8b7b" : "2h3h";
  if (own >= kMovesBeforeResigning) return "resign";
  if (own % 2 == 0) return black ? "2h3h" : "8b7b";
  return black ? "3h2h" : "7b8b";
}

/// At go, before the answer; returns when the engine then answers as usual.
void misbehave_at_go(const std::string& move) {
  if (is("hangs_at_go")) forever();
  if (is("hangs_until_stop") || is("hangs_at_stop")) {
    std::string line;
    while (std::getline(std::cin, line) && line.rfind("stop", 0) != 0) {
    }
    if (is("hangs_at_stop")) forever();
  }
  if (is("garbage")) {
    std::string bytes;
    for (int i = 0; i < 5000; ++i) bytes += static_cast<char>((i * 7919 + i / 13) % 256);
    put(bytes + "\nbestmove\x01 \xff\n" + std::string(3, '\0') + "\n");
    forever();
  }
  if (is("floods")) {
    while (true) put("info depth 1 score cp 1 pv " + move + "\n");
  }
  if (is("endless_line")) {
    while (true) put(std::string(4096, 'x'));
  }
  if (is("trickles")) {
    while (true) {
      put("b");
      ::usleep(20'000);
    }
  }
  if (is("cut_bestmove")) put("bestmove\n");
  if (is("ends_in_the_middle")) {
    put("bestmo");
    ::_exit(0);
  }
  if (is("crashes")) {
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(SIGSEGV);
  }
  if (is("closes_output")) {
    ::close(STDOUT_FILENO);
    forever();
  }
  if (is("leaves_child_on_pipe")) {
    if (::fork() == 0) forever();
    ::_exit(0);
  }
  if (is("escapes")) escape();
  if (is("escapes_and_dies")) {
    escape();
    ::usleep(100'000);
    ::_exit(0);
  }
  if (is("many_processes")) {
    for (int i = 0; i < 200; ++i) {
      if (::fork() == 0) forever();
    }
    forever();
  }
  if (is("fills_scratch")) {
    const std::string home = std::getenv("HOME");
    for (int file = 0;; ++file) {
      std::ofstream out(home + "/" + std::to_string(file));
      out << std::string(1'000'000, 'x');
      if (file > 400) forever();
    }
  }
  if (is("eats_memory")) eat(false);
  if (is("eats_shared_memory")) eat(true);
  if (is("bestmove_twice")) put("bestmove " + move + "\nbestmove " + move + "\n");
}

/// Keeps what it hears in its scratch directory.
void note_down(const std::string& line) {
  const char* home = std::getenv("HOME");
  std::ofstream(std::string(home == nullptr ? "" : home) + "/heard", std::ios::app) << line << "\n";
}

void obey(const std::string& line, std::string& position) {
  if (is("listens")) note_down(line);
  if (line == "usi") {
    if (is("hangs_at_usi")) forever();
    if (is("no_usi")) {
      put("Error (unknown command): usi\n");
      ::_exit(0);
    }
    put("id name Rogue " + findings() + "\nid author nobody\noption name Depth type spin default 3 min 1 max 9\n" +
        "option name Style type combo default calm var calm var wild\nusiok\n");
  } else if (line == "isready") {
    if (is("hangs_at_isready")) forever();
    if (is("ready_when_stopped")) {
      std::string next;
      while (next != "stop" && std::getline(std::cin, next)) {
      }
      put("bestmove resign\n");
    }
    if (is("closes_input")) ::close(STDIN_FILENO);
    put("readyok\n");
  } else if (line.rfind("position ", 0) == 0) {
    position = line;
    if (is("hangs_at_position")) forever();
    if (is("answers_before_go")) put("bestmove " + own_move(position) + "\n");
  } else if (line.rfind("go", 0) == 0) {
    const std::string move = own_move(position);
    misbehave_at_go(move);
    if (is("cut_bestmove") || is("bestmove_twice")) return;
    put("info depth 3 nodes 12 score cp 120 pv " + move + "\nbestmove " + move + " ponder 3c3d\n");
  } else if (line == "quit") {
    if (is("hangs_at_quit") || is("ignores_sigterm")) forever();
    ::_exit(0);
  }
}

}  // namespace

int main(int argc, char** argv) {
  behaviour = argc > 1 ? argv[1] : "polite";
  token = argc > 2 ? argv[2] : "";
  argument = argc > 3 ? argv[3] : "";
  if (argument.rfind("@", 0) == 0) argument.erase(0, 1);  // a path that the command line does not name as one
  if (is("exits_at_once")) return 7;
  if (is("ignores_sigterm")) ::signal(SIGTERM, SIG_IGN);
  std::string line;
  std::string position;
  while (!std::cin.fail() && std::getline(std::cin, line)) obey(line, position);
  if (is("closes_input")) forever();
  return 0;
}
