#include "evaluation/game_clock.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMostDecimals = 3;

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "1", "0.25" in seconds as milliseconds; no sign, no exponent.
std::optional<std::int64_t> milliseconds(std::string_view text) {
  const std::size_t dot = text.find('.');
  const std::string_view decimals = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
  if (dot != std::string_view::npos && (decimals.empty() || decimals.size() > kMostDecimals)) return std::nullopt;
  const auto seconds = whole<std::uint64_t>(text.substr(0, dot));
  if (!seconds || *seconds > static_cast<std::uint64_t>(kMaxClockMs / kMsPerS)) return std::nullopt;
  std::string padded(decimals);
  padded.resize(kMostDecimals, '0');
  const auto rest = whole<std::uint64_t>(padded);
  if (!rest) return std::nullopt;
  return static_cast<std::int64_t>(*seconds) * kMsPerS + static_cast<std::int64_t>(*rest);
}

std::string seconds_text(std::int64_t ms) {
  std::string text = std::to_string(ms / kMsPerS);
  if (ms % kMsPerS == 0) return text;
  std::string decimals = std::to_string(kMsPerS + ms % kMsPerS).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return text + "." + decimals;
}

tl::unexpected<Error> not_allowed(std::string_view key, std::string_view value, const std::string& allowed) {
  return fail(Code::kUsage, "limit " + std::string(key) + "=" + std::string(value) + " is not allowed", allowed);
}

}  // namespace

Result<bool> set_limit(TimeControl& control, std::string_view key, std::string_view value) {
  if (key == "nodes") {
    const auto nodes = whole<std::int64_t>(value);
    if (!nodes || *nodes < 1 || *nodes > kMaxNodesLimit) {
      return not_allowed(key, value, "a whole number from 1 to " + std::to_string(kMaxNodesLimit));
    }
    control.nodes = *nodes;
    return true;
  }
  if (key == "depth") {
    const auto depth = whole<int>(value);
    if (!depth || *depth < 1 || *depth > kMaxDepthLimit) {
      return not_allowed(key, value, "a whole number from 1 to " + std::to_string(kMaxDepthLimit));
    }
    control.depth = *depth;
    return true;
  }
  std::int64_t* part = key == "time"       ? &control.time_ms
                       : key == "inc"      ? &control.increment_ms
                       : key == "byoyomi"  ? &control.byoyomi_ms
                       : key == "movetime" ? &control.movetime_ms
                       : key == "margin"   ? &control.margin_ms
                                           : nullptr;
  if (part == nullptr) return false;
  const auto ms = milliseconds(value);
  if (!ms || *ms > kMaxClockMs || (*ms == 0 && key != "margin")) {
    return not_allowed(key, value,
                       "seconds up to " + std::to_string(kMaxClockMs / kMsPerS) + ", at most 3 decimals, like 0.25");
  }
  *part = *ms;
  return true;
}

Result<void> validate(const TimeControl& control) {
  if (control.increment_ms > 0 && control.byoyomi_ms > 0) {
    return fail(Code::kUsage, "an increment and a byoyomi exclude each other", "give inc or byoyomi");
  }
  if (control.movetime_ms > 0 && control.has_clock()) {
    return fail(Code::kUsage, "movetime and a clock exclude each other", "give movetime alone, or time, inc, byoyomi");
  }
  if (control.increment_ms > 0 && control.time_ms == 0) {
    return fail(Code::kUsage, "an increment needs a main time", "write time=60&inc=1, or 60+1 for a match");
  }
  return {};
}

Result<TimeControl> parse_time_control(std::string_view text) {
  constexpr const char* kForms = "forms: nodes=1000, depth=3, movetime=0.1, byoyomi=1, 60+1, 300, joined by commas";
  TimeControl control;
  if (text.empty()) return fail(Code::kUsage, "an empty time control", kForms);
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      const std::size_t plus = item.find('+');
      auto set = set_limit(control, "time", item.substr(0, plus));
      if (set && plus != std::string_view::npos) set = set_limit(control, "inc", item.substr(plus + 1));
      if (!set) return tl::make_unexpected(Error{set.error().code, set.error().message, kForms});
      continue;
    }
    const auto set = set_limit(control, item.substr(0, equals), item.substr(equals + 1));
    if (!set) return tl::make_unexpected(set.error());
    if (!*set) return fail(Code::kUsage, "unknown limit \"" + std::string(item) + "\"", kForms);
  }
  if (auto good = validate(control); !good) return tl::make_unexpected(good.error());
  return control;
}

std::string to_string(const TimeControl& control, std::string_view joint) {
  std::string text;
  const auto add = [&](const char* key, const std::string& value) {
    text += (text.empty() ? "" : std::string(joint)) + key + "=" + value;
  };
  if (control.depth > 0) add("depth", std::to_string(control.depth));
  if (control.nodes > 0) add("nodes", std::to_string(control.nodes));
  if (control.movetime_ms > 0) add("movetime", seconds_text(control.movetime_ms));
  if (control.byoyomi_ms > 0) add("byoyomi", seconds_text(control.byoyomi_ms));
  if (control.time_ms > 0) add("time", seconds_text(control.time_ms));
  if (control.increment_ms > 0) add("inc", seconds_text(control.increment_ms));
  if (control.margin_ms != kDefaultMarginMs) add("margin", seconds_text(control.margin_ms));
  return text;
}

std::int64_t GameClock::budget_ms() const {
  if (control_.movetime_ms > 0) return control_.movetime_ms;
  return control_.has_clock() ? left_ms_ + control_.byoyomi_ms : 0;
}

bool GameClock::spend(std::int64_t used_ms) {
  if (!control_.is_timed()) return true;
  used_ms = std::max<std::int64_t>(used_ms, 0);
  if (used_ms > budget_ms() + control_.margin_ms) return false;
  if (control_.has_clock()) left_ms_ = std::max<std::int64_t>(left_ms_ - used_ms, 0) + control_.increment_ms;
  return true;
}

std::string GameClock::go_arguments(shogi::Color side) const {
  std::string text;
  const auto add = [&](const char* key, std::int64_t value) {
    text += (text.empty() ? "" : " ") + std::string(key) + " " + std::to_string(value);
  };
  if (control_.depth > 0) add("depth", control_.depth);
  if (control_.nodes > 0) add("nodes", control_.nodes);
  if (control_.movetime_ms > 0) add("movetime", control_.movetime_ms);
  if (control_.has_clock()) {
    const bool black = side == shogi::Color::kBlack;
    add("btime", black ? left_ms_ : control_.time_ms);
    add("wtime", black ? control_.time_ms : left_ms_);
    if (control_.increment_ms > 0) {
      add("binc", control_.increment_ms);
      add("winc", control_.increment_ms);
    } else {
      add("byoyomi", control_.byoyomi_ms);
    }
  }
  return text;
}

}  // namespace keisei::evaluation
