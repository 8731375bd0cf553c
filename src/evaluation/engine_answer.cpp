#include "evaluation/engine_answer.h"

#include <algorithm>
#include <cmath>

namespace keisei::evaluation {
namespace {

constexpr double kPawnsPerLogit = 6.0;  ///< 600 hundredths: about what engines' own scales take for 73 %
constexpr double kCentipawns = 100.0;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

double EngineInfo::value() const {
  if (score_mate) return *score_mate > 0 ? 1.0 : -1.0;
  if (!score_cp) return 0;
  return std::tanh(*score_cp / (kCentipawns * kPawnsPerLogit) / 2);
}

std::string_view take_word(std::string_view& line) {
  line = trimmed(line);
  std::size_t end = 0;
  while (end < line.size() && !is_blank(line[end])) ++end;
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

std::string printable_ascii(std::string_view text) {
  std::string out(trimmed(text).substr(0, kMaxEngineTextBytes));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return out;
}

}  // namespace keisei::evaluation
