#include "config/table.h"

#include "config/value.h"

namespace keisei::config {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

}  // namespace

const std::vector<Option>& options() {
  static const std::vector<Option> all = [] {
    std::vector<Option> rows;
    for (auto table : {env_table, training_table, selfplay_table, evaluation_table, output_table}) {
      const std::vector<Option> part = table();
      rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
  }();
  return all;
}

const Option* find_option(std::string_view section, std::string_view key) {
  for (const Option& option : options()) {
    if (option.section == section && option.key == key) return &option;
  }
  return nullptr;
}

const Option* find_spelling(std::string_view section, std::string_view key) {
  for (const Option& option : options()) {
    if (option.section == section && !option.also.empty() && option.also == key) return &option;
  }
  return nullptr;
}

const Option* find_option(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return nullptr;
  return find_option(name.substr(0, dot), name.substr(dot + 1));
}

const std::vector<std::string>& sections() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const Option& option : options()) {
      if (names.empty() || names.back() != option.section) names.emplace_back(option.section);
    }
    return names;
  }();
  return all;
}

std::string name_of(const Option& option) { return std::string(option.section) + "." + std::string(option.key); }

std::string type_of(const Option& option) {
  Config scratch;
  return std::visit(
      Overloaded{[](bool*) { return "true or false"; }, [](int*) { return "whole number"; },
                 [](std::int64_t*) { return "whole number"; }, [](double*) { return "number"; },
                 [](std::string*) { return "text"; }, [](std::optional<std::int64_t>*) { return "whole number"; }},
      option.slot(scratch));
}

std::string allowed_text(const Option& option) {
  const std::string type = type_of(option);
  std::string text;
  if (type == "true or false") {
    text = "true, false";
  } else if (!option.choices.empty()) {
    for (const std::string_view choice : option.choices) text += (text.empty() ? "" : ", ") + std::string(choice);
  } else if (type == "text") {
    text = option.allowed.empty() ? "text" : std::string(option.allowed);
  } else {
    text = type + " " + range_text(option.range);
    if (!option.word.empty()) text += ", or " + std::string(option.word);
    if (option.null_means == "null") text += ", or null";
  }
  return text;
}

std::string value_text(const Option& option, const Config& config) {
  Config copy = config;
  const auto whole = [&](auto value) {
    if (value == 0 && !option.word.empty()) return std::string(option.word);
    return std::to_string(value);
  };
  return std::visit(
      Overloaded{[](const bool* v) { return std::string(*v ? "true" : "false"); },
                 [&](const int* v) { return whole(*v); }, [&](const std::int64_t* v) { return whole(*v); },
                 [](const double* v) { return number_text(*v); }, [](const std::string* v) { return in_quotes(*v); },
                 [](const std::optional<std::int64_t>* v) {
                   return v->has_value() ? std::to_string(**v) : std::string("null");
                 }},
      option.slot(copy));
}

std::string default_text(const Option& option) { return value_text(option, Config{}); }

}  // namespace keisei::config
