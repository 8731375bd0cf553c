// Log lines without line breaks between them, or with line breaks inside, cannot be read back.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "telemetry/json_log.h"

namespace keisei::telemetry {
namespace {

TEST(FailureMode46, EveryEventIsExactlyOneParsableLine) {
  const auto path = std::filesystem::path(testing::TempDir()) / ("fm46_" + std::to_string(::getpid()) + ".jsonl");
  std::filesystem::remove(path);
  constexpr int kEvents = 300;
  Random random(46, Purpose::kTest);
  {
    auto log = JsonLog::open(path);
    ASSERT_TRUE(log) << log.error().message;
    for (int i = 0; i < kEvents; ++i) {
      // Any bytes: line breaks, quotes, control characters, broken UTF-8.
      std::string text;
      const std::uint32_t length = random.below(80);
      for (std::uint32_t k = 0; k < length; ++k) {
        text += random.below(4) == 0 ? "\n\r\"\\\0{}"[random.below(7)] : static_cast<char>(random.below(256));
      }
      (*log)->write(
          {.kind = "message", .step = i, .utc_ms = 1, .metrics = {{text, random.uniform()}}, .texts = {{text, text}}});
    }
  }
  std::ifstream file(path);
  int count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    const auto parsed = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(parsed.is_object()) << line;
    EXPECT_EQ(parsed["step"], count);
    EXPECT_EQ(parsed["event"], "message");
  }
  EXPECT_EQ(count, kEvents);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace keisei::telemetry
