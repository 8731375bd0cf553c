// keisei match through the built program: games, journal, resume after every kind of end, stop rules, errors.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "app/program.h"
#include "evaluation/match_fixture.h"
#include "evaluation/record.h"

extern char** environ;

namespace keisei::app {
namespace {

using evaluation::GameRecord;
using evaluation::TempFolder;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

constexpr auto kPatience = std::chrono::seconds(240);

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

/// The journal's games by number; fails where one is there twice.
std::map<std::uint64_t, GameRecord> games_in(const std::filesystem::path& directory) {
  std::map<std::uint64_t, GameRecord> games;
  for (const std::string& line : lines_of(directory / "games.jsonl")) {
    const auto record = evaluation::decode_record(line);
    EXPECT_TRUE(record) << line;
    if (!record) continue;
    EXPECT_TRUE(games.emplace(record->game, *record).second) << record->game;
  }
  return games;
}

Json match_json(const Ran& ran, int code = 0) {
  EXPECT_EQ(ran.code, code) << ran.err;
  const Json json = Json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(json.is_object()) << ran.out << ran.err;
  if (!json.is_object()) return Json::object();
  EXPECT_EQ(json.begin().key(), "schema");
  EXPECT_EQ(json["schema"], "keisei.match/1");
  return json;
}

std::vector<std::string> with(std::vector<std::string> args, const std::vector<std::string>& more) {
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

const std::vector<std::string> kGreedyRandom = {"match",  "--player", "greedy",      "--player", "random",
                                                "--seed", "3",        "--max-moves", "100"};

/// A running program, killed and reaped at the latest with the object.
class Running {
 public:
  explicit Running(std::vector<std::string> words) {
    words.insert(words.begin(), KEISEI_BINARY_DIR "/keisei");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    EXPECT_EQ(::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Running() {
    if (pid_ > 0) (void)end(SIGKILL);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  /// Waits until it has ended or the journal has `count` whole lines.
  void wait_for_games(const std::filesystem::path& directory, std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
      std::ifstream file(directory / "games.jsonl", std::ios::binary);
      const auto lines = std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n');
      if (lines >= static_cast<std::ptrdiff_t>(count)) return;
      siginfo_t info{};
      if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ADD_FAILURE() << "the match did not come as far as game " << count;
  }
  /// Its exit code, 128 + signal where that ended it.
  int end(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

TEST(MatchCommand, PlaysAndKeepsEveryGame) {
  const TempFolder folder;
  const std::string directory = folder / "m";
  const Json json = match_json(run_keisei(
      with(kGreedyRandom, {"--games", "10", "--output", directory, "--records", "kif,csa,usi,ki2", "--json"})));
  EXPECT_EQ(json["status"], "ok");
  EXPECT_EQ(json["games"], 10);
  EXPECT_EQ(json["faults"], 0);
  EXPECT_GT(json["pairings"][0]["score"].get<double>(), 0.5) << "greedy beats random";
  const auto games = games_in(directory);
  EXPECT_EQ(games.size(), 10U);
  for (const auto& [number, game] : games) EXPECT_TRUE(evaluation::verify(game)) << number;
  EXPECT_TRUE(std::filesystem::exists(folder / "m" / "report.html"));
  EXPECT_EQ(lines_of(folder / "m" / "report.json").size(), 1U);
  std::size_t records = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "m" / "records"))
    records += entry.is_regular_file();
  EXPECT_EQ(records, 40U);
}

TEST(MatchCommand, HowManyPairsAtOnceChangesNoGame) {
  const TempFolder folder;
  ASSERT_EQ(run_keisei(with(kGreedyRandom, {"--games", "12", "--output", folder / "one"})).code, 0);
  ASSERT_EQ(run_keisei(with(kGreedyRandom, {"--games", "12", "--output", folder / "two", "--concurrency", "2"})).code,
            0);
  EXPECT_EQ(games_in(folder / "one"), games_in(folder / "two"));
}

TEST(MatchCommand, ThreePlayersMeetEachOther) {
  const Ran ran = run_keisei({"match", "--player", "greedy", "--player", "random", "--player", "material:1", "--games",
                              "2", "--max-moves", "80", "--json"});
  const Json json = match_json(ran);
  EXPECT_EQ(json["games"], 6);
  EXPECT_EQ(json["pairings"].size(), 3U);
  for (const Json& player : json["players"]) EXPECT_EQ(player["games"], 4) << player;
  EXPECT_THAT(ran.err, HasSubstr("6 of 6 games"));
}

TEST(MatchCommand, MaterialPlayersPlay) {
  const Json json = match_json(run_keisei({"match", "--player", "material:2", "--player", "material:1", "--games", "4",
                                           "--max-moves", "120", "--concurrency", "2", "--json"}));
  EXPECT_EQ(json["games"], 4);
  EXPECT_EQ(json["faults"], 0);
}

TEST(MatchCommand, EnginesPlay) {
  if (::access("/usr/games/fairy-stockfish", X_OK) != 0) GTEST_SKIP() << "fairy-stockfish is not installed";
  const TempFolder folder;
  const Ran ran =
      run_keisei({"match", "--player", "usi:fairy-stockfish?depth=1", "--player", "usi:fairy-stockfish?depth=2",
                  "--games", "4", "--concurrency", "2", "--max-moves", "150", "--output", folder / "m", "--json"});
  const Json json = match_json(ran);
  EXPECT_EQ(json["games"], 4);
  EXPECT_EQ(json["faults"], 0) << ran.out << ran.err;
  const auto games = games_in(folder / "m");
  ASSERT_EQ(games.size(), 4U);
  for (const auto& [number, game] : games) {
    EXPECT_TRUE(evaluation::verify(game)) << number;
    EXPECT_GT(game.plies(), 10) << number;
    EXPECT_FALSE(game.agent_id.empty());
    EXPECT_NE(game.agent_id, game.opponent_id);
    EXPECT_TRUE(game.agent_id.starts_with("usi:Fairy-Stockfish")) << game.agent_id;
  }
}

/// An engine of a few lines of sh, which calls itself `name` and does `at_go` when it is asked for a move.
std::string sham_engine(const std::filesystem::path& path, const std::string& name, const std::string& at_go) {
  std::ofstream(path) << "while read -r line; do\n  case \"$line\" in\n    usi) echo \"id name " << name
                      << "\"; echo usiok ;;\n    isready) echo readyok ;;\n    go*) " << at_go
                      << " ;;\n    quit) exit 0 ;;\n  esac\ndone\n";
  return "usi:/bin/sh " + path.string() + "?name=sham&answer=120&depth=1";
}

TEST(MatchCommand, ReportsHowAnEngineFailed) {
  const TempFolder folder;
  const std::string sham = sham_engine(folder / "sham.sh", "Sham 1", "exit 3");
  const Ran ran = run_keisei({"match", "--player", "random", "--player", sham, "--games", "6", "--opening-plies", "0",
                              "--output", folder / "m", "--json"});
  const Json json = match_json(ran);
  EXPECT_EQ(json["games"], 6);
  EXPECT_EQ(json["faults"], 3) << "those after the exclusion";
  EXPECT_EQ(json["ends_by_winner"]["illegal_move"]["faults"], 0);
  Json incidents = Json::array();
  Json excluded = Json::array();
  for (const Json& note : json["notes"]) {
    EXPECT_EQ(note["player"], "sham") << note;
    if (note["kind"] == "incident") incidents.push_back(note);
    if (note["kind"] == "excluded") excluded.push_back(note);
  }
  ASSERT_EQ(incidents.size(), 1U) << json["notes"];
  EXPECT_EQ(incidents[0]["times"], 3);
  EXPECT_THAT(incidents[0]["text"].get<std::string>(), HasSubstr("exit code 3"));
  ASSERT_EQ(excluded.size(), 1U);
  EXPECT_THAT(ran.err, HasSubstr("excluded after 3 crashes"));
  std::string page;
  for (const std::string& line : lines_of(folder / "m" / "report.html")) page += line;
  EXPECT_THAT(page, HasSubstr("exit code 3"));
}

TEST(MatchCommand, AnEngineIsKnownByWhatItSaysItIs) {
  const TempFolder folder;
  const std::string directory = folder / "m";
  const std::string sham = sham_engine(folder / "sham.sh", "Sham 1", "echo bestmove resign");
  const std::vector<std::string> args = {"match",   "--player", "random",          "--player", sham,
                                         "--games", "2",        "--opening-plies", "0",        "--json"};
  match_json(run_keisei(with(args, {"--output", directory})));
  const auto games = games_in(directory);
  ASSERT_EQ(games.size(), 2U);
  EXPECT_TRUE(games.at(0).opponent_id.starts_with("usi:sham#")) << games.at(0).opponent_id;
  const Json more = match_json(run_keisei({"match", "--resume", directory, "--games", "4", "--json"}));
  EXPECT_EQ(more["games"], 4);
  EXPECT_EQ(more["resumed"], 2);
  (void)sham_engine(folder / "sham.sh", "Sham 2", "echo bestmove resign");
  const Ran other = run_keisei({"match", "--resume", directory, "--games", "6"});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("it says that it is Sham 2"));
  EXPECT_EQ(games_in(directory).size(), 4U) << "nothing was played";
}

TEST(MatchCommand, KillNineLosesNoGameAndCountsNoneTwice) {
  const TempFolder folder;
  const std::vector<std::string> whole = with(kGreedyRandom, {"--games", "40"});
  ASSERT_EQ(run_keisei(with(whole, {"--output", folder / "unbroken"})).code, 0);
  const auto unbroken = games_in(folder / "unbroken");
  ASSERT_EQ(unbroken.size(), 40U);
  const std::string directory = folder / "m";
  std::size_t before = 0;
  std::vector<std::string> args = with(whole, {"--output", directory});
  for (const std::size_t point : {1U, 9U, 10U, 23U}) {
    Running running(args);
    running.wait_for_games(directory, point);
    (void)running.end(SIGKILL);
    if (point == 10U) {  // as a kill within a write leaves it
      std::ofstream(std::filesystem::path(directory) / "games.jsonl", std::ios::app) << R"({"schema":"keisei.ga)";
    }
    const auto lines = lines_of(std::filesystem::path(directory) / "games.jsonl");
    EXPECT_GE(lines.size(), std::max(before, point));
    before = point;
    args = with(whole, {"--resume", directory, "--concurrency", "2"});
  }
  const Json json = match_json(run_keisei({"match", "--resume", directory, "--json"}));
  EXPECT_EQ(json["games"], 40);
  EXPECT_EQ(json["status"], "ok");
  EXPECT_GE(json["resumed"], 23);
  EXPECT_EQ(games_in(directory), unbroken);
  const Json again = match_json(run_keisei({"match", "--resume", directory, "--json"}));
  EXPECT_EQ(again["games"], 40);
  EXPECT_EQ(again["resumed"], 40) << "nothing is played again";
  EXPECT_EQ(again["players"], json["players"]);
}

TEST(MatchCommand, AnInterruptEndsCleanlyAndCanBeContinued) {
  const TempFolder folder;
  const std::string directory = folder / "m";
  {
    Running running(with(kGreedyRandom, {"--games", "2000", "--output", directory}));
    running.wait_for_games(directory, 3);
    EXPECT_EQ(running.end(SIGINT), 130);
  }
  const std::size_t kept = games_in(directory).size();
  EXPECT_GE(kept, 3U);
  EXPECT_LT(kept, 2000U);
  const Json report = Json::parse(lines_of(std::filesystem::path(directory) / "report.json").at(0));
  EXPECT_EQ(report["status"], "interrupted");
  EXPECT_EQ(report["faults"], 0) << "games that were broken off are no faults";
  const Json json =
      match_json(run_keisei({"match", "--resume", directory, "--games", std::to_string(kept + 4), "--json"}));
  EXPECT_EQ(json["games"], kept + 4);
}

TEST(MatchCommand, ASequentialTestStopsTheMatch) {
  const TempFolder folder;
  const Json decided = match_json(run_keisei(
      with(kGreedyRandom, {"--sprt", "elo0=0,elo1=200", "--expect", "h1", "--output", folder / "m", "--json"})));
  EXPECT_EQ(decided["status"], "stopped");
  EXPECT_EQ(decided["stop"]["decision"], "accept_h1");
  EXPECT_LT(decided["games"], 400);
  EXPECT_GE(decided["stop"]["llr"].get<double>(), decided["stop"]["upper"].get<double>());
  const Json again = match_json(run_keisei({"match", "--resume", folder / "m", "--json"}));
  EXPECT_EQ(again["games"], decided["games"]);
  EXPECT_EQ(again["stop"]["llr"], decided["stop"]["llr"]);

  const std::vector<std::string> worse = {"match", "--player",    "random", "--player", "greedy",          "--seed",
                                          "3",     "--max-moves", "100",    "--sprt",   "elo0=0,elo1=200", "--json"};
  EXPECT_EQ(match_json(run_keisei(worse))["stop"]["decision"], "accept_h0");
  const Ran gate = run_keisei(with(worse, {"--expect", "h1"}));
  EXPECT_EQ(match_json(gate, 5)["stop"]["decision"], "accept_h0");
  EXPECT_THAT(gate.err, HasSubstr("H1 was not accepted"));
}

TEST(MatchCommand, OpeningsComeFromTheFileInTurn) {
  const TempFolder folder;
  std::ofstream(folder / "book") << "startpos\nstartpos moves 7g7f # pawn\n";
  ASSERT_EQ(
      run_keisei(with(kGreedyRandom, {"--games", "6", "--openings", folder / "book", "--output", folder / "m"})).code,
      0);
  const auto games = games_in(folder / "m");
  EXPECT_EQ(games.at(0).opening_sfen, games.at(1).opening_sfen);
  EXPECT_NE(games.at(0).opening_sfen, games.at(2).opening_sfen);
  EXPECT_EQ(games.at(0).opening_sfen, games.at(4).opening_sfen);
}

TEST(MatchCommand, FaultsOfTheQuestionAreToldBeforeTheFirstGame) {
  const TempFolder folder;
  std::ofstream(folder / "book") << "startpos\nnonsense\n";
  const std::string book = folder / "book";
  const std::string output = folder / "m";
  for (const auto& [args, words] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"match"}, "--player"},
           {{"match", "--player", "random"}, "--player"},
           {{"match", "--player", "random", "--player", "rnadom"}, "rnadom"},
           {with(kGreedyRandom, {"--games", "0"}), "--games"},
           {with(kGreedyRandom, {"--concurrency", "0"}), "--concurrency"},
           {with(kGreedyRandom, {"--openings", book}), book + ":2: "},
           {with(kGreedyRandom, {"--openings", folder / "none"}), "none"},
           {with(kGreedyRandom, {"--sprt", "elo0=10,elo1=0"}), "elo"},
           {with(kGreedyRandom, {"--sprt", "elo1=5", "--stop-when", "decided"}), "exclude"},
           {with(kGreedyRandom, {"--stop-when", "soon"}), "soon"},
           {with(kGreedyRandom, {"--player", "random", "--stop-when", "decided"}), "two players"},
           {with(kGreedyRandom, {"--adjudicate", "never"}), "adjudication"},
           {with(kGreedyRandom, {"--rule", "28"}), "28"},
           {with(kGreedyRandom, {"--records", "pgn", "--output", output}), "pgn"},
           {with(kGreedyRandom, {"--records", "kif"}), "--output"},
           {with(kGreedyRandom, {"--expect", "h1"}), "--sprt"},
           {with(kGreedyRandom, {"--resume", folder / "none"}), "no match"},
           {{"match", "--player", "random", "--player", "live"}, "live"},
           {{"match", "--player", "random", "--player", "usi:no-such-engine-here"}, "no-such-engine-here"},
           {{"match", "--player", "random", "--player", "usi:/bin/true"}, "true"}}) {
    const Ran ran = run_keisei(args);
    EXPECT_EQ(ran.code, 2) << words << "\n" << ran.err;
    EXPECT_EQ(ran.out, "") << words;
    EXPECT_THAT(ran.err, HasSubstr(words));
  }
  EXPECT_FALSE(std::filesystem::exists(output)) << "nothing is begun";
}

TEST(MatchCommand, AnotherMatchIsNeitherContinuedNorOverwritten) {
  const TempFolder folder;
  const std::filesystem::path directory = folder / "m";
  ASSERT_EQ(run_keisei(with(kGreedyRandom, {"--games", "2", "--output", directory})).code, 0);
  const auto before = lines_of(directory / "games.jsonl");
  const Ran begun = run_keisei(with(kGreedyRandom, {"--games", "2", "--output", directory}));
  EXPECT_EQ(begun.code, 2);
  EXPECT_THAT(begun.err, HasSubstr("--resume"));
  const Ran other = run_keisei({"match", "--resume", directory, "--seed", "4"});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("seed: 4, was 3"));
  EXPECT_EQ(lines_of(directory / "games.jsonl"), before);
  std::string foreign = before.at(1);
  foreign.replace(foreign.find("\"protocol\":\"") + 12, 4, "ffff");
  std::ofstream(directory / "games.jsonl") << before.at(0) << "\n" << foreign << "\n";
  const Ran refused = run_keisei({"match", "--resume", directory});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, HasSubstr("games.jsonl:2: "));
  EXPECT_EQ(lines_of(directory / "games.jsonl").at(1), foreign);
}

}  // namespace
}  // namespace keisei::app
