#include "evaluation/openings.h"

#include <sstream>

#include "base/file.h"
#include "evaluation/request.h"
#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The position after a line "[position] [sfen] SFEN [moves …]" or "[position] startpos [moves …]".
Result<shogi::Position> position_of(const std::string& line) {
  std::istringstream words(line);
  std::vector<std::string> head;
  std::vector<std::string> moves;
  bool in_moves = false;
  for (std::string word; words >> word;) {
    if (!in_moves && head.empty() && (word == "position" || word == "sfen")) continue;
    if (word == "moves" && !in_moves) {
      in_moves = true;
      continue;
    }
    (in_moves ? moves : head).push_back(word);
  }
  std::string sfen;
  for (const std::string& word : head) sfen += (sfen.empty() ? "" : " ") + word;
  return shogi::position_from(sfen, moves);
}

}  // namespace

Result<std::vector<std::string>> read_openings(const std::filesystem::path& path) {
  auto text = read_text(path, kMaxOpeningFileBytes);
  if (!text) return fail(Code::kUsage, "openings: " + text.error().message);
  std::vector<std::string> sfens;
  std::istringstream lines(*text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string where = path.string() + ":" + std::to_string(number) + ": ";
    if (line.size() > kMaxOpeningLineBytes)
      return fail(Code::kUsage, where + "the line has " + std::to_string(line.size()) + " bytes",
                  "at most " + std::to_string(kMaxOpeningLineBytes));
    if (number == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    if (const auto comment = line.find('#'); comment != std::string::npos) line.resize(comment);
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto position = position_of(line);
    if (!position) return fail(Code::kUsage, where + position.error().message, position.error().hint);
    if (position->outcome(shogi::Rules{}))
      return fail(Code::kUsage, where + "the game is over in this position", "an opening needs a legal move");
    sfens.push_back(position->sfen());
    if (sfens.size() > static_cast<std::size_t>(kMaxOpenings))
      return fail(Code::kUsage, where + "more than " + std::to_string(kMaxOpenings) + " openings");
  }
  if (sfens.empty()) return fail(Code::kUsage, path.string() + " has no opening", "one SFEN or USI line each");
  return sfens;
}

}  // namespace keisei::evaluation
