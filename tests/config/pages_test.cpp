// What is written from the tables agrees with what is shipped: presets, manual pages, schema.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "config/describe.h"
#include "config/legacy.h"
#include "config/presets.h"
#include "config/table.h"

namespace keisei::config {
namespace {

constexpr std::size_t kMaxPageBytes = 1 << 20;

std::string shipped(const std::string& path) {
  const auto text = read_text(std::string(KEISEI_SOURCE_DIR "/") + path, kMaxPageBytes);
  EXPECT_TRUE(text) << path;
  return text.value_or("");
}

TEST(Pages, ShippedPresetsAreTheEmbeddedOnes) {
  for (const Preset& preset : presets()) {
    EXPECT_EQ(shipped("configs/" + std::string(preset.name) + ".yaml"), preset.text)
        << "write it anew: keisei config preset " << preset.name;
  }
}

TEST(Pages, ManualPagesAreFresh) {
  EXPECT_TRUE(shipped("docs/configuration.md") == reference_page())
      << "write it anew: keisei config reference > docs/configuration.md";
  EXPECT_TRUE(shipped("docs/migration.md") == migration_page())
      << "write it anew: keisei config migration > docs/migration.md";
}

TEST(Pages, TheSchemaHasEveryKeyAndNoOther) {
  const auto schema = nlohmann::json::parse(json_schema());
  std::size_t keys = 0;
  for (const auto& [name, section] : schema.at("properties").items()) {
    EXPECT_FALSE(section.at("additionalProperties").get<bool>()) << name;
    for (const auto& [key, form] : section.at("properties").items()) {
      ++keys;
      EXPECT_TRUE(find_option(name, key) || find_legacy(name, key) || key == "sla") << name << "." << key;
    }
  }
  std::size_t nested = 0;
  for (const LegacyKey& key : legacy_keys()) nested += key.key.find('.') != std::string_view::npos ? 1 : 0;
  EXPECT_EQ(keys, options().size() + legacy_keys().size() - nested + 1);
  EXPECT_EQ(schema["properties"]["training"]["properties"]["gamma"]["maximum"], 1);
  EXPECT_EQ(schema["properties"]["evaluation"]["properties"]["max_concurrent_evaluations"]["default"], "auto");
}

TEST(Pages, ShownAsJsonEveryOptionHasItsType) {
  const auto loaded = load({});
  ASSERT_TRUE(loaded);
  const std::string text = to_json(*loaded, true);
  EXPECT_EQ(text.find("\"schema\": \"keisei.config/1\""), text.find('"'));
  const auto root = nlohmann::json::parse(text);
  EXPECT_TRUE(root["config"]["training"]["gamma"].is_number());
  EXPECT_TRUE(root["config"]["evaluation"]["random_seed"].is_null());
  EXPECT_EQ(root["config"]["training"]["threads"], "auto");
  EXPECT_EQ(root["origin"].size(), options().size());
}

TEST(Tables, RowsAreSound) {
  Config config;
  for (const Option& option : options()) {
    EXPECT_FALSE(option.help.empty()) << name_of(option);
    EXPECT_EQ(option.help.back(), '.') << name_of(option);
    EXPECT_EQ(find_option(name_of(option)), &option) << "twice: " << name_of(option);
    for (const Option& other : options()) {
      if (&other != &option) {
        EXPECT_NE(option.slot(config), other.slot(config)) << name_of(option) << name_of(other);
      }
    }
  }
}

}  // namespace
}  // namespace keisei::config
