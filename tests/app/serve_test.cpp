// `keisei serve` as a person starts it: it says where it is, answers, writes records, and leaves cleanly.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "app/web_page.h"
#include "dashboard/web_client.h"
#include "evaluation/record.h"
#include "program.h"
#include "shogi/position.h"

extern char** environ;

namespace keisei::app {
namespace {

using dashboard::get;
using testing::HasSubstr;

class ServeTest : public dashboard::WebTest {};

TEST(ServeArgs, AreRead) {
  const auto parsed = parse({"serve", "first", "second", "--port", "0", "--allow-host", "box", "--savedir", "x"}, {});
  ASSERT_TRUE(parsed);
  const auto& args = std::get<ServeArgs>(*parsed);
  EXPECT_EQ(args.runs, (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(args.port, 0);
  EXPECT_EQ(args.host, "127.0.0.1");
  EXPECT_EQ(args.allowed_hosts, std::vector<std::string>{"box"});
  EXPECT_EQ(args.savedir, "x");
  EXPECT_FALSE(parse({"serve", "--port", "65536"}, {}));
  EXPECT_FALSE(parse({"serve", "--port", "-1"}, {}));
}

TEST(ServeArgs, BesideATraining) {
  const auto parsed = parse({"train", "--serve", "--port", "9000"}, {});
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(std::get<TrainArgs>(*parsed).serve);
  EXPECT_EQ(std::get<TrainArgs>(*parsed).port, 9000);
  EXPECT_FALSE(std::get<TrainArgs>(*parse({"train"}, {})).serve);
  EXPECT_FALSE(parse({"train", "--port", "9000"}, {}));
}

TEST_F(ServeTest, FaultsAreToldBeforeAnythingListens) {
  EXPECT_EQ(run_keisei({"serve", "nosuch", "--savedir", savedir.string(), "--port", "0"}).code, 2);
  EXPECT_EQ(run_keisei({"serve", "--host", "example.org", "--savedir", savedir.string(), "--port", "0"}).code, 2);
  const Ran token = run_keisei({"serve", "--savedir", savedir.string(), "--port", "0", "--token-file", "/dev/null"});
  EXPECT_NE(token.code, 0);
}

TEST_F(ServeTest, ServesUntilASignal) {
  evaluation::GameRecord record;
  record.opening_sfen = "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1";
  record.moves = {"7g7f", "3c3d"};
  record.values = {0.1, 0};
  record.winner = shogi::Winner::kWhite;
  record.reason = evaluation::EndReason::kResign;
  record.agent = "live";
  record.opponent = "random";
  add_game("live", "random", evaluation::encode(record));

  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  std::vector<std::string> words = {"keisei", "serve", "first", "--savedir", savedir.string(), "--port", "0", "--json"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = -1;
  const std::string program = std::string(KEISEI_BINARY_DIR) + "/keisei";
  ASSERT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, argv.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  writing.reset();
  std::string line;
  for (char c = 0; ::read(reading.get(), &c, 1) == 1 && c != '\n';) line += c;
  const auto said = nlohmann::json::parse(line, nullptr, false);
  EXPECT_EQ(said.value("schema", ""), "keisei.serve/1") << line;
  const auto own = said.value("port", std::uint16_t{0});
  EXPECT_THAT(said.value("url", ""), HasSubstr(std::to_string(own)));

  EXPECT_EQ(get(own, "/healthz").status, 200);
  EXPECT_THAT(get(own, "/api/runs/first/games/1/text?format=kif").body, HasSubstr("７六歩"));
  EXPECT_THAT(get(own, "/api/runs/first/games/1/text?format=csa").body, HasSubstr("+7776FU"));
  EXPECT_EQ(get(own, "/api/runs/first/games/1/text?format=doc").status, 400);

  ASSERT_EQ(::kill(child, SIGTERM), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGTERM);
}

TEST_F(ServeTest, BesideATrainingATakenPortIsNoFault) {
  serve();
  const auto beside = serve_beside(savedir, port, clock);
  ASSERT_TRUE(beside) << beside.error().message;
  EXPECT_NE((*beside)->port(), port);
  EXPECT_EQ(get((*beside)->port(), "/healthz").status, 200);
}

}  // namespace
}  // namespace keisei::app
