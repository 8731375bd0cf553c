#include "evaluation/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "evaluation/scripted_player.h"

namespace keisei::evaluation {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;

Request full_request() {
  Request request = request_of(7, "live?simulations=8", "checkpoint:a \"quoted\" p\xC3\xA4th?temperature=0.25");
  request.rules = {.max_moves = 300, .declaration = shogi::DeclarationRule::k24};
  request.temperature = 0.1;
  request.openings = {.random_plies = 6, .sfens = {std::string(shogi::Position::kStartSfen)}};
  request.seed = 0xFFFF'FFFF'FFFF'FFFF;
  request.timeout_per_game_s = 12.5;
  request.max_concurrent_games = 3;
  request.agent_id = "weights-1";
  request.opponent_id = "weights-2";
  return request;
}

TEST(Request, CrossesAProcessBoundaryUnchanged) {
  const Request sent = full_request();
  const auto got = decode_request(encode(sent));
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(encode(*got), encode(sent));
  EXPECT_EQ(got->agent, sent.agent);
  EXPECT_EQ(got->opponent, sent.opponent);
  EXPECT_EQ(got->openings, sent.openings);
  EXPECT_EQ(got->seed, sent.seed);
  EXPECT_EQ(got->rules.declaration, sent.rules.declaration);
  EXPECT_EQ(got->timeout_per_game_s, sent.timeout_per_game_s);
}

TEST(Request, DecodingIsStrict) {
  const Json good = Json::parse(encode(full_request()));
  for (const auto& [key, value] : good.items()) {
    Json missing = good;
    missing.erase(key);
    EXPECT_FALSE(decode_request(missing.dump())) << key;
    for (const Json& wrong : {Json(nullptr), Json(-1), Json(1e300), Json("?"), Json::array({1}), Json::object()}) {
      Json changed = good;
      changed[key] = wrong;
      if (key == "temperature" && wrong == 1) continue;
      if ((key == "agent_id" || key == "opponent_id") && wrong.is_string()) continue;  // any text is an id
      EXPECT_FALSE(decode_request(changed.dump())) << key << " = " << wrong;
    }
  }
  Json unknown = good;
  unknown["num_gmaes"] = 1;
  ASSERT_FALSE(decode_request(unknown.dump()));
  EXPECT_THAT(decode_request(unknown.dump()).error().message, HasSubstr("unknown"));
  for (const char* text : {"", "{", "[]", "null", "\xFF\xFE", "{}{}"}) EXPECT_FALSE(decode_request(text)) << text;
  EXPECT_FALSE(decode_request(std::string(kMaxRequestBytes + 1, ' ')));
}

TEST(Request, MutatedBytesNeverCrashTheDecoder) {
  const std::string good = encode(full_request());
  Random random(1, Purpose::kTest);
  int refused = 0;
  constexpr int kRuns = 5000;
  for (int run = 0; run < kRuns; ++run) {
    std::string text = good;
    for (std::uint32_t edits = 1 + random.below(4); edits > 0; --edits) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
      switch (random.below(3)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text.erase(at, 1 + random.below(8));
          break;
        default:
          text.insert(at, 1, static_cast<char>(random.below(256)));
      }
      if (text.empty()) break;
    }
    const auto decoded = decode_request(text);
    refused += decoded ? 0 : 1;
    if (decoded) {
      EXPECT_TRUE(validate(*decoded));
    }
  }
  EXPECT_GT(refused, kRuns / 2);
}

