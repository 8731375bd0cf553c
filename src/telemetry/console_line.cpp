#include "telemetry/console_line.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "telemetry/level.h"
#include "telemetry/utf8.h"

namespace keisei::telemetry {
namespace {

constexpr std::string_view kViolation = "evaluation/sla/violations/";

std::string number(double value, const char* form) {
  if (!std::isfinite(value)) return "-";
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), form, value);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string whole(double value) { return number(value, "%.0f"); }

std::string update_line(const Event& e) {
  return "step " + std::to_string(e.step) + " of " + whole(e.metric("progress/total_timesteps")) + ", update " +
         whole(e.metric("progress/update")) + ", " + whole(e.metric("time/steps_per_second")) + " steps/s, entropy " +
         number(e.metric("ppo/entropy"), "%.3f");
}

std::string evaluation_line(const Event& e) {
  return "evaluation of step " + std::to_string(e.step) + " against " + std::string(e.text("opponent")) + ": " +
         whole(e.metric("evaluation/wins")) + " won, " + whole(e.metric("evaluation/losses")) + " lost, " +
         whole(e.metric("evaluation/draws")) + " drawn";
}

std::string sla_line(const Event& e) {
  const double violated = e.metric("evaluation/sla/violation_count");
  if (!(violated > 0)) return {};
  std::string clauses;
  for (const auto& [name, value] : e.metrics) {
    if (name.starts_with(kViolation) && value == 1.0) {
      clauses += (clauses.empty() ? "" : ", ") + name.substr(kViolation.size());
    }
  }
  return "evaluation of step " + std::to_string(e.step) + " violated " + whole(violated) + " clauses: " + clauses;
}

std::string unbounded(const Event& event) {
  if (event.kind == "update") return update_line(event);
  if (event.kind == "evaluation") return evaluation_line(event);
  if (event.kind == "evaluation.sla") return sla_line(event);
  if (event.kind == "run.start") return "run " + std::string(event.text("run")) + " starts";
  if (event.kind == "run.end") return "run ends: " + std::string(event.text("status"));
  if (event.kind == "checkpoint") return "checkpoint " + std::string(event.text("file"));
  if (event.text("text").empty()) return {};
  const Level level = level_of(event);
  const std::string mark = level >= Level::kWarning ? std::string(level_name(level)) + ": " : "";
  return mark + std::string(event.text("text"));
}

}  // namespace

std::string console_line(const Event& event) {
  std::string line = valid_utf8(unbounded(event));
  for (char& c : line) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  if (line.size() <= kMaxConsoleBytes) return line;
  std::size_t end = kMaxConsoleBytes;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return line.substr(0, end) + "...";
}

}  // namespace keisei::telemetry
