// The shell scripts and package lists that stand before the first build.
#include <gtest/gtest.h>

#include "tidy/tree.h"

namespace keisei::tidy {
namespace {

std::vector<fs::path> scripts() {
  std::vector<fs::path> found;
  for (const fs::path& path : all_files()) {
    const std::string text = read(path);
    if (text.starts_with("#!/bin/sh") || text.starts_with("#!/usr/bin/env bash") || path.extension() == ".sh") {
      found.push_back(path);
    }
  }
  return found;
}

TEST(Scripts, PassShellcheck) {
  if (run("command -v shellcheck").exit_code != 0) GTEST_SKIP() << "shellcheck is not installed (packages-test.txt)";
  std::string command = "cd " + quoted(source_dir().string()) + " && shellcheck -x";
  for (const fs::path& path : scripts()) command += " " + quoted(path.string());
  const Ended ended = run(command + " 2>&1");
  EXPECT_EQ(ended.exit_code, 0) << ended.output;
}

TEST(Scripts, OfTheRootAreExecutable) {
  for (const char* name : {"keisei", "check", ".ci/run", "bench/run"}) {
    const fs::path path = source_dir() / name;
    ASSERT_TRUE(fs::exists(path)) << name;
    EXPECT_NE(fs::status(path).permissions() & fs::perms::owner_exec, fs::perms::none) << name;
  }
}

TEST(PackageLists, NameEachPackageOnceAndNothingElse) {
  static const std::regex kPackage("[a-z0-9][a-z0-9+.-]+");
  std::set<std::string> seen;
  for (const char* list : {"packages.txt", "packages-test.txt", "packages-long.txt", "packages-deb.txt"}) {
    int number = 0;
    for (const std::string& line : lines_of(read(list))) {
      ++number;
      if (line.empty() || line.starts_with("#")) continue;
      EXPECT_TRUE(std::regex_match(line, kPackage)) << list << ":" << number << ": '" << line << "'";
      EXPECT_TRUE(seen.insert(line).second) << list << ":" << number << ": '" << line << "' is listed twice";
    }
  }
  EXPECT_TRUE(seen.contains("g++") && seen.contains("cmake") && seen.contains("ninja-build"));
}

}  // namespace
}  // namespace keisei::tidy
