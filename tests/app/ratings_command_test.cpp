// keisei ratings through the built program: what it says equals the fit of the games and the ratings that were stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/evaluation_job.h"
#include "app/program.h"
#include "evaluation/match_fixture.h"
#include "evaluation/match_journal.h"

namespace keisei::app {
namespace {

using evaluation::TempFolder;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

Json ratings_json(const std::vector<std::string>& args) {
  std::vector<std::string> words = {"ratings", "--json"};
  words.insert(words.end(), args.begin(), args.end());
  const Ran ran = run_keisei(words);
  EXPECT_EQ(ran.code, 0) << ran.err;
  const Json json = Json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(json.is_object()) << ran.out;
  if (!json.is_object()) return Json::object();
  EXPECT_EQ(json.begin().key(), "schema");
  EXPECT_EQ(json["schema"], "keisei.ratings/1");
  return json;
}

/// A run with evaluations as training stores them.
void make_run(const std::filesystem::path& root, const std::vector<std::uint64_t>& seeds) {
  std::filesystem::create_directories(root / "checkpoints");
  auto database = store::RunDatabase::open(root / "run.db", store::RunDatabase::Mode::kWrite);
  ASSERT_TRUE(database) << database.error().message;
  std::vector<evaluation::RatedGame> history;
  for (const std::uint64_t seed : seeds) {
    EvaluationOutcome outcome;
    outcome.step = static_cast<std::int64_t>(seed) * 100;
    outcome.request = evaluation::request_of(8, "greedy", "random");
    outcome.request.seed = seed;
    const auto agent = evaluation::builtin("greedy");
    const auto opponent = evaluation::builtin("random");
    outcome.games = evaluation::play(outcome.request, *agent, *opponent);
    outcome.summary = evaluation::summarise(outcome.request, outcome.games);
    const auto stored = store_outcome(*database, outcome, 1'700'000'000'000, history);
    ASSERT_TRUE(stored) << stored.error().message;
  }
}

TEST(RatingsCommand, RecomputedFromTheGamesTheyAreThoseThatWereStored) {
  const TempFolder folder;
  make_run(folder / "first", {1, 2, 3});
  const Json json = ratings_json({"first", "--savedir", folder.root()});
  EXPECT_EQ(json["sources"][0]["kind"], "run");
  EXPECT_EQ(json["sources"][0]["games"], 24);
  EXPECT_EQ(json["stored"]["compared"], 2);
  EXPECT_EQ(json["stored"]["missing"], 0);
  EXPECT_LT(json["stored"]["largest_difference_elo"].get<double>(), 1e-9);
  EXPECT_EQ(json["tables"][0]["players"][0]["id"], "greedy");
}

TEST(RatingsCommand, RunsAndMatchesByOneProtocolAreOneTable) {
  const TempFolder folder;
  make_run(folder / "first", {1});
  ASSERT_EQ(run_keisei({"match", "--player", "greedy", "--player", "random", "--games", "6", "--max-moves", "200",
                        "--output", folder / "m"})
                .code,
            0);
  const std::string run = folder / "first";
  const Json json = ratings_json({run, folder / "m"});
  EXPECT_EQ(json["sources"].size(), 2U);
  ASSERT_EQ(json["tables"].size(), 1U);
  EXPECT_EQ(json["tables"][0]["games"], 14);
  EXPECT_TRUE(json["stored"].is_null()) << "other games than those that were rated then";
  const std::string protocol = json["tables"][0]["protocol"];
  EXPECT_EQ(ratings_json({run, folder / "m", "--protocol", protocol})["tables"], json["tables"]);
  EXPECT_EQ(run_keisei({"ratings", run, "--protocol", "none"}).code, 2);
}

TEST(RatingsCommand, DrawsAChart) {
  const TempFolder folder;
  make_run(folder / "first", {1});
  const std::filesystem::path svg = folder / "r.svg";
  const Ran ran = run_keisei({"ratings", folder / "first", "--svg", svg});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("greedy"));
  std::ifstream file(svg);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_THAT(text, testing::StartsWith("<svg"));
  EXPECT_THAT(text, HasSubstr("greedy"));
}

TEST(RatingsCommand, TakesTheNewestRunWhereNoneIsNamed) {
  const TempFolder folder;
  make_run(folder / "only", {5});
  EXPECT_THAT(ratings_json({"--savedir", folder.root()})["sources"][0]["path"].get<std::string>(), HasSubstr("only"));
  EXPECT_EQ(run_keisei({"ratings", "nobody", "--savedir", folder.root()}).code, 2);
  const TempFolder empty;
  EXPECT_EQ(run_keisei({"ratings", "--savedir", empty.root()}).code, 2);
}

}  // namespace
}  // namespace keisei::app
