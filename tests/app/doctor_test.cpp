// `keisei doctor` through the program itself: what it says must be true of this machine, and unknown must stay unknown.
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/program.h"

namespace keisei::app {
namespace {

using Json = nlohmann::ordered_json;

Json doctor(const std::vector<std::pair<std::string, std::string>>& environment = {}) {
  const Ran ran = run_keisei({"doctor", "--json"}, environment);
  EXPECT_EQ(ran.err, "");
  const Json root = Json::parse(ran.out);
  EXPECT_EQ(root["schema"], "keisei.doctor/1");
  return root;
}

Json finding(const Json& root, const std::string& what) {
  for (const Json& one : root["findings"]) {
    if (one["what"] == what) return one;
  }
  ADD_FAILURE() << "no finding " << what;
  return {};
}

/// A variable of this process, which the program inherits, until the end of the scope.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(Doctor, NumbersAreOfThisMachineAndUnknownHasAReason) {
  const Json root = doctor();
  cpu_set_t set;
  CPU_ZERO(&set);
  ASSERT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
  const Json& measures = root["measures"];
  EXPECT_EQ(measures["affinity_cores"]["value"], CPU_COUNT(&set));
  EXPECT_EQ(measures["logical_cores"]["value"], ::sysconf(_SC_NPROCESSORS_ONLN));
  EXPECT_GE(measures["usable_cores"]["value"], 1);
  EXPECT_LE(measures["usable_cores"]["value"], CPU_COUNT(&set));
  const double pages = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  EXPECT_NEAR(measures["memory_total_mb"]["value"].get<double>(), pages * 1e-6, pages * 1e-7);
  for (const char* name : {"cpu_quota_cores", "physical_cores", "memory_limit_mb", "memory_available_mb",
                           "cpu_pressure_percent", "disk_free_mb", "limit_open_files", "limit_address_space_mb"}) {
    ASSERT_TRUE(measures.contains(name)) << name;
  }
  for (const auto& [name, measure] : measures.items()) {
    EXPECT_TRUE(measure["value"].is_number() || measure["value"].is_null()) << name;
    const std::string source = measure["source"];
    EXPECT_NE(source, "") << name;
    EXPECT_EQ(measure["value"].is_null(), source.starts_with("unknown: ")) << name << ": " << source;
  }
}

TEST(Doctor, EveryKernelFeatureIsNamedWithYesOrNoAndWhy) {
  const Json root = doctor();
  for (const char* what : {"pidfd", "memfd seals", "SCHED_IDLE", "CAP_SYS_NICE", "oom_score_adj", "autogroup", "PSI",
                           "schedstat", "cgroup v2 for workers", "Landlock", "seccomp"}) {
    const Json one = finding(root, what);
    EXPECT_EQ(one["group"], "kernel");
    EXPECT_TRUE(one["value"] == "yes" || one["value"] == "no" || one["value"].is_null()) << one.dump();
    EXPECT_NE(one["why"], "") << what;
  }
  EXPECT_EQ(finding(root, "pidfd")["value"], "yes") << "the tests of the supervisor run here";
}

TEST(Doctor, GraphicsProcessorsAreListedOrTheirAbsenceExplained) {
  const Json root = doctor();
  EXPECT_EQ(root["gpus"].empty(), root["gpu_reason"].is_string());
  if (root["gpus"].empty()) {
    EXPECT_TRUE(root["gpu_reason"].get<std::string>().starts_with("unknown: ")) << root["gpu_reason"];
    EXPECT_EQ(finding(root, "GPU")["state"], "ok") << "no GPU is no fault";
  }
  for (const Json& gpu : root["gpus"]) EXPECT_TRUE(gpu["utilization_percent"].contains("source"));
}

TEST(Doctor, LooksWhereTheRunsWillBe) {
  const std::string base = testing::TempDir() + "doctor-" + std::to_string(::getpid());
  std::filesystem::create_directories(base);
  const Json later = doctor({{"KEISEI_SAVEDIR", base + "/not/there/yet"}});
  const Json one = finding(later, "disk");
  EXPECT_NE(one["value"].get<std::string>().find(base), std::string::npos) << one.dump();
  EXPECT_EQ(one["value"].get<std::string>().find("yet"), std::string::npos) << "the directory it will lie in counts";
  EXPECT_GT(later["measures"]["disk_free_mb"]["value"], 0);
  EXPECT_FALSE(std::filesystem::exists(base + "/not")) << "a look makes nothing";
  std::filesystem::remove_all(base);
}

TEST(Doctor, SettingsThatStandInTheWayAreNoted) {
  const Variable threads("OPENBLAS_NUM_THREADS", "7");
  const Json root = doctor();
  const Json one = finding(root, "OPENBLAS_NUM_THREADS");
  EXPECT_EQ(one["state"], "note");
  EXPECT_EQ(one["value"], "7");
  EXPECT_NE(one["advice"].get<std::string>().find("unset"), std::string::npos);
}

TEST(Doctor, FindsAnEngineInThePath) {
  const std::string base = testing::TempDir() + "doctor-path-" + std::to_string(::getpid());
  std::filesystem::create_directories(base);
  std::filesystem::create_symlink("/bin/true", base + "/fairy-stockfish");
  const Variable path("PATH", base);
  EXPECT_EQ(finding(doctor(), "fairy-stockfish")["value"], base + "/fairy-stockfish");
  std::filesystem::remove_all(base);
  const Json without = finding(doctor(), "fairy-stockfish");
  EXPECT_EQ(without["state"], "ok") << "it is optional";
}

TEST(Doctor, TextEndsWithWhatToDo) {
  const Variable threads("OPENBLAS_NUM_THREADS", "7");
  const Ran ran = run_keisei({"doctor"});
  EXPECT_EQ(ran.err, "");
  std::size_t at = 0;
  for (const char* heading :
       {"\nmachine\n", "\nkernel\n", "\ngpu\n", "\nprograms\n", "\nsettings\n", "\nwhat to do\n"}) {
    const std::size_t found = ran.out.find(heading);
    ASSERT_NE(found, std::string::npos) << heading << ran.out;
    EXPECT_GE(found, at) << heading;
    at = found;
  }
  EXPECT_NE(ran.out.find("OPENBLAS_NUM_THREADS: unset it", at), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace keisei::app
