// Reads a JSON object from outside strictly: every key once and of its type, every number within its bound, no unknown
// key. The first fault is kept and told by finish(); readers go on with harmless values until then. Only for .cpp files
// (it needs nlohmann's header). One thread at a time.
#pragma once

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace keisei::evaluation {

class JsonFields {
 public:
  /// Parses `text` as one object of at most `max_bytes`; `what` names it in errors ("game record").
  JsonFields(std::string_view text, std::size_t max_bytes, std::string what) : what_(std::move(what)) {
    if (text.size() > max_bytes) {
      fault("is longer than " + std::to_string(max_bytes) + " bytes");
      return;
    }
    object_ = nlohmann::json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
    if (!object_.is_object()) fault("is no JSON object");
  }

  std::string text(const char* key, std::size_t max_bytes) {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string() || value->get_ref<const std::string&>().size() > max_bytes) {
      fault(key, "a string of at most " + std::to_string(max_bytes) + " bytes");
      return {};
    }
    return value->get<std::string>();
  }
  /// A string, or "" for null.
  std::string text_or_null(const char* key, std::size_t max_bytes) {
    const auto found = object_.is_object() ? object_.find(key) : object_.end();
    if (object_.is_object() && found != object_.end() && found->is_null()) {
      ++read_;
      return {};
    }
    return text(key, max_bytes);
  }
  std::int64_t integer(const char* key, std::int64_t min, std::int64_t max) {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return min;
    const bool too_large = value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX};
    if (!value->is_number_integer() || too_large || value->get<std::int64_t>() < min ||
        value->get<std::int64_t>() > max) {
      fault(key, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
      return min;
    }
    return value->get<std::int64_t>();
  }
  std::uint64_t word(const char* key) {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return 0;
    if (!value->is_number_unsigned()) {
      fault(key, "a whole number from 0 to 18446744073709551615");
      return 0;
    }
    return value->get<std::uint64_t>();
  }
  double number(const char* key, double min, double max) {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return min;
    if (!value->is_number() || !(value->get<double>() >= min) || !(value->get<double>() <= max)) {
      fault(key, "a number from " + std::to_string(min) + " to " + std::to_string(max));
      return min;
    }
    return value->get<double>();
  }
  bool flag(const char* key) {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return false;
    if (!value->is_boolean()) {
      fault(key, "true or false");
      return false;
    }
    return value->get<bool>();
  }
  std::vector<std::string> texts(const char* key, std::size_t max_count, std::size_t max_bytes) {
    std::vector<std::string> result;
    const nlohmann::json* value = find(key);
    if (value == nullptr) return result;
    bool good = value->is_array() && value->size() <= max_count;
    for (std::size_t i = 0; good && i < value->size(); ++i) {
      good = (*value)[i].is_string() && (*value)[i].get_ref<const std::string&>().size() <= max_bytes;
      if (good) result.push_back((*value)[i].get<std::string>());
    }
    if (!good)
      fault(key, "at most " + std::to_string(max_count) + " strings of " + std::to_string(max_bytes) + " bytes");
    return result;
  }
  std::vector<double> numbers(const char* key, std::size_t max_count, double min, double max) {
    std::vector<double> result;
    const nlohmann::json* value = find(key);
    if (value == nullptr) return result;
    bool good = value->is_array() && value->size() <= max_count;
    for (std::size_t i = 0; good && i < value->size(); ++i) {
      good = (*value)[i].is_number() && (*value)[i].get<double>() >= min && (*value)[i].get<double>() <= max;
      if (good) result.push_back((*value)[i].get<double>());
    }
    if (!good) {
      fault(key, "at most " + std::to_string(max_count) + " numbers from " + std::to_string(min) + " to " +
                     std::to_string(max));
    }
    return result;
  }
  /// The value of a Result, or its error as this object's fault.
  template <class T>
  T take(const char* key, Result<T> result) {
    if (result) return *std::move(result);
    if (!error_)
      error_ = Error{Code::kBadData, what_ + ": " + key + ": " + result.error().message, result.error().hint};
    return T{};
  }
  /// A fault of the object as a whole or of one field.
  void fault(const std::string& sentence) {
    if (!error_) error_ = Error{Code::kBadData, what_ + " " + sentence, {}};
  }
  void fault(const char* key, const std::string& allowed) {
    if (!error_)
      error_ =
          Error{Code::kBadData, what_ + ": field \"" + key + "\" is missing or not allowed", "allowed: " + allowed};
  }
  [[nodiscard]] Result<void> finish() {
    if (!error_ && read_ != object_.size()) fault("has unknown fields");
    if (error_) return tl::make_unexpected(*error_);
    return {};
  }

 private:
  const nlohmann::json* find(const char* key) {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      fault(key, "it must be given");
      return nullptr;
    }
    ++read_;
    return &*found;
  }

  std::string what_;
  nlohmann::json object_;
  std::size_t read_ = 0;
  std::optional<Error> error_;
};

/// One line of JSON; bytes that are no UTF-8 become U+FFFD.
inline std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace keisei::evaluation
