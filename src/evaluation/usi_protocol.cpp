#include "evaluation/usi_protocol.h"

#include <algorithm>
#include <charconv>

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMaxMoveBytes = 8;
constexpr std::size_t kMaxComboValues = 1000;

template <class Number>
std::optional<Number> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<EngineOption::Type> type_of(std::string_view word) {
  using Type = EngineOption::Type;
  if (word == "check") return Type::kCheck;
  if (word == "spin") return Type::kSpin;
  if (word == "combo") return Type::kCombo;
  if (word == "button") return Type::kButton;
  if (word == "string") return Type::kString;
  if (word == "filename") return Type::kFilename;
  return std::nullopt;
}

bool is_option_key(std::string_view word) {
  return word == "type" || word == "default" || word == "min" || word == "max" || word == "var" || word == "name";
}

/// Words up to the next key of an option line.
std::string_view take_value(std::string_view& line) {
  line = trimmed(line);
  const std::string_view whole = line;
  std::size_t used = 0;
  while (!line.empty()) {
    std::string_view rest = line;
    if (is_option_key(take_word(rest))) break;
    line = rest;
    used = whole.size() - line.size();
  }
  return trimmed(whole.substr(0, used));
}

void read_score(std::string_view& line, EngineInfo& info) {
  const std::string_view unit = take_word(line);
  const std::string_view text = take_word(line);
  if (unit == "cp") {
    if (const auto cp = number<int>(text)) {
      info.score_cp = cp;
      info.score_mate.reset();
    }
  } else if (unit == "mate") {
    // "mate +" and "mate -" say who mates, and not when.
    const auto plies = text == "+" ? std::optional(1) : text == "-" ? std::optional(-1) : number<int>(text);
    if (plies) {
      info.score_mate = *plies == 0 ? -1 : *plies;  // mate in 0: it is mated already
      info.score_cp.reset();
    }
  }
}

}  // namespace

std::optional<EngineOption> parse_option(std::string_view line) {
  if (take_word(line) != "option" || take_word(line) != "name") return std::nullopt;
  EngineOption option;
  option.name = std::string(take_value(line)).substr(0, kMaxEngineTextBytes);
  bool typed = false;
  while (!line.empty()) {
    const std::string_view key = take_word(line);
    if (key.empty()) break;
    const std::string_view value = take_value(line);
    if (key == "type") {
      const auto type = type_of(value);
      if (!type) return std::nullopt;
      option.type = *type;
      typed = true;
    } else if (key == "default") {
      option.default_value = value == "<empty>" ? std::string() : std::string(value).substr(0, kMaxEngineTextBytes);
    } else if (key == "min") {
      option.min = number<std::int64_t>(value);
    } else if (key == "max") {
      option.max = number<std::int64_t>(value);
    } else if (key == "var" && option.values.size() < kMaxComboValues) {
      option.values.push_back(std::string(value).substr(0, kMaxEngineTextBytes));
    }
  }
  if (!typed || option.name.empty()) return std::nullopt;
  return option;
}

void read_info(std::string_view line, EngineInfo& info) {
  if (take_word(line) != "info") return;
  std::string_view rest = line;
  std::string_view ahead = line;
  // Of several lines a search only the first variation counts.
  while (!ahead.empty()) {
    const std::string_view key = take_word(ahead);
    if (key == "string" || key == "pv") break;
    if (key == "multipv" && take_word(ahead) != "1") return;
  }
  while (!rest.empty()) {
    const std::string_view key = take_word(rest);
    if (key == "string") return;
    if (key == "depth") {
      if (const auto depth = number<int>(take_word(rest))) info.depth = depth;
    } else if (key == "nodes") {
      if (const auto nodes = number<std::int64_t>(take_word(rest))) info.nodes = nodes;
    } else if (key == "score") {
      read_score(rest, info);
    } else if (key == "pv") {
      info.pv.clear();
      while (!rest.empty() && info.pv.size() < kMaxPvMoves) {
        const std::string_view move = take_word(rest);
        if (!move.empty()) info.pv.emplace_back(move.substr(0, kMaxMoveBytes));
      }
      return;
    }
  }
}

std::optional<EngineAnswer> parse_bestmove(std::string_view line) {
  if (take_word(line) != "bestmove") return std::nullopt;
  EngineAnswer answer;
  const std::string_view word = take_word(line);
  if (word == "resign") {
    answer.kind = EngineAnswer::Kind::kResign;
  } else if (word == "win") {
    answer.kind = EngineAnswer::Kind::kWin;
  } else if (!word.empty() && word.size() <= kMaxMoveBytes) {
    answer.kind = EngineAnswer::Kind::kMove;
    answer.move = word;
  }
  if (take_word(line) == "ponder") answer.ponder = take_word(line).substr(0, kMaxMoveBytes);
  return answer;
}

}  // namespace keisei::evaluation
