// A client of the web server that says exactly what it is told to, byte by byte, over loopback; and a run to serve.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "dashboard/web_server.h"
#include "store/run_database.h"

namespace keisei::dashboard {

/// Far beyond what an answer takes on a loaded machine.
inline constexpr int kPatienceMs = 60'000;

inline Fd connect_to(std::uint16_t port) {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return fd;
}

/// False when the server has closed already.
inline bool say(const Fd& fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Reads until `enough` says so, the server closes, or patience ends.
template <class Enough>
std::string hear(const Fd& fd, Enough enough) {
  std::string heard;
  char part[16384];
  while (!enough(heard)) {
    pollfd ready{fd.get(), POLLIN, 0};
    if (::poll(&ready, 1, kPatienceMs) <= 0) break;
    const ssize_t got = ::recv(fd.get(), part, sizeof part, 0);
    if (got <= 0) break;
    heard.append(part, static_cast<std::size_t>(got));
  }
  return heard;
}
inline std::string hear_all(const Fd& fd) {
  return hear(fd, [](const std::string&) { return false; });
}

struct Heard {
  int status = 0;
  std::string header;
  std::string body;
};

inline Heard taken_apart(const std::string& text) {
  Heard heard;
  const std::size_t end = text.find("\r\n\r\n");
  if (text.size() < 12 || end == std::string::npos) return heard;
  heard.status = std::atoi(text.substr(9, 3).c_str());
  heard.header = text.substr(0, end);
  heard.body = text.substr(end + 4);
  return heard;
}

inline std::string request_text(std::uint16_t port, std::string_view target, std::string_view more = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nConnection: close\r\n" + std::string(more) + "\r\n";
}

/// One request as it stands, on a connection of its own.
inline Heard send_raw(std::uint16_t port, std::string_view text) {
  const Fd fd = connect_to(port);
  if (!fd || !say(fd, text)) return {};
  return taken_apart(hear_all(fd));
}
inline Heard get(std::uint16_t port, std::string_view target, std::string_view more = {}) {
  return send_raw(port, request_text(port, target, more));
}
inline nlohmann::json get_json(std::uint16_t port, std::string_view target) {
  const Heard heard = get(port, target);
  EXPECT_EQ(heard.status, 200) << target << "\n" << heard.body;
  return nlohmann::json::parse(heard.body, nullptr, false);
}

/// A folder of runs with one run in it, "first", open for writing.
class WebTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    savedir = std::filesystem::path(testing::TempDir()) /
              ("web-" + std::string(test->name()) + "-" + std::to_string(::getpid()));
    database.emplace(add_run("first"));
  }
  void TearDown() override {
    server.reset();
    database.reset();
    std::filesystem::remove_all(savedir);
  }

  store::RunDatabase add_run(const std::string& name) const {
    std::filesystem::create_directories(savedir / name);
    auto made = store::RunDatabase::open(savedir / name / "run.db", store::RunDatabase::Mode::kWrite);
    if (!made || !made->set_meta({{"name", name}, {"status", "running"}, {"started", "1772368496789"}})) std::abort();
    return std::move(*made);
  }
  void add_metric(std::int64_t step, const std::string& metric, double value) {
    const store::Metric row{step, 1'772'368'496'789 + step, metric, value};
    ASSERT_TRUE(database->add_metrics(std::span(&row, 1)));
  }
  /// An evaluation of one game, whose record is `record`.
  void add_game(const std::string& agent, const std::string& opponent, const std::string& record = {}) {
    store::EvaluationRow row;
    row.step = 1024;
    row.time_ms = 1'772'368'500'000;
    row.strategy = "single_opponent";
    row.agent = agent;
    row.opponent = opponent;
    row.games = 1;
    row.wins = 1;
    store::GameRow game;
    game.black = agent;
    game.white = opponent;
    game.agent_colour = "black";
    game.winner = "black";
    game.reason = "resign";
    game.plies = 3;
    game.json = record;
    store::SlaRow verdict;
    verdict.clause = "latency";
    verdict.verdict = "unknown";
    verdict.source = "not measured";
    ASSERT_TRUE(database->add_evaluation(row, std::span(&game, 1), {}, std::span(&verdict, 1)));
  }
  void serve(WebOptions options = {}) {
    options.port = 0;
    if (options.source.savedir.empty()) options.source.savedir = savedir;
    auto started = WebServer::start(std::move(options), clock);
    ASSERT_TRUE(started) << started.error().message;
    server = std::move(*started);
    port = server->port();
  }

  SystemClock clock;
  std::filesystem::path savedir;
  std::optional<store::RunDatabase> database;
  std::unique_ptr<WebServer> server;
  std::uint16_t port = 0;
};

}  // namespace keisei::dashboard
