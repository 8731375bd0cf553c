// The live stream, and clients that are slow, silent or gone: none of them may hold up the others.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <fstream>

#include "web_client.h"

namespace keisei::dashboard {
namespace {

using testing::HasSubstr;

Fd follow(std::uint16_t port, std::string_view run) {
  Fd fd = connect_to(port);
  EXPECT_TRUE(say(fd, request_text(port, "/api/live?run=" + std::string(run))));
  return fd;
}

std::string hear_until(const Fd& fd, std::string_view text) {
  return hear(fd, [&](const std::string& heard) { return heard.find(text) != std::string::npos; });
}

/// Megabytes of this process that are in memory.
double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) * 1e-6;
}

TEST_F(WebTest, WhatHappensIsToldAtOnce) {
  add_metric(1, "ppo/entropy", 1.5);
  serve();
  const Fd stream = follow(port, "first");
  const std::string first = hear_until(stream, "1.5]");
  EXPECT_THAT(first, HasSubstr("text/event-stream"));
  EXPECT_THAT(first, HasSubstr("event: state\ndata: {"));
  add_metric(2, "ppo/entropy", 2.5);
  EXPECT_THAT(hear_until(stream, "2.5]"), HasSubstr("\"ppo/entropy\":[2,"));
}

TEST_F(WebTest, AStreamOfNoRunIsNotFound) {
  serve();
  EXPECT_EQ(get(port, "/api/live?run=second").status, 404);
  EXPECT_EQ(get(port, "/api/live?run=..%2Ffirst").status, 404);
}

TEST_F(WebTest, ASilentRunStillSaysItIsThere) {
  serve();
  const Fd stream = follow(port, "first");
  EXPECT_THAT(hear_until(stream, "event: alive"), HasSubstr("event: alive"));
}

TEST_F(WebTest, ClientsThatNeverFinishNeverReadOrLeaveHoldUpNobody) {
  std::vector<store::Metric> rows;
  for (std::int64_t step = 0; step < 30'000; ++step) {
    rows.push_back({step / 60, step, "metric/" + std::to_string(step % 60), static_cast<double>(step)});
  }
  ASSERT_TRUE(database->add_metrics(rows));
  serve();
  ASSERT_EQ(get(port, "/api/runs/first/state").status, 200);
  const double before_mb = resident_mb();

  std::vector<Fd> loris;
  for (int i = 0; i < 200; ++i) {
    loris.push_back(connect_to(port));
    ASSERT_TRUE(say(loris.back(), "GET / HTTP/1.1\r\nHost: 127"));
  }
  std::vector<Fd> deaf;
  for (int i = 0; i < 64; ++i) deaf.push_back(follow(port, "first"));
  for (int i = 0; i < 1000; ++i) {
    const Fd gone = follow(port, "first");
    if (i % 10 == 0) (void)hear_until(gone, "data:");
  }
  for (std::int64_t i = 0; i < 20; ++i) {
    add_metric(1000 + i, "metric/0", 1.0 + static_cast<double>(i));
    ASSERT_EQ(get(port, "/api/runs/first/series?name=metric%2F0").status, 200);
    ASSERT_EQ(get(port, "/api/runs").status, 200);
  }
  const Fd reader = follow(port, "first");
  EXPECT_THAT(hear_until(reader, "[1019,"), HasSubstr("\"metric/0\":[1019,"));
  EXPECT_LT(resident_mb() - before_mb, 32.0);

  // Those who never ended their header are shown out, and the others are still served.
  EXPECT_EQ(hear_all(loris.front()).find("200 OK"), std::string::npos);
  EXPECT_EQ(get(port, "/healthz").status, 200);
}

TEST_F(WebTest, AtTheBoundTheOneThatWaitsLongestGoes) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const rlim_t enough = 4 * kMaxConnections;
  if (files.rlim_cur < enough) {
    if (files.rlim_max != RLIM_INFINITY && files.rlim_max < enough) GTEST_SKIP() << "too few descriptors are allowed";
    files.rlim_cur = enough;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  }
  serve();
  std::vector<Fd> waiting;
  for (std::size_t i = 0; i < kMaxConnections + 20; ++i) waiting.push_back(connect_to(port));
  EXPECT_EQ(get(port, "/healthz").status, 200);
  EXPECT_EQ(hear_all(waiting.front()), "");
}

TEST_F(WebTest, OnlySoManyRunsAreFollowedAtOnce) {
  for (int i = 0; i < 6; ++i) (void)add_run("run" + std::to_string(i));
  serve();
  std::vector<Fd> streams;
  int refused = 0;
  for (int i = 0; i < 6; ++i) {
    streams.push_back(follow(port, "run" + std::to_string(i)));
    const std::string heard = hear_until(streams.back(), "\r\n\r\n");
    if (heard.find("503") != std::string::npos) ++refused;
  }
  EXPECT_EQ(refused, 6 - static_cast<int>(kMaxOpenRuns));
}

}  // namespace
}  // namespace keisei::dashboard
