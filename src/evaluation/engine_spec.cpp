#include "evaluation/engine_spec.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>

#include "base/shortest.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMaxDisplayNameBytes = 64;
constexpr std::size_t kMaxCommandWords = 64;
/// Debian's games lie where the PATH of root does not look.
constexpr std::string_view kMorePlaces = "/usr/games:/usr/local/games:/usr/local/bin:/usr/bin";
constexpr std::string_view kOptionPrefix = "option.";
constexpr std::string_view kReadKey = "read";

tl::unexpected<Error> bad(const std::string& sentence, const std::string& hint) {
  return fail(Code::kUsage, "engine: " + sentence, hint);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// The words of the command; `text` is left at the '?' behind them or empty.
Result<std::vector<std::string>> take_command(std::string_view& text) {
  constexpr const char* kHint = "write usi:COMMAND or xboard:COMMAND; \"/a path/engine\" in quotes, arguments behind";
  std::vector<std::string> words;
  bool in_word = false;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (!quoted && c == '?') break;
    if (!quoted && c == ' ') {
      in_word = false;
      continue;
    }
    if (!in_word) {
      words.emplace_back();
      in_word = true;
    }
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (quoted && c == '\\') {
      if (++i == text.size()) break;
      if (text[i] != '"' && text[i] != '\\') return bad("only \\\" and \\\\ may follow a backslash in quotes", kHint);
    }
    words.back() += text[i];
  }
  if (quoted) return bad("a quote in the command is not closed", kHint);
  text.remove_prefix(i);
  if (words.empty() || words.front().empty()) return bad("it has no command", kHint);
  if (words.size() > kMaxCommandWords) return bad("the command has more than 64 words", kHint);
  return words;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) return std::nullopt;
    out += static_cast<char>(value);
    i += 2;
  }
  if (std::any_of(out.begin(), out.end(), is_control)) return std::nullopt;
  return out;
}

std::string escape(std::string_view text, bool is_name) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '&') {
      out += "%26";
    } else if (c == '=' && is_name) {
      out += "%3D";
    } else {
      out += c;
    }
  }
  return out;
}

std::string quoted_if_needed(const std::string& word) {
  if (!word.empty() && word.find_first_of(" ?\"\\") == std::string::npos) return word;
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::optional<int> whole_between(std::string_view text, int low, int high) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) return std::nullopt;
  return value;
}

Result<void> set_option_of(EngineSpec& spec, const std::string& key, const std::string& value) {
  const auto flag = [&](bool& target) -> Result<void> {
    if (value != "0" && value != "1") return bad(key + "=" + value + " is not allowed", key + ": 0 or 1");
    target = value == "1";
    return {};
  };
  const auto number = [&](int& target, int low, int high) -> Result<void> {
    const auto n = whole_between(value, low, high);
    if (!n) {
      return bad(key + "=" + value + " is not allowed",
                 key + ": a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    target = *n;
    return {};
  };
  if (key == "name") {
    if (value.empty() || value.size() > kMaxDisplayNameBytes) return bad("name has to have 1 to 64 bytes", "name=FSF");
    spec.name = value;
    return {};
  }
  if (key == "dir") {
    if (value.empty()) return bad("dir is empty", "dir=PATH, an existing directory");
    spec.directory = value;
    return {};
  }
  if (key == kReadKey) {
    if (!value.starts_with('/') || std::filesystem::path(value).lexically_normal() == "/")
      return bad("read=" + value + " is not allowed",
                 "read=PATH, the absolute path of a file or directory, not of all");
    if (spec.readable.size() == kMaxReadablePaths) return bad("more than 16 paths to read", "at most 16");
    spec.readable.push_back(value);
    return {};
  }
  if (key == "instances") return number(spec.instances, 1, kMaxEngineInstances);
  if (key == "memory") return number(spec.memory_mb, kMinEngineMemoryMb, kMaxEngineMemoryMb);
  if (key == "strict") return flag(spec.strict);
  if (key == "fresh") return flag(spec.fresh);
  if (key == "answer") {
    double seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error != std::errc{} || end != value.data() + value.size() || !(seconds > 0) || seconds > kMaxAnswerS) {
      return bad("answer=" + value + " is not allowed", "answer: seconds, more than 0, at most 3600");
    }
    spec.answer_s = seconds;
    return {};
  }
  if (key.starts_with(kOptionPrefix) && key.size() > kOptionPrefix.size()) {
    if (spec.options.size() == kMaxEngineOptions) return bad("more than 64 engine options", "at most 64");
    spec.options.emplace_back(key.substr(kOptionPrefix.size()), value);
    return {};
  }
  auto limit = set_limit(spec.limits, key, value);
  if (!limit) return tl::make_unexpected(limit.error());
  if (*limit) return {};
  const std::array<std::string, 16> keys{"name",  "instances", "dir",    "read",       "memory",   "strict",
                                         "fresh", "answer",    "depth",  "nodes",      "movetime", "byoyomi",
                                         "time",  "inc",       "margin", "option.NAME"};
  return bad("unknown option \"" + key + "\"", allowed_hint(key, keys));
}

bool is_whole_seconds(std::int64_t ms) { return ms % kMsPerS == 0; }

bool is_program(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string_view to_string(EngineProtocol protocol) { return protocol == EngineProtocol::kUsi ? "usi" : "xboard"; }

Result<void> check_limits(EngineProtocol protocol, const TimeControl& limits) {
  if (auto good = validate(limits); !good || protocol == EngineProtocol::kUsi) return good;
  if (limits.nodes > 0) return bad("nodes is no limit of the XBoard protocol", "give depth, movetime, byoyomi or time");
  if (limits.time_ms > 0 && limits.byoyomi_ms > 0)
    return bad("a main time with byoyomi is no limit of the XBoard protocol", "give time and inc, or byoyomi alone");
  for (const std::int64_t ms : {limits.time_ms, limits.increment_ms, limits.byoyomi_ms, limits.movetime_ms})
    if (!is_whole_seconds(ms)) return bad("the XBoard protocol counts whole seconds", "as in movetime=1");
  return {};
}

Result<EngineSpec> parse_engine(std::string_view text, EngineProtocol protocol) {
  EngineSpec spec;
  spec.protocol = protocol;
  auto words = take_command(text);
  if (!words) return tl::make_unexpected(words.error());
  spec.command = std::move(*words);
  if (!text.empty()) text.remove_prefix(1);  // the '?'
  std::set<std::string> given;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    const auto key = unescape(item.substr(0, equals));
    const auto value = unescape(equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1));
    if (!key || !value || equals == std::string_view::npos) {
      return bad("\"" + std::string(item) + "\" is no KEY=VALUE", "as in depth=1&option.Hash=64; %26 writes a &");
    }
    if (*key != kReadKey && !given.insert(*key).second)
      return bad("option " + *key + " is given twice", "give it once");
    if (auto set = set_option_of(spec, *key, *value); !set) return tl::make_unexpected(set.error());
  }
  if (auto good = check_limits(protocol, spec.limits); !good) return tl::make_unexpected(good.error());
  return spec;
}

