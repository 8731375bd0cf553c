// Limits that were written into a file and then not read: here each setting of the safeguards, by each of its
// spellings, from a file and from an override, arrives in the Config that training runs under.
#include <gtest/gtest.h>

#include <string>

#include "config/load.h"
#include "config/table.h"

namespace keisei::config {
namespace {

/// A value that is allowed and is not the default.
std::string another_value(const Option& option) {
  if (type_of(option) == "true or false") return default_text(option) == "true" ? "false" : "true";
  return option.key == "rollout_fraction" ? "0.5" : "4";
}

TEST(FailureMode14, EverySafeguardSettingArrivesByEverySpelling) {
  int checked = 0;
  for (const Option& option : options()) {
    const bool safeguard = option.live || !option.also.empty() || option.key.find("performance") != option.key.npos;
    if (!safeguard) continue;
    const std::string wanted = another_value(option);
    ASSERT_NE(wanted, default_text(option)) << option.key;
    const std::string name = name_of(option);
    std::vector<std::string> texts = {"evaluation: {" + std::string(option.key) + ": " + wanted + "}\n"};
    std::vector<std::string> overrides = {name + "=" + wanted};
    if (!option.also.empty()) {
      const std::string inner(option.also.substr(option.also.find('.') + 1));
      texts.push_back("evaluation: {sla: {" + inner + ": " + wanted + "}}\n");
      overrides.push_back("evaluation." + std::string(option.also) + "=" + wanted);
    }
    for (const std::string& text : texts) {
      const auto loaded = load_text(text, "c.yaml");
      ASSERT_TRUE(loaded) << text << loaded.error().message;
      EXPECT_EQ(value_text(option, loaded->config), wanted) << text;
    }
    for (const std::string& override : overrides) {
      Source source;
      source.overrides = {override};
      const auto loaded = load(source);
      ASSERT_TRUE(loaded) << override << loaded.error().message;
      EXPECT_EQ(value_text(option, loaded->config), wanted) << override;
      ++checked;
    }
  }
  EXPECT_GE(checked, 24);
}

}  // namespace
}  // namespace keisei::config
