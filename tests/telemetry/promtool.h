// Runs Prometheus' own promtool (package prometheus) and catches what it says: the judge of what is written for it.
// A scratch directory belongs to each test and is gone when the test ends.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace keisei::telemetry {

struct Ended {
  int code = -1;
  std::string output;  ///< stdout and stderr
};

inline Ended shell(const std::string& command) {
  Ended ended;
  FILE* pipe = ::popen(("(" + command + ") 2>&1").c_str(), "r");
  if (pipe == nullptr) return ended;
  std::array<char, 4096> block{};
  for (std::size_t n = 0; (n = std::fread(block.data(), 1, block.size(), pipe)) > 0;) {
    ended.output.append(block.data(), n);
  }
  const int status = ::pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

inline std::string quoted(const std::filesystem::path& path) { return "'" + path.string() + "'"; }

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

class PromtoolTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) / ("keisei_promtool_" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  /// promtool's verdict on a metrics page: syntax and naming.
  Ended check_metrics(const std::string& page) const {
    const auto path = directory_ / "page";
    std::ofstream(path, std::ios::binary) << page;
    return shell("promtool check metrics < " + quoted(path));
  }

  std::filesystem::path directory_;
};

}  // namespace keisei::telemetry
