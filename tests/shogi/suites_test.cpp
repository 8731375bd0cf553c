// The benchmark suites: every line is what it says it is. With KEISEI_UPDATE_SUITES set they are composed again first.
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "shogi/material_search.h"
#include "shogi/rules_testing.h"
#include "shogi/tsume.h"
#include "shogi/tsume_compose.h"

namespace keisei::shogi::testing {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kNodes = 5'000'000;
constexpr std::uint64_t kSeed = 20260501;
constexpr std::size_t kMostBytes = 256 * 1024;

std::string path_of(const std::string& name) { return std::string(KEISEI_SOURCE_DIR) + "/configs/suites/" + name; }

std::vector<Json> read_suite(const std::string& name) {
  std::ifstream in(path_of(name));
  EXPECT_TRUE(in.is_open()) << name;
  std::vector<Json> cases;
  std::size_t bytes = 0;
  std::set<std::string> ids;
  std::set<std::string> sfens;
  for (std::string line; std::getline(in, line);) {
    bytes += line.size() + 1;
    cases.push_back(Json::parse(line));
    EXPECT_TRUE(ids.insert(cases.back()["id"]).second) << line;
    EXPECT_TRUE(sfens.insert(cases.back()["sfen"]).second) << line;
  }
  EXPECT_LT(bytes, kMostBytes);
  return cases;
}

std::string numbered(const std::string& name, std::size_t n) {
  return name + (n < 10 ? "-0" : "-") + std::to_string(n);
}

void write_tsume() {
  std::ofstream out(path_of("tsume.jsonl"));
  std::map<int, std::size_t> count;
  for (const TsumeProblem& p : compose_tsume({.seed = kSeed})) {
    const std::string id = numbered("tsume-" + std::to_string(p.mate_in), ++count[p.mate_in]);
    out << Json{{"kind", "tsume"}, {"id", id}, {"sfen", p.sfen}, {"mate_in", p.mate_in}}.dump() << "\n";
  }
}

void write_starts(const std::string& name, const std::string& prefix, const ComposeStarts& request) {
  std::ofstream out(path_of(name));
  std::size_t n = 0;
  for (const std::string& sfen : compose_starts(request)) {
    out << Json{{"kind", "game"}, {"id", numbered(prefix, ++n)}, {"sfen", sfen},          {"opponent", "material:1"},
                {"games", 2},     {"pass_score", 0.5},           {"agent_colour", "both"}}
               .dump()
        << "\n";
  }
}

class Suites : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (std::getenv("KEISEI_UPDATE_SUITES") == nullptr) return;
    write_tsume();
    write_starts("openings.jsonl", "opening", {.seed = kSeed, .first_ply = 10, .last_ply = 24, .count = 16});
    write_starts("endgames.jsonl", "endgame", {.seed = kSeed + 1, .first_ply = 80, .last_ply = 160, .count = 16});
  }
};

TEST_F(Suites, TsumeProblemsMateInExactlyThatManyPliesByOneFirstMove) {
  std::map<int, int> count;
  for (const Json& c : read_suite("tsume.jsonl")) {
    ASSERT_EQ(c["kind"], "tsume");
    const Position p = position(c["sfen"].get<std::string>());
    const int mate_in = c["mate_in"];
    ++count[mate_in];
    EXPECT_EQ(p.sfen(), c["sfen"]);
    const TsumeResult solved = solve(p, mate_in, kNodes);
    ASSERT_EQ(solved.verdict, TsumeVerdict::kMate) << c;
    ASSERT_EQ(solved.plies, mate_in) << c;
    int right = 0;
    for (const std::uint16_t raw : sorted_legal(p)) {
      const TsumeVerdict verdict = judge_first_move(p, Move::from_raw(raw), mate_in, kNodes);
      ASSERT_NE(verdict, TsumeVerdict::kUndecided) << c;
      if (verdict == TsumeVerdict::kMate) ++right;
    }
    EXPECT_EQ(right, 1) << c;
  }
  for (const int plies : {1, 3, 5, 7}) EXPECT_GE(count[plies], 15) << plies;
}

void expect_balanced(const std::string& name, int first_ply, int last_ply) {
  const std::vector<Json> cases = read_suite(name);
  EXPECT_GE(cases.size(), 10U) << name;
  MaterialSearch search{Rules{}};
  for (const Json& c : cases) {
    const Position p = position(c["sfen"].get<std::string>());
    EXPECT_EQ(p.sfen(), c["sfen"]);
    EXPECT_FALSE(p.in_check()) << c;
    EXPECT_FALSE(p.outcome({}).has_value()) << c;
    EXPECT_GE(p.move_count(), first_ply) << c;
    EXPECT_LE(p.move_count(), last_ply) << c;
    const SearchResult found = search.search(p, {.depth = kBalanceDepth}, Random(0, Purpose::kTest));
    EXPECT_LE(std::abs(found.score), 25) << c;
    EXPECT_EQ(c["kind"], "game");
    EXPECT_EQ(c["opponent"], "material:1");
    EXPECT_EQ(c["games"], 2);
    EXPECT_EQ(c["pass_score"], 0.5);
    EXPECT_EQ(c["agent_colour"], "both");
  }
}

TEST_F(Suites, OpeningsAreBalanced) { expect_balanced("openings.jsonl", 10, 24); }
TEST_F(Suites, EndgamesAreBalanced) { expect_balanced("endgames.jsonl", 80, 160); }

TEST(Compose, GivesTheSameProblemsForTheSameSeed) {
  const ComposeTsume request{.seed = 4, .longest_plies = 3, .each = 1, .most_games = 3};
  const auto a = compose_tsume(request);
  const auto b = compose_tsume(request);
  ASSERT_EQ(a.size(), b.size());
  EXPECT_GE(a.size(), 2U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].sfen, b[i].sfen);
    const TsumeResult solved = solve(position(a[i].sfen), a[i].mate_in, kNodes);
    EXPECT_EQ(solved.verdict, TsumeVerdict::kMate);
    EXPECT_EQ(solved.plies, a[i].mate_in);
  }
  EXPECT_TRUE(compose_tsume({.seed = 3, .most_games = 0}).empty());
}

}  // namespace
}  // namespace keisei::shogi::testing
