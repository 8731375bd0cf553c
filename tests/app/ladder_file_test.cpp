#include "app/ladder_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace keisei::app {
namespace {

class LadderFile : public testing::Test {
 protected:
  LadderFile() {
    std::string name = testing::TempDir() + "keisei-ladder-XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~LadderFile() override { std::filesystem::remove_all(directory_); }
  [[nodiscard]] std::filesystem::path file() const { return directory_ / "runs" / "ladder.json"; }

  std::filesystem::path directory_;
};

TEST_F(LadderFile, KeepsATableForEachProtocol) {  // cases.md G13
  EXPECT_TRUE(read_ladder(file(), "p")->empty());
  ASSERT_TRUE(write_ladder(file(), "p", {{"a", 1516}, {"b", 1484.25}}));
  ASSERT_TRUE(write_ladder(file(), "q", {{"a", 1500}}));
  EXPECT_EQ(*read_ladder(file(), "p"), (LadderRatings{{"a", 1516}, {"b", 1484.25}}));
  EXPECT_EQ(*read_ladder(file(), "q"), (LadderRatings{{"a", 1500}}));
}

TEST_F(LadderFile, DamagedOrForeignFileIsRefusedAndLeftAsItIs) {
  std::filesystem::create_directories(file().parent_path());
  for (const char* text : {"", "{", "[]", R"({"schema":"other/1","protocols":{}})",
                           R"({"schema":"keisei.ladder/1","protocols":{"p":{"a":"strong"}}})",
                           R"({"schema":"keisei.ladder/1","protocols":{"p":[1]}})"}) {
    std::ofstream(file(), std::ios::trunc) << text;
    EXPECT_EQ(read_ladder(file(), "p").error().code, Code::kBadData) << text;
    EXPECT_EQ(write_ladder(file(), "p", {{"a", 1}}).error().code, Code::kBadData) << text;
    std::ostringstream kept;
    kept << std::ifstream(file()).rdbuf();
    EXPECT_EQ(kept.str(), text);
  }
}

}  // namespace
}  // namespace keisei::app
