// The outlets that a configuration chooses, W&B's own sync program beside them, and secrets planted wherever they might
// get in: none of them may come out in any file of a run or in a child's environment.
#include "app/run_outlets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/clock.h"
#include "store/run_database.h"
#include "telemetry/bus.h"
#include "telemetry/database_outlet.h"
#include "telemetry/json_log.h"
#include "telemetry/prometheus_outlet.h"

namespace keisei::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kWandbKey = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
constexpr const char* kAwsKey = "cAnArYcAnArYcAnArYcAnArY/0123456789cAnAr";
constexpr const char* kPassword = "canary-password-77";
constexpr std::int64_t kStart_ms = 1772368496789;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A variable of the environment for as long as the object lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = ::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (old_) {
      ::setenv(name_, old_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

class RunOutletsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "keisei-outlets-XXXXXX";
    directory_ = ::mkdtemp(name.data());
    root_ = directory_ / "runs" / "prod-1";
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  /// A program `wandb` that notes its arguments and environment beside the run, and ends.
  void make_program() const {
    fs::create_directories(directory_ / "bin");
    const fs::path file = directory_ / "bin" / "wandb";
    std::ofstream(file) << "#!/bin/sh\necho \"$@\" > '" << directory_.string() << "/arguments'\nenv > '"
                        << directory_.string() << "/environment'\n";
    fs::permissions(file, fs::perms::owner_all);
  }

  fs::path directory_, root_;
};

TEST_F(RunOutletsTest, TensorboardIsOnAndWandbOffByDefault) {
  const RunOutlets made = run_outlets(config::Config{}, root_, kStart_ms);
  ASSERT_EQ(made.outlets.size(), 1U);
  EXPECT_EQ(made.outlets[0]->name(), "tensorboard");
  EXPECT_FALSE(fs::exists(root_ / "wandb"));
  config::Config none;
  none.logging.tensorboard = false;
  none.wandb.enabled = true;
  none.wandb.mode = "disabled";
  EXPECT_TRUE(run_outlets(none, root_, kStart_ms).outlets.empty());
}

TEST_F(RunOutletsTest, WandbGoesWhereItIsToldUnderTheNamesItIsGiven) {
  config::Config config;
  config.wandb.enabled = true;
  config.wandb.directory = (directory_ / "elsewhere").string();
  config.wandb.tags = " small, cpu,,";
  config.wandb.entity = "team";
  const RunOutlets made = run_outlets(config, root_, kStart_ms);
  ASSERT_EQ(made.outlets.size(), 2U);
  EXPECT_FALSE(made.sync);
  const fs::path folder = fs::canonical(directory_ / "elsewhere" / "wandb" / "latest-run");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".wandb") continue;
    for (const char* word : {"team", "keisei-shogi-rl", "keisei-prod-1", "small", "cpu"}) {
      EXPECT_THAT(slurp(entry.path()), HasSubstr(word));
    }
  }
}

/// The ids of the run's folders for W&B, by their names' end.
std::vector<std::string> wandb_ids(const fs::path& root) {
  std::vector<std::string> ids;
  for (const auto& entry : fs::directory_iterator(root / "wandb")) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("offline-run-")) ids.push_back(name.substr(name.rfind('-') + 1));
  }
  return ids;
}

TEST_F(RunOutletsTest, AResumedRunGoesOnInTheSameRunOfWandb) {
  config::Config config;
  config.wandb.enabled = true;
  constexpr std::int64_t kLater_ms = 60'000;
  EXPECT_TRUE(run_outlets(config, root_, kStart_ms).warnings.empty());
  EXPECT_TRUE(run_outlets(config, root_, kStart_ms + kLater_ms).warnings.empty());
  const auto same = wandb_ids(root_);
  ASSERT_EQ(same.size(), 2U);
  EXPECT_EQ(same[0], same[1]);
  config.wandb.resume = "never";
  EXPECT_TRUE(run_outlets(config, root_, kStart_ms + 2 * kLater_ms).warnings.empty());
  const auto other = wandb_ids(root_);
  EXPECT_EQ(std::count(other.begin(), other.end(), same[0]), 2);
  config.wandb.run_id = "asked123";
  EXPECT_TRUE(run_outlets(config, root_, kStart_ms + 3 * kLater_ms).warnings.empty());
  EXPECT_THAT(wandb_ids(root_), testing::Contains("asked123"));
  const RunOutlets refused = run_outlets(config, root_, kStart_ms + 4 * kLater_ms);
  ASSERT_EQ(refused.warnings.size(), 1U);
  EXPECT_THAT(refused.warnings[0], HasSubstr("was written already; the run is not written for W&B"));
  config.wandb.run_id = "no/id";
  EXPECT_THAT(run_outlets(config, root_, kStart_ms + 5 * kLater_ms).warnings.front(), HasSubstr("'no/id' is no id"));
}

