// keisei runs plot and export through the built program: the picture on the terminal and as SVG, what is refused and
// what was meant, and every value that a run has as CSV.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/program.h"
#include "app/run_sample.h"

namespace keisei::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class RunsPlot : public RunSample {
 protected:
  void SetUp() override { add_run("first", 30, 0.8, 400); }
  Ran runs(std::vector<std::string> args, const std::string& locale = "C.UTF-8") const {
    args.insert(args.begin(), "runs");
    args.insert(args.end(), {"--savedir", savedir_.string()});
    return run_keisei(args, {{"LC_ALL", locale}, {"NO_COLOR", "1"}});
  }
};

TEST_F(RunsPlot, DrawsAxesLegendAndUnits) {
  const Ran ran = runs({"plot", "first", "evaluation/elo"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  for (const char* part : {"evaluation/elo", "Elo", "last 400", "200 to 400", "2 values", "plies trained", "2000",
                           "4000", "┤", "└"}) {
    EXPECT_THAT(ran.out, HasSubstr(part));
  }
  EXPECT_NE(ran.out.find("\xE2\xA0"), std::string::npos) << "no braille:\n" << ran.out;
  EXPECT_THAT(ran.out, Not(HasSubstr("\x1b"))) << "colour in a pipe";
}

TEST_F(RunsPlot, IsPlainAsciiWhereTheLocaleIsNotUtf8) {
  const Ran ran = runs({"plot", "first", "ppo/policy_loss", "ppo/value_loss"}, "C");
  EXPECT_EQ(ran.code, 0) << ran.err;
  for (const char c : ran.out) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F)) << ran.out;
  // Without colour two curves differ by their marks.
  EXPECT_THAT(ran.out, HasSubstr("* ppo/policy_loss"));
  EXPECT_THAT(ran.out, HasSubstr("+ ppo/value_loss"));
  for (const std::string& line : lines_of(ran.out)) EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(RunsPlot, MetricsOfOtherUnitOrSizeGetPlotsOfTheirOwn) {
  const auto axes = [&](const std::vector<std::string>& metrics) {
    std::vector<std::string> args = {"plot", "first"};
    args.insert(args.end(), metrics.begin(), metrics.end());
    const std::string out = runs(args).out;
    int count = 0;
    for (std::size_t at = out.find("plies trained"); at != std::string::npos; at = out.find("plies trained", at + 1))
      ++count;
    return count;
  };
  EXPECT_EQ(axes({"ppo/policy_loss", "ppo/value_loss"}), 1);
  EXPECT_EQ(axes({"ppo/policy_loss", "time/steps_per_second"}), 2);
  EXPECT_EQ(axes({"evaluation/elo", "ppo/policy_loss", "evaluation/elo_high"}), 2);
}

TEST_F(RunsPlot, AnUnknownMetricIsAUsageErrorThatNamesANearOne) {
  const Ran ran = runs({"plot", "first", "ppo/policy_los"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("did you mean ppo/policy_loss?"));
  EXPECT_THAT(ran.err, HasSubstr("runs show first"));
  EXPECT_THAT(runs({"plot", "first", "elo"}).err, HasSubstr("did you mean evaluation/elo?"));
  EXPECT_EQ(runs({"plot", "first"}).code, 2);
  EXPECT_EQ(runs({"plot", "nobody", "ppo/policy_loss"}).code, 2);
  // What it points to lists them.
  const std::string page = runs({"show", "first"}).out;
  EXPECT_THAT(page, HasSubstr("policy_loss"));
  EXPECT_THAT(page, HasSubstr("steps_per_second"));
}

TEST_F(RunsPlot, AsSvgWithAxesTitleAndBothColourSchemes) {
  const fs::path file = savedir_ / "plot.svg";
  const Ran ran = runs({"plot", "first", "evaluation/elo", "ppo/policy_loss", "ppo/value_loss", "--svg", file});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  const std::string svg = content_of(file);
  for (const char* part : {"<svg xmlns=", "<title>first: evaluation/elo", "plies trained", ">Elo<", "ppo/value_loss",
                           "prefers-color-scheme: dark", "class=\"line s1\"", "class=\"error s0\""}) {
    EXPECT_THAT(svg, HasSubstr(part));
  }
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf\"")));
  EXPECT_EQ(runs({"plot", "first", "evaluation/elo", "--svg", savedir_ / "no" / "where.svg"}).code, 1);
  EXPECT_FALSE(fs::exists(savedir_ / "no"));
}

TEST_F(RunsPlot, AsOneObjectUnknownIsNull) {
  const Ran ran = runs({"plot", "first", "governor/impact_percent", "--json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto json = nlohmann::ordered_json::parse(ran.out);
  EXPECT_EQ(json.begin().value(), "keisei.plot/1");
  const auto& series = json["series"][0];
  EXPECT_EQ(series["unit"], "%");
  EXPECT_TRUE(series["points"][0][1].is_null());
  EXPECT_EQ(series["points"][2], nlohmann::ordered_json::parse("[3000, 2.5]"));
}

TEST_F(RunsPlot, AMetricWithoutAnyKnownValueSaysSo) {
  add_run("short", 2, 0.5, 100);
  const Ran ran = runs({"plot", "short", "governor/impact_percent"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("no known value"));
}

TEST_F(RunsPlot, ExportsEveryValueInLongForm) {
  add_run("second, or \"so\"", 5, 0.4, 100);
  const fs::path file = savedir_ / "all.csv";
  const Ran ran = runs({"export", "first", "second, or \"so\"", "--csv", "--output", file});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  const std::vector<std::string> lines = lines_of(content_of(file));
  ASSERT_EQ(lines.size(), 1U + (30 * 4 + 6) + (5 * 4 + 6));
  EXPECT_EQ(lines[0], "run,step,metric,value,time");
  EXPECT_EQ(lines[1], "first,1000,ppo/policy_loss,0.8,2026-03-01T12:34:57.000Z");
  EXPECT_EQ(lines[4], "first,1000,governor/impact_percent,,2026-03-01T12:34:57.000Z");
  EXPECT_THAT(lines.back(), testing::StartsWith("\"second, or \"\"so\"\"\",4000,evaluation/elo_high,150,"));
  // stdout gets the same bytes.
  EXPECT_EQ(runs({"export", "first", "second, or \"so\""}).out, content_of(file));
}

TEST_F(RunsPlot, AnExportThatFailsLeavesTheOldFile) {
  const fs::path file = savedir_ / "all.csv";
  std::ofstream(file) << "mine\n";
  EXPECT_EQ(runs({"export", "first", "nobody", "--output", file}).code, 2);
  EXPECT_EQ(content_of(file), "mine\n");
  std::ofstream(savedir_ / "first" / "run.db", std::ios::trunc) << "no database";
  fs::remove(savedir_ / "first" / "run.db-wal");
  const Ran damaged = runs({"export", "first", "--output", file});
  EXPECT_EQ(damaged.code, 3) << damaged.err;
  EXPECT_EQ(content_of(file), "mine\n");
}

TEST_F(RunsPlot, FlagsBelongToTheirAction) {
  for (const char* line : {"show first --svg x", "plot first evaluation/elo --csv", "list --output x",
                           "export first --json", "compare first", "compare a b c", "show a b", "list a"}) {
    EXPECT_EQ(runs(words_of(line)).code, 2) << line;
  }
}

}  // namespace
}  // namespace keisei::app
