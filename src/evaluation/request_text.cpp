#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "evaluation/request.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

constexpr std::array<std::string_view, 3> kCustomPlans{"round_robin", "single_elimination", "sequence"};

/// The next part of a list parted by ';', without the blanks around it; takes it off `text`.
std::string_view next_item(std::string_view& text) {
  constexpr std::string_view kBlank = " \t";
  std::string_view item = text.substr(0, text.find(';'));
  text.remove_prefix(std::min(text.size(), item.size() + 1));
  item.remove_prefix(std::min(item.size(), item.find_first_not_of(kBlank)));
  return item.substr(0, item.find_last_not_of(kBlank) + 1);
}

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "second", "second:games", "first-second" or "first-second:games".
std::optional<SequenceStep> parse_step(std::string_view item) {
  SequenceStep step;
  if (const std::size_t colon = item.find(':'); colon != std::string_view::npos) {
    const auto games = whole(item.substr(colon + 1));
    if (!games) return std::nullopt;
    step.games = *games;
    item = item.substr(0, colon);
  }
  if (const std::size_t dash = item.find('-'); dash != std::string_view::npos) {
    const auto first = whole(item.substr(0, dash));
    if (!first) return std::nullopt;
    step.first = *first;
    item = item.substr(dash + 1);
  }
  const auto second = whole(item);
  if (!second) return std::nullopt;
  step.second = *second;
  return step;
}

}  // namespace

std::string_view to_string(CustomPlan plan) { return kCustomPlans[static_cast<std::size_t>(plan)]; }

Result<CustomPlan> parse_custom_plan(std::string_view text) {
  const auto found = std::find(kCustomPlans.begin(), kCustomPlans.end(), text);
  if (found != kCustomPlans.end()) return static_cast<CustomPlan>(found - kCustomPlans.begin());
  const std::vector<std::string> names(kCustomPlans.begin(), kCustomPlans.end());
  return fail(Code::kUsage, "unknown custom plan " + quoted(text), allowed_hint(text, names));
}

Result<std::vector<Opponent>> parse_opponents(std::string_view text) {
  std::vector<Opponent> opponents;
  while (!text.empty()) {
    const std::string_view item = next_item(text);
    if (item.empty()) continue;
    auto spec = parse_player(item);
    if (!spec) return tl::make_unexpected(spec.error());
    if (opponents.size() == static_cast<std::size_t>(kMaxOpponents)) {
      return fail(Code::kUsage, "evaluation: there are too many opponents",
                  "allowed: at most " + std::to_string(kMaxOpponents));
    }
    opponents.push_back({*std::move(spec), {}});
  }
  return opponents;
}

Result<std::vector<SequenceStep>> parse_sequence(std::string_view text) {
  std::vector<SequenceStep> steps;
  while (!text.empty()) {
    const std::string_view item = next_item(text);
    if (item.empty()) continue;
    const auto step = parse_step(item);
    if (!step || steps.size() == static_cast<std::size_t>(kMaxSequenceSteps)) {
      return fail(Code::kUsage, "evaluation: pairing " + quoted(item) + " is not allowed",
                  "write OPPONENT:GAMES or PLAYER-PLAYER:GAMES by number, such as \"1:2; 2:4; 1-2:2\"");
    }
    steps.push_back(*step);
  }
  return steps;
}

}  // namespace keisei::evaluation
