#include "evaluation/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "evaluation/record_file.h"
#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

std::vector<GameRecord> some_games() {
  const auto agent = builtin("greedy");
  ScriptedPlayer opponent([](const shogi::Turn& t) {
    if (t.game == 0) throw std::runtime_error("\x1b[31mbad bytes \xFF here");
    if (t.game == 1 && t.position->plies_played() > 4) return move_choice(shogi::Move{});
    if (t.game == 2 && t.position->plies_played() > 4) return kind_choice(shogi::Choice::Kind::kResign);
    shogi::Choice choice = nth_legal(t, t.random.index() + 5);
    choice.value = -0.25;
    return choice;
  });
  return play(request_of(6), *agent, opponent);
}

TEST(Record, JsonLineReadsBackEqual) {
  for (GameRecord game : some_games()) {
    const std::string text = encode(game);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_TRUE(text.starts_with(R"({"schema":"keisei.game/1")"));
    const auto back = decode_record(text);
    ASSERT_TRUE(back) << back.error().message << text;
    if (game.game == 0) game.fault = back->fault;  // its bytes were no UTF-8
    EXPECT_EQ(*back, game);
    EXPECT_TRUE(verify(*back)) << verify(*back).error().message;
    EXPECT_EQ(encode(*back), text);
  }
}

TEST(Record, EveryEndReasonReadsBackEqual) {
  for (int i = 0; i < kEndReasons; ++i) {
    const auto reason = static_cast<EndReason>(i);
    EXPECT_EQ(*parse_end_reason(to_string(reason)), reason);
  }
  EXPECT_FALSE(is_fault(EndReason::kTimeUp));
  EXPECT_TRUE(is_fault(EndReason::kTimeout));
}

TEST(Record, DecodingIsStrict) {
  const Json good = Json::parse(encode(some_games()[3]));
  ASSERT_TRUE(decode_record(good.dump()));
  for (const auto& [key, value] : good.items()) {
    Json changed = good;
    changed.erase(key);
    EXPECT_FALSE(decode_record(changed.dump())) << key;
    changed[key] = Json::object();
    EXPECT_FALSE(decode_record(changed.dump())) << key;
  }
  const std::vector<std::pair<const char*, Json>> wrong{{"schema", "keisei.game/2"},
                                                        {"result", "fault"},
                                                        {"winner", "both"},
                                                        {"reason", "boredom"},
                                                        {"plies", 3},
                                                        {"values", Json::array()},
                                                        {"fault", "none"},
                                                        {"refused", "7g7f"},
                                                        {"moves", Json::array({1})},
                                                        {"seconds", -1},
                                                        {"agent_colour", "red"},
                                                        {"declaration", "25"}};
  for (const auto& [key, value] : wrong) {
    Json changed = good;
    changed[key] = value;
    EXPECT_FALSE(decode_record(changed.dump())) << key;
  }
  Json unknown = good;
  unknown["more"] = 1;
  EXPECT_FALSE(decode_record(unknown.dump()));
  EXPECT_FALSE(decode_record(std::string(kMaxRecordBytes + 1, ' ')));
}

TEST(Record, VerifyFindsEveryTampering) {
  const std::vector<GameRecord> games = some_games();
  for (const GameRecord& game : games) ASSERT_TRUE(verify(game));
  const auto spoilt = [](GameRecord game, const std::function<void(GameRecord&)>& spoil) {
    spoil(game);
    return !verify(game);
  };
  const GameRecord& mate = games[3];
  ASSERT_LE(mate.reason, EndReason::kMaxMoves);
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) { g.moves.pop_back(); }));
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) { g.moves.push_back("7g7f"); }));
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) { g.moves[2] = "5e5d"; }));
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) { g.moves[0] = "rubbish"; }));
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) { g.reason = EndReason::kResign; }));
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) { g.truncated = !g.truncated; }));
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) { g.opening_sfen = "x"; }));
  EXPECT_TRUE(spoilt(mate, [](GameRecord& g) {
    g.winner = g.winner == shogi::Winner::kBlack ? shogi::Winner::kWhite : shogi::Winner::kBlack;
  }));
  EXPECT_TRUE(spoilt(games[1], [](GameRecord& g) { g.winner = shogi::Winner::kNone; }));
  EXPECT_TRUE(spoilt(games[1], [](GameRecord& g) {
    auto position = shogi::position_from(g.opening_sfen, g.moves);
    shogi::MoveList moves;
    position->legal_moves(moves);
    g.refused = shogi::to_usi(moves[0]);  // refusing a legal move
  }));
  EXPECT_TRUE(spoilt(games[2], [](GameRecord& g) { g.reason = EndReason::kDeclaration; }));
  EXPECT_TRUE(spoilt(games[0], [](GameRecord& g) { g.winner = shogi::Winner::kBlack; }));
}

TEST(Record, MutatedLinesNeverCrash) {
  const std::string good = encode(some_games()[2]);
  Random random(2, Purpose::kTest);
  for (int run = 0; run < 5000; ++run) {
    std::string text = good;
    for (int edits = 0; edits < 3; ++edits) {
      text[random.below(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random.below(256));
    }
    if (const auto record = decode_record(text)) (void)verify(*record);
  }
}

TEST(Record, FilesReadBackEqual) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "keisei_record_test.jsonl";
  std::vector<GameRecord> games = some_games();
  games.erase(games.begin());
  ASSERT_TRUE(write_records(path, games));
  const auto back = read_records(path);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, games);
  std::ofstream(path, std::ios::app) << "{\"torn\":";
  const auto torn = read_records(path);
  ASSERT_FALSE(torn);
  EXPECT_EQ(torn.error().code, Code::kBadData);
  EXPECT_THAT(torn.error().message, HasSubstr(":6:"));
  std::filesystem::remove(path);
  EXPECT_FALSE(read_records(path));
}

}  // namespace
}  // namespace keisei::evaluation
