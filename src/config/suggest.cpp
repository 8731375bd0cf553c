#include "config/suggest.h"

#include <algorithm>
#include <vector>

namespace keisei::config {
namespace {

constexpr std::size_t kMaxWordChars = 80;
constexpr std::size_t kMaxEdits = 4;

std::string normal(std::string_view word) {
  std::string out;
  for (const char c : word.substr(0, kMaxWordChars)) {
    if (c == '-') {
      out += '_';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

/// Optimal string alignment distance.
std::size_t distance(const std::string& a, const std::string& b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> cell((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return cell[i * width + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
      }
    }
  }
  return at(a.size(), b.size());
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> names) {
  const std::string wanted = normal(word);
  const std::size_t bound = std::min(kMaxEdits, (wanted.size() + 2) / 3);
  std::optional<std::string> best;
  std::size_t best_edits = bound + 1;
  for (const std::string& name : names) {
    const std::size_t edits = distance(wanted, normal(name));
    if (edits < best_edits) {
      best = name;
      best_edits = edits;
    }
  }
  return best;
}

}  // namespace keisei::config