TEST(Request, RefusesWhatCannotBePlayed) {
  const std::vector<std::pair<const char*, std::function<void(Request&)>>> cases{
      {"num_games 0", [](Request& r) { r.num_games = 0; }},
      {"num_games -1", [](Request& r) { r.num_games = -1; }},
      {"num_games too many", [](Request& r) { r.num_games = kMaxGames + 1; }},
      {"max_moves 0", [](Request& r) { r.rules.max_moves = 0; }},
      {"max_moves -3", [](Request& r) { r.rules.max_moves = -3; }},
      {"temperature", [](Request& r) { r.temperature = std::nan(""); }},
      {"temperature -1", [](Request& r) { r.temperature = -1; }},
      {"timeout", [](Request& r) { r.timeout_per_game_s = INFINITY; }},
      {"concurrent", [](Request& r) { r.max_concurrent_games = 0; }},
      {"opening_plies", [](Request& r) { r.openings.random_plies = kMaxOpeningPlies + 1; }},
      {"strategy", [](Request& r) { r.strategy = "foo"; }},
      {"opponent", [](Request& r) { r.opponent.kind = PlayerKind::kCheckpoint; }},
      {"material",
       [](Request& r) {
         r.opponent = {
             .kind = PlayerKind::kMaterial, .path = {}, .material = {.depth = 0}, .simulations = {}, .temperature = {}};
       }},
      {"id", [](Request& r) { r.agent_id = std::string(kMaxIdBytes + 1, 'x'); }},
  };
  for (const auto& [name, spoil] : cases) {
    Request request = request_of(20);
    ASSERT_TRUE(validate(request));
    spoil(request);
    const auto result = validate(request);
    ASSERT_FALSE(result) << name;
    EXPECT_EQ(result.error().code, Code::kUsage) << name;
    EXPECT_FALSE(make_plan(request)) << name;
  }
}

TEST(Request, AnUnknownStrategyIsNamedWithTheNearest) {
  Request request = request_of(20);
  request.strategy = "single_oponent";
  EXPECT_THAT(validate(request).error().hint, HasSubstr("did you mean \"single_opponent\""));
}

Request many_sided_request() {
  Request request = request_of(40, "live?simulations=8");
  request.strategy = "custom";
  request.opponents = *parse_opponents("random; checkpoint:b?temperature=0.5; greedy");
  request.opponents[1].id = "weights-b";
  request.custom = {.plan = CustomPlan::kSequence, .sequence = *parse_sequence("1:2; 2-3:4")};
  request.ladder.rating_match_range = 123.25;
  request.ladder.elo = {.k = 16, .initial = 1200, .ratings = {{"weights-b", 1234.5}, {"random", 0.125}}};
  request.tournament = {.num_games_per_opponent = 6, .between_opponents = true};
  request.stop = *parse_stop_rule("ci<25");
  return request;
}

TEST(Request, StrategiesCrossAProcessBoundaryUnchanged) {
  Request request = many_sided_request();
  for (const char* strategy : {"custom", "tournament", "ladder", "benchmark"}) {
    request.strategy = strategy;
    if (request.strategy != "custom") request.custom.sequence.clear();
    if (request.strategy == "ladder") request.stop = {};
    if (request.strategy == "benchmark") {
      request.opponents.clear();
      SuiteCase game;
      game.id = "opening";
      game.sfen = "startpos";
      game.opponent = *parse_player("checkpoint:c");
      game.opponent_id = "weights-c";
      game.agent_colour = SuiteCase::Colour::kWhite;
      request.suite = {game};
    }
    ASSERT_TRUE(validate(request)) << strategy << ": " << validate(request).error().message;
    const auto got = decode_request(encode(request));
    ASSERT_TRUE(got) << strategy << ": " << got.error().message;
    EXPECT_EQ(encode(*got), encode(request));
    EXPECT_EQ(got->opponents, request.opponents);
    EXPECT_EQ(got->suite, request.suite);
    EXPECT_EQ(got->custom, request.custom);
    EXPECT_EQ(got->tournament, request.tournament);
    EXPECT_EQ(got->ladder.elo.ratings, request.ladder.elo.ratings);
    EXPECT_EQ(got->ladder.rating_match_range, request.ladder.rating_match_range);
    EXPECT_EQ(got->stop, request.stop);
  }
}

TEST(Request, StrategiesAreDecodedStrictly) {
  const Json good = Json::parse(encode(many_sided_request()));
  const auto refuses = [&](const std::function<void(Json&)>& spoil, const char* what) {
    Json changed = good;
    spoil(changed);
    EXPECT_FALSE(decode_request(changed.dump())) << what;
  };
  refuses([](Json& j) { j["opponents"][0].erase("id"); }, "missing id");
  refuses([](Json& j) { j["opponents"][0]["x"] = 1; }, "unknown field of an opponent");
  refuses([](Json& j) { j["opponents"][0]["player"] = "nobody"; }, "unknown player");
  refuses([](Json& j) { j["ladder"]["ratings"]["x"] = "high"; }, "rating as text");
  refuses([](Json& j) { j["ladder"]["elo_k_factor"] = 0; }, "no K factor");
  refuses([](Json& j) { j["ladder"]["num_games_per_match"] = 1.5; }, "half a game");
  refuses([](Json& j) { j["tournament"]["between_opponents"] = 1; }, "flag as number");
  refuses([](Json& j) { j["custom"]["plan"] = "swiss"; }, "unknown plan");
  refuses([](Json& j) { j["custom"]["sequence"][0]["first"] = 9; }, "unknown player of a sequence");
  refuses([](Json& j) { j["stop_when"] = "ci<0"; }, "stop rule");
  refuses([](Json& j) { j["suite"] = Json::array({Json::object()}); }, "empty case");
  EXPECT_THAT(decode_request([&] {
                Json changed = good;
                changed["opponents"][2]["player"] = "gredy";
                return changed.dump();
              }())
                  .error()
                  .message,
              HasSubstr("opponents[2]"));
}

