// Random texts never crash the reader, and any accepted Config survives the way through its own text.
#include <gtest/gtest.h>
#include <bit>
#include <cmath>

#include "base/random.h"
#include "config/load.h"
#include "config/suggest.h"
#include "config/table.h"
#include "config/value.h"

namespace keisei::config {
namespace {

TEST(Property, MutatedFilesAreReadOrRefused) {
  const std::string good = to_yaml(Config{});
  static constexpr std::string_view kBytes = "{}[]:,&*!|>'\"%@`#-? \n\t\\0a~<.=+";
  Random random(7, Purpose::kTest);
  int accepted = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = good.substr(0, 200 + random.below(800));
    const std::uint32_t edits = 1 + random.below(4);
    for (std::uint32_t edit = 0; edit < edits; ++edit) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
      const char byte = kBytes[random.below(static_cast<std::uint32_t>(kBytes.size()))];
      switch (random.below(3)) {
        case 0:
          text[at] = byte;
          break;
        case 1:
          text.insert(at, 1, byte);
          break;
        default:
          text.erase(at, 1 + random.below(5));
      }
    }
    const auto loaded = load_text(text, "m.yaml");
    if (loaded) {
      ++accepted;
    } else {
      ASSERT_EQ(loaded.error().code, Code::kUsage);
      ASSERT_FALSE(loaded.error().message.empty());
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 3000);
}

TEST(Property, NumbersReadBack) {
  Random random(8, Purpose::kTest);
  for (int round = 0; round < 20000; ++round) {
    const auto value = std::bit_cast<double>(random.next());  // every exponent, both signs
    if (!std::isfinite(value)) continue;
    const auto read = parse_number(number_text(value));
    ASSERT_TRUE(read) << number_text(value);
    ASSERT_EQ(*read, value);
  }
}

TEST(Property, WholeNumbersReadBack) {
  Random random(9, Purpose::kTest);
  for (int round = 0; round < 20000; ++round) {
    const auto value = static_cast<std::int64_t>(random.next()) >> random.below(63);
    ASSERT_EQ(parse_whole(std::to_string(value)), std::optional<std::int64_t>(value));
  }
}

TEST(Property, TextsReadBack) {
  Random random(10, Purpose::kTest);
  for (int round = 0; round < 300; ++round) {
    std::string text = "x";
    for (std::uint32_t left = random.below(40); left > 0; --left) text += static_cast<char>(' ' + random.below(95));
    Config config;
    config.logging.savedir = text;
    const auto loaded = load_text(to_yaml(config), "t.yaml");
    ASSERT_TRUE(loaded) << text << ": " << loaded.error().message;
    ASSERT_EQ(loaded->config.logging.savedir, text);
  }
}

TEST(Suggest, NearNamesOnly) {
  const std::vector<std::string> names = {"train", "evaluate", "tower_depth"};
  EXPECT_EQ(nearest("trian", names), "train");
  EXPECT_EQ(nearest("tower-dpeth", names), "tower_depth");
  EXPECT_EQ(nearest("zebra", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
}

}  // namespace
}  // namespace keisei::config
