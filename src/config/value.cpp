#include "config/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "config/forms.h"
#include "config/suggest.h"

namespace keisei::config {
namespace {

constexpr std::size_t kMaxNumberChars = 64;
constexpr std::size_t kMaxShownChars = 60;
constexpr double kSmallestPlain = 1e-6;  ///< smaller numbers are written with an exponent

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

/// Sign, digits with at most one dot, optional exponent; underscores only between digits; nothing else.
std::optional<std::string> decimal_form(std::string_view text) {
  if (text.empty() || text.size() > kMaxNumberChars) return std::nullopt;
  std::string clean;
  std::size_t i = 0;
  if (text[i] == '+' || text[i] == '-') {
    if (text[i] == '-') clean += '-';
    ++i;
  }
  std::size_t digits = 0;
  bool dot = false;
  const std::size_t first = i;
  for (; i < text.size() && lower(text[i]) != 'e'; ++i) {
    const char c = text[i];
    if (c == '_') {
      const bool between = i > first && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
      if (!between) return std::nullopt;
    } else if (c == '.') {
      if (dot) return std::nullopt;
      dot = true;
      clean += c;
    } else if (is_digit(c)) {
      ++digits;
      clean += c;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  if (i < text.size()) {
    const std::string_view exponent = text.substr(i + 1);
    std::size_t at = !exponent.empty() && (exponent[0] == '+' || exponent[0] == '-') ? 1 : 0;
    if (at == exponent.size()) return std::nullopt;
    for (; at < exponent.size(); ++at) {
      if (!is_digit(exponent[at])) return std::nullopt;
    }
    clean += 'e';
    clean += exponent[0] == '+' ? exponent.substr(1) : exponent;
  }
  return clean;
}

/// YAML 1.1 reads 010 as 8, people read 10: refused.
bool octal_looking(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

std::string refused(const Scalar& scalar, const std::string& allowed) {
  return "value " + shown(scalar) + " is not allowed (allowed: " + allowed + ")";
}

std::string with_suggestion(std::string message, std::string_view word, const std::vector<std::string>& names) {
  if (const auto name = nearest(word, names)) message += "; did you mean \"" + *name + "\"?";
  return message;
}

std::optional<std::string> assign_bool(const Option& option, const Scalar& scalar, bool& field) {
  if (!scalar.quoted && (scalar.text == "true" || scalar.text == "false")) {
    field = scalar.text == "true";
    return std::nullopt;
  }
  const std::string word = lowered(scalar.text);
  std::string message = refused(scalar, allowed_text(option));
  for (const std::string_view yes : {"true", "yes", "on", "y", "1"}) {
    if (word == yes) return message + "; did you mean \"true\"?";
  }
  for (const std::string_view no : {"false", "no", "off", "n", "0"}) {
    if (word == no) return message + "; did you mean \"false\"?";
  }
  return message;
}

std::string number_fault(const Option& option, const Scalar& scalar) {
  std::string message = refused(scalar, allowed_text(option));
  if (scalar.quoted && parse_number(scalar.text)) message += "; write the number without quotes";
  if (!scalar.quoted && octal_looking(scalar.text)) message += "; write it without the leading zero";
  if (!option.word.empty() && !parse_number(scalar.text)) {
    return with_suggestion(std::move(message), scalar.text, {std::string(option.word)});
  }
  return message;
}

template <class Whole>
std::optional<std::string> assign_whole(const Option& option, const Scalar& scalar, Whole& field) {
  if (!option.word.empty() && lowered(scalar.text) == option.word) {
    field = 0;
    return std::nullopt;
  }
  const auto value = scalar.quoted ? std::nullopt : parse_whole(scalar.text);
  if (!value || !inside(option.range, static_cast<double>(*value)) ||
      static_cast<std::int64_t>(static_cast<Whole>(*value)) != *value) {
    return number_fault(option, scalar);
  }
  field = static_cast<Whole>(*value);
  return std::nullopt;
}

std::optional<std::string> assign_real(const Option& option, const Scalar& scalar, double& field) {
  const auto value = scalar.quoted || octal_looking(scalar.text) ? std::nullopt : parse_number(scalar.text);
  if (!value || !inside(option.range, *value)) return number_fault(option, scalar);
  field = *value == 0 ? 0.0 : *value;  // -0 is 0
  return std::nullopt;
}

std::optional<std::string> assign_text(const Option& option, const Scalar& scalar, std::string& field) {
  if (!option.choices.empty()) {
    std::vector<std::string> names;
    for (const std::string_view choice : option.choices) {
      if (lowered(choice) == lowered(scalar.text)) {
        field = choice;
        return std::nullopt;
      }
      names.emplace_back(choice);
    }
    return with_suggestion(refused(scalar, allowed_text(option)), scalar.text, names);
  }
  const bool clean = std::none_of(scalar.text.begin(), scalar.text.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!clean || scalar.text.size() > kMaxTextChars) {
    return refused(scalar, "one line of at most " + std::to_string(kMaxTextChars) + " characters");
  }
  if (option.accepts && !option.accepts(scalar.text)) {
    std::vector<std::string> names;  // the plain words of "cpu, cuda, cuda:N, auto"
    const std::string_view allowed = option.allowed;
    for (std::size_t at = 0; at < allowed.size();) {
      const std::size_t comma = std::min(allowed.find(", ", at), allowed.size());
      const std::string_view name = allowed.substr(at, comma - at);
      if (std::all_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; })) names.emplace_back(name);
      at = comma + 2;
    }
    return with_suggestion(refused(scalar, allowed_text(option)), scalar.text, names);
  }
  field = scalar.text;
  return std::nullopt;
}

}  // namespace

Scalar plain_scalar(std::string_view text) {
  Scalar scalar;
  scalar.text = text;
  scalar.null = text == "null" || text == "~" || text == "Null" || text == "NULL";
  return scalar;
}

std::optional<double> parse_number(std::string_view text) {
  const auto clean = decimal_form(text);
  if (!clean) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(clean->data(), clean->data() + clean->size(), value);
  if (error != std::errc{} || end != clean->data() + clean->size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  if (octal_looking(text)) return std::nullopt;
  const auto clean = decimal_form(text);
  if (!clean) return std::nullopt;
  if (clean->find_first_of(".eE") == std::string::npos) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(clean->data(), clean->data() + clean->size(), value);
    if (error != std::errc{} || end != clean->data() + clean->size()) return std::nullopt;
    return value;
  }
  const auto value = parse_number(text);
  if (!value || std::abs(*value) > kMaxExactWhole || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<std::string> assign(const Option& option, const Scalar& scalar, Config& config) {
  const Slot slot = option.slot(config);
  Scalar value = scalar;
  if (scalar.null && !scalar.quoted) {
    if (!option.null_means) return refused(scalar, allowed_text(option));
    if (auto* const* optional = std::get_if<std::optional<std::int64_t>*>(&slot)) {
      **optional = std::nullopt;
      return std::nullopt;
    }
    value.text = *option.null_means;
    value.null = false;
  }
  return std::visit(Overloaded{[&](bool* field) { return assign_bool(option, value, *field); },
                               [&](int* field) { return assign_whole(option, value, *field); },
                               [&](std::int64_t* field) { return assign_whole(option, value, *field); },
                               [&](double* field) { return assign_real(option, value, *field); },
                               [&](std::string* field) { return assign_text(option, value, *field); },
                               [&](std::optional<std::int64_t>* field) {
                                 std::int64_t whole = 0;
                                 auto fault = assign_whole(option, value, whole);
                                 if (!fault) *field = whole;
                                 return fault;
                               }},
                    slot);
}

bool inside(const Range& range, double value) {
  return std::isfinite(value) && value <= range.high && (range.low_open ? value > range.low : value >= range.low);
}

std::string range_text(const Range& range) {
  if (std::isinf(range.low) && std::isinf(range.high)) return "of any size";
  const std::string low = number_text(range.low);
  const std::string high = number_text(range.high);
  if (std::isinf(range.low)) return "up to " + high;
  const std::string from = (range.low_open ? "above " : std::isinf(range.high) ? "at least " : "") + low;
  if (std::isinf(range.high)) return from;
  return from + (range.low_open ? " up to " : " to ") + high;
}

std::string number_text(double value) {
  std::array<char, 64> buffer{};
  if (value == std::floor(value) && std::abs(value) <= kMaxExactWhole) {
    std::snprintf(buffer.data(), buffer.size(), "%.0f", value == 0 ? 0.0 : value);
    return buffer.data();
  }
  const bool small = std::abs(value) < kSmallestPlain;
  const auto format =
      small || std::abs(value) > kMaxExactWhole ? std::chars_format::scientific : std::chars_format::fixed;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string("?");
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04x", byte);
      out += code.data();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string shown(const Scalar& scalar) {
  if (scalar.null && scalar.text.empty()) return "null";
  std::string text = scalar.text.size() > kMaxShownChars ? scalar.text.substr(0, kMaxShownChars) + "..." : scalar.text;
  const std::string escaped = in_quotes(text);
  if (scalar.quoted || text.empty() || escaped.size() != text.size() + 2) return escaped;
  return text;
}

}  // namespace keisei::config