TEST(Request, ProtocolSaysWhatMakesGamesComparable) {
  const Request base = request_of(20, "live", "random");
  const auto differs = [&](const std::function<void(Request&)>& change) {
    Request other = base;
    change(other);
    return protocol_hash(other) != protocol_hash(base);
  };
  EXPECT_TRUE(differs([](Request& r) { r.rules.max_moves = 201; }));
  EXPECT_TRUE(differs([](Request& r) { r.rules.declaration = shogi::DeclarationRule::k24; }));
  EXPECT_TRUE(differs([](Request& r) { r.temperature = 1; }));
  EXPECT_TRUE(differs([](Request& r) { r.agent.temperature = 1; }));
  EXPECT_TRUE(differs([](Request& r) { r.agent.simulations = 16; }));
  EXPECT_TRUE(differs([](Request& r) { r.openings.random_plies = 5; }));
  EXPECT_TRUE(differs([](Request& r) { r.openings.sfens = {std::string(shogi::Position::kStartSfen)}; }));
  EXPECT_FALSE(differs([](Request& r) { r.seed = 7; }));
  EXPECT_FALSE(differs([](Request& r) { r.num_games = 100; }));
  EXPECT_FALSE(differs([](Request& r) { r.max_concurrent_games = 1; }));
  EXPECT_FALSE(differs([](Request& r) { r.agent_id = "other"; }));
  EXPECT_FALSE(differs([](Request& r) { r.opponent = *parse_player("greedy"); }));
  EXPECT_FALSE(differs([](Request& r) { std::swap(r.agent, r.opponent); }));
  EXPECT_FALSE(differs([](Request& r) { r.agent.temperature = 0; }));  // the request's own temperature, said again
  EXPECT_EQ(protocol_hash(base).size(), 16U);
}

TEST(Request, IdsAreGivenOrTheNameOfABuiltInPlayer) {
  EXPECT_EQ(player_id(*parse_player("heuristic"), ""), "greedy");
  EXPECT_EQ(player_id(*parse_player("live"), ""), "");
  EXPECT_EQ(player_id(*parse_player("checkpoint:a"), "abc"), "abc");
  EXPECT_EQ(player_id(*parse_player("usi:e"), "abc"), "abc");
  EXPECT_EQ(player_id(*parse_player("checkpoint:a?simulations=0"), "abc"), "abc");
  const PlayerSpec planning = *parse_player("checkpoint:a?simulations=8&temperature=0.5");
  EXPECT_EQ(player_id(planning, "abc"), "abc?simulations=8&temperature=0.5") << "the same weights, another player";
  EXPECT_EQ(player_id(planning, player_id(planning, "abc")), player_id(planning, "abc"));
  EXPECT_EQ(weights_id_of(player_id(planning, "abc")), "abc");
  EXPECT_EQ(weights_id_of("abc"), "abc");
}

TEST(Request, OneCommandWithOtherOptionsIsAnotherPlayer) {
  const auto id = [](const char* text) { return player_id(*parse_player(text), ""); };
  EXPECT_TRUE(id("usi:e?depth=1").starts_with("usi:e#"));
  EXPECT_NE(id("usi:e?depth=1"), id("usi:e?depth=2"));
  EXPECT_NE(id("usi:e?depth=1"), id("usi:e?depth=1&option.Style=wild"));
  EXPECT_EQ(id("usi:e?depth=1"), id("usi:e?depth=1&instances=3"));
}

}  // namespace
}  // namespace keisei::evaluation