std::string to_string(const EngineSpec& spec) {
  std::string text;
  for (const std::string& word : spec.command) text += (text.empty() ? "" : " ") + quoted_if_needed(word);
  char joint = '?';
  const auto add = [&](const std::string& key, const std::string& value) {
    text += std::exchange(joint, '&') + escape(key, true) + "=" + escape(value, false);
  };
  if (!spec.name.empty()) add("name", spec.name);
  if (spec.instances != 1) add("instances", std::to_string(spec.instances));
  if (!spec.directory.empty()) add("dir", spec.directory);
  for (const std::string& path : spec.readable) add(std::string(kReadKey), path);
  if (spec.memory_mb != kDefaultEngineMemoryMb) add("memory", std::to_string(spec.memory_mb));
  if (spec.strict) add("strict", "1");
  if (spec.fresh) add("fresh", "1");
  if (spec.answer_s != kDefaultAnswerS) add("answer", shortest(spec.answer_s));
  if (const std::string limits = to_string(spec.limits, "&"); !limits.empty()) {
    text += std::exchange(joint, '&') + limits;
  }
  for (const auto& [name, value] : spec.options) add(std::string(kOptionPrefix) + name, value);
  return text;
}

std::string player_text(const EngineSpec& spec) {
  return std::string(to_string(spec.protocol)) + ":" + to_string(spec);
}

TimeControl effective_limits(const EngineSpec& spec) {
  TimeControl limits = spec.limits;
  if (!limits.is_limited()) limits.byoyomi_ms = kDefaultByoyomiMs;
  return limits;
}

std::string display_name(const EngineSpec& spec) {
  if (!spec.name.empty()) return spec.name;
  const std::string name = std::filesystem::path(spec.command.empty() ? "" : spec.command.front()).filename().string();
  return name.substr(0, kMaxDisplayNameBytes);
}

std::string engine_identity(const EngineSpec& spec, std::string_view says_it_is) {
  EngineSpec plays = spec;
  plays.name.clear();
  plays.instances = 1;
  plays.strict = false;
  plays.readable.clear();
  plays.limits = effective_limits(spec);
  const std::string text = to_string(plays) + "\n" + std::string(says_it_is);
  std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a, 64 bits
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash));
  const bool named = !spec.name.empty() || says_it_is.empty();
  const std::string shown = named ? display_name(spec) : std::string(says_it_is.substr(0, kMaxDisplayNameBytes));
  return std::string(to_string(spec.protocol)) + ":" + shown + "#" + digits.data();
}

Result<std::string> find_program(const std::string& word, const std::string& search_path) {
  if (word.find('/') != std::string::npos) {
    const std::string path = std::filesystem::absolute(word).string();
    if (is_program(path)) return path;
    return bad("program " + word + " is not there or cannot be executed", "give the path of an executable file");
  }
  std::string places = search_path + ":" + std::string(kMorePlaces);
  for (std::size_t at = 0; at <= places.size();) {
    const std::size_t end = std::min(places.find(':', at), places.size());
    const std::string place = places.substr(at, end - at);
    at = end + 1;
    if (place.starts_with('/') && is_program(place + "/" + word)) return place + "/" + word;
  }
  return bad("program " + word + " is found neither in PATH nor in /usr/games", "install it, or give its path");
}

}  // namespace keisei::evaluation
