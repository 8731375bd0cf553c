#include <gmock/gmock.h>

#include <fstream>

#include "dashboard/web_assets.h"
#include "web_client.h"

namespace keisei::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(WebTest, TellsTheStateOfARun) {
  add_metric(8, "ppo/entropy", 4.5);
  add_metric(16, "ppo/entropy", 4.25);
  add_metric(16, "evaluation/gpu", std::numeric_limits<double>::quiet_NaN());
  serve();
  const auto runs = get_json(port, "/api/runs");
  ASSERT_EQ(runs["runs"].size(), 1U);
  EXPECT_EQ(runs["runs"][0]["id"], "first");
  EXPECT_EQ(runs["runs"][0]["status"], "interrupted");  // nobody holds its lock
  const auto state = get_json(port, "/api/runs/first/state");
  EXPECT_EQ(state["schema"], "keisei.web.state/1");
  EXPECT_EQ(state["latest"]["ppo/entropy"][0], 16);
  EXPECT_EQ(state["latest"]["ppo/entropy"][2], 4.25);
  EXPECT_TRUE(state["latest"]["evaluation/gpu"][2].is_null());
  EXPECT_EQ(state["counts"]["metrics"], 3);
  EXPECT_EQ(get_json(port, "/api/runs/latest/state")["run"]["id"], "first");
}

