#include "app/usi/gui_command.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "evaluation/engine_answer.h"
#include "shogi/notation.h"

namespace keisei::app::usi {
namespace {

using evaluation::take_word;

constexpr double kMovesToCome = 35;      ///< over which the time on the clock is spread
constexpr double kMostOfTheClock = 0.2;  ///< that one move may take
constexpr double kUsualOfIncrement = 0.8;
constexpr std::int64_t kShortestMs = 1;
constexpr std::int64_t kDelayShare = 5;  ///< of a short time, at most a fifth is held back

std::int64_t number_of(std::string_view word, std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error == std::errc::result_out_of_range) return word.starts_with("-") ? 0 : most;
  if (error != std::errc{} || end != word.data() + word.size()) return 0;
  return std::clamp<std::int64_t>(value, 0, most);
}

std::string_view first_word(std::string_view words) { return take_word(words); }

}  // namespace

bool GoTimes::any() const {
  return black_ms || white_ms || black_increment_ms || white_increment_ms || byoyomi_ms || movetime_ms;
}

GoCommand parse_go(std::string_view words) {
  GoCommand go;
  const std::pair<std::string_view, std::optional<std::int64_t>*> times[] = {
      {"btime", &go.times.black_ms},          {"wtime", &go.times.white_ms},     {"binc", &go.times.black_increment_ms},
      {"winc", &go.times.white_increment_ms}, {"byoyomi", &go.times.byoyomi_ms}, {"movetime", &go.times.movetime_ms},
  };
  constexpr std::int64_t kMostNodes = std::int64_t{1} << 60;
  constexpr std::int64_t kMostDepth = 1'000'000;
  for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
    const auto* const found =
        std::find_if(std::begin(times), std::end(times), [&](const auto& known) { return known.first == word; });
    if (found != std::end(times)) {
      *found->second = number_of(take_word(words), kMaxTimeMs);
    } else if (word == "nodes") {
      go.nodes = static_cast<std::uint64_t>(number_of(take_word(words), kMostNodes));
    } else if (word == "depth") {
      go.depth = static_cast<int>(number_of(take_word(words), kMostDepth));
    } else if (word == "infinite") {
      go.infinite = true;
    } else if (word == "ponder") {
      go.ponder = true;
    } else if (word == "mate") {
      go.mate = true;
      if (const std::string_view limit = take_word(words); !limit.empty() && limit != "infinite")
        go.mate_ms = number_of(limit, kMaxTimeMs);
    } else if (word == "searchmoves") {
      while (shogi::parse_usi(first_word(words))) go.only.emplace_back(take_word(words));
    }
  }
  return go;
}

Result<shogi::Position> parse_position(std::string_view words) {
  constexpr int kSfenFields = 4;
  std::string start;
  std::string_view word = take_word(words);
  if (word == "sfen") {
    word = take_word(words);
    int fields = 0;
    for (; !word.empty() && word != "moves"; word = take_word(words)) {
      start += (fields++ == 0 ? "" : " ") + std::string(word);
      if (start.size() > shogi::Position::kMaxSfenLength) break;
    }
    if (fields == kSfenFields - 1) start += " 1";  // some GUIs leave the move number out
  } else if (word == "startpos") {
    start = word;
    word = take_word(words);
  } else {
    return fail(Code::kBadData, "position: neither startpos nor sfen follows");
  }
  std::vector<std::string> moves;
  if (word == "moves") {
    for (word = take_word(words); !word.empty(); word = take_word(words)) moves.emplace_back(word);
  }
  return shogi::position_from(start, moves);
}

std::optional<SetOption> parse_setoption(std::string_view words) {
  if (take_word(words) != "name") return std::nullopt;
  SetOption option;
  std::string* part = &option.name;
  for (std::string_view word = take_word(words); !word.empty(); word = take_word(words)) {
    if (part == &option.name && word == "value") {
      part = &option.value;
      continue;
    }
    if (!part->empty()) *part += ' ';
    *part += word;
  }
  if (option.name.empty()) return std::nullopt;
  return option;
}

TimeBudget budget_of(const GoTimes& times, shogi::Color side, std::int64_t delay_ms) {
  if (!times.any()) return {};
  const auto seconds = [](double ms) { return ms / 1000; };
  const auto held_back = [&](std::int64_t whole_ms) { return std::min(delay_ms, whole_ms / kDelayShare); };
  if (times.movetime_ms) {
    const std::int64_t ms = std::max(kShortestMs, *times.movetime_ms - held_back(*times.movetime_ms));
    return {seconds(static_cast<double>(ms)), seconds(static_cast<double>(ms))};
  }
  const bool black = side == shogi::Color::kBlack;
  const std::int64_t clock_ms = (black ? times.black_ms : times.white_ms).value_or(0);
  const std::int64_t increment_ms = (black ? times.black_increment_ms : times.white_increment_ms).value_or(0);
  const std::int64_t byoyomi_ms = times.byoyomi_ms.value_or(0);
  // An increment may or may not be on the clock yet: it is counted only where the clock shows nothing else.
  const std::int64_t all_ms = byoyomi_ms + (clock_ms > 0 ? clock_ms : increment_ms);
  const auto most_ms = static_cast<double>(std::max(kShortestMs, all_ms - held_back(all_ms)));
  const double spread_ms = static_cast<double>(clock_ms) / kMovesToCome +
                           kUsualOfIncrement * static_cast<double>(increment_ms) + static_cast<double>(byoyomi_ms);
  const double share_ms = static_cast<double>(clock_ms) * kMostOfTheClock + static_cast<double>(increment_ms) +
                          static_cast<double>(byoyomi_ms);
  const double hard_ms = std::min(most_ms, std::max<double>(kShortestMs, share_ms));
  return {seconds(std::min(spread_ms, hard_ms)), seconds(hard_ms)};
}

}  // namespace keisei::app::usi
