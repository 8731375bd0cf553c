// A directory that stands in for /proc, /sys/fs/cgroup or /sys/devices/system/cpu: files written by a test, gone with
// it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace keisei::guard {

class FakeTree : public testing::Test {
 protected:
  FakeTree()
      : root_(std::filesystem::path(testing::TempDir()) /
              ("tree-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::create_directories(root_);
  }
  ~FakeTree() override { std::filesystem::remove_all(root_); }

  /// Writes `text` to root/`path`, in place when it is there already.
  void put(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  [[nodiscard]] std::string get(const std::string& path) const {
    std::ifstream file(root_ / path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void drop(const std::string& path) { std::filesystem::remove_all(root_ / path); }

  std::filesystem::path root_;
};

}  // namespace keisei::guard
