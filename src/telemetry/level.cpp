#include "telemetry/level.h"

#include <array>

namespace keisei::telemetry {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"debug", "info", "warning", "error"};

}  // namespace

std::string_view level_name(Level level) { return kNames[static_cast<std::size_t>(level)]; }

Result<Level> parse_level(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Level>(i);
  }
  return fail(Code::kUsage, "log level '" + std::string(name) + "' is unknown", "allowed: debug, info, warning, error");
}

Level level_of(const Event& event) {
  if (const auto named = parse_level(event.text("level"))) return *named;
  if (event.kind.starts_with("debug")) return Level::kDebug;
  if (event.kind.starts_with("error")) return Level::kError;
  if (event.kind == "warning" || event.kind == "telemetry.dropped") return Level::kWarning;
  return Level::kInfo;
}

bool LevelFilter::keeps(const Event& event) const {
  Level bound = least;
  std::size_t longest = 0;
  for (const auto& [prefix, level] : least_by_prefix) {
    if (event.kind.starts_with(prefix) && prefix.size() >= longest) {
      longest = prefix.size();
      bound = level;
    }
  }
  return level_of(event) >= bound;
}

}  // namespace keisei::telemetry
