// What an engine can and cannot reach from its cage: environment, descriptors, files, sockets, administration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "evaluation/engine_stage.h"
#include "guard/landlock.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

/// What the rogue says it found out.
std::string finding(EngineStage& stage, const std::string& behaviour, const std::string& argument = {}) {
  const auto checked = check_player(stage.rogue(behaviour, "depth=1&answer=120", argument), {}, stage.host);
  EXPECT_TRUE(checked) << (checked ? "" : checked.error().message);
  for (const std::string& note : checked ? checked->notes : std::vector<std::string>{}) {
    EXPECT_THAT(note, HasSubstr("cage: "));
  }
  return checked ? checked->name.substr(std::string("Rogue ").size()) : "";
}

TEST(CagedEngine, HidesEnvironmentAndDescriptors) {
  ::setenv("KEISEI_TEST_CANARY", "a secret", 1);
  EngineStage stage;
  EXPECT_EQ(finding(stage, "environment"), "canary hidden tmp there");
  EXPECT_EQ(finding(stage, "descriptors"), "3 descriptors");
  ::unsetenv("KEISEI_TEST_CANARY");
}

TEST(CagedEngine, ConfinesFiles) {
  if (guard::landlock_abi() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  EngineStage stage;
  const std::string secret = (stage.root / "secret").string();
  std::ofstream(secret) << "secret";
  EXPECT_EQ(finding(stage, "reads_file", "@" + secret), "file refused");
  EXPECT_EQ(finding(stage, "reads_file", "/etc/shadow/../shadow"), "file refused");
  EXPECT_EQ(finding(stage, "reads_parent"), "environ refused cmdline refused");
  EXPECT_EQ(finding(stage, "reads_own"), "cpuinfo read self read libc read program read");
  EXPECT_EQ(finding(stage, "writes_file", "@" + secret + "2"), "file refused");
  EXPECT_FALSE(std::filesystem::exists(secret + "2"));
  EXPECT_EQ(finding(stage, "writes_scratch"), "home written");
  std::filesystem::remove(secret);
  stage.expect_nothing_left();
}

TEST(CagedEngine, ArgumentsMayBeRead) {
  EngineStage stage;
  const std::string shown = (stage.root / "book").string();
  std::ofstream(shown) << "moves";
  EXPECT_EQ(finding(stage, "reads_file", shown), "file read");
  std::filesystem::remove(shown);
}

TEST(CagedEngine, ReadsWhatItsSpecNamesAndNothingBeside) {
  EngineStage stage;
  const auto folder = stage.root / "books";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "book") << "moves";
  std::ofstream(stage.root / "beside") << "secret";
  const std::string book = (folder / "book").string();
  const std::string options = "depth=1&answer=120&read=";
  for (const std::string& named : {book, folder.string()}) {
    const auto checked = check_player(stage.rogue("reads_file", options + named, "@" + book), {}, stage.host);
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(checked->name, "Rogue file read") << named;
  }
  if (guard::landlock_abi() > 0) {
    const auto beside = stage.rogue("reads_file", options + folder.string(), "@" + (stage.root / "beside").string());
    EXPECT_EQ(check_player(beside, {}, stage.host)->name, "Rogue file refused");
    const auto writes = stage.rogue("writes_file", options + folder.string(), "@" + book);
    EXPECT_EQ(check_player(writes, {}, stage.host)->name, "Rogue file refused") << "reading is all that is granted";
  }
  const auto missing = check_player(stage.rogue("reads_file", options + "/no/such/book", "@" + book), {}, stage.host);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kUsage);
  EXPECT_THAT(missing.error().message, HasSubstr("/no/such/book"));
  std::filesystem::remove_all(folder);
  std::filesystem::remove(stage.root / "beside");
  stage.expect_nothing_left();
}

TEST(CagedEngine, RefusesSocketsAndAdministration) {
  EngineStage stage;
  if (finding(stage, "opens_socket").find("done unix") != std::string::npos) GTEST_SKIP() << "no seccomp here";
  EXPECT_EQ(finding(stage, "opens_socket"), "inet refused unix refused pair done");
  const std::string tried = finding(stage, "administers");
  EXPECT_THAT(tried, HasSubstr("ptrace refused namespace refused mount refused everybody refused"));
  EXPECT_THAT(tried, HasSubstr("capable refused"));
  constexpr int kAbiWithSignals = 6;
  if (guard::landlock_abi() >= kAbiWithSignals) {
    EXPECT_THAT(tried, HasSubstr("parent refused"));
  }
}

}  // namespace
}  // namespace keisei::evaluation
