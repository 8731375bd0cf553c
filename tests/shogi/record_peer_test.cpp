// Records and other people's programs (tests/peers), where node and those packages are installed: they read what is
// written here, and what they write is read here.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "shogi/record_encoding.h"
#include "shogi/record_games.h"
#include "shogi/record_read.h"

namespace keisei::shogi::testing {
namespace {

namespace fs = std::filesystem;

/// Games of every kind in a folder, each in every format, with what was played beside them.
class RecordPeers : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(peers_ / "node_modules" / "tsshogi")) GTEST_SKIP() << "tests/peers: npm ci has not been run";
    if (std::system("node --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "node is not installed";
    folder_ = fs::path(::testing::TempDir()) / ("keisei_records_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    constexpr std::uint64_t kGames = 100;
    Position last;
    for (std::uint64_t number = 0; number < kGames; ++number) add(play_game(number, last), last);
    add(scripted_game(kPerpetualStart, kPerpetualMoves, last), last);
    EXPECT_EQ(rows_.back()["end"], "perpetual_check");
    const std::string shuffle = "2h3h 8b7b 3h2h 7b8b 2h3h 8b7b 3h2h 7b8b 2h3h 8b7b 3h2h 7b8b";
    add(scripted_game("startpos", shuffle, last), last);
    EXPECT_EQ(rows_.back()["end"], "repetition");
    for (const Winner winner : {Winner::kBlack, Winner::kNone}) {
      GameText declared = scripted_game("1+P+P+PK+P+P+P1/+R2G1G2+B/9/9/9/9/9/9/4k4 b RB2g4s4n4l12p 1", "-", last);
      // tsshogi knows one draw by two entered kings, however it came about.
      declared.end = winner == Winner::kNone ? RecordEnd::kImpasse : RecordEnd::kDeclaration;
      declared.winner = winner;
      add(declared, last);
    }
    // Handicaps have names: White gives them and moves first.
    for (const char* ranks : {"lnsgkgsn1/1r5b1", "lnsgkgsnl/1r7", "lnsgkgsnl/9", "2sgkgs2/9", "4k4/9"}) {
      const std::string start = std::string(ranks) + "/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1";
      GameText handicap = scripted_game(start, "5a4b 7g7f 4b5b", last);
      handicap.end = RecordEnd::kFoulBefore;
      handicap.winner = winner_of(last.side());
      handicap.headers = {{"場所", "東京"}};
      add(handicap, last);
    }
    std::ofstream(folder_ / "games.json") << rows_;
  }
  void TearDown() override {
    if (!folder_.empty()) fs::remove_all(folder_);
  }

  void add(const GameText& game, const Position& last) {
    nlohmann::json row{{"start", testing::position(game.start_sfen).sfen()},
                       {"end", name_of(game.end)},
                       {"winner", to_string(game.winner)},
                       {"to_move", to_string(winner_of(last.side()))},
                       {"moves", nlohmann::json::array()}};
    for (const RecordedMove& played : game.moves) row["moves"].push_back(to_usi(played.move));
    for (const RecordFormat format : kFormats) {
      const auto text = export_record(game, format);
      ASSERT_TRUE(text.has_value()) << text.error().message;
      std::ofstream(folder_ / (std::to_string(rows_.size()) + "." + std::string(to_string(format)))) << *text;
    }
    rows_.push_back(row);
    games_.push_back(game);
  }

  /// What a script of tests/peers says about the folder.
  [[nodiscard]] std::string said_by(const char* script) const {
    const std::string command = "node '" + (peers_ / script).string() + "' '" + folder_.string() + "' 2>&1";
    std::string said;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    char line[4096];
    while (pipe && std::fgets(line, sizeof line, pipe.get()) != nullptr) said += line;
    return said;
  }

  const fs::path peers_ = fs::path(KEISEI_SOURCE_DIR) / "tests" / "peers";
  fs::path folder_;
  nlohmann::json rows_ = nlohmann::json::array();
  std::vector<GameText> games_;
};

TEST_F(RecordPeers, ReadEveryFormatOfAHundredGames) {
  const std::string all = std::to_string(rows_.size());
  const std::string said = said_by("read_records.mjs");
  EXPECT_TRUE(said.ends_with("agreed " + all + " of " + all + "\n")) << said;
}

TEST_F(RecordPeers, WriteWhatIsReadBackAsTheSameGames) {
  const std::string said = said_by("write_records.mjs");
  const std::string all = std::to_string(rows_.size());
  ASSERT_TRUE(said.ends_with("wrote " + all + " of " + all + "\n")) << said;
  std::size_t read = 0;
  for (std::size_t i = 0; i < games_.size(); ++i) {
    for (const char* name :
         {"tsshogi.kif", "tsshogi.ki2", "tsshogi.csa", "tsshogi.jkf", "tsshogi.usi", "back.jkf", "json-kifu.jkf"}) {
      const fs::path path = folder_ / (std::to_string(i) + "." + name);
      if (!fs::exists(path)) continue;
      SCOPED_TRACE(path.filename().string() + " " + name_of(games_[i].end));
      std::ifstream in(path, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      const auto text = decode_record(bytes, path.filename().string());
      ASSERT_TRUE(text.has_value()) << text.error().message;
      const auto games = read_records(text->text, *format_of_file(name), path.filename().string());
      ASSERT_TRUE(games.has_value()) << games.error().message << "\n" << bytes;
      ASSERT_EQ(games->size(), 1U);
      const GameText& game = games->front().game;
      EXPECT_EQ(moves_of(game), moves_of(games_[i]));
      const std::string start = testing::position(game.start_sfen).sfen();
      const std::string played = testing::position(games_[i].start_sfen).sfen();
      EXPECT_EQ(start.substr(0, start.rfind(' ')), played.substr(0, played.rfind(' ')));
      ++read;
      if (std::string_view(name).ends_with(".usi")) continue;
      // tsshogi reads the words of CSA for a foul the other way round than the standard (see read_records.mjs).
      const bool is_foul = games_[i].end == RecordEnd::kPerpetualCheck || games_[i].end == RecordEnd::kFoulBefore;
      if (is_foul && std::string_view(name) == "back.jkf") continue;
      EXPECT_EQ(name_of(game.end), name_of(games_[i].end));
      EXPECT_EQ(game.winner, games_[i].winner);
    }
  }
  EXPECT_GT(read, 6 * games_.size());
}

}  // namespace
}  // namespace keisei::shogi::testing
