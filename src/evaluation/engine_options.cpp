#include "evaluation/engine_options.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

#include "evaluation/engine_answer.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

const EngineOption* find_option(const std::vector<EngineOption>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const EngineOption& o) { return equal_ignoring_case(o.name, name); });
  return found == options.end() ? nullptr : &*found;
}

tl::unexpected<Error> no_such_option(const std::vector<EngineOption>& options, std::string_view name) {
  std::vector<std::string> names;
  for (const EngineOption& option : options) names.push_back(printable_ascii(option.name));
  return fail(Code::kUsage, "the engine has no option \"" + printable_ascii(name) + "\"",
              names.empty() ? "it lists none" : allowed_hint(name, names));
}

Result<void> check_value(const EngineOption& option, std::string_view value) {
  const auto bad = [&](const std::string& allowed) {
    return fail(Code::kUsage,
                "engine option " + printable_ascii(option.name) + "=" + printable_ascii(value) + " is not allowed",
                allowed);
  };
  switch (option.type) {
    case EngineOption::Type::kCheck:
      if (value != "true" && value != "false") return bad("true or false");
      break;
    case EngineOption::Type::kSpin: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc{} || end != value.data() + value.size()) return bad("a whole number");
      if ((option.min && number < *option.min) || (option.max && number > *option.max)) {
        const auto bound = [](const auto& n) { return n ? std::to_string(*n) : std::string("any"); };
        return bad("from " + bound(option.min) + " to " + bound(option.max));
      }
      break;
    }
    case EngineOption::Type::kCombo: {
      const bool listed = std::any_of(option.values.begin(), option.values.end(),
                                      [&](const std::string& v) { return equal_ignoring_case(v, value); });
      if (!listed) return bad(allowed_hint(value, option.values));
      break;
    }
    case EngineOption::Type::kButton:
      if (!value.empty()) return bad("no value: it is a button");
      break;
    case EngineOption::Type::kString:
    case EngineOption::Type::kFilename:
      break;
  }
  return {};
}

}  // namespace keisei::evaluation
