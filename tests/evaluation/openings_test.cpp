#include "evaluation/openings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "evaluation/match_fixture.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;

class OpeningsTest : public testing::Test {
 protected:
  Result<std::vector<std::string>> read(const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    return read_openings(path);
  }
  const TempFolder folder;
  const std::filesystem::path path = folder / "book.sfen";
};

constexpr const char* kStart = "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1";
constexpr const char* kAfterPawn = "lnsgkgsnl/1r5b1/ppppppppp/9/9/2P6/PP1PPPPPP/1B5R1/LNSGKGSNL w - 2";

TEST_F(OpeningsTest, ReadsEverySpelling) {
  const auto sfens =
      read(std::string("\xEF\xBB\xBFstartpos\r\n# a comment\n\n  sfen ") + kStart + "  # why\n" + kStart +
           "\nposition startpos moves 7g7f\nstartpos moves 7g7f\nsfen " + kStart + " moves 7g7f");
  ASSERT_TRUE(sfens) << sfens.error().message;
  ASSERT_EQ(sfens->size(), 6U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*sfens)[i], kStart);
  for (std::size_t i = 3; i < 6; ++i) EXPECT_EQ((*sfens)[i], kAfterPawn);
}

TEST_F(OpeningsTest, EveryFaultIsToldWithFileAndLine) {
  const std::string mated = "4k4/4G4/4P4/9/9/9/9/9/4K4 w - 2";
  for (const auto& [text, line] : std::vector<std::pair<std::string, std::string>>{
           {"startpos\nrubbish\n", ":2: "},
           {"startpos\n\n# x\nstartpos moves 7g7f 7g7f\n", ":4: "},
           {"startpos moves 7g7f moves 3c3d\n", ":1: "},
           {mated + "\n", ":1: "},
           {"startpos\n" + std::string(kMaxOpeningLineBytes + 1, ' ') + "\n", ":2: "},
           {std::string("startpos\n\0\n", 11), ":2: "}}) {
    const auto sfens = read(text);
    ASSERT_FALSE(sfens) << text.substr(0, 60);
    EXPECT_EQ(sfens.error().code, Code::kUsage);
    EXPECT_THAT(sfens.error().message, HasSubstr(path.string() + line));
    EXPECT_LT(sfens.error().message.size(), 2000U);
  }
}

TEST_F(OpeningsTest, NoOpeningAndNoFileAreErrors) {
  EXPECT_THAT(read("# nothing\n").error().message, HasSubstr("no opening"));
  EXPECT_EQ(read_openings(folder / "none").error().code, Code::kUsage);
}

TEST_F(OpeningsTest, MoreThanTheBoundIsRefused) {
  std::string text;
  for (int i = 0; i <= kMaxOpenings; ++i) text += "startpos\n";
  EXPECT_THAT(read(text).error().message, HasSubstr(std::to_string(kMaxOpenings)));
}

}  // namespace
}  // namespace keisei::evaluation
