// A tmux server of a test's own, with one window of a given size that runs one program: gone at the end whatever
// happens. Screens are waited for, never assumed.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

#include "dashboard/cells.h"

namespace keisei::dashboard {

inline constexpr std::chrono::seconds kPatience{60};

/// Output of a shell command; its exit status in `status`.
inline std::string run(const std::string& command, int* status = nullptr) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<char, 4096> block{};
  for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) text.append(block.data(), n);
  const int code = ::pclose(pipe);
  if (status != nullptr) *status = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
  return text;
}

inline bool has_tmux() {
  int status = 0;
  (void)run("tmux -V", &status);
  return status == 0;
}

class Tmux {
 public:
  Tmux(int columns, int rows, const std::string& program, const std::string& environment = "LC_ALL=C.UTF-8")
      // A name that no earlier server has: the one before may still be leaving.
      : tmux_("tmux -u -f /dev/null -L keisei_test_" + std::to_string(::getpid()) + "_" +
              std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + " ") {
    output_ = run("env -u TMUX -u CI -u NO_COLOR " + environment + " " + tmux_ + "new-session -d -x " +
                      std::to_string(columns) + " -y " + std::to_string(rows) + " '" + program + "'",
                  &status_);
  }
  ~Tmux() { (void)run(tmux_ + "kill-server"); }
  Tmux(const Tmux&) = delete;
  Tmux& operator=(const Tmux&) = delete;

  [[nodiscard]] bool started() const { return status_ == 0; }
  [[nodiscard]] const std::string& output() const { return output_; }
  std::string command(const std::string& arguments) { return run(tmux_ + arguments); }
  void keys(const std::string& names) { (void)command("send-keys " + names); }
  void resize(int columns, int rows) {
    (void)command("resize-window -x " + std::to_string(columns) + " -y " + std::to_string(rows));
  }
  /// The screen as soon as it satisfies `done`, or as it is when patience ends.
  std::string screen(const std::function<bool(const std::string&)>& done, const std::string& how = "") {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::string text;
    do {
      text = command("capture-pane -p " + how);
      if (done(text)) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    } while (std::chrono::steady_clock::now() < deadline);
    return text;
  }
  /// The screen as soon as it holds `part`.
  std::string screen_with(const std::string& part) {
    return screen([&](const std::string& text) { return text.find(part) != std::string::npos; });
  }

 private:
  std::string tmux_;
  std::string output_;
  int status_ = -1;
};

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline int count(const std::string& text, std::string_view part) {
  int found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

inline int widest(const std::string& text) {
  std::istringstream lines(text);
  int cells = 0;
  for (std::string line; std::getline(lines, line);) cells = std::max(cells, cell_width(line));
  return cells;
}

/// The command that starts one test of this very program, quoted for a shell within single quotes.
inline std::string this_program(const std::string& test) {
  return "\"" + std::filesystem::read_symlink("/proc/self/exe").string() + "\" --gtest_filter=" + test +
         " --gtest_also_run_disabled_tests";
}

}  // namespace keisei::dashboard