TEST_F(RunOutletsTest, OneThatCannotBeOpenedIsAWarning) {
  std::ofstream(root_ / "tensorboard") << "in the way";
  std::ofstream(root_ / "wandb") << "in the way";
  config::Config config;
  config.wandb.enabled = true;
  const RunOutlets made = run_outlets(config, root_, kStart_ms);
  EXPECT_TRUE(made.outlets.empty());
  ASSERT_EQ(made.warnings.size(), 2U);
  EXPECT_THAT(made.warnings[0], HasSubstr("no event file for TensorBoard"));
  EXPECT_THAT(made.warnings[1], HasSubstr("not written for W&B"));
}

TEST_F(RunOutletsTest, LiveWithoutTheProgramStillWritesTheFolder) {
  const Variable path("PATH", (directory_ / "bin").string());
  config::Config config;
  config.wandb.enabled = true;
  config.wandb.mode = "live";
  const RunOutlets made = run_outlets(config, root_, kStart_ms);
  EXPECT_EQ(made.outlets.size(), 2U);
  EXPECT_FALSE(made.sync);
  ASSERT_EQ(made.warnings.size(), 1U);
  EXPECT_THAT(made.warnings[0], HasSubstr("no program 'wandb' in PATH"));
}

TEST_F(RunOutletsTest, LiveStartsTheProgramWithACleanEnvironment) {
  make_program();
  const Variable path("PATH", (directory_ / "bin").string() + ":/usr/bin:/bin");
  const Variable home("HOME", directory_.string());
  const Variable key("WANDB_API_KEY", kWandbKey);
  const Variable other("AWS_SECRET_ACCESS_KEY", kAwsKey);
  config::Config config;
  config.wandb.enabled = true;
  config.wandb.mode = "live";
  {
    const RunOutlets made = run_outlets(config, root_, kStart_ms);
    EXPECT_TRUE(made.sync);
    EXPECT_TRUE(made.warnings.empty());
  }
  const fs::path folder = fs::canonical(root_ / "wandb" / "latest-run");
  EXPECT_THAT(slurp(directory_ / "arguments"),
              testing::MatchesRegex("beta sync --live .*" + folder.filename().string() + "\n"));
  const std::string environment = slurp(directory_ / "environment");
  EXPECT_THAT(environment, HasSubstr("HOME=" + directory_.string()));
  EXPECT_THAT(environment, Not(HasSubstr(kWandbKey)));
  EXPECT_THAT(environment, Not(HasSubstr(kAwsKey)));
}

TEST_F(RunOutletsTest, NoSecretComesOutAnywhere) {
  const Variable key("WANDB_API_KEY", kWandbKey);
  const Variable other("AWS_SECRET_ACCESS_KEY", kAwsKey);
  config::Config config;
  config.wandb.enabled = true;
  config.evaluation.opponents = std::string("usi:engine --api-key=") + kPassword + "; random";
  config.evaluation.save_path = std::string("https://me:") + kPassword + "@host/games";
  RunOutlets made = run_outlets(config, root_, kStart_ms);
  ASSERT_EQ(made.outlets.size(), 2U) << testing::PrintToString(made.warnings);
  auto log = telemetry::JsonLog::open(root_ / "log.jsonl");
  auto database = store::RunDatabase::open(root_ / "run.db", store::RunDatabase::Mode::kWrite);
  ASSERT_TRUE(log && database);
  made.outlets.push_back(std::move(*log));
  made.outlets.push_back(
      std::make_shared<telemetry::DatabaseOutlet>(std::make_shared<store::RunDatabase>(std::move(*database))));
  made.outlets.push_back(std::make_shared<telemetry::PrometheusOutlet>(root_ / "metrics.prom", "prod-1"));
  FakeClock clock;
  {
    telemetry::Bus bus(clock, std::move(made.outlets));
    bus.publish(telemetry::message(1, "before the secrets"));
    // What an engine or a library might say.
    bus.publish(telemetry::warning(2, std::string("engine: refused key ") + kWandbKey + " and " + kAwsKey));
    bus.publish(telemetry::warning(3, std::string("engine: password=") + kPassword));
    telemetry::Event end{.kind = "run.end", .step = 4, .utc_ms = 0, .metrics = {}, .texts = {}};
    end.texts = {{"status", "failed"}, {"detail", std::string("token=") + kPassword}};
    bus.publish(end);
    EXPECT_TRUE(bus.flush(std::chrono::seconds(60)));
  }
  int files = 0;
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    const std::string content = slurp(entry.path());
    for (const char* secret : {kWandbKey, kAwsKey, kPassword}) {
      EXPECT_EQ(content.find(secret), std::string::npos) << entry.path() << " holds " << secret;
    }
    all += content;
    ++files;
  }
  EXPECT_GE(files, 5);
  for (const char* kept : {"before the secrets", "refused key *** and ***", "password=***"}) {
    EXPECT_THAT(all, HasSubstr(kept)) << "the texts themselves are there";
  }
}

}  // namespace
}  // namespace keisei::app
