#include "evaluation/record.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "evaluation/json_fields.h"
#include "evaluation/request.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSchema = "keisei.game/1";
constexpr std::array<std::string_view, kEndReasons> kReasons{
    "checkmate",    "no_legal_moves",      "repetition", "perpetual_check", "declaration", "max_moves", "resign",
    "illegal_move", "illegal_declaration", "time_up",    "player_fault",    "timeout",     "cancelled", "not_played"};
constexpr std::array<std::string_view, 4> kResults{"win", "draw", "loss", "fault"};
constexpr std::size_t kMaxWordBytes = 32;
constexpr std::size_t kMaxMoveBytes = 8;
constexpr std::size_t kMaxProtocolBytes = 64;
constexpr int kMaxPairings = 1'000'000;
constexpr double kMaxSeconds = 1e9;

std::string_view to_string(shogi::Color colour) { return colour == shogi::Color::kBlack ? "black" : "white"; }

nlohmann::ordered_json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

Result<shogi::Color> parse_colour(std::string_view text) {
  if (text == "black") return shogi::Color::kBlack;
  if (text == "white") return shogi::Color::kWhite;
  return fail(Code::kBadData, "unknown colour", "allowed: black, white");
}

Result<shogi::Winner> parse_winner(std::string_view text) {
  if (text == "black") return shogi::Winner::kBlack;
  if (text == "white") return shogi::Winner::kWhite;
  if (text == "none") return shogi::Winner::kNone;
  return fail(Code::kBadData, "unknown winner", "allowed: black, white, none");
}

}  // namespace

std::string_view to_string(EndReason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

Result<EndReason> parse_end_reason(std::string_view text) {
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    if (kReasons[i] == text) return static_cast<EndReason>(i);
  }
  return fail(Code::kBadData, "unknown end reason \"" + std::string(text.substr(0, kMaxWordBytes)) + "\"");
}

std::string_view to_string(GameResult result) { return kResults[static_cast<std::size_t>(result)]; }

Result<GameResult> parse_game_result(std::string_view text) {
  const auto found = std::find(kResults.begin(), kResults.end(), text);
  if (found != kResults.end()) return static_cast<GameResult>(found - kResults.begin());
  return fail(Code::kBadData, "unknown result", "allowed: win, draw, loss, fault");
}

GameResult GameRecord::result() const {
  if (is_fault(reason)) return GameResult::kFault;
  if (winner == shogi::Winner::kNone) return GameResult::kDraw;
  return winner == shogi::winner_of(agent_colour) ? GameResult::kWin : GameResult::kLoss;
}

bool operator==(const GameRecord& a, const GameRecord& b) {
  return a.game == b.game && a.seed == b.seed && a.pairing == b.pairing && a.pair == b.pair &&
         a.opening_sfen == b.opening_sfen && a.moves == b.moves && a.values == b.values &&
         a.agent_colour == b.agent_colour && a.winner == b.winner && a.reason == b.reason &&
         a.truncated == b.truncated && a.refused == b.refused && a.fault == b.fault && a.agent == b.agent &&
         a.opponent == b.opponent && a.agent_id == b.agent_id && a.opponent_id == b.opponent_id &&
         a.protocol == b.protocol && a.rules.max_moves == b.rules.max_moves &&
         a.rules.declaration == b.rules.declaration;
}

std::string encode(const GameRecord& record) {
  nlohmann::ordered_json json;
  json["schema"] = kSchema;
  json["game"] = record.game;
  json["seed"] = record.seed;
  json["pairing"] = record.pairing;
  json["pair"] = record.pair;
  json["agent"] = record.agent;
  json["opponent"] = record.opponent;
  json["agent_id"] = record.agent_id;
  json["opponent_id"] = record.opponent_id;
  json["protocol"] = record.protocol;
  json["agent_colour"] = to_string(record.agent_colour);
  json["winner"] = shogi::to_string(record.winner);
  json["result"] = to_string(record.result());
  json["reason"] = to_string(record.reason);
  json["truncated"] = record.truncated;
  json["refused"] = text_or_null(record.refused);
  json["fault"] = text_or_null(record.fault);
  json["plies"] = record.plies();
  json["seconds"] = record.seconds;
  json["max_moves"] = record.rules.max_moves;
  json["declaration"] = evaluation::to_string(record.rules.declaration);
  json["sfen"] = record.opening_sfen;
  json["moves"] = record.moves;
  json["values"] = record.values;
  return dump(json);
}

Result<GameRecord> decode_record(std::string_view line) {
  JsonFields fields(line, kMaxRecordBytes, "game record");
  GameRecord record;
  if (fields.text("schema", kMaxWordBytes) != kSchema) fields.fault("schema", std::string(kSchema));
  record.game = fields.word("game");
  record.seed = fields.word("seed");
  record.pairing = static_cast<int>(fields.integer("pairing", 0, kMaxPairings));
  record.pair = static_cast<int>(fields.integer("pair", 0, kMaxGames));
  record.agent = fields.text("agent", kMaxPlayerTextBytes);
  record.opponent = fields.text("opponent", kMaxPlayerTextBytes);
  record.agent_id = fields.text("agent_id", kMaxIdBytes);
  record.opponent_id = fields.text("opponent_id", kMaxIdBytes);
  record.protocol = fields.text("protocol", kMaxProtocolBytes);
  record.agent_colour = fields.take("agent_colour", parse_colour(fields.text("agent_colour", kMaxWordBytes)));
  record.winner = fields.take("winner", parse_winner(fields.text("winner", kMaxWordBytes)));
  const std::string result = fields.text("result", kMaxWordBytes);
  record.reason = fields.take("reason", parse_end_reason(fields.text("reason", kMaxWordBytes)));
  record.truncated = fields.flag("truncated");
  record.refused = fields.text_or_null("refused", kMaxMoveBytes);
  record.fault = fields.text_or_null("fault", kMaxFaultBytes * 3);  // replacement characters are 3 bytes long
  const std::int64_t plies = fields.integer("plies", 0, kMaxPlies);
  record.seconds = fields.number("seconds", 0, kMaxSeconds);
  record.rules.max_moves = static_cast<int>(fields.integer("max_moves", 0, kMaxPlies));
  record.rules.declaration =
      fields.take("declaration", parse_declaration_rule(fields.text("declaration", kMaxWordBytes)));
  record.opening_sfen = fields.text("sfen", kMaxSfenBytes);
  record.moves = fields.texts("moves", kMaxPlies, kMaxMoveBytes);
  record.values = fields.numbers("values", kMaxPlies, -1, 1);
  if (record.plies() != plies) fields.fault("plies", "the number of moves");
  if (record.values.size() != record.moves.size()) fields.fault("values", "one number a move");
  if (result != to_string(record.result())) fields.fault("result", "what winner, agent_colour and reason say");
  if (is_fault(record.reason) == record.fault.empty())
    fields.fault("fault", "a text exactly where the game is a fault");
  if (is_fault(record.reason) && record.winner != shogi::Winner::kNone)
    fields.fault("winner", "none where the game is a fault");
  if ((record.reason == EndReason::kIllegalMove) == record.refused.empty()) {
    fields.fault("refused", "a text exactly where the reason is illegal_move");
  }
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  return record;
}

}  // namespace keisei::evaluation
