#include "shogi/record_read.h"

#include <algorithm>
#include <array>

#include "shogi/record_encoding.h"
#include "shogi/record_formats.h"

namespace keisei::shogi {
namespace {

/// What no format may hold; JKF is one line as often as not, and is bounded as a whole.
Result<void> check_text(std::string_view utf8, RecordFormat format, std::string_view file) {
  if (utf8.size() > 2 * kMaxRecordBytes) {
    return fault_at(file, 1, 1, "the text has " + std::to_string(utf8.size()) + " bytes",
                    "at most " + std::to_string(2 * kMaxRecordBytes));
  }
  RecordSource source(file, utf8);
  bool has_text = false;
  while (source.next()) {
    if (format != RecordFormat::kJkf && source.line().size() > kMaxRecordLineBytes) {
      return source.fault(0, 0, 0, "the line has " + std::to_string(source.line().size()) + " bytes",
                          "at most " + std::to_string(kMaxRecordLineBytes));
    }
    if (!trimmed(source.line()).empty()) has_text = true;
  }
  if (!has_text) return fault_at(file, 1, 1, "there is no game in the file", "at least one game");
  return {};
}

}  // namespace

Result<std::vector<ReadGame>> read_records(std::string_view utf8, RecordFormat format, std::string_view file) {
  if (auto ok = check_text(utf8, format, file); !ok) return tl::make_unexpected(ok.error());
  RecordSource source(file, utf8);
  ReadGames games;
  switch (format) {
    case RecordFormat::kKif:
      games = read_kif(source);
      break;
    case RecordFormat::kKi2:
      games = read_ki2(source);
      break;
    case RecordFormat::kCsa:
      games = read_csa(source);
      break;
    case RecordFormat::kUsi:
      games = read_usi(source);
      break;
    case RecordFormat::kJkf:
      games = read_jkf(utf8, file);
      break;
  }
  if (games && games->empty()) return fault_at(file, 1, 1, "there is no game in the file", "at least one game");
  return games;
}

std::optional<RecordFormat> format_of_file(std::string_view name) {
  struct Row {
    std::string_view extension;
    RecordFormat format;
  };
  constexpr std::array<Row, 9> kRows{{{".kif", RecordFormat::kKif},
                                      {".kifu", RecordFormat::kKif},
                                      {".ki2", RecordFormat::kKi2},
                                      {".ki2u", RecordFormat::kKi2},
                                      {".csa", RecordFormat::kCsa},
                                      {".jkf", RecordFormat::kJkf},
                                      {".json", RecordFormat::kJkf},
                                      {".sfen", RecordFormat::kUsi},
                                      {".usi", RecordFormat::kUsi}}};
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::string extension(name.substr(dot));
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const Row& row : kRows) {
    if (row.extension == extension) return row.format;
  }
  return std::nullopt;
}

}  // namespace keisei::shogi
