#include "evaluation/xboard_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "evaluation/xboard_text.h"

namespace keisei::evaluation {
namespace {

constexpr int kMateScore = 100'000;  ///< a score beyond it is a mate in as many moves more
constexpr int kMostMateMoves = 1000;
constexpr std::size_t kMaxWrittenMoveBytes = 16;
/// Features that need no more than that they are accepted: nothing is done with them.
constexpr std::array<std::string_view, 17> kIndifferent = {"san",  "analyze", "colors", "sigint",    "sigterm", "reuse",
                                                           "name", "ics",     "pause",  "debug",     "memory",  "smp",
                                                           "egt",  "nps",     "draw",   "playother", "exclude"};

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "3." -> 3
bool is_move_number(std::string_view word) {
  return word.size() > 1 && word.back() == '.' && number<int>(word.substr(0, word.size() - 1)).has_value();
}

std::string_view last_word(std::string_view line) { return line.substr(line.find_last_of(" \t") + 1); }

std::string limited(std::string_view text) { return std::string(text.substr(0, kMaxEngineTextBytes)); }

XboardLine move_line(std::string_view word) {
  const std::string_view written = word.substr(0, kMaxWrittenMoveBytes);
  return {.kind = XboardLine::Kind::kMove, .text = usi_of_xboard(word).value_or(std::string(written))};
}

/// "Illegal move ..." with any capitals behind the I.
bool is_refusal(std::string_view line) {
  return line.starts_with("Illegal move") || line.starts_with("Illegal position") || line.starts_with("illegal move");
}

/// "-spin 3 1 9" behind an option's name.
std::optional<EngineOption> option_of(std::string_view text) {
  const std::size_t dash = text.find(" -");
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  EngineOption option;
  option.name = limited(trimmed(text.substr(0, dash)));
  std::string_view rest = text.substr(dash + 2);
  const std::string_view type = take_word(rest);
  rest = trimmed(rest);
  if (type == "check") {
    option.type = EngineOption::Type::kCheck;
    option.default_value = rest == "1" ? "true" : "false";
  } else if (type == "spin" || type == "slider") {
    option.type = EngineOption::Type::kSpin;
    option.default_value = limited(take_word(rest));
    option.min = number<std::int64_t>(take_word(rest));
    option.max = number<std::int64_t>(take_word(rest));
  } else if (type == "combo") {
    option.type = EngineOption::Type::kCombo;
    while (!rest.empty() && option.values.size() < kMaxOptionLines) {
      const std::size_t end = rest.find("///");
      std::string_view value = trimmed(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 3);
      const bool preset = value.starts_with('*');
      if (preset) value.remove_prefix(1);
      option.values.push_back(limited(value));
      if (preset) option.default_value = option.values.back();
    }
  } else if (type == "button" || type == "save" || type == "reset") {
    option.type = EngineOption::Type::kButton;
  } else if (type == "string" || type == "file" || type == "path") {
    option.type = type == "string" ? EngineOption::Type::kString : EngineOption::Type::kFilename;
    option.default_value = limited(rest);
  } else {
    return std::nullopt;
  }
  return option;
}

bool lists(std::string_view variants, std::string_view wanted) {
  while (!variants.empty()) {
    const std::size_t end = variants.find(',');
    if (trimmed(variants.substr(0, end)) == wanted) return true;
    variants.remove_prefix(end == std::string_view::npos ? variants.size() : end + 1);
  }
  return false;
}

XboardLine result_line(XboardLine::Winner winner, std::string_view line) {
  return {.kind = XboardLine::Kind::kResign, .text = limited(line), .winner = winner};
}

}  // namespace

std::vector<XboardFeature> parse_features(std::string_view line) {
  std::vector<XboardFeature> features;
  if (take_word(line) != "feature") return features;
  while (features.size() < kMaxFeatures) {
    line = trimmed(line);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) break;
    XboardFeature feature;
    feature.name = limited(trimmed(line.substr(0, equals)));
    line.remove_prefix(equals + 1);
    if (line.starts_with('"')) {
      line.remove_prefix(1);
      const std::size_t quote = line.find('"');
      feature.value = line.substr(0, quote);
      line.remove_prefix(quote == std::string_view::npos ? line.size() : quote + 1);
    } else {
      feature.value = take_word(line);
    }
    features.push_back(std::move(feature));
  }
  return features;
}

