// A hundred games each against the engines of others, and between them, with records that a reader of others opens.
// They take many minutes, so ctest runs them by the label "long" only, one test each (tests/CMakeLists.txt).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "app/clean_match.h"
#include "evaluation/match_journal.h"
#include "evaluation/record_file.h"
#include "shogi/notation.h"

namespace keisei::app {
namespace {

namespace fs = std::filesystem;

constexpr int kGames = 100;
constexpr const char* kFairyStockfish = "usi:fairy-stockfish?answer=120&option.UCI_Variant=shogi&";
/// It knows no depth in go, only a clock and an option of its own; a busy machine is forgiven.
constexpr const char* kGps = "usi:gpsusi?byoyomi=1&option.LimitDepth=4&option.Thread=1&margin=120&memory=4000";

void expect_a_hundred_against_fairy_stockfish(const std::string& limit) {
  if (!is_installed("fairy-stockfish")) GTEST_SKIP() << "fairy-stockfish is not installed";
  expect_clean_match(keisei_engine("&nodes=300"), kFairyStockfish + limit, kGames);
}

TEST(LongMatch, DISABLED_FairyStockfishDepth1) { expect_a_hundred_against_fairy_stockfish("depth=1"); }
TEST(LongMatch, DISABLED_FairyStockfishDepth3) { expect_a_hundred_against_fairy_stockfish("depth=3"); }
TEST(LongMatch, DISABLED_FairyStockfishNodes1000) { expect_a_hundred_against_fairy_stockfish("nodes=1000"); }

TEST(LongMatch, DISABLED_Gps) {
  if (!is_installed("gpsusi")) GTEST_SKIP() << "gpsshogi is not installed";
  expect_clean_match(keisei_engine("&nodes=300"), kGps, kGames);
}

/// What read_records.mjs compares the files with.
nlohmann::json row_of(const evaluation::GameRecord& game) {
  const auto position = shogi::position_from(game.opening_sfen, game.moves);
  EXPECT_TRUE(position);
  return {{"start", game.opening_sfen},
          {"end", evaluation::to_string(game.reason)},
          {"winner", shogi::to_string(game.winner)},
          {"to_move", position && position->side() == shogi::Color::kBlack ? "black" : "white"},
          {"moves", game.moves}};
}

TEST(LongMatch, DISABLED_EnginesOfOthersWithRecords) {
  const fs::path peers = fs::path(KEISEI_SOURCE_DIR) / "tests" / "peers";
  if (!is_installed("fairy-stockfish") || !is_installed("gpsusi"))
    GTEST_SKIP() << "fairy-stockfish and gpsshogi are not both installed";
  const fs::path folder = fs::path(testing::TempDir()) / ("keisei_long_match_" + std::to_string(::getpid()));
  fs::create_directories(folder / "peers");
  expect_clean_match(std::string(kFairyStockfish) + "nodes=1000", kGps, kGames,
                     {"--output", (folder / "m").string(), "--records", "kif,ki2,csa,usi"});
  const auto games = evaluation::read_records(folder / "m" / evaluation::kJournalFile);
  if (games && fs::exists(peers / "node_modules" / "tsshogi")) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& game : *games) {
      char name[32];
      std::snprintf(name, sizeof name, "game-%06d", static_cast<int>(game.game));
      for (const auto& [extension, format] :
           {std::pair(".kifu", "kif"), std::pair(".ki2u", "ki2"), std::pair(".csa", "csa"), std::pair(".usi", "usi")})
        fs::copy_file(folder / "m" / "records" / (std::string(name) + extension),
                      folder / "peers" / (std::to_string(rows.size()) + "." + format));
      rows.push_back(row_of(game));
    }
    std::ofstream(folder / "peers" / "games.json") << rows;
    const std::string command = "node '" + (peers / "read_records.mjs").string() + "' '" + (folder / "peers").string() +
                                "' kif,ki2,csa,usi > '" + (folder / "said").string() + "' 2>&1";
    const int code = std::system(command.c_str());
    std::ifstream said(folder / "said");
    EXPECT_EQ(code, 0) << said.rdbuf();
  }
  EXPECT_TRUE(games) << games.error().message;
  EXPECT_EQ(games ? games->size() : 0, static_cast<std::size_t>(kGames));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace keisei::app
