#include "evaluation/markup.h"

#include <gtest/gtest.h>

#include <cmath>

namespace keisei::evaluation {
namespace {

TEST(Markup, LeavesNothingThatCouldBeMarkup) {
  EXPECT_EQ(markup("<script>alert('1' & \"2\")</script>"),
            "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;");
  EXPECT_EQ(markup("将棋 é"), "将棋 é");
}

TEST(Markup, ReplacesWhatXmlAndTerminalsMustNotSee) {
  EXPECT_EQ(markup(std::string_view("a\0b\x1b[2J", 7)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD[2J");
  EXPECT_EQ(markup("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");       // overlong
  EXPECT_EQ(markup("\xED\xA0\x80").substr(0, 3), "\xEF\xBF\xBD");  // surrogate
  EXPECT_EQ(markup("\xEF\xBF\xBF"), "\xEF\xBF\xBD");               // no character
  EXPECT_EQ(markup("x\xE2\x80\xAEy"), "x\xEF\xBF\xBDy");           // turns the line round
  EXPECT_EQ(markup("\xE5\xB0"), "\xEF\xBF\xBD\xEF\xBF\xBD");       // cut in the middle
}

TEST(Markup, ShortensByCharactersAndKnowsWideOnes) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abcde…");
  EXPECT_EQ(shortened("将棋将棋", 3), "将棋…");
  EXPECT_EQ(columns_of("将棋a"), 5U);
}

TEST(Markup, WritesNumbersAsPeopleAndAsProgramsReadThem) {
  EXPECT_EQ(decimal(12.345, 1), "12.3");
  EXPECT_EQ(decimal(12.345, 0, true), "+12");
  EXPECT_EQ(decimal(-0.01, 1, true), "0.0");
  EXPECT_EQ(decimal(std::nullopt, 1), "–");
  EXPECT_EQ(decimal(std::nan(""), 1), "–");
  EXPECT_EQ(exact(0.1), "0.1");
  EXPECT_EQ(std::stod(exact(1.0 / 3.0)), 1.0 / 3.0);
  EXPECT_EQ(exact(std::nullopt), "");
}

}  // namespace
}  // namespace keisei::evaluation
