// Every file of the repository: sizes, widths, openings, and what must never be in one.
#include <gtest/gtest.h>

#include <algorithm>

#include "tidy/tree.h"

namespace keisei::tidy {
namespace {

constexpr std::size_t kLineColumns = 120;
constexpr std::size_t kSourceLines = 400;
constexpr std::uintmax_t kTrackedBytes = 256 * 1024;
constexpr std::size_t kOpeningCharactersMin = 80;
constexpr int kOpeningLinesMax = 8;

/// Data and expected outputs keep the form of whoever wrote them.
bool is_data(const fs::path& path) {
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part == "data" || part == "golden"; });
}

bool is_script(const fs::path& path) { return read(path).starts_with("#!/bin/sh") || path.extension() == ".sh"; }

bool is_code(const fs::path& path) { return !is_data(path) && (is_cpp(path) || is_script(path)); }

/// Characters, not bytes, of a UTF-8 line.
std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Code without its // comments, string and character literals: what the compiler takes for names.
std::string names_only(const std::string& code) {
  static const std::regex kNoise(R"re("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|//[^\n]*)re");
  return std::regex_replace(code, kNoise, " ");
}

TEST(Files, AreSmall) {
  for (const fs::path& path : all_files()) {
    EXPECT_LE(fs::file_size(source_dir() / path), kTrackedBytes) << path;
  }
}

TEST(Files, OfSourceHaveAtMostFourHundredLines) {
  for (const fs::path& path : source_files()) EXPECT_LE(lines_of(read(path)).size(), kSourceLines) << path;
}

TEST(Files, OfCodeKeepToTheColumnLimitWithoutTabsOrTrailingBlanks) {
  std::string found;
  for (const fs::path& path : all_files()) {
    if (!is_code(path)) continue;
    int number = 0;
    for (const std::string& line : lines_of(read(path))) {
      ++number;
      const std::string place = "\n" + path.string() + ":" + std::to_string(number) + ": ";
      if (columns(line) > kLineColumns) found += place + std::to_string(columns(line)) + " columns";
      if (line.find('\t') != std::string::npos) found += place + "tab";
      if (!line.empty() && (line.back() == ' ' || line.back() == '\r')) found += place + "blank at the end";
    }
  }
  EXPECT_TRUE(found.empty()) << "at most " << kLineColumns << " columns, no tab, no blank at the end:" << found;
}

TEST(Files, OfCodeEndWithOneNewline) {
  for (const fs::path& path : all_files()) {
    if (!is_code(path)) continue;
    const std::string text = read(path);
    EXPECT_TRUE(text.ends_with("\n") && !text.ends_with("\n\n")) << path;
  }
}

TEST(Files, AreNamedInLowerSnake) {
  static const std::regex kLowerSnake("[a-z][a-z0-9_]*");
  for (const fs::path& path : all_files()) {
    if (is_cpp(path)) {
      EXPECT_TRUE(std::regex_match(path.stem().string(), kLowerSnake)) << path;
    }
  }
}

TEST(Files, NameNoFolderOfOneMachine) {
  static const std::regex kHome(R"((^|[^A-Za-z0-9_.$}])/(work|home/[a-z]+|root|Users)/)");
  for (const fs::path& path : all_files()) {
    int number = 0;
    for (const std::string& line : lines_of(read(path))) {
      ++number;
      EXPECT_FALSE(std::regex_search(line, kHome)) << path << ":" << number << ": " << line;
    }
  }
}

TEST(Headers, OpenWithACommentThatSaysWhatTheyAre) {
  for (const fs::path& path : source_files()) {
    if (path.extension() != ".h") continue;
    const std::vector<std::string> lines = lines_of(read(path));
    int comments = 0;
    std::size_t characters = 0;
    for (const std::string& line : lines) {
      if (!line.starts_with("//")) break;
      ++comments;
      characters += line.size();
    }
    EXPECT_GE(characters, kOpeningCharactersMin) << path;
    EXPECT_LE(comments, kOpeningLinesMax) << path;
    EXPECT_NE(std::find(lines.begin(), lines.end(), "#pragma once"), lines.end()) << path;
  }
}

TEST(Sources, HoldNoUnfinishedWork) {
  static const std::regex kUnfinished(R"(\b(TODO|FIXME|XXX|HACK)\b)");
  for (const fs::path& path : source_files()) EXPECT_FALSE(std::regex_search(read(path), kUnfinished)) << path;
}

TEST(Sources, StartProcessesInOneFileOnly) {
  static const std::regex kStarts(R"(\b(posix_spawnp?|v?fork|popen|system)\s*\()");
  std::set<std::string> spawning;
  for (const fs::path& path : source_files()) {
    const std::string names = names_only(read(path));
    for (std::sregex_iterator it(names.begin(), names.end(), kStarts), end; it != end; ++it) {
      spawning.insert(path.string());
    }
  }
  std::string list;
  for (const std::string& path : spawning) list += " " + path;
  EXPECT_LE(spawning.size(), 1U) << "processes are started in:" << list;
}

TEST(Sources, DrawChanceAndTimeFromWhatIsPassedIn) {
  static const std::regex kGlobal(R"(\b(random_device|srand|rand)\b|\bstd::(mt19937(_64)?|default_random_engine)\b)");
  for (const fs::path& path : source_files()) {
    EXPECT_FALSE(std::regex_search(names_only(read(path)), kGlobal)) << path;
  }
}

}  // namespace
}  // namespace keisei::tidy
