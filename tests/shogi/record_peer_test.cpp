// Exported games read by other people's programs (tests/peers), where node and those packages are installed.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "shogi/players.h"
#include "shogi/record_text.h"
#include "shogi/rules_testing.h"

namespace keisei::shogi::testing {
namespace {

namespace fs = std::filesystem;

struct Named {
  RecordEnd end;
  const char* name;
};
constexpr Named kEnds[] = {
    {RecordEnd::kUnfinished, "unfinished"},    {RecordEnd::kResign, "resign"},
    {RecordEnd::kCheckmate, "checkmate"},      {RecordEnd::kNoLegalMoves, "no_legal_moves"},
    {RecordEnd::kRepetition, "repetition"},    {RecordEnd::kPerpetualCheck, "perpetual_check"},
    {RecordEnd::kDeclaration, "declaration"},  {RecordEnd::kMaxMoves, "max_moves"},
    {RecordEnd::kIllegalMove, "illegal_move"}, {RecordEnd::kIllegalDeclaration, "illegal_declaration"},
    {RecordEnd::kTimeout, "timeout"},
};

std::string name_of(RecordEnd end) {
  for (const Named& row : kEnds) {
    if (row.end == end) return row.name;
  }
  return "";
}

RecordEnd end_of(Reason reason) {
  switch (reason) {
    case Reason::kCheckmate:
      return RecordEnd::kCheckmate;
    case Reason::kNoLegalMoves:
      return RecordEnd::kNoLegalMoves;
    case Reason::kRepetition:
      return RecordEnd::kRepetition;
    case Reason::kPerpetualCheck:
      return RecordEnd::kPerpetualCheck;
    case Reason::kDeclaration:
      return RecordEnd::kDeclaration;
    case Reason::kMaxMoves:
      break;
  }
  return RecordEnd::kMaxMoves;
}

/// Plays game `number`: half of random moves from crowded starts, half between material players. Games that the limit
/// cuts end in the ways of people.
GameText play(std::uint64_t number, Position& position) {
  constexpr int kMostPlies = 120;
  constexpr RecordEnd kCutEnds[] = {RecordEnd::kMaxMoves,   RecordEnd::kResign,      RecordEnd::kTimeout,
                                    RecordEnd::kUnfinished, RecordEnd::kIllegalMove, RecordEnd::kIllegalDeclaration};
  GameText game;
  game.start_sfen = number % 2 == 0 ? kStarts[number / 2 % std::size(kStarts)] : Position::kStartSfen;
  game.black_name = "Keisei 先手";
  game.white_name = number % 3 == 0 ? "" : "material:1";
  game.start_utc_s = 1'700'000'000 + static_cast<std::int64_t>(number) * 86'399;
  game.comment = number % 5 == 0 ? "game " + std::to_string(number) : "";
  position = testing::position(game.start_sfen);
  const auto player = make_builtin(number % 2 == 0 ? "random" : "material:1");
  std::optional<Outcome> outcome;
  for (std::uint64_t ply = 0; !(outcome = position.outcome({.max_moves = kMostPlies})); ++ply) {
    const Turn turn{&position, number, Random(9, Purpose::kTest, number, ply)};
    Choice choice;
    (*player)->choose({&turn, 1}, {&choice, 1});
    if (choice.kind == Choice::Kind::kDeclare) {
      outcome = Outcome{winner_of(position.side()), Reason::kDeclaration, false};
      break;
    }
    game.moves.push_back({choice.move, static_cast<double>(ply % 70), ply % 11 == 0 ? "value\nplies" : ""});
    position.make(choice.move);
  }
  game.end = end_of(outcome->reason);
  game.winner = outcome->winner;
  if (outcome->reason == Reason::kMaxMoves) {
    game.end = kCutEnds[number % std::size(kCutEnds)];
    const bool lost = game.end != RecordEnd::kMaxMoves && game.end != RecordEnd::kUnfinished;
    game.winner = lost ? winner_of(~position.side()) : Winner::kNone;
  }
  return game;
}

/// A game given by its moves, with the end that the rules see.
GameText scripted(std::string_view start, const std::string& moves, Position& position) {
  GameText game;
  game.start_sfen = start;
  position = testing::position(start);
  for (const std::string& text : words(moves)) {
    game.moves.push_back({*parse_usi(text), std::nullopt, ""});
    position.make(game.moves.back().move);
  }
  const std::optional<Outcome> outcome = position.outcome({});
  if (!outcome) return game;
  game.end = end_of(outcome->reason);
  game.winner = outcome->winner;
  return game;
}

void write(const fs::path& folder, const GameText& game, const Position& last, nlohmann::json& games) {
  nlohmann::json row{{"start", testing::position(game.start_sfen).sfen()},
                     {"end", name_of(game.end)},
                     {"winner", to_string(game.winner)},
                     {"to_move", to_string(winner_of(last.side()))},
                     {"moves", nlohmann::json::array()}};
  for (const RecordedMove& played : game.moves) row["moves"].push_back(to_usi(played.move));
  for (const RecordFormat format : {RecordFormat::kKif, RecordFormat::kKi2, RecordFormat::kCsa, RecordFormat::kUsi}) {
    const auto text = export_record(game, format);
    ASSERT_TRUE(text.has_value()) << text.error().message;
    std::ofstream(folder / (std::to_string(games.size()) + "." + std::string(to_string(format)))) << *text;
  }
  games.push_back(row);
}

TEST(RecordPeers, ReadEveryFormatOfAHundredGames) {
  const fs::path peers = fs::path(KEISEI_SOURCE_DIR) / "tests" / "peers";
  if (!fs::exists(peers / "node_modules" / "tsshogi")) GTEST_SKIP() << "tests/peers: npm ci has not been run";
  if (std::system("node --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "node is not installed";
  const fs::path folder = fs::path(::testing::TempDir()) / ("keisei_records_" + std::to_string(getpid()));
  fs::create_directories(folder);
  nlohmann::json games = nlohmann::json::array();
  Position last;
  constexpr std::uint64_t kGames = 100;
  for (std::uint64_t number = 0; number < kGames; ++number) {
    const GameText game = play(number, last);
    write(folder, game, last, games);
  }
  const std::string perpetual = "4i5i 5a4a 5i4i 4a5a 4i5i 5a4a 5i4i 4a5a 4i5i 5a4a 5i4i 4a5a";
  write(folder, scripted("4k4/9/9/9/9/9/9/9/K4R3 b - 1", perpetual, last), last, games);
  EXPECT_EQ(games.back()["end"], "perpetual_check");
  const std::string shuffle = "2h3h 8b7b 3h2h 7b8b 2h3h 8b7b 3h2h 7b8b 2h3h 8b7b 3h2h 7b8b";
  write(folder, scripted("startpos", shuffle, last), last, games);
  EXPECT_EQ(games.back()["end"], "repetition");
  for (const Winner winner : {Winner::kBlack, Winner::kNone}) {
    GameText declared = scripted("1+P+P+PK+P+P+P1/+R2G1G2+B/9/9/9/9/9/9/4k4 b RB2g4s4n4l12p 1", "-", last);
    declared.end = RecordEnd::kDeclaration;
    declared.winner = winner;
    write(folder, declared, last, games);
  }
  std::ofstream(folder / "games.json") << games;

  const std::string command = "node '" + (peers / "read_records.mjs").string() + "' '" + folder.string() + "' 2>&1";
  std::string said;
  {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    ASSERT_TRUE(pipe);
    char line[4096];
    while (std::fgets(line, sizeof line, pipe.get()) != nullptr) said += line;
  }
  fs::remove_all(folder);
  const std::string all = std::to_string(games.size());
  EXPECT_TRUE(said.ends_with("agreed " + all + " of " + all + "\n")) << said;
}

}  // namespace
}  // namespace keisei::shogi::testing
