#include "guard/proc_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace keisei::guard::proc {
namespace {

std::string_view skip_blanks(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t");
  return at == std::string_view::npos ? std::string_view() : text.substr(at);
}

/// Takes a whole number off the front.
template <class T>
std::optional<T> take(std::string_view& text) {
  const std::string_view rest = skip_blanks(text);
  T value{};
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc()) return std::nullopt;
  text = rest.substr(static_cast<std::size_t>(end - rest.data()));
  return value;
}

/// Takes a line off the front, without its line feed; nothing when none is complete.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<CpuTicks> parse_ticks(std::string_view line) {
  // user nice system idle iowait irq softirq steal; guest time is part of user
  constexpr int kIdle = 3;
  constexpr int kIoWait = 4;
  constexpr int kSteal = 7;
  CpuTicks ticks;
  int field = 0;
  for (; field <= kSteal; ++field) {
    const auto value = take<std::uint64_t>(line);
    if (!value) break;
    const auto amount = static_cast<double>(*value);
    ticks.total += amount;
    if (field == kSteal) ticks.steal = amount;
    if (field != kIdle && field != kIoWait && field != kSteal) ticks.busy += amount;
  }
  return field > kIdle ? std::optional(ticks) : std::nullopt;
}

}  // namespace

std::optional<Stat> parse_stat(std::string_view text) {
  const std::size_t close = text.rfind(')');  // the name before it may hold anything
  if (close == std::string_view::npos || close + 2 >= text.size()) return std::nullopt;
  Stat stat;
  stat.state = text[close + 2];
  text.remove_prefix(close + 3);
  constexpr int kParent = 4;
  constexpr int kStart = 22;
  std::array<long long, kStart + 1> fields{};
  for (std::size_t field = kParent; field <= kStart; ++field) {
    const auto value = take<long long>(text);
    if (!value) return std::nullopt;
    fields[field] = *value;
  }
  stat.parent = static_cast<pid_t>(fields[4]);
  stat.group = static_cast<pid_t>(fields[5]);
  stat.session = static_cast<pid_t>(fields[6]);
  stat.cpu_ticks = static_cast<double>(fields[14]) + static_cast<double>(fields[15]);
  stat.children_cpu_ticks = static_cast<double>(fields[16]) + static_cast<double>(fields[17]);
  stat.start_ticks = static_cast<std::uint64_t>(fields[22]);
  return stat;
}

std::optional<MachineTicks> parse_machine_ticks(std::string_view text) {
  const auto first = take_line(text);
  if (!first || !first->starts_with("cpu ")) return std::nullopt;
  const auto all = parse_ticks(first->substr(4));
  if (!all || all->total <= 0) return std::nullopt;
  MachineTicks machine{*all, {}};
  while (const auto line = take_line(text)) {
    if (!line->starts_with("cpu") || machine.cores.size() >= kMaxCpus) break;
    std::string_view rest = line->substr(3);
    const auto number = take<unsigned>(rest);
    const auto ticks = number ? parse_ticks(rest) : std::nullopt;
    if (!ticks || *number >= kMaxCpus) return std::nullopt;
    machine.cores.emplace_back(static_cast<int>(*number), *ticks);
  }
  return machine;
}

std::optional<double> parse_keyed(std::string_view text, std::string_view key) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with(key)) return parse_number(rest.substr(key.size()));
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    at += end + 1;
  }
  return std::nullopt;
}

std::optional<double> parse_pressure(std::string_view text) {
  constexpr std::string_view kHead = "some avg10=";
  if (!text.starts_with(kHead)) return std::nullopt;
  const auto percent = parse_number(text.substr(kHead.size()));
  return percent && *percent <= 100 ? percent : std::nullopt;
}

std::optional<double> parse_run_delay_s(std::string_view text) {
  if (!take<std::uint64_t>(text)) return std::nullopt;
  const auto delay_ns = take<std::uint64_t>(text);
  if (!delay_ns) return std::nullopt;
  return static_cast<double>(*delay_ns) * 1e-9;
}

std::optional<std::vector<int>> parse_cpu_list(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  std::vector<int> cpus;
  while (true) {
    const auto first = take<unsigned>(text);
    std::optional<unsigned> last = first;
    if (first && text.starts_with('-')) {
      text.remove_prefix(1);
      last = take<unsigned>(text);
    }
    if (!first || !last || *last < *first || *last >= kMaxCpus) return std::nullopt;
    for (unsigned cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
    if (cpus.size() > kMaxCpus) return std::nullopt;
    if (text.empty()) break;
    if (!text.starts_with(',')) return std::nullopt;
    text.remove_prefix(1);
  }
  std::sort(cpus.begin(), cpus.end());
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  return cpus;
}

std::optional<double> parse_number(std::string_view text) {
  text = skip_blanks(text);
  double value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return std::nullopt;
  return std::isfinite(value) && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace keisei::guard::proc
