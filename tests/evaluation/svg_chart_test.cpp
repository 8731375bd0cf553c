#include "evaluation/svg_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "evaluation/xml_check.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;
using testing::Not;

const ChartText kText = {"Title <&>\"'", "x \x01", "y"};
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

std::vector<std::string> all_charts() {
  const std::vector<ChartSeries> series = {
      {"a",
       {{0, -10, -20, 5, "p"}, {1e6, 30, std::nullopt, 60, ""}, {2e6, kNan, {}, {}, ""}, {3e6, 5, -kInf, kInf, ""}}},
      {"b </svg>", {{5e5, 3, {}, {}, ""}}}};
  const std::vector<ChartBar> bars = {{"checkmate", 12}, {"<b>max_moves</b>", 0}, {"nan", kNan}};
  const std::vector<int> plies = {1, 50, 51, 120, 500, 77, 78, 79};
  const std::vector<ChartInterval> rows = {
      {"greedy", 300, 200, 400}, {"random", 0, {}, {}}, {"one-sided", -100, {}, 50}};
  const std::vector<ChartShares> shares = {{"all", 10, 5, 2}, {"none", 0, 0, 0}, {"one", 1, 0, 0}};
  return {line_chart(kText, series),
          bar_chart(kText, bars),
          histogram(kText, plies),
          interval_chart(kText, rows),
          share_chart(kText, shares),
          line_chart(kText, {}),
          bar_chart(kText, {}),
          histogram(kText, {}),
          interval_chart(kText, {}),
          share_chart(kText, {}),
          histogram(kText, std::vector<int>{7}),
          line_chart(kText, std::vector<ChartSeries>{{"one", {{3, 3, 3, 3, ""}}}})};
}

TEST(SvgChart, IsWellFormedSelfContainedAndTitled) {
  if (!has_python()) GTEST_SKIP() << "python3 is not installed (packages-test.txt)";
  std::string all = "<charts>";
  for (const std::string& chart : all_charts()) {
    EXPECT_THAT(chart, HasSubstr("<title>Title &lt;&amp;&gt;&quot;&#39;</title><desc>"));
    EXPECT_THAT(chart, HasSubstr("role=\"img\""));
    for (const char* outside : {"href", "url(", "<script", "<image", "@import"})
      EXPECT_THAT(chart, Not(HasSubstr(outside)));
    for (const char* no_number : {"nan", "inf"}) EXPECT_THAT(chart, Not(HasSubstr(std::string("=\"") + no_number)));
    all += chart;
    expect_well_formed(svg_document(chart));
  }
  expect_well_formed(all + "</charts>");
}

TEST(SvgChart, SameDataSameBytes) { EXPECT_EQ(all_charts(), all_charts()); }

TEST(SvgChart, DescriptionsTellTheNumbers) {
  const std::vector<ChartShares> shares = {{"as Black", 10, 5, 2}};
  EXPECT_THAT(share_chart(kText, shares), HasSubstr("as Black: 10 won, 5 drawn, 2 lost</desc>"));
  const std::vector<ChartInterval> rows = {{"greedy", 300, 200, 400}};
  EXPECT_THAT(interval_chart(kText, rows), HasSubstr("greedy: 300 (200 to 400)"));
}

TEST(SvgChart, HistogramCountsEveryValueOnce) {
  const std::vector<int> values = {-3, 0, 1, 9, 10, 10, 11, 99, 100};
  const std::string chart = histogram(kText, values, 10);
  const std::size_t begin = chart.find("<desc>") + 6;
  std::string words = chart.substr(begin, chart.find("</desc>") - begin);
  int sum = 0;
  for (std::size_t at = words.find(": "); at != std::string::npos; at = words.find(": ", at + 2))
    sum += std::stoi(words.substr(at + 2));
  EXPECT_EQ(sum, 9) << words;
}

TEST(SvgChart, AThousandRowsAreCutAndSaidToBe) {
  const std::vector<ChartBar> bars(1000, ChartBar{"row", 1});
  const std::string chart = bar_chart(kText, bars);
  EXPECT_THAT(chart, HasSubstr("and 600 more, not drawn"));
}

TEST(SvgChart, KnowsItsHeight) {
  const std::vector<ChartBar> bars(3, ChartBar{"row", 1});
  EXPECT_GT(chart_height(bar_chart(kText, bars)), 80);
  EXPECT_EQ(chart_height("no chart"), 0);
}

}  // namespace
}  // namespace keisei::evaluation
