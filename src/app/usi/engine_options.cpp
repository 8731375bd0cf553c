#include "app/usi/engine_options.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

#include "shogi/dfpn.h"

namespace keisei::app::usi {
namespace {

using shogi::DeclarationRule;

constexpr std::int64_t kMostThreads = 256;
constexpr std::int64_t kMostLines = 32;
constexpr std::int64_t kMostDelayMs = 10'000;
constexpr std::int64_t kMostNodes = 1'000'000'000;
constexpr std::int64_t kMostDrawValue = 30'000;
constexpr std::size_t kMostWeightsBytes = 4096;

struct Spin {
  std::string_view name;
  std::int64_t EngineOptions::*value;
  std::int64_t low;
  std::int64_t high;
};
constexpr std::array<Spin, 8> kSpins = {{
    {"USI_Hash", &EngineOptions::hash_mib, 1, static_cast<std::int64_t>(shogi::kMaxMateTableMib)},
    {"Threads", &EngineOptions::threads, 1, kMostThreads},
    {"MultiPV", &EngineOptions::lines, 1, kMostLines},
    {"ResignValue", &EngineOptions::resign_value, 0, kNeverResign},
    {"NetworkDelay", &EngineOptions::network_delay_ms, 0, kMostDelayMs},
    {"NodesLimit", &EngineOptions::nodes_limit, 0, kMostNodes},
    {"DrawValueBlack", &EngineOptions::draw_value_black, -kMostDrawValue, kMostDrawValue},
    {"DrawValueWhite", &EngineOptions::draw_value_white, -kMostDrawValue, kMostDrawValue},
}};

constexpr std::array<std::pair<std::string_view, DeclarationRule>, 3> kDeclarations = {{
    {"NoEnteringKing", DeclarationRule::kNone},
    {"CSARule24", DeclarationRule::k24},
    {"CSARule27", DeclarationRule::k27},
}};

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

tl::unexpected<Error> refused(std::string_view name, const std::string& value, const std::string& allowed) {
  constexpr std::size_t kMostShown = 64;
  return fail(Code::kUsage, "option " + std::string(name) + ": value '" + value.substr(0, kMostShown) +
                                "' is not allowed (allowed: " + allowed + ")");
}

}  // namespace

std::string option_lines(const EngineOptions& defaults) {
  std::string out;
  for (const Spin& spin : kSpins) {
    out += "option name " + std::string(spin.name) + " type spin default " + std::to_string(defaults.*spin.value) +
           " min " + std::to_string(spin.low) + " max " + std::to_string(spin.high) + "\n";
  }
  out += std::string("option name USI_Ponder type check default ") + (defaults.ponder ? "true" : "false") + "\n";
  const bool shows = !defaults.weights.empty() && defaults.weights.find_first_of(" \t") == std::string::npos;
  out += "option name Weights type filename default " + (shows ? defaults.weights : "<empty>") + "\n";
  const auto* const rule =
      std::ranges::find(kDeclarations, defaults.declaration, &std::pair<std::string_view, DeclarationRule>::second);
  out += "option name EnteringKingRule type combo default " + std::string(rule->first);
  for (const auto& [name, value] : kDeclarations) out += " var " + std::string(name);
  return out + "\n";
}

Result<bool> set_option(EngineOptions& options, const std::string& name, const std::string& value) {
  for (const Spin& spin : kSpins) {
    if (!same_name(name, spin.name)) continue;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || number < spin.low || number > spin.high)
      return refused(spin.name, value, std::to_string(spin.low) + " to " + std::to_string(spin.high));
    options.*spin.value = number;
    return true;
  }
  if (same_name(name, "USI_Ponder")) {
    if (value != "true" && value != "false") return refused("USI_Ponder", value, "true, false");
    options.ponder = value == "true";
    return true;
  }
  if (same_name(name, "Weights")) {
    if (value.size() > kMostWeightsBytes) return refused("Weights", value, "a path of up to 4096 bytes");
    options.weights = value == "<empty>" ? std::string() : value;
    return true;
  }
  if (same_name(name, "EnteringKingRule")) {
    for (const auto& [rule_name, rule] : kDeclarations) {
      if (!same_name(value, rule_name)) continue;
      options.declaration = rule;
      return true;
    }
    return refused("EnteringKingRule", value, "NoEnteringKing, CSARule24, CSARule27");
  }
  return false;
}

}  // namespace keisei::app::usi
