#include "guard/cores.h"

#include <gtest/gtest.h>

#include <thread>

#include "guard/fake_tree.h"
#include "guard/proc_text.h"
#include "guard/stage.h"

namespace keisei::guard {
namespace {

class CoresTest : public FakeTree {
 protected:
  /// Processor i of n shares its core with i + n / 2, as on most desktops.
  void siblings(int n) {
    for (int i = 0; i < n; ++i) {
      put("cpu" + std::to_string(i) + "/topology/thread_siblings_list",
          std::to_string(i % (n / 2)) + "," + std::to_string(i % (n / 2) + n / 2) + "\n");
    }
  }
  static std::vector<int> first(int n) {
    std::vector<int> cpus;
    for (int i = 0; i < n; ++i) cpus.push_back(i);
    return cpus;
  }
  [[nodiscard]] CoreMap map(std::vector<int> usable, std::optional<double> quota = {}) const {
    return map_cores(std::move(usable), quota ? known(*quota, "test") : unknown("no quota"), root_);
  }
};

TEST_F(CoresTest, SiblingsAreOneCore) {
  siblings(8);
  const CoreMap cores = map(first(8));
  EXPECT_TRUE(cores.topology_known);
  EXPECT_EQ(cores.physical, (std::vector<std::vector<int>>{{0, 4}, {1, 5}, {2, 6}, {3, 7}}));
  EXPECT_EQ(cores.usable_cores(), 4);
}

TEST_F(CoresTest, MaskAndQuotaCut) {
  siblings(8);
  EXPECT_EQ(map({1, 4, 5}).physical, (std::vector<std::vector<int>>{{1, 5}, {4}}));
  EXPECT_EQ(map(first(8), 2.9).usable_cores(), 2) << "a part of a core is no core";
  EXPECT_EQ(map(first(8), 0.5).usable_cores(), 1);
  EXPECT_EQ(map(first(8), 64).usable_cores(), 4);
}

TEST_F(CoresTest, WithoutTopologyEachProcessorIsACore) {
  const CoreMap cores = map(first(3));
  EXPECT_FALSE(cores.topology_known);
  EXPECT_EQ(cores.physical.size(), 3U);
  put("cpu0/topology/core_cpus_list", "1-2\n");  // lies: it is not even among its own
  put("cpu1/topology/core_cpus_list", "garbage\n");
  const CoreMap lied = map(first(3));
  EXPECT_FALSE(lied.topology_known);
  EXPECT_EQ(lied.physical.size(), 3U);
  EXPECT_EQ(map({}).usable_cores(), 1);
}

TEST_F(CoresTest, SpareAreWholeCoresFromTheTop) {
  siblings(8);
  const SparePlan plan = plan_spare_cores(map(first(8)), 3);
  EXPECT_EQ(plan.worker_cores, (std::vector<int>{3, 7}));
  EXPECT_FALSE(plan.bursts);
  EXPECT_EQ(plan_spare_cores(map(first(8)), 1).worker_cores, (std::vector<int>{1, 2, 3, 5, 6, 7}));
}

TEST_F(CoresTest, SiblingsOfTrainingCoresAreNotSpare) {
  siblings(8);
  for (const int threads : {4, 5, 8, 100}) {
    const SparePlan plan = plan_spare_cores(map(first(8)), threads);
    EXPECT_TRUE(plan.bursts) << threads;
    EXPECT_TRUE(plan.worker_cores.empty()) << threads;
    EXPECT_NE(plan.reason, "");
  }
}

TEST_F(CoresTest, QuotaLeavesNoMoreThanItAllows) {
  siblings(16);
  EXPECT_EQ(plan_spare_cores(map(first(16), 5), 4).worker_cores, (std::vector<int>{7, 15}));
  const SparePlan none = plan_spare_cores(map(first(16), 4.5), 4);
  EXPECT_TRUE(none.bursts);
  EXPECT_NE(none.reason.find("quota"), std::string::npos) << none.reason;
  EXPECT_TRUE(plan_spare_cores(map({}), 0).bursts);
}

TEST(Cores, ListsAreWrittenAsTheKernelReadsThem) {
  EXPECT_EQ(cpu_list_text({8, 0, 2, 1, 2}), "0-2,8");
  EXPECT_EQ(cpu_list_text({5}), "5");
  EXPECT_EQ(cpu_list_text({}), "");
  const std::vector<int> own = affinity();
  ASSERT_FALSE(own.empty());
  EXPECT_EQ(proc::parse_cpu_list(cpu_list_text(own)), own);
}

TEST(Cores, AffinityOfAThreadIsItsOwn) {
  const std::vector<int> before = affinity();
  std::vector<int> inside;
  bool wrong = true;
  std::thread([&] {
    EXPECT_TRUE(set_affinity({before.back()}));
    inside = affinity();
    wrong = set_affinity({8191}) || set_affinity({}) || set_affinity({-1});
  }).join();
  EXPECT_EQ(inside, std::vector<int>{before.back()});
  EXPECT_FALSE(wrong);
  EXPECT_EQ(affinity(), before);
}

TEST(Cores, WorkerRunsOnTheCoresItIsGivenOnly) {
  const int core = affinity().back();
  SupervisorOptions o = stage::options();
  o.worker_cores = {core};
  stage::Stage s(o);
  EXPECT_EQ(s.run(stage::job("work 100")).end, JobEnd::kDone);
  const auto workers = s.supervisor->status().workers;
  ASSERT_EQ(workers.size(), 1U);
  cpu_set_t set;
  CPU_ZERO(&set);
  ASSERT_EQ(::sched_getaffinity(workers[0].pid, sizeof set, &set), 0);
  EXPECT_EQ(CPU_COUNT(&set), 1);
  EXPECT_TRUE(CPU_ISSET(static_cast<unsigned>(core), &set));
}

TEST(Cores, CoresThatAreNotThereAreRefused) {
  SupervisorOptions o = stage::options();
  o.worker_cores = {8191};
  stage::Stage s(o);
  const JobReport report = s.run(stage::job("results 1"));
  EXPECT_EQ(report.end, JobEnd::kCrashed) << "a worker that is not where it should be must not run";
  EXPECT_NE(report.detail.find("cannot keep to its cores"), std::string::npos) << report.detail;
  o.worker_cores = {-1};
  SystemClock clock;
  EXPECT_FALSE(Supervisor::start(o, Gate::make(1), clock));
}

}  // namespace
}  // namespace keisei::guard
