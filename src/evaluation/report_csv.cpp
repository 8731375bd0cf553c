#include <array>
#include <cstdio>

#include "evaluation/report.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kHeader =
    "game,pairing,pair,agent,opponent,agent_id,opponent_id,agent_colour,result,winner,reason,plies,seconds,seed,"
    "protocol,sfen,fault";

/// Quoted where RFC 4180 asks for it; control characters do not belong in a table.
std::string field(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string seconds_text(double seconds) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.6f", seconds);
  return buffer.data();
}

}  // namespace

std::string to_csv(std::span<const GameRecord> games) {
  std::string text = std::string(kHeader) + "\r\n";
  for (const GameRecord& game : games) {
    const bool black = game.agent_colour == shogi::Color::kBlack;
    for (const std::string& value :
         {std::to_string(game.game), std::to_string(game.pairing), std::to_string(game.pair), field(game.agent),
          field(game.opponent), field(game.agent_id), field(game.opponent_id), std::string(black ? "black" : "white"),
          std::string(to_string(game.result())), std::string(shogi::to_string(game.winner)),
          std::string(to_string(game.reason)), std::to_string(game.plies()), seconds_text(game.seconds),
          std::to_string(game.seed), field(game.protocol), field(game.opening_sfen)}) {
      text += value + ',';
    }
    text += field(game.fault) + "\r\n";
  }
  return text;
}

}  // namespace keisei::evaluation