bool read_feature(const XboardFeature& feature, XboardFeatures& features) {
  const bool on = feature.value == "1";
  if (feature.name == "ping") {
    features.ping = on;
  } else if (feature.name == "setboard") {
    features.setboard = on;
  } else if (feature.name == "usermove") {
    features.usermove = on;
  } else if (feature.name == "time") {
    features.time = on;
  } else if (feature.name == "done") {
    features.done = on;
  } else if (feature.name == "myname") {
    features.name = printable_ascii(feature.value);
  } else if (feature.name == "variants") {
    features.shogi = lists(feature.value, "shogi");
  } else if (feature.name == "option") {
    auto option = option_of(feature.value);
    if (!option || features.options.size() >= kMaxOptionLines) return false;
    features.options.push_back(std::move(*option));
  } else {
    return std::find(kIndifferent.begin(), kIndifferent.end(), feature.name) != kIndifferent.end();
  }
  return true;
}

std::string xboard_value(const EngineOption& option, std::string_view value) {
  if (option.type != EngineOption::Type::kCheck) return std::string(value);
  return value == "true" ? "1" : "0";
}

XboardLine parse_xboard(std::string_view line) {
  line = trimmed(line);
  std::string_view rest = line;
  std::string_view first = take_word(rest);
  if (first == "tellics") first = take_word(rest);
  if (first == "move") return move_line(take_word(rest));
  if (first == "resign" || first == "resigns") return {.kind = XboardLine::Kind::kResign};
  if (first == "1-0") return result_line(XboardLine::Winner::kFirst, line);
  if (first == "0-1") return result_line(XboardLine::Winner::kSecond, line);
  if (first == "pong") return {.kind = XboardLine::Kind::kPong, .text = limited(trimmed(rest))};
  if (first == "tellusererror" || is_refusal(line))
    return {.kind = XboardLine::Kind::kRefusal, .text = printable_ascii(line)};
  // Fairy-Stockfish calls a move that it holds for illegal an unknown command.
  if (first == "Error") {
    const bool move = usi_of_xboard(last_word(line)).has_value();
    return {.kind = move ? XboardLine::Kind::kRefusal : XboardLine::Kind::kComplaint, .text = printable_ascii(line)};
  }
  if (is_move_number(first) && take_word(rest) == "...") return move_line(take_word(rest));
  std::string_view numbers = line;
  int read = 0;
  while (read < 4 && number<std::int64_t>(take_word(numbers))) ++read;
  if (read == 4) return {.kind = XboardLine::Kind::kThinking};
  return {};
}

XboardLine parse_gnushogi(std::string_view line) {
  line = trimmed(line);
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  const std::string_view second = take_word(rest);
  if (is_refusal(line)) return {.kind = XboardLine::Kind::kRefusal, .text = printable_ascii(line)};
  if (is_move_number(first)) {
    if (second == "...") return move_line(take_word(rest));
    return {.kind = XboardLine::Kind::kEcho, .text = usi_of_xboard(second).value_or(std::string())};
  }
  if (second == "mates!" && first == "Black") return result_line(XboardLine::Winner::kFirst, line);
  if (second == "mates!" && first == "White") return result_line(XboardLine::Winner::kSecond, line);
  if (first == "otime") return {.kind = XboardLine::Kind::kPong, .text = std::string(second)};
  return {};
}

void read_thinking(std::string_view line, EngineInfo& info) {
  const auto depth = number<int>(take_word(line));
  const auto score = number<int>(take_word(line));
  const auto time = number<std::int64_t>(take_word(line));
  const auto nodes = number<std::int64_t>(take_word(line));
  if (!depth || !score || !time || !nodes) return;
  info.depth = depth;
  info.nodes = nodes;
  info.score_cp.reset();
  info.score_mate.reset();
  const int bounded = std::clamp(*score, -kMateScore - kMostMateMoves, kMateScore + kMostMateMoves);
  if (bounded > kMateScore) {
    info.score_mate = 2 * (bounded - kMateScore) - 1;
  } else if (bounded < -kMateScore) {
    info.score_mate = 2 * (bounded + kMateScore);
  } else {
    info.score_cp = bounded;
  }
  info.pv.clear();
  while (!line.empty() && info.pv.size() < kMaxPvMoves) {
    const std::string_view word = take_word(line);
    // Some write more numbers before the moves.
    if (!word.empty() && !number<std::int64_t>(word)) info.pv.emplace_back(word.substr(0, kMaxWrittenMoveBytes));
  }
}

}  // namespace keisei::evaluation
