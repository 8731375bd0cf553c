#include "config/secret.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace keisei::config {
namespace {

constexpr std::size_t kKeyChars = 40;       // an AWS secret key; a W&B key in its older form
constexpr std::size_t kLeastRandom = 16;    // characters behind a maker's mark
constexpr std::ptrdiff_t kMostSlashes = 4;  // in a random word; an SFEN has eight

constexpr std::array<std::string_view, 14> kMarks = {"AKIA",  "ASIA", "ghp_",        "gho_",   "ghs_",
                                                     "hf_",   "sk-",  "github_pat_", "glpat-", "xoxb-",
                                                     "xoxp-", "AIza", "wandb_v1_",   "npm_"};
constexpr std::array<std::string_view, 9> kNames = {"apikey", "access_key", "secret_key", "private_key", "password",
                                                    "passwd", "api_key",    "token",      "secret"};
constexpr std::string_view kPrivateKey = "-----BEGIN ";

bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '/' || c == '+'; }
bool is_value(char c) {
  return std::isspace(static_cast<unsigned char>(c)) == 0 && c != '"' && c != '\'' && c != ',' && c != ';' &&
         c != '&' && c != '}' && c != ')';
}

bool is_key_word(std::string_view word) {
  for (const std::string_view mark : kMarks) {
    if (word.starts_with(mark) && word.size() >= mark.size() + kLeastRandom) return true;
  }
  if (word.size() != kKeyChars) return false;
  const auto has = [&](auto kind) {
    return std::any_of(word.begin(), word.end(), [&](char c) { return kind(static_cast<unsigned char>(c)) != 0; });
  };
  const bool hex = std::all_of(word.begin(), word.end(), [](char c) {
    return std::isxdigit(static_cast<unsigned char>(c)) != 0 && std::isupper(static_cast<unsigned char>(c)) == 0;
  });
  if (hex) return true;
  const bool joined = word.find('_') != std::string_view::npos || word.find('-') != std::string_view::npos;
  return !joined && has(::isupper) && has(::islower) && has(::isdigit) &&
         std::count(word.begin(), word.end(), '/') <= kMostSlashes;
}

/// Whether `text` ends with the name of a secret, without regard to case, '-' being '_'.
bool ends_with_secret_name(std::string_view text) {
  for (const std::string_view name : kNames) {
    if (text.size() < name.size()) continue;
    const std::string_view tail = text.substr(text.size() - name.size());
    if (std::equal(name.begin(), name.end(), tail.begin(), [](char a, char b) {
          return a == (b == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(b))));
        })) {
      return true;
    }
  }
  return false;
}

/// Where the value behind a '=' or ':' at `at` begins; npos when it is none that a secret's name introduces.
std::size_t value_begin(std::string_view text, std::size_t at) {
  if (text[at] != '=' && text[at] != ':') return std::string_view::npos;
  std::string_view before = text.substr(0, at);
  if (before.ends_with('"') || before.ends_with('\'')) before.remove_suffix(1);
  if (!ends_with_secret_name(before)) return std::string_view::npos;
  std::size_t begin = at + 1;
  while (begin < text.size() && (text[begin] == ' ' || text[begin] == '"' || text[begin] == '\'')) ++begin;
  return begin;
}

}  // namespace

std::string without_secrets(std::string_view text) {
  if (const std::size_t key = text.find(kPrivateKey); key != std::string_view::npos) {
    return without_secrets(text.substr(0, key)) + std::string(kHidden);
  }
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t begin = value_begin(text, at); begin != std::string_view::npos) {
      std::size_t end = begin;
      while (end < text.size() && is_value(text[end])) ++end;
      out += text.substr(at, begin - at);
      if (end > begin) out += kHidden;
      at = end;
    } else if (text.substr(at).starts_with("://")) {
      const std::string_view host = text.substr(at + 3, text.find_first_of("/ \t\n", at + 3) - (at + 3));
      out += "://";
      at += 3;
      if (const std::size_t sign = host.rfind('@'); sign != std::string_view::npos) {
        out += kHidden;
        at += sign;
      }
    } else if (is_word(text[at])) {
      std::size_t end = at;
      while (end < text.size() && is_word(text[end])) ++end;
      const std::string_view word = text.substr(at, end - at);
      // A path's parts are words too.
      std::size_t part = 0;
      bool hidden = is_key_word(word);
      if (hidden) out += kHidden;
      while (!hidden && part <= word.size()) {
        const std::size_t slash = std::min(word.find('/', part), word.size());
        const std::string_view piece = word.substr(part, slash - part);
        out += is_key_word(piece) ? kHidden : piece;
        if (slash < word.size()) out += '/';
        part = slash + 1;
      }
      at = end;
    } else {
      out += text[at++];
    }
  }
  return out;
}

bool holds_secret(std::string_view text) { return without_secrets(text) != text; }

}  // namespace keisei::config
