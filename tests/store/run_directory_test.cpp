#include "store/run_directory.h"

#include <gtest/gtest.h>

#include <string>

#include "store/child.h"
#include "store/run_index.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

TEST(RunDirectory, CreatesTheWholeFolder) {
  const Scratch scratch;
  const auto run = RunDirectory::create(scratch / "deep/runs", "first run");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(fs::is_directory(scratch / "deep/runs/first run/checkpoints"));
  EXPECT_TRUE(fs::is_directory(scratch / "deep/runs/first run/games"));
  EXPECT_EQ(run->paths().name(), "first run");
  ASSERT_TRUE(run->write_config("env:\n  seed: 7\n"));
  EXPECT_EQ(run->read_config().value(), "env:\n  seed: 7\n");
}

TEST(RunDirectory, RefusesNamesThatAreNone) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("../up"), std::string("a/b"),
        std::string("a\\b"), std::string("-x"), std::string(".hidden"), std::string(" x"), std::string("a\nb"),
        std::string("a\0b", 3), std::string("\x1b[31m"), std::string("\xff"), std::string("\xc0\xaf"),
        std::string("\xc2\x85"), std::string("latest"), std::string(kMaxRunNameBytes + 1, 'x')}) {
    const auto checked = check_run_name(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, Code::kUsage);
    EXPECT_FALSE(checked.error().hint.empty());
    const Scratch scratch;
    EXPECT_FALSE(RunDirectory::create(scratch / "runs", name)) << name;
    EXPECT_FALSE(fs::exists(scratch / "runs")) << name;
  }
  for (const std::string& name : {std::string("a"), std::string("keisei-20260301-123456"), std::string("将棋 №1"),
                                  std::string(kMaxRunNameBytes, 'x'), std::string("a..b")}) {
    EXPECT_TRUE(check_run_name(name)) << name;
  }
  EXPECT_EQ(default_run_name(1'772'368'496'789), "keisei-20260301-123456");
  EXPECT_TRUE(check_run_name(default_run_name(0)));
}

TEST(RunDirectory, NeverTakesOverAnExistingRun) {
  const Scratch scratch;
  ASSERT_TRUE(RunDirectory::create(scratch.root(), "a"));
  const auto again = RunDirectory::create(scratch.root(), "a");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::kFailure);
  EXPECT_NE(again.error().message.find("exists already"), std::string::npos);
  EXPECT_NE(again.error().hint.find("--resume"), std::string::npos);
  // A folder that only has the name is taken.
  fs::create_directory(scratch / "empty");
  EXPECT_TRUE(RunDirectory::create(scratch.root(), "empty"));
}

TEST(RunDirectory, ResumesOnlyRuns) {
  const Scratch scratch;
  EXPECT_FALSE(RunDirectory::resume(scratch / "missing"));
  EXPECT_FALSE(fs::exists(scratch / "missing"));
  fs::create_directory(scratch / "holiday photos");
  EXPECT_FALSE(RunDirectory::resume(scratch / "holiday photos"));
  { ASSERT_TRUE(RunDirectory::create(scratch.root(), "a")); }
  fs::remove(scratch / "a/games");
  const auto run = RunDirectory::resume(scratch / "a");
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(fs::is_directory(scratch / "a/games"));
}

TEST(RunDirectory, ASecondProcessIsRefusedAndToldWhoHasIt) {
  const Scratch scratch;
  auto first = RunDirectory::create(scratch.root(), "a");
  ASSERT_TRUE(first);
  const std::string owner = std::to_string(::getpid());
  const auto refused = [&] {
    return in_child([&] {
      const auto second = RunDirectory::resume(scratch / "a");
      if (second) return 1;
      return second.error().message.find("in use by process " + owner) == std::string::npos ? 2 : 0;
    });
  };
  EXPECT_EQ(refused(), 0);
  EXPECT_EQ(lock_holder(scratch / "a/run.lock"), ::getpid());
  EXPECT_EQ(refused(), 0) << "asking must not give the lock away";
  const auto fresh = RunDirectory::create(scratch.root(), "a");  // the same process does not get it twice either
  ASSERT_FALSE(fresh);
  EXPECT_NE(fresh.error().message.find("in use"), std::string::npos);

  { const auto gone = std::move(first); }
  EXPECT_EQ(lock_holder(scratch / "a/run.lock"), std::nullopt);
  EXPECT_EQ(in_child([&] { return RunDirectory::resume(scratch / "a") ? 0 : 1; }), 0);
}

TEST(RunDirectory, AKilledOwnerLeavesNoLockBehind) {
  const Scratch scratch;
  Reporter owner([&](auto report) {
    const auto run = RunDirectory::create(scratch.root(), "a");
    report(run ? 1 : 0);
    ::pause();
  });
  ASSERT_EQ(owner.next(), 1);
  EXPECT_TRUE(lock_holder(scratch / "a/run.lock"));
  EXPECT_FALSE(RunDirectory::resume(scratch / "a"));
  owner.kill();
  EXPECT_FALSE(lock_holder(scratch / "a/run.lock"));
  EXPECT_TRUE(RunDirectory::resume(scratch / "a"));
}

TEST(RunDirectory, AnUnwritablePlaceIsAFailureThatNamesIt) {
  const Scratch scratch;
  spill(scratch / "file", {});
  const auto under_a_file = RunDirectory::create(scratch / "file", "a");
  ASSERT_FALSE(under_a_file);
  EXPECT_EQ(under_a_file.error().code, Code::kFailure);
  EXPECT_NE(under_a_file.error().message.find((scratch / "file").string()), std::string::npos);

  fs::create_directory(scratch / "locked");
  fs::permissions(scratch.root(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(scratch / "locked", fs::perms::owner_read | fs::perms::owner_exec);
  const int code = in_child([&] {
    if (!become_nobody()) return 77;
    const auto run = RunDirectory::create(scratch / "locked", "a");
    return run ? 1 : run.error().code != Code::kFailure ? 2 : run.error().hint.empty() ? 3 : 0;
  });
  EXPECT_EQ(code, 0);
  fs::permissions(scratch / "locked", fs::perms::owner_all);
}

}  // namespace
}  // namespace keisei::store
