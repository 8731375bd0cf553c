#include "guard/worker_cgroup.h"

#include <gtest/gtest.h>

#include <cmath>

#include "guard/fake_tree.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

namespace fs = std::filesystem;

/// A tree that makes a new group's files and takes them away again, as the kernel does.
class WorkerCgroupTest : public FakeTree {
 protected:
  WorkerCgroupTest() {
    put("proc/self/cgroup", "0::/user.slice/keisei.scope\n");
    put("cgroup/cgroup.controllers", "cpu memory\n");
    for (const char* group : {"cgroup/", "cgroup/user.slice/", "cgroup/user.slice/keisei.scope/"}) {
      put(std::string(group) + "cgroup.procs", "");
      put(std::string(group) + "cgroup.subtree_control", "");
    }
    put("cgroup/user.slice/cgroup.subtree_control", "cpu memory pids\n");
    tree_.proc = root_ / "proc";
    tree_.root = root_ / "cgroup";
    tree_.make = [](const fs::path& path) {
      if (!fs::create_directory(path)) return false;
      for (const char* name : {"memory.max", "memory.swap.max", "cgroup.procs", "cgroup.kill"}) {
        std::ofstream(path / name) << "";
      }
      std::ofstream(path / "memory.events") << "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 7\n";
      return true;
    };
    tree_.remove = [this](const fs::path& path) {
      ++removals_;
      return fs::remove_all(path) > 0;
    };
  }
  /// What is left below `group`, without the kernel's own files.
  [[nodiscard]] std::vector<std::string> children(const std::string& group) const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(root_ / group)) {
      if (entry.is_directory()) names.push_back(entry.path().filename().string());
    }
    return names;
  }
  CgroupTree tree_;
  int removals_ = 0;
};

TEST_F(WorkerCgroupTest, IsMadeBesideTheProcessAndRemoved) {
  const std::string path = "cgroup/user.slice/keisei-workers-1-2";
  {
    auto group = WorkerCgroup::make(tree_, "1-2");
    ASSERT_TRUE(group) << group.error().message;
    EXPECT_EQ(group->path(), root_ / path);
    EXPECT_EQ(get(path + "/memory.max"), "max");
    EXPECT_EQ(get(path + "/memory.swap.max"), "0");
    ASSERT_TRUE(group->limit_memory(500));
    EXPECT_EQ(get(path + "/memory.max"), "500000000");
    ASSERT_TRUE(group->limit_memory(0));
    EXPECT_EQ(get(path + "/memory.max"), "max");
    ASSERT_TRUE(group->limit_memory(HUGE_VAL));
    EXPECT_EQ(get(path + "/memory.max"), "max");
    ASSERT_TRUE(group->add(4242));
    EXPECT_EQ(get(path + "/cgroup.procs"), "4242");
    EXPECT_EQ(group->kills(), 0U);
    put(path + "/memory.events", "low 0\noom 3\noom_kill 2\n");
    EXPECT_EQ(group->kills(), 2U);
    WorkerCgroup moved(std::move(*group));
    EXPECT_EQ(removals_, 0);
  }
  EXPECT_EQ(removals_, 1);
  EXPECT_FALSE(fs::exists(root_ / path));
}

TEST_F(WorkerCgroupTest, OwnGroupIsTakenWhereItHandsMemoryOn) {
  put("cgroup/user.slice/keisei.scope/cgroup.subtree_control", "memory\n");
  put("cgroup/user.slice/keisei.scope/memory.max", "900000000\n");  // still counts, since the new one lies below
  EXPECT_EQ(worker_cgroup_parent(tree_).value(), root_ / "cgroup/user.slice/keisei.scope");
}

TEST_F(WorkerCgroupTest, NoGroupBesideOneThatIsLimitedItself) {
  for (const char* limit : {"memory.max", "memory.high", "cpu.max", "pids.max"}) {
    const std::string path = std::string("cgroup/user.slice/keisei.scope/") + limit;
    put(path, "100000\n");
    const auto parent = worker_cgroup_parent(tree_);
    ASSERT_FALSE(parent) << limit;
    EXPECT_NE(parent.error().message.find(limit), std::string::npos) << parent.error().message;
    put(path, std::string(limit) == "cpu.max" ? "max 100000\n" : "max\n");
    EXPECT_TRUE(worker_cgroup_parent(tree_)) << limit;
  }
}

TEST_F(WorkerCgroupTest, SaysWhyThereIsNone) {
  put("cgroup/user.slice/cgroup.subtree_control", "cpu pids memory_pressure\n");
  EXPECT_NE(worker_cgroup_parent(tree_).error().message.find("not handed on"), std::string::npos);
  EXPECT_FALSE(WorkerCgroup::make(tree_, "x"));
  put("proc/self/cgroup", "4:memory:/v1\n");
  EXPECT_NE(worker_cgroup_parent(tree_).error().message.find("version 2"), std::string::npos);
  drop("proc");
  EXPECT_FALSE(worker_cgroup_parent(tree_));
  EXPECT_EQ(children("cgroup/user.slice").size(), 1U) << "nothing was made";
}

