#include "evaluation/record_export.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/file.h"
#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

shogi::RecordEnd end_of(const GameRecord& record) {
  using shogi::RecordEnd;
  constexpr std::array<std::pair<std::string_view, RecordEnd>, 10> kEnds = {{
      {"checkmate", RecordEnd::kCheckmate},
      {"no_legal_moves", RecordEnd::kNoLegalMoves},
      {"repetition", RecordEnd::kRepetition},
      {"perpetual_check", RecordEnd::kPerpetualCheck},
      {"declaration", RecordEnd::kDeclaration},
      {"max_moves", RecordEnd::kMaxMoves},
      {"resign", RecordEnd::kResign},
      {"illegal_move", RecordEnd::kIllegalMove},
      {"illegal_declaration", RecordEnd::kIllegalDeclaration},
      {"time_up", RecordEnd::kTimeout},
  }};
  const std::string_view reason = to_string(record.reason);
  const auto found = std::find_if(kEnds.begin(), kEnds.end(), [&](const auto& one) { return one.first == reason; });
  return found == kEnds.end() ? RecordEnd::kUnfinished : found->second;
}

std::string file_name(const GameRecord& record, shogi::RecordFormat format) {
  std::array<char, 48> name{};
  std::snprintf(name.data(), name.size(), "game-%06llu", static_cast<unsigned long long>(record.game));
  return name.data() + std::string(shogi::file_extension(format));
}

}  // namespace

Result<std::vector<shogi::RecordFormat>> parse_record_formats(std::string_view text) {
  std::vector<shogi::RecordFormat> formats;
  while (!text.empty()) {
    const std::string_view name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    const auto format = shogi::parse_record_format(name);
    if (!format) return tl::make_unexpected(format.error());
    if (std::find(formats.begin(), formats.end(), *format) == formats.end()) formats.push_back(*format);
  }
  return formats;
}

Result<shogi::GameText> game_text(const GameRecord& record) {
  shogi::GameText text;
  text.start_sfen = record.opening_sfen;
  for (const std::string& usi : record.moves) {
    const auto move = shogi::parse_usi(usi);
    if (!move) return tl::make_unexpected(move.error());
    text.moves.push_back({.move = *move, .time_s = std::nullopt, .comment = {}});
  }
  const bool agent_is_black = record.agent_colour == shogi::Color::kBlack;
  text.black_name = agent_is_black ? record.agent : record.opponent;
  text.white_name = agent_is_black ? record.opponent : record.agent;
  text.event = "Keisei, game " + std::to_string(record.game);
  text.end = end_of(record);
  text.winner = record.winner;
  if (!record.fault.empty()) text.comment = "fault: " + record.fault;
  return text;
}

Result<void> export_records(const std::filesystem::path& directory, std::span<const GameRecord> games,
                            std::span<const shogi::RecordFormat> formats) {
  if (formats.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(Code::kFailure, "cannot make " + directory.string() + ": " + error.message());
  for (const GameRecord& record : games) {
    const auto text = game_text(record);
    if (!text) return tl::make_unexpected(text.error());
    for (const shogi::RecordFormat format : formats) {
      const auto written = shogi::export_record(*text, format);
      if (!written)
        return fail(written.error().code, "game " + std::to_string(record.game) + ": " + written.error().message,
                    written.error().hint);
      if (auto saved = write_durably(directory / file_name(record, format), *written); !saved) return saved;
    }
  }
  return {};
}

}  // namespace keisei::evaluation
