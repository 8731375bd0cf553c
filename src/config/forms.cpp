#include "config/forms.h"

#include <algorithm>
#include <array>

namespace keisei::config {
namespace {

bool is_digits(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_device(std::string_view text) {
  if (text == "cpu" || text == "cuda" || text == "auto") return true;
  return text.starts_with("cuda:") && is_digits(text.substr(5), 2);
}

bool is_run_name(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() > kMaxNameChars || text == "." || text == ".." || text.front() == '-') return false;
  return text.find('/') == std::string_view::npos;
}

bool is_player(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kPlain = {"random", "greedy", "heuristic", "ppo", "live"};
  if (std::find(kPlain.begin(), kPlain.end(), text) != kPlain.end()) return true;
  if (text.starts_with("material:")) return is_digits(text.substr(9, text.find('?') - 9), 2);
  static constexpr std::array<std::string_view, 4> kPrefixes = {"checkpoint:", "live?", "usi:", "xboard:"};
  for (const std::string_view prefix : kPrefixes) {
    if (text.starts_with(prefix)) return text.size() > prefix.size();
  }
  return false;
}

bool is_given(std::string_view text) { return !text.empty(); }

}  // namespace keisei::config
