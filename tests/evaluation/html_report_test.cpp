#include "evaluation/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "evaluation/match_report.h"
#include "evaluation/run_evaluation.h"
#include "evaluation/xml_check.h"

namespace keisei::evaluation {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;
using enum GameResult;

/// Text that tries to be markup, to end a style, to leave an attribute.
constexpr const char* kHostile = "</style><script>alert(1)</script>\"'><img src=x onerror=y>&amp;\x01\xFF";

std::vector<GameRecord> some_games() {
  std::vector<GameRecord> games;
  for (int i = 0; i < 20; ++i)
    games.push_back(record_of(i, i % 2 == 0 ? shogi::Color::kBlack : shogi::Color::kWhite,
                              i % 5 == 0   ? kLoss
                              : i % 7 == 0 ? kDraw
                                           : kWin,
                              20 + i));
  games.push_back(record_of(20, shogi::Color::kBlack, kFault));
  return games;
}

HtmlReport training_report() {
  HtmlReport report;
  report.title = "Evaluation";
  const auto games = some_games();
  for (int step = 1; step <= 3; ++step)
    report.evaluations.push_back(html_evaluation(summarise(request_of(21), games), games,
                                                 {{"latency", guard::VerdictState::kMet, 12.5, 5000, "measured"},
                                                  {"gpu", guard::VerdictState::kUnknown, std::nullopt, 80, "no GPU"},
                                                  {"memory", guard::VerdictState::kViolated, 600, 500, "PSS"}},
                                                 step * 10'000));
  report.settings = settings_of(request_of(21));
  return report;
}

/// The exact numbers of the page, in its <data> elements.
std::set<double> numbers_of(const std::string& page) {
  std::set<double> numbers;
  constexpr std::string_view kMark = "<data value=\"";
  for (std::size_t at = page.find(kMark); at != std::string::npos; at = page.find(kMark, at + 1))
    numbers.insert(std::stod(page.substr(at + kMark.size())));
  return numbers;
}

void expect_self_contained(const std::string& page) {
  for (const char* outside : {"http:", "https:", "url(", "<script", "<link", "<iframe", "<img", "@import", "src="}) {
    std::string rest = page;
    for (const char* name_space : {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"})
      for (std::size_t at = rest.find(name_space); at != std::string::npos; at = rest.find(name_space))
        rest.erase(at, std::string_view(name_space).size());
    EXPECT_THAT(rest, Not(HasSubstr(outside)));
  }
}

TEST(HtmlReport, HasTheNumbersOfTheJson) {
  const HtmlReport report = training_report();
  const std::string page = to_html(report);
  const Json json = Json::parse(to_json(report.evaluations.back().summary, {}));
  const std::set<double> numbers = numbers_of(page);
  for (const char* key : {"score", "elo", "los", "wins", "draws", "losses", "games"})
    EXPECT_TRUE(numbers.contains(json[key].get<double>())) << key << " " << json[key];
  EXPECT_THAT(page, HasSubstr("violated"));
  EXPECT_THAT(page, HasSubstr("Strength over training"));
  EXPECT_THAT(page, HasSubstr("Length of the games"));
}

TEST(HtmlReport, OfAMatchHasTheNumbersOfTheJson) {
  MatchReport report;
  report.match = match_of({"greedy", "random", "random"}, 6, 3);
  report.table = tabulate(report.match, games_played(report.match));
  const std::string page = to_html(to_html_report(report));
  const Json json = Json::parse(to_json(report));
  const std::set<double> numbers = numbers_of(page);
  for (const Json& player : json["players"]) {
    for (const char* key : {"games", "wins", "draws", "losses", "score", "elo"})
      EXPECT_TRUE(numbers.contains(player[key].get<double>())) << key << " " << player;
  }
  EXPECT_THAT(page, HasSubstr("Cross table"));
  EXPECT_THAT(page, HasSubstr(report.match.protocol));
}

/// The page of one evaluation that was really played.
std::string page_of(const Request& request, std::vector<PlayerNote> notes = {}) {
  const PlayerFor players = [](const PlayerSpec& spec, const std::string&) -> Result<std::shared_ptr<shogi::Player>> {
    return std::shared_ptr<shogi::Player>(*shogi::make_builtin(to_string(spec)));
  };
  const FakeClock clock;
  const auto games = *run_evaluation(request, players, clock);
  Summary summary = summarise(request, games);
  summary.notes = std::move(notes);
  HtmlReport report;
  report.title = summary.agent + " against " + summary.opponent;
  report.evaluations.push_back(html_evaluation(summary, games, {}));
  report.settings = settings_of(request);
  return to_html(report);
}

TEST(HtmlReport, ShowsWhatAStrategyHasToSay) {
  const auto expect_page = [](const Request& request, std::initializer_list<const char*> parts) {
    const std::string page = page_of(request);
    for (const char* part : parts) EXPECT_THAT(page, HasSubstr(part)) << request.strategy;
    expect_self_contained(page);
    if (has_python()) expect_well_formed(page);
  };
  Request request = request_of(1, "greedy");
  request.rules.max_moves = 60;
  request.strategy = "tournament";
  request.opponents = *parse_opponents("random; material:1");
  request.tournament = {.num_games_per_opponent = 4, .between_opponents = true};
  expect_page(request, {"<h2>Cross table</h2>", "<h2>Pairings</h2>", "Results by opponent", "material:1"});
  request.strategy = "ladder";
  expect_page(request, {"<h2>Ladder</h2>", "1500.0 before", "moved", "Elo above it, 95 %"});
  request.strategy = "custom";
  request.custom.plan = CustomPlan::kSingleElimination;
  expect_page(request, {"<h2>Elimination</h2>", "round"});
  request = request_of(1, "greedy");
  request.strategy = "benchmark";
  SuiteCase entry;
  entry.id = "from the <start>";
  entry.sfen = "startpos";
  entry.opponent = *parse_player("random");
  entry.games = 2;
  request.suite = {entry};
  expect_page(request, {"<h2>Cases</h2>", "from the &lt;start&gt;", "How games ended"});
}

TEST(HtmlReport, LengthsAreOfTheAgentsGames) {
  Request request = request_of(1, "greedy");
  request.strategy = "tournament";
  request.opponents = *parse_opponents("random; material:1");
  request.tournament = {.num_games_per_opponent = 4, .between_opponents = true};
  std::vector<GameRecord> games;
  for (int i = 0; i < 12; ++i) {
    games.push_back(record_of(i, shogi::Color::kBlack, i == 0 ? kFault : kWin, 10 + i));
    games.back().pairing = i / 4;
  }
  EXPECT_EQ(html_evaluation(summarise(request, games), games, {}).plies,
            (std::vector<int>{11, 12, 13, 14, 15, 16, 17}));
}

TEST(HtmlReport, ShowsNotesOfPlayers) {
  const std::vector<PlayerNote> notes{{.kind = PlayerNote::Kind::kExcluded, .player = "usi:e", .text = kHostile}};
  const std::string page = page_of(request_of(2), notes);
  EXPECT_THAT(page, HasSubstr("<h2>Notes</h2>"));
  EXPECT_THAT(page, HasSubstr("excluded"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page_of(request_of(2)), Not(HasSubstr("<h2>Notes</h2>")));
  MatchReport match;
  match.match = match_of({"greedy", "random"}, 2, 3);
  match.table = tabulate(match.match, games_played(match.match));
  match.notes = notes;
  const std::string of_match = to_html(to_html_report(match));
  EXPECT_THAT(of_match, HasSubstr("<h2>Notes</h2>"));
  EXPECT_THAT(of_match, HasSubstr("by the colour that won"));
  EXPECT_THAT(to_text(match), HasSubstr("  note            usi:e: "));
  EXPECT_EQ(Json::parse(to_json(match))["notes"][0]["kind"], "excluded");
}

TEST(HtmlReport, IsOneWellFormedFile) {
  if (!has_python()) GTEST_SKIP() << "python3 is not installed (packages-test.txt)";
  const std::string page = to_html(training_report());
  expect_well_formed(page);
  expect_self_contained(page);
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("lang=\"en\""));
  EXPECT_EQ(python(R"py(import sys, html.parser
class Check(html.parser.HTMLParser):
    void = {'meta', 'br', 'line', 'rect', 'circle', 'path'}
    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []
    def handle_starttag(self, tag, attributes):
        if tag not in self.void: self.open.append(tag)
    def handle_endtag(self, tag):
        if tag in self.void: return
        assert self.open and self.open.pop() == tag, tag
check = Check()
check.feed(open(sys.argv[1], encoding='utf-8').read())
assert not check.open, check.open
print('good')
)py",
                   page),
            "good\n");
}

TEST(HtmlReport, HostileNamesStayText) {
  HtmlReport report = training_report();
  report.title = report.note = kHostile;
  report.settings.emplace_back(kHostile, kHostile);
  report.verdicts.emplace_back(kHostile, kHostile);
  for (HtmlEvaluation& evaluation : report.evaluations) {
    evaluation.summary.opponent = evaluation.summary.agent = kHostile;
    evaluation.summary.faults_by_text[kHostile] = 1;
    evaluation.summary.end_reasons[kHostile] = 1;
    evaluation.sla.push_back({kHostile, guard::VerdictState::kMet, 1, 2, kHostile});
  }
  MatchReport match;
  match.match = match_of({"greedy", "random"}, 2, 3);
  match.table = tabulate(match.match, games_played(match.match));
  match.table.rows[0].name = kHostile;
  report.match = match.table;
  const std::string page = to_html(report);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_THAT(page, HasSubstr("&lt;/style&gt;&lt;script&gt;alert(1)"));
  if (has_python()) expect_well_formed(page);
}

TEST(HtmlReport, OfNothingIsAPageTooAndClaimsNothing) {
  HtmlReport report;
  report.title = "Nothing";
  report.evaluations.push_back(html_evaluation(summarise(request_of(2), {}), {}, {}));
  const std::string page = to_html(report);
  EXPECT_THAT(page, HasSubstr("no data"));
  EXPECT_THAT(page, Not(HasSubstr("nan")));
  if (has_python()) expect_well_formed(page);
}

}  // namespace
}  // namespace keisei::evaluation
