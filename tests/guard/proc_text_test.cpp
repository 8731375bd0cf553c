#include "guard/proc_text.h"

#include <gtest/gtest.h>

#include <string>

namespace keisei::guard::proc {
namespace {

// Recorded on a machine of two processors.
constexpr const char* kStat =
    "cpu  1636636 70475 148801 493349 6221 0 1104 2871 0 0\n"
    "cpu0 811851 34175 72184 258556 1142 0 395 1460 0 0\n"
    "cpu1 824784 36299 76617 234793 5079 0 708 1411 0 0\n"
    "intr 7174947 0 0 15\n"
    "ctxt 8259566\n";
constexpr const char* kSelf =
    "4242 (a) R (b\n) S 17 4200 4100 0 -1 4194560 8731 0 12 0 345 67 8 9 20 0 33 0 98765 1234567 890 "
    "18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0\n";

TEST(ProcText, StatOfAProcessWithAnyName) {
  const auto stat = parse_stat(kSelf);
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->parent, 17);
  EXPECT_EQ(stat->group, 4200);
  EXPECT_EQ(stat->session, 4100);
  EXPECT_EQ(stat->start_ticks, 98765U);
  EXPECT_EQ(stat->cpu_ticks, 345 + 67);
  EXPECT_EQ(stat->children_cpu_ticks, 8 + 9);
}

TEST(ProcText, EveryTornStatIsRefused) {
  const std::string whole = kSelf;
  const std::size_t complete = whole.find("98765") + 1;  // a torn last number cannot be told from a whole one
  for (std::size_t size = 0; size < complete; ++size) EXPECT_FALSE(parse_stat(whole.substr(0, size))) << size;
  EXPECT_FALSE(parse_stat("1 (x) R a b c"));
  EXPECT_FALSE(parse_stat("1 (x) R 1 2 3 4 5 6 7 8 9 10 99999999999999999999999 12 13 14 15 16 17 18 19 20"));
}

TEST(ProcText, MachineTicksOfAllAndOfEachCore) {
  const auto ticks = parse_machine_ticks(kStat);
  ASSERT_TRUE(ticks);
  EXPECT_EQ(ticks->all.steal, 2871);
  EXPECT_EQ(ticks->all.busy, 1636636 + 70475 + 148801 + 1104);
  EXPECT_EQ(ticks->all.total, ticks->all.busy + 2871 + 493349 + 6221);
  ASSERT_EQ(ticks->cores.size(), 2U);
  EXPECT_EQ(ticks->cores[1].first, 1);
  EXPECT_EQ(ticks->cores[1].second.steal, 1411);
}

TEST(ProcText, TornAndHostileMachineTicks) {
  const std::string whole = kStat;
  const auto torn = parse_machine_ticks(whole.substr(0, whole.find("cpu1") + 12));
  ASSERT_TRUE(torn);
  EXPECT_EQ(torn->cores.size(), 1U) << "a line without its end is left out";
  for (const char* bad :
       {"", "\n", "cpu ", "cpu  1 2 3 4", "cpu  1 2 3\n", "cpu  0 0 0 0 0 0 0 0\n", "intr 1 2 3 4\n", "cpu  -1 2 3 4\n",
        "cpu  nan 1 1 1\n", "cpu  1 2 3 4\ncpu99999 1 2 3 4\n", "cpu  1 2 3 4\ncpux 1 2 3 4\n"}) {
    EXPECT_FALSE(parse_machine_ticks(bad)) << bad;
  }
  std::string huge = "cpu  1 2 3 4\n";
  for (int i = 0; i < 100000; ++i) huge += "cpu1 1 2 3 4\n";
  const auto bounded = parse_machine_ticks(huge);
  ASSERT_TRUE(bounded);
  EXPECT_LE(bounded->cores.size(), kMaxCpus);
}

TEST(ProcText, KeyedNumbersStandAtTheBeginningOfALine) {
  const std::string status = "Name:\tVmRSS: 7\nVmHWM:\t  2000 kB\nVmRSS:\t  1500 kB\nVmBad:\tmany\nVmEnd:";
  EXPECT_EQ(parse_keyed(status, "VmRSS:"), 1500.0);
  EXPECT_EQ(parse_keyed(status, "VmHWM:"), 2000.0);
  EXPECT_FALSE(parse_keyed(status, "VmBad:")) << "the number of the next line is not its";
  EXPECT_FALSE(parse_keyed(status, "VmEnd:"));
  EXPECT_FALSE(parse_keyed("", "VmRSS:"));
}

TEST(ProcText, Pressure) {
  EXPECT_EQ(parse_pressure("some avg10=4.46 avg60=2.77 avg300=1.86 total=5819607391\nfull avg10=9.00\n"), 4.46);
  for (const char* bad : {"", "full avg10=1.00", "some avg10=", "some avg10=x", "some avg10=-1", "some avg10=101",
                          "some avg10=nan", "some avg10=inf"}) {
    EXPECT_FALSE(parse_pressure(bad)) << bad;
  }
}

TEST(ProcText, RunDelay) {
  EXPECT_DOUBLE_EQ(parse_run_delay_s("123456789 2500000000 42\n").value(), 2.5);
  for (const char* bad : {"", "1", "1 x 2", "-1 2 3", "1 -2 3"}) EXPECT_FALSE(parse_run_delay_s(bad)) << bad;
}

TEST(ProcText, CpuLists) {
  EXPECT_EQ(parse_cpu_list("0-2,8\n"), (std::vector<int>{0, 1, 2, 8}));
  EXPECT_EQ(parse_cpu_list("5"), (std::vector<int>{5}));
  EXPECT_EQ(parse_cpu_list("3,1,2-3"), (std::vector<int>{1, 2, 3}));
  for (const char* bad : {"", "\n", ",", "1,", ",1", "2-1", "1-", "-1", "a", "1 2", "1--2", "0-8192", "4294967295",
                          "99999999999999999999", "0-4294967295"}) {
    EXPECT_FALSE(parse_cpu_list(bad)) << bad;
  }
}

TEST(ProcText, NumbersAreFiniteAndNotNegative) {
  EXPECT_EQ(parse_number(" 42\n"), 42.0);
  EXPECT_EQ(parse_number("1.5 x"), 1.5);
  for (const char* bad : {"", "max", "-1", "nan", "inf", "1e999", "x1"}) EXPECT_FALSE(parse_number(bad)) << bad;
}

}  // namespace
}  // namespace keisei::guard::proc
