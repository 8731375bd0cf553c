// What must hold for any bytes given to a reader of records: no crash, a refusal that says why, and a game that is
// understood can be written, read again as the same game, and written again as the same text. A broken promise aborts,
// which is what libFuzzer and the replay both look for. Pure functions but for that.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shogi/notation.h"
#include "shogi/record_encoding.h"
#include "shogi/record_read.h"

namespace keisei::shogi::fuzz {

inline void must(bool holds, const std::string& promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise.c_str());
  std::abort();
}

/// Longer inputs find nothing new and make a million of them take hours.
inline constexpr std::size_t kMostBytes = 8192;

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline std::string start_of(const GameText& game) {
  const Result<Position> start = Position::from_sfen(game.start_sfen);
  must(start.has_value(), "a game that was read has a start");
  const std::string sfen = start->sfen();
  return sfen.substr(0, sfen.rfind(' '));
}

inline std::vector<GameText> games_of(std::string_view text, RecordFormat format) {
  auto read = read_records(text, format, "again");
  must(read.has_value(),
       "what was written can be read: " + (read ? "" : read.error().message + "\n") + (read ? "" : std::string(text)));
  std::vector<GameText> games;
  for (ReadGame& one : *read) games.push_back(std::move(one.game));
  return games;
}

inline void round_trip(const std::uint8_t* data, std::size_t size, RecordFormat format) {
  if (size > kMostBytes) return;
  const auto decoded = decode_record(text_of(data, size), "bytes");
  if (!decoded) {
    must(decoded.error().message.starts_with("bytes:"), "a refusal says where");
    return;
  }
  auto read = read_records(decoded->text, format, "bytes");
  if (!read) {
    must(read.error().code == Code::kBadData && read.error().message.starts_with("bytes:"), "a refusal says where");
    return;
  }
  std::vector<GameText> games;
  for (ReadGame& one : *read) games.push_back(std::move(one.game));
  const auto written = export_records(games, format);
  must(written.has_value(), "what was read can be written: " + (written ? "" : written.error().message));
  const std::vector<GameText> again = games_of(*written, format);
  must(again.size() == games.size(), "as many games");
  for (std::size_t i = 0; i < games.size(); ++i) {
    must(start_of(again[i]) == start_of(games[i]), "the same start");
    must(again[i].moves.size() == games[i].moves.size(), "as many moves");
    for (std::size_t ply = 0; ply < games[i].moves.size(); ++ply) {
      must(again[i].moves[ply].move == games[i].moves[ply].move, "the same move at ply " + std::to_string(ply + 1));
    }
    must(again[i].end == games[i].end && again[i].winner == games[i].winner, "the same end");
  }
  const auto rewritten = export_records(again, format);
  must(rewritten.has_value(), "what was read again can be written");
  const auto settled = export_records(games_of(*rewritten, format), format);
  must(settled.has_value() && *settled == *rewritten, "the text settles");
}

}  // namespace keisei::shogi::fuzz