TEST_F(WorkerCgroupTest, GroupWithoutAMemoryLimitIsTakenBack) {
  tree_.make = [](const fs::path& path) { return fs::create_directory(path); };
  const auto group = WorkerCgroup::make(tree_, "1");
  ASSERT_FALSE(group);
  EXPECT_NE(group.error().message.find("memory.max"), std::string::npos) << group.error().message;
  EXPECT_EQ(children("cgroup/user.slice").size(), 1U);
}

TEST_F(WorkerCgroupTest, GroupsOfDeadSupervisorsAreSwept) {
  const pid_t dead = 4194303;  // the last one that Linux can give out: hardly ever in use
  if (::kill(dead, 0) == 0 || errno != ESRCH) GTEST_SKIP() << "that process lives here";
  const std::string old = "keisei-workers-" + std::to_string(dead) + "-9";
  const std::string own = "keisei-workers-" + std::to_string(::getpid()) + "-9";
  put("cgroup/user.slice/" + old + "/cgroup.procs", "");
  put("cgroup/user.slice/" + own + "/cgroup.procs", "");
  const auto group = WorkerCgroup::make(tree_, "1");
  ASSERT_TRUE(group);
  EXPECT_FALSE(fs::exists(root_ / "cgroup/user.slice" / old));
  EXPECT_TRUE(fs::exists(root_ / "cgroup/user.slice" / own)) << "another supervisor of a living process";
}

TEST_F(WorkerCgroupTest, SupervisorPutsWorkersIntoItUnderTheJobsLimit) {
  SupervisorOptions o = stage::options();
  o.cgroups = tree_;
  {
    stage::Stage s(o);
    const JobReport report = s.run(stage::job("work 200", 20, 400));
    EXPECT_EQ(report.end, JobEnd::kDone) << report.detail;
    const Snapshot status = s.supervisor->status();
    EXPECT_TRUE(status.memory_cgroup.starts_with((root_ / "cgroup/user.slice").string())) << status.memory_cgroup;
    const fs::path group = fs::relative(status.memory_cgroup, root_);
    EXPECT_EQ(get(group / "memory.max"), "400000000");
    ASSERT_EQ(status.workers.size(), 1U);
    EXPECT_EQ(get(group / "cgroup.procs"), std::to_string(status.workers[0].pid));
  }
  EXPECT_EQ(children("cgroup/user.slice").size(), 1U) << "removed with the supervisor";
}

TEST_F(WorkerCgroupTest, AKillByTheKernelAtTheLimitIsAMemoryEnd) {
  SupervisorOptions o = stage::options();
  o.cgroups = tree_;
  stage::Stage s(o);
  EXPECT_EQ(s.run(stage::job("results 1")).end, JobEnd::kDone);
  const Snapshot status = s.supervisor->status();
  const auto id = s.supervisor->submit(stage::job("busy", 60, 321));
  ASSERT_TRUE(id);
  ASSERT_TRUE(stage::eventually([&] {
    const auto workers = s.supervisor->status().workers;
    return !workers.empty() && workers[0].job == *id && workers[0].results > 0;
  }));
  std::ofstream(fs::path(status.memory_cgroup) / "memory.events") << "oom_kill 1\n";
  ::kill(s.supervisor->status().workers.at(0).pid, SIGKILL);
  ASSERT_TRUE(s.supervisor->wait(*id, stage::kAmple_s));
  const auto reports = s.supervisor->collect();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].end, JobEnd::kMemory) << reports[0].detail;
  EXPECT_NE(reports[0].detail.find("321 MB"), std::string::npos) << reports[0].detail;
  EXPECT_EQ(reports[0].results.size(), 1U) << "the finished game is kept";
  // The same signal without a word of the kernel is a crash.
  const auto next = s.supervisor->submit(stage::job("busy", 60, 321));
  ASSERT_TRUE(next);
  ASSERT_TRUE(stage::eventually([&] {
    const auto workers = s.supervisor->status().workers;
    return !workers.empty() && workers[0].job == *next && workers[0].results > 0;
  }));
  ::kill(s.supervisor->status().workers.at(0).pid, SIGKILL);
  ASSERT_TRUE(s.supervisor->wait(*next, stage::kAmple_s));
  EXPECT_EQ(s.supervisor->collect().at(0).end, JobEnd::kCrashed);
}

TEST(WorkerCgroup, NoGroupIsNoErrorForTheSupervisor) {
  SupervisorOptions o = stage::options();
  o.cgroups.root = "/nonexistent";
  stage::Stage s(o);
  EXPECT_EQ(s.run(stage::job("results 3")).end, JobEnd::kDone);
  EXPECT_NE(s.supervisor->status().memory_cgroup.find("version 2"), std::string::npos);
}

TEST(WorkerCgroup, OnThisMachineWorksOrSaysWhy) {
  const auto parent = worker_cgroup_parent({});
  if (!parent) {
    EXPECT_NE(parent.error().message, "");
    return;
  }
  fs::path path;
  {
    auto group = WorkerCgroup::make({}, std::to_string(::getpid()) + "-test");
    if (!group) return;  // allowed by the files' modes, refused by the kernel: said in the error
    path = group->path();
    ASSERT_TRUE(group->limit_memory(123.0 * 4096e-6 * 1000));
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace keisei::guard