TEST_F(WebTest, SeriesAreShortAndAStretchIsExact) {
  std::vector<store::Metric> rows;
  for (std::int64_t step = 0; step < 20'000; ++step) {
    rows.push_back({step, step, "ppo/entropy", step == 12'345 ? 99.0 : static_cast<double>(step % 10)});
  }
  ASSERT_TRUE(database->add_metrics(rows));
  serve();
  const auto whole = get_json(port, "/api/runs/first/series?name=ppo%2Fentropy&name=unknown");
  ASSERT_EQ(whole["series"].size(), 2U);
  EXPECT_EQ(whole["series"][0]["rows"], 20'000);
  EXPECT_LE(whole["series"][0]["step"].size(), 2000U);
  EXPECT_THAT(whole["series"][0]["value"].dump(), HasSubstr("99.0"));
  EXPECT_EQ(whole["series"][1]["rows"], 0);
  const auto part = get_json(port, "/api/runs/first/series?name=ppo%2Fentropy&from=12340&to=12349");
  EXPECT_EQ(part["series"][0]["step"].size(), 10U);
  EXPECT_EQ(part["series"][0]["value"][5], 99.0);
  const auto long_part = get_json(port, "/api/runs/first/series?name=ppo%2Fentropy&from=1&to=19999");
  EXPECT_EQ(long_part["series"][0]["rows"], 19'999);
}

TEST_F(WebTest, GamesEvaluationsAndVerdicts) {
  add_game("live", "random", R"({"schema":"keisei.game/1","moves":["7g7f"]})");
  add_game("live", "material", R"({"moves":[]})");
  WebOptions options;
  options.record_writer = [](std::string_view record, std::string_view format) -> Result<std::string> {
    if (format != "kif") return fail(Code::kUsage, "no such format");
    return "KIF of " + std::string(record);
  };
  serve(std::move(options));
  const auto games = get_json(port, "/api/runs/first/games?limit=1");
  ASSERT_EQ(games["games"].size(), 1U);
  EXPECT_EQ(games["games"][0]["white"], "material");
  const auto older = get_json(port, "/api/runs/first/games?before=2");
  ASSERT_EQ(older["games"].size(), 1U);
  EXPECT_EQ(older["games"][0]["record"]["moves"][0], "7g7f");
  EXPECT_EQ(get_json(port, "/api/runs/first/games?evaluation=2")["games"].size(), 1U);
  EXPECT_EQ(get_json(port, "/api/runs/first/games/1")["game"]["winner"], "black");
  EXPECT_THAT(get(port, "/api/runs/first/games/1/text?format=kif").body, HasSubstr("KIF of {"));
  EXPECT_EQ(get(port, "/api/runs/first/games/1/text?format=exe").status, 400);
  EXPECT_EQ(get(port, "/api/runs/first/games/99").status, 404);
  EXPECT_EQ(get_json(port, "/api/runs/first/evaluations")["evaluations"].size(), 2U);
  EXPECT_EQ(get_json(port, "/api/runs/first/safeguards")["verdicts"][0]["verdict"], "unknown");
  EXPECT_TRUE(get_json(port, "/api/runs/first/safeguards")["verdicts"][0]["value"].is_null());
  EXPECT_EQ(get_json(port, "/api/runs/first/ratings")["ratings"].size(), 0U);
  EXPECT_EQ(get_json(port, "/api/runs/first/checkpoints")["checkpoints"].size(), 0U);
}

TEST_F(WebTest, SampledGamesPromotionsAndStopRules) {
  const auto row = [](std::int64_t step, const char* kind, const std::string& texts) {
    return store::EventRow{0, step, 1000 * step, kind, R"({"texts":{)" + texts + "}}"};
  };
  std::vector<store::EventRow> rows = {row(1, "warning", R"("text":"kept")")};
  for (std::int64_t step = 1; step <= 500; ++step) {
    rows.push_back(row(step, "game.sample", R"("sfen":"running","last_move":"\"reason\":")"));
    rows.push_back(row(step, "game.sample", R"("sfen":"ended","reason":"checkmate")"));
  }
  rows.push_back(row(7, "promotion", R"("state":"opponent","text":"step 7 came in")"));
  ASSERT_TRUE(database->add_events(rows));
  store::EvaluationRow evaluation;
  evaluation.step = 7;
  evaluation.strategy = "single_opponent";
  evaluation.agent = "live";
  evaluation.opponent = "random";
  evaluation.json = R"({"stop_when":"sprt","pairings":[{"first":"live","second":"random",
                        "stop":{"reached":true,"why":"accept_h1"}},{"stop":null},3]})";
  ASSERT_TRUE(database->add_evaluation(evaluation, {}, {}, {}));
  serve();
  const auto samples = get_json(port, "/api/runs/first/samples");
  EXPECT_EQ(samples["ended"].size(), kMaxSamplesKept);
  EXPECT_EQ(samples["ended"].back()["step"], 500);
  EXPECT_EQ(samples["running"]["event"]["texts"]["sfen"], "running");
  EXPECT_EQ(get_json(port, "/api/runs/first/promotions")["promotions"][0]["event"]["texts"]["text"], "step 7 came in");
  const auto events = get_json(port, "/api/runs/first/events")["events"];
  ASSERT_EQ(events.size(), 1U) << "a thousand samples push nothing out";
  EXPECT_EQ(events[0]["kind"], "warning");
  const auto stops = get_json(port, "/api/runs/first/evaluations")["evaluations"].back()["stops"];
  ASSERT_EQ(stops.size(), 1U);
  EXPECT_EQ(stops[0]["why"], "accept_h1");
  EXPECT_EQ(stops[0]["second"], "random");
}

TEST_F(WebTest, HostileTextStaysText) {
  const std::string hostile = "</script><img src=x onerror=alert(1)>\xff\x80\"'&\u2028";
  add_game(hostile, hostile);
  const store::EventRow event{0, 1, 2, "warning", R"({"texts":{"text":"<svg onload=alert(1)>"}})"};
  ASSERT_TRUE(database->add_events(std::span(&event, 1)));
  serve();
  const auto evaluations = get_json(port, "/api/runs/first/evaluations");
  EXPECT_THAT(evaluations["evaluations"][0]["agent"].get<std::string>(), HasSubstr("<img src=x onerror=alert(1)>"));
  const Heard heard = get(port, "/api/runs/first/events");
  EXPECT_THAT(heard.header, HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(heard.header, HasSubstr("nosniff"));
  EXPECT_THAT(heard.header, HasSubstr("script-src 'self';"));
  EXPECT_THAT(heard.header, Not(HasSubstr("unsafe")));
}

TEST_F(WebTest, ADatabaseThatIsDamagedOrReplacedIsToldAndReadAgain) {
  add_metric(1, "a", 1);
  serve();
  EXPECT_EQ(get_json(port, "/api/runs/first/state")["counts"]["metrics"], 1);
  database.reset();
  std::filesystem::remove(savedir / "first" / "run.db-wal");
  std::filesystem::remove(savedir / "first" / "run.db-shm");
  std::filesystem::rename(savedir / "first" / "run.db", savedir / "first" / "run.db.corrupt");
  std::ofstream(savedir / "first" / "run.db") << std::string(8192, 'x');
  const auto told = [&] {
    for (int i = 0; i < 200; ++i) {
      const auto state = get_json(port, "/api/runs/first/state");
      if (state["trouble"].is_string()) return true;
      ::usleep(50'000);
    }
    return false;
  };
  EXPECT_TRUE(told());
  std::filesystem::remove(savedir / "first" / "run.db");
  database.emplace(add_run("first"));
  add_metric(1, "a", 1);
  add_metric(2, "a", 1);
  const auto back = [&] {
    for (int i = 0; i < 200; ++i) {
      const auto state = get_json(port, "/api/runs/first/state");
      if (state["counts"]["metrics"] == 2) return true;
      ::usleep(50'000);
    }
    return false;
  };
  EXPECT_TRUE(back());
}

TEST_F(WebTest, NothingButTheTableIsServed) {
  std::ofstream(savedir / "secret.txt") << "SECRET";
  std::ofstream(savedir / "first" / "config.yaml") << "training:\n  seed: 1\n";
  serve();
  const char* const climbs[] = {"../", "..%2f", "..%2F", "%2e%2e/", "%2e%2e%2f", ".%2e/", "%2e./", "..%5c", "..\\",
                                "%252e%252e%252f", "..%252f", "..%c0%af", "..%c1%9c", "%c0%ae%c0%ae/", "..%u2215",
                                "..;/", "..%00/", "....//", "..//", "//", "/./", "%2f", "%5c..%5c", "..%ef%bc%8f"};
  int tried = 0;
  for (const char* climb : climbs) {
    for (const char* front : {"/", "/assets/", "/api/runs/", "/api/runs/first/"}) {
      for (const std::string& target : {std::string(front) + climb + "secret.txt",
                                        std::string(front) + climb + climb + climb + "etc/passwd"}) {
        const Heard heard = get(port, target);
        EXPECT_TRUE(heard.status == 404 || heard.status == 400) << target << " -> " << heard.status;
        EXPECT_THAT(heard.body, Not(testing::AnyOf(HasSubstr("SECRET"), HasSubstr("root:")))) << target;
        ++tried;
      }
    }
  }
  EXPECT_GE(tried, 40);
  // A run of that very name is no way out either: names are compared, never joined.
  EXPECT_EQ(get(port, "/api/runs/..%2Ffirst/state").status, 404);
  EXPECT_EQ(get(port, "/api/runs/first/config").status, 200);
  EXPECT_EQ(get(port, "/api/runs/./config").status, 404);
}

TEST_F(WebTest, PrometheusFindsWhatTheRunWroteLast) {
  serve();
  EXPECT_EQ(get(port, "/metrics").status, 404);
  std::ofstream(savedir / "first" / "metrics.prom") << "keisei_training_steps_total 7\n";
  const auto found = get(port, "/metrics?run=first");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.body, "keisei_training_steps_total 7\n");
  EXPECT_EQ(get(port, "/metrics?run=..").status, 404);
}

TEST_F(WebTest, RequestsBeyondTheBoundsAreRefused) {
  serve();
  const std::string host = "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  EXPECT_EQ(get(port, "/api/runs", "X-Long: " + std::string(20'000, 'a') + "\r\n").status, 431);
  EXPECT_EQ(get(port, "/" + std::string(4000, 'a')).status, 414);
  EXPECT_EQ(send_raw(port, "GET /api/runs HTTP/1.1\r\nHost: example.org\r\n\r\n").status, 421);
  EXPECT_EQ(send_raw(port, "GET /api/runs HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(send_raw(port, "GET /api/runs HTTP/1.1\r\n" + host + host + "\r\n").status, 400);
  EXPECT_EQ(send_raw(port, "POST /api/runs HTTP/1.1\r\n" + host + "Content-Length: 4\r\n\r\nabcd").status, 403);
  EXPECT_EQ(send_raw(port, "GET /api/runs HTTP/1.1\r\n" + host + "Content-Length: 4\r\n\r\nabcd").status, 400);
  EXPECT_EQ(send_raw(port, "\x16\x03\x01\x02 not HTTP at all\r\n\r\n").status, 400);
  // Two readings of one request must not be possible.
  const std::string smuggled =
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n";
  const Fd fd = connect_to(port);
  ASSERT_TRUE(say(fd, "GET /api/runs HTTP/1.1\r\n" + host + smuggled + host + "\r\n"));
  const std::string heard = hear_all(fd);
  EXPECT_THAT(heard, HasSubstr("400"));
  EXPECT_THAT(heard, Not(HasSubstr("200 OK")));
  EXPECT_EQ(get(port, "/healthz").status, 200);
}

TEST_F(WebTest, AConnectionServesRequestAfterRequest) {
  serve();
  const Fd fd = connect_to(port);
  const std::string host = "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  ASSERT_TRUE(say(fd, "GET /healthz HTTP/1.1\r\n" + host + "\r\nHEAD /healthz HTTP/1.1\r\n" + host + "\r\n" +
                          request_text(port, "/healthz")));
  const std::string heard = hear_all(fd);
  std::size_t answers = 0;
  for (std::size_t at = heard.find("HTTP/1.1 200"); at != std::string::npos; at = heard.find("HTTP/1.1 200", at + 1)) {
    ++answers;
  }
  EXPECT_EQ(answers, 3U);
  EXPECT_TRUE(heard.ends_with("{\"status\":\"ok\"}"));
}

TEST_F(WebTest, ATokenIsAskedForWhereOthersCanReachIt) {
  WebOptions options;
  options.host = "0.0.0.0";
  serve(std::move(options));
  ASSERT_EQ(server->token().size(), 32U);
  EXPECT_THAT(server->url(), HasSubstr("/#token=" + server->token()));
  EXPECT_EQ(get(port, "/api/runs").status, 401);
  EXPECT_EQ(get(port, "/api/live?run=first").status, 401);
  EXPECT_EQ(get(port, "/api/runs", "Authorization: Bearer " + server->token() + "\r\n").status, 200);
  EXPECT_EQ(get(port, "/").status, 200);
}

TEST_F(WebTest, AnAddressThatIsTakenIsAUsageError) {
  serve();
  WebOptions options;
  options.port = port;
  options.source.savedir = savedir;
  const auto second = WebServer::start(std::move(options), clock);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kUsage);
  WebOptions named;
  named.host = "example.org";
  EXPECT_FALSE(WebServer::start(std::move(named), clock));
}

TEST_F(WebTest, ThePageIsCompressedAndKeptByItsTag) {
  serve();
  if (!WebServer::has_page()) {
    EXPECT_THAT(get(port, "/").body, HasSubstr("has no page"));
    GTEST_SKIP() << "this build has no page";
  }
  const Heard plain = get(port, "/");
  EXPECT_THAT(plain.body, HasSubstr("<div id=\"app\">"));
  EXPECT_THAT(plain.body, Not(testing::ContainsRegex("<script>|<style|style=|onload=|onclick=|https?://")));
  const std::string tag = plain.header.substr(plain.header.find("ETag: ") + 6, 22);
  EXPECT_EQ(get(port, "/", "If-None-Match: " + tag + "\r\n").status, 304);
  for (const WebAsset& asset : web_assets()) {
    const Heard heard = get(port, asset.path, "Accept-Encoding: gzip, br\r\n");
    EXPECT_EQ(heard.status, 200) << asset.path;
    EXPECT_EQ(heard.body, asset.gzip.empty() ? asset.plain : asset.gzip);
  }
}

}  // namespace
}  // namespace keisei::dashboard
