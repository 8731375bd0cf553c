#include "telemetry/json_log.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;

Event update(std::int64_t step) {
  return {.kind = "update", .step = step, .utc_ms = 1772368496789, .metrics = {{"ppo/entropy", 3.25}}, .texts = {}};
}

class JsonLogTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(testing::TempDir()) / ("json_log_" + std::to_string(::getpid()));
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  [[nodiscard]] fs::path path(const std::string& name = "log.jsonl") const { return directory_ / name; }
  [[nodiscard]] static std::vector<std::string> lines(const fs::path& file) {
    std::ifstream stream(file);
    std::vector<std::string> all;
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
  }

  fs::path directory_;
};

TEST_F(JsonLogTest, LineHoldsTheWholeEvent) {
  Event event = update(2048);
  event.metrics.emplace_back("evaluation/elo", kUnknown);
  event.metrics.emplace_back("ppo/value_loss", std::numeric_limits<double>::infinity());
  event.texts.emplace_back("text", "two\nlines \"quoted\" 王手");
  EXPECT_EQ(json_line(event), R"({"time":"2026-03-01T12:34:56.789Z","level":"info","event":"update","step":2048,)"
                              R"("metrics":{"ppo/entropy":3.25,"evaluation/elo":null,"ppo/value_loss":null},)"
                              R"("texts":{"text":"two\nlines \"quoted\" 王手"}})");
}

TEST_F(JsonLogTest, LongTextsAreCutAtACharacter) {
  std::string text;
  while (text.size() <= kMaxTextBytes) text += "歩";
  const auto parsed = nlohmann::json::parse(json_line(message(0, text)));
  const std::string kept = parsed["texts"]["text"];
  EXPECT_LE(kept.size(), kMaxTextBytes + 3);
  EXPECT_TRUE(kept.ends_with("歩…"));
}

TEST_F(JsonLogTest, AppendsAndKeepsWhatWasThere) {
  for (int run = 0; run < 2; ++run) {
    auto log = JsonLog::open(path());
    ASSERT_TRUE(log) << log.error().message;
    (*log)->write(update(run));
    (*log)->flush();
  }
  const auto all = lines(path());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(all[0])["step"], 0);
  EXPECT_EQ(nlohmann::json::parse(all[1])["step"], 1);
}

TEST_F(JsonLogTest, ATornLastLineIsCutOff) {
  std::ofstream(path()) << json_line(update(1)) << "\n" << json_line(update(2)).substr(0, 40);
  auto log = JsonLog::open(path());
  ASSERT_TRUE(log);
  (*log)->write(update(3));
  const auto all = lines(path());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(all[1])["step"], 3);
}

TEST_F(JsonLogTest, ATornLineLongerThanABlockIsCutOff) {
  std::ofstream(path()) << json_line(update(1)) << "\n" << std::string(20000, 'x');
  ASSERT_TRUE(JsonLog::open(path()));
  EXPECT_EQ(lines(path()), std::vector<std::string>{json_line(update(1))});
  std::ofstream(path("only")) << std::string(20000, 'x');
  ASSERT_TRUE(JsonLog::open(path("only")));
  EXPECT_EQ(fs::file_size(path("only")), 0U);
}

TEST_F(JsonLogTest, RotatesBySizeAndForgetsTheOldest) {
  const std::size_t line = json_line(update(100)).size() + 1;
  auto log = JsonLog::open(path(), {.max_file_bytes = 3 * line, .kept_files = 2, .filter = {}});
  ASSERT_TRUE(log);
  for (int i = 0; i < 10; ++i) (*log)->write(update(100 + i));
  EXPECT_EQ(lines(path()).size(), 1U);
  EXPECT_EQ(lines(path("log.jsonl.1")).size(), 3U);
  EXPECT_EQ(lines(path("log.jsonl.2")).size(), 3U);
  EXPECT_FALSE(fs::exists(path("log.jsonl.3")));
  EXPECT_EQ(nlohmann::json::parse(lines(path()).back())["step"], 109);
  EXPECT_EQ(nlohmann::json::parse(lines(path("log.jsonl.2")).front())["step"], 103);
}

TEST_F(JsonLogTest, ALineLargerThanTheBoundIsStillWritten) {
  auto log = JsonLog::open(path(), {.max_file_bytes = 10, .kept_files = 1, .filter = {}});
  ASSERT_TRUE(log);
  (*log)->write(update(1));
  (*log)->write(update(2));
  EXPECT_EQ(lines(path()).size(), 1U);
  EXPECT_EQ(lines(path("log.jsonl.1")).size(), 1U);
}

TEST_F(JsonLogTest, KeepsOnlyTheLevelsAskedFor) {
  auto log =
      JsonLog::open(path(), {.max_file_bytes = 1 << 20,
                             .kept_files = 1,
                             .filter = {.least = Level::kWarning, .least_by_prefix = {{"evaluation", Level::kInfo}}}});
  ASSERT_TRUE(log);
  (*log)->write(update(1));
  (*log)->write(warning(2, "slow disk"));
  (*log)->write({.kind = "evaluation.sla", .step = 3, .utc_ms = 1, .metrics = {}, .texts = {}});
  const auto all = lines(path());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(all[0])["level"], "warning");
  EXPECT_EQ(nlohmann::json::parse(all[1])["event"], "evaluation.sla");
}

TEST_F(JsonLogTest, AFullDiskLeavesWholeLinesAndRecovers) {
  auto log = JsonLog::open(path());
  ASSERT_TRUE(log);
  (*log)->write(update(1));
  const auto before = fs::file_size(path());
  // A limit on the file size stands in for a full disk: a part of the line still fits.
  rlimit old_limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  struct sigaction ignore {
  }, old_action{};
  ignore.sa_handler = SIG_IGN;
  ASSERT_EQ(::sigaction(SIGXFSZ, &ignore, &old_action), 0);
  const rlimit small{before + 10, old_limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW((*log)->write(update(2)), std::runtime_error);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  ASSERT_EQ(::sigaction(SIGXFSZ, &old_action, nullptr), 0);
  EXPECT_EQ(fs::file_size(path()), before);
  (*log)->write(update(3));
  const auto all = lines(path());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(all[1])["step"], 3);
}

TEST_F(JsonLogTest, RefusesWhatItCannotWriteTo) {
  const auto missing = JsonLog::open(directory_ / "absent" / "log.jsonl");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("absent/log.jsonl"), std::string::npos);
  EXPECT_FALSE(missing.error().hint.empty());
  EXPECT_FALSE(JsonLog::open("/dev/null")) << "no regular file";
}

TEST(Level, ParsesAndNames) {
  for (const auto level : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError}) {
    const auto parsed = parse_level(level_name(level));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, level);
  }
  const auto unknown = parse_level("loud");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Code::kUsage);
}

TEST(Level, LongestPrefixDecides) {
  const LevelFilter filter{.least = Level::kInfo,
                           .least_by_prefix = {{"evaluation.sla", Level::kInfo}, {"evaluation", Level::kError}}};
  Event event;
  event.kind = "evaluation.sla";
  EXPECT_TRUE(filter.keeps(event));
  event.kind = "evaluation";
  EXPECT_FALSE(filter.keeps(event));
  event.texts = {{"level", "error"}};
  EXPECT_TRUE(filter.keeps(event)) << "the event's own level";
}

}  // namespace
}  // namespace keisei::telemetry
