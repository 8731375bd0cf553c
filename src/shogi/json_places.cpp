#include "shogi/json_places.h"

#include <algorithm>

namespace keisei::shogi {

JsonPlaces find_places(std::string_view json, std::size_t most_depth) {
  constexpr std::string_view kBlanks = " \t\r\n";
  JsonPlaces places;
  std::size_t depth = 0;
  std::string_view key;   // the last string at depth 1
  bool in_moves = false;  // inside the array of moves
  bool expects_element = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (kBlanks.find(c) != std::string_view::npos) continue;
    if (in_moves && depth == 2 && expects_element && c != ']' && c != ',') {
      places.moves.push_back(at);
      expects_element = false;
    }
    if (c == '"') {
      std::size_t end = at + 1;
      while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
      if (depth == 1) key = json.substr(at + 1, std::min(end, json.size()) - at - 1);
      at = end;
    } else if (c == '{' || c == '[') {
      if (++depth > most_depth) {
        places.too_deep = at;
        return places;
      }
      if (depth == 2 && c == '[' && key == "moves") in_moves = expects_element = true;
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
      if (depth < 2) in_moves = false;
    } else if (c == ',' && depth == 2) {
      expects_element = true;
    }
  }
  return places;
}

}  // namespace keisei::shogi
