#include "guard/cage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "guard/kennel.h"
#include "guard/landlock.h"
#include "guard/stage.h"
#include "guard/syscall_filter.h"

namespace keisei::guard {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

TEST(Cage, TextReadsBackEqual) {
  Cage cage;
  cage.scratch = "/tmp/a b=c";
  cage.directory = "/opt/engine";
  cage.readable = {"/opt/engine", "/srv/ö"};
  cage.data_mb = 5;
  cage.file_mb = 6;
  cage.open_files = 7;
  cage.strict = true;
  EXPECT_EQ(*decode_cage(*encode(cage)), cage);
  cage.readable.emplace_back("/a\nstrict=0");
  EXPECT_EQ(encode(cage).error().code, Code::kUsage);
  for (const char* text : {"", "scratch=/a", "directory=/a", "scratch=a\ndirectory=/b", "scratch=/a\ndirectory=/b\nx=1",
                           "scratch=/a\ndirectory=/b\ndata_mb=-1", "scratch=/a\ndirectory=/b\nstrict=2", "junk"}) {
    EXPECT_FALSE(decode_cage(text)) << text;
  }
}

TEST(Cage, EnvironmentIsAList) {
  Cage cage;
  cage.scratch = "/scratch";
  const std::array<const char*, 7> all{
      "PATH=/bin", "LC_ALL=C", "AWS_SECRET_ACCESS_KEY=x", "HOME=/home/me", "PATHS=1", "SSH_AUTH_SOCK=/x", nullptr};
  EXPECT_THAT(caged_environment(cage, all.data()),
              testing::UnorderedElementsAre("HOME=/scratch", "TMPDIR=/scratch", "PATH=/bin", "LC_ALL=C"));
  EXPECT_EQ(caged_environment(cage, nullptr).size(), 2U);
}

TEST(SyscallFilter, RefusesTheDoorsOut) {
  std::vector<long> numbers;
  for (const RefusedCall& call : refused_calls()) numbers.push_back(call.number);
  for (const long number : {SYS_socket, SYS_connect, SYS_ptrace, SYS_bpf, SYS_io_uring_setup, SYS_mount, SYS_unshare}) {
    EXPECT_THAT(numbers, Contains(number));
  }
  for (const long number : {SYS_read, SYS_write, SYS_clone, SYS_execve, SYS_futex, SYS_socketpair, SYS_mmap}) {
    EXPECT_THAT(numbers, Not(Contains(number)));
  }
}

class KennelTest : public testing::Test {
 protected:
  KennelTest() : root_(std::filesystem::path(testing::TempDir()) / ("keisei_kennel_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(root_);
  }
  ~KennelTest() override { std::filesystem::remove_all(root_); }

  [[nodiscard]] std::shared_ptr<Kennel> open() const {
    auto kennel = Kennel::open({.launcher = GUARD_ACTOR,
                                .launcher_argv = {"keisei", "__launch"},
                                .scratch_root = root_,
                                .limit_data = !kSanitized});
    EXPECT_TRUE(kennel) << (kennel ? "" : kennel.error().message);
    return kennel ? *kennel : nullptr;
  }
  [[nodiscard]] static CagedCommand shell(const std::string& script) {
    CagedCommand command;
    command.argv = {"/bin/sh", "-c", script};
    return command;
  }
  /// All that a caged shell says, until it ends.
  [[nodiscard]] static std::string said(Caged& caged) {
    std::string text;
    std::array<char, 4096> bytes{};
    const bool done = stage::eventually([&] {
      pollfd fd{caged.output(), POLLIN, 0};
      (void)::poll(&fd, 1, 10);
      const ssize_t n = ::read(caged.output(), bytes.data(), bytes.size());
      if (n > 0) text.append(bytes.data(), static_cast<std::size_t>(n));
      return n == 0;
    });
    EXPECT_TRUE(done);
    return text;
  }
  [[nodiscard]] std::size_t scratch_directories() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(root_)) count += entry.is_directory() ? 1 : 0;
    return count;
  }

  std::filesystem::path root_;
};

