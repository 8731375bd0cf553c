#include "evaluation/players_file.h"

#include <sstream>

#include "base/file.h"
#include "evaluation/match.h"
#include "evaluation/player_spec.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";

std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || kBlanks.find(line[i - 1]) != std::string_view::npos)) line = line.substr(0, i);
  }
  const std::size_t first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

Result<std::vector<std::string>> read_players(const std::filesystem::path& path) {
  auto text = read_text(path, kMaxPlayersFileBytes);
  if (!text) return fail(Code::kUsage, "players: " + text.error().message);
  std::vector<std::string> players;
  std::istringstream lines(*text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    if (++number == 1 && line.starts_with(kByteOrderMark)) line.erase(0, kByteOrderMark.size());
    const std::string_view written = without_comment(line);
    if (written.empty()) continue;
    const std::string where = path.string() + ":" + std::to_string(number) + ": ";
    const auto player = parse_player(written);
    if (!player) return fail(Code::kUsage, where + player.error().message, player.error().hint);
    players.push_back(to_string(*player));
    if (players.size() > kMaxMatchPlayers)
      return fail(Code::kUsage, where + "more than " + std::to_string(kMaxMatchPlayers) + " players");
  }
  if (players.empty()) return fail(Code::kUsage, path.string() + " has no player", "one a line, as in random");
  return players;
}

}  // namespace keisei::evaluation