TEST_F(KennelTest, RunsAProgramWithLimitsInItsOwnPlace) {
  const auto kennel = open();
  auto caged =
      kennel->start(shell("pwd; ulimit -c; ulimit -n; ulimit -f; echo $HOME; exec 2>&1; read line; echo $line"));
  ASSERT_TRUE(caged) << caged.error().message;
  EXPECT_EQ(scratch_directories(), 1U);
  ASSERT_EQ(::write((*caged)->input(), "hello\n", 6), 6);
  const std::string text = said(**caged);
  EXPECT_THAT(text, HasSubstr("\n0\n256\n"));
  EXPECT_THAT(text, HasSubstr((*caged)->scratch().string()));
  EXPECT_THAT(text, HasSubstr("hello"));
  EXPECT_TRUE(stage::eventually([&] { return (*caged)->ended().has_value(); }));
  EXPECT_EQ((*caged)->ended(), "exit code 0");
  caged->reset();
  EXPECT_EQ(scratch_directories(), 0U);
  EXPECT_TRUE(stage::childless());
}

TEST_F(KennelTest, EndsAWholeFamilyAndItsFiles) {
  const auto kennel = open();
  auto caged =
      kennel->start(shell("mkdir -p $HOME/a/b && chmod 0 $HOME/a; (setsid sh -c 'setsid sleep 1000 & sleep 1000') & "
                          "echo ready; wait; sleep 1000"));
  ASSERT_TRUE(caged);
  std::array<char, 64> bytes{};
  ASSERT_TRUE(stage::eventually([&] { return ::read((*caged)->output(), bytes.data(), bytes.size()) > 0; }));
  const pid_t pid = (*caged)->pid();
  EXPECT_TRUE(stage::eventually([&] { return proc::descendants(pid).size() >= 3; }));
  std::vector<pid_t> all = proc::descendants(pid);
  all.push_back(pid);
  (*caged)->end();
  for (const pid_t each : all) EXPECT_FALSE(stage::alive(each)) << each;
  EXPECT_EQ(scratch_directories(), 0U);
  EXPECT_TRUE(stage::childless());
}

TEST_F(KennelTest, OrphansOfADeadProgramAreFound) {
  const auto kennel = open();
  auto caged = kennel->start(shell("(setsid env -i sleep 1000 &) ; echo ready; sleep 0.2; kill -9 $$"));
  ASSERT_TRUE(caged);
  EXPECT_TRUE(stage::eventually([&] { return (*caged)->ended().has_value(); }));
  EXPECT_THAT((*caged)->ended().value_or(""), HasSubstr("signal 9"));
  caged->reset();
  EXPECT_TRUE(stage::childless());
}

TEST_F(KennelTest, ScratchOfAKilledOwnerIsRemoved) {
  std::filesystem::create_directories(root_ / "keisei-engine-abcdef" / "inner");
  std::filesystem::create_directories(root_ / "other");
  const auto first = open();
  EXPECT_FALSE(std::filesystem::exists(root_ / "keisei-engine-abcdef"));
  EXPECT_TRUE(std::filesystem::exists(root_ / "other"));
  std::filesystem::remove(root_ / "other");
  auto caged = first->start(shell("read line"));
  ASSERT_TRUE(caged);
  const auto second = open();  // as another process would
  EXPECT_TRUE(std::filesystem::exists((*caged)->scratch())) << "its owner lives";
}

TEST_F(KennelTest, WhatCannotBeStartedIsNamed) {
  const auto kennel = open();
  CagedCommand missing;
  missing.argv = {"/no/such/program"};
  const auto started = kennel->start(missing);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Code::kUsage);
  EXPECT_THAT(started.error().message, HasSubstr("/no/such/program"));
  CagedCommand lost = shell("true");
  lost.directory = "/no/such/place";
  EXPECT_EQ(kennel->start(lost).error().code, Code::kUsage);
  EXPECT_EQ(scratch_directories(), 0U);
  EXPECT_FALSE(Kennel::open({.launcher = "/no/launcher"}));
}

TEST_F(KennelTest, StrictRefusesWhatIsNotWhole) {
  constexpr int kWholeAbi = 6;
  const auto kennel = open();
  CagedCommand command = shell("echo inside");
  command.strict = true;
  auto caged = kennel->start(command);
  ASSERT_TRUE(caged);
  const std::string text = said(**caged);
  if (landlock_abi() >= kWholeAbi) {
    EXPECT_THAT(text, HasSubstr("inside"));
  } else {
    EXPECT_THAT(text, Not(HasSubstr("inside")));
  }
}

}  // namespace
}  // namespace keisei::guard
