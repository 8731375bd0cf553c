#include "evaluation/json_fields.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace keisei::evaluation {

JsonFields::JsonFields(std::string_view text, std::size_t max_bytes, std::string what)
    : what_(std::move(what)), object_(std::make_unique<nlohmann::json>()) {
  if (text.size() > max_bytes) {
    fault("is longer than " + std::to_string(max_bytes) + " bytes");
    return;
  }
  *object_ = nlohmann::json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!object_->is_object()) fault("is no JSON object");
}

JsonFields::JsonFields(const nlohmann::json& value, std::string what)
    : what_(std::move(what)), object_(std::make_unique<nlohmann::json>(value)) {
  if (!object_->is_object()) fault("is no JSON object");
}

std::string JsonFields::text(const char* key, std::size_t max_bytes) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_string() || value->get_ref<const std::string&>().size() > max_bytes) {
    fault(key, "a string of at most " + std::to_string(max_bytes) + " bytes");
    return {};
  }
  return value->get<std::string>();
}

std::string JsonFields::text_or_null(const char* key, std::size_t max_bytes) {
  return null(key) ? std::string{} : text(key, max_bytes);
}

std::int64_t JsonFields::integer(const char* key, std::int64_t min, std::int64_t max) {
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

std::uint64_t JsonFields::word(const char* key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return 0;
  if (!value->is_number_unsigned()) {
    fault(key, "a whole number from 0 to 18446744073709551615");
    return 0;
  }
  return value->get<std::uint64_t>();
}

double JsonFields::number(const char* key, double min, double max) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return min;
  if (!value->is_number() || !(value->get<double>() >= min) || !(value->get<double>() <= max)) {
    fault(key, "a number from " + std::to_string(min) + " to " + std::to_string(max));
    return min;
  }
  return value->get<double>();
}

bool JsonFields::flag(const char* key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) {
    fault(key, "true or false");
    return false;
  }
  return value->get<bool>();
}

std::vector<std::string> JsonFields::texts(const char* key, std::size_t max_count, std::size_t max_bytes) {
  std::vector<std::string> result;
  const nlohmann::json* value = find(key);
  if (value == nullptr) return result;
  bool good = value->is_array() && value->size() <= max_count;
  for (std::size_t i = 0; good && i < value->size(); ++i) {
    good = (*value)[i].is_string() && (*value)[i].get_ref<const std::string&>().size() <= max_bytes;
    if (good) result.push_back((*value)[i].get<std::string>());
  }
  if (!good) fault(key, "at most " + std::to_string(max_count) + " strings of " + std::to_string(max_bytes) + " bytes");
  return result;
}

std::vector<double> JsonFields::numbers(const char* key, std::size_t max_count, double min, double max) {
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

std::map<std::string, double> JsonFields::table(const char* key, std::size_t max_count, std::size_t max_bytes,
                                                double min, double max) {
  std::map<std::string, double> result;
  const nlohmann::json* value = find(key);
  if (value == nullptr) return result;
  bool good = value->is_object() && value->size() <= max_count;
  if (good) {
    for (const auto& [name, number] : value->items()) {
      good = good && name.size() <= max_bytes && number.is_number() && number.get<double>() >= min &&
             number.get<double>() <= max;
      if (good) result.emplace(name, number.get<double>());
    }
  }
  if (!good) {
    fault(key, "at most " + std::to_string(max_count) + " names with a number each from " + std::to_string(min) +
                   " to " + std::to_string(max));
  }
  return result;
}

void JsonFields::object(const char* key, const std::function<void(JsonFields&)>& read) {
  if (const nlohmann::json* value = find(key)) read_object(*value, key, read);
}

void JsonFields::objects(const char* key, std::size_t max_count, const std::function<void(JsonFields&)>& read) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_array() || value->size() > max_count) {
    fault(key, "at most " + std::to_string(max_count) + " objects");
    return;
  }
  for (std::size_t i = 0; i < value->size() && !error_; ++i) {
    read_object((*value)[i], std::string(key) + "[" + std::to_string(i) + "]", read);
  }
}

void JsonFields::read_object(const nlohmann::json& value, const std::string& where,
                             const std::function<void(JsonFields&)>& read) {
  JsonFields fields(value, what_ + ": " + where);
  if (!fields.error_) read(fields);
  if (auto good = fields.finish(); !good && !error_) error_ = good.error();
}

void JsonFields::members(const char* key, std::size_t max_count,
                         const std::function<void(const std::string& name, JsonFields&)>& read) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_object() || value->size() > max_count) {
    fault(key, "at most " + std::to_string(max_count) + " named objects");
    return;
  }
  for (const auto& [name, member] : value->items()) {
    if (error_) return;
    read_object(member, std::string(key) + "." + name, [&](JsonFields& fields) { read(name, fields); });
  }
}

bool JsonFields::null(const char* key) {
  const bool is_null = has(key) && (*object_)[key].is_null();
  if (is_null) ++read_;
  return is_null;
}

void JsonFields::ignore(const char* key) { read_ += has(key) ? 1 : 0; }

bool JsonFields::has(const char* key) const { return object_->is_object() && object_->contains(key); }

void JsonFields::fault(const std::string& sentence) {
  if (!error_) error_ = Error{Code::kBadData, what_ + " " + sentence, {}};
}

void JsonFields::fault(const char* key, const std::string& allowed) {
  if (!error_)
    error_ = Error{Code::kBadData, what_ + ": field \"" + key + "\" is missing or not allowed", "allowed: " + allowed};
}

Result<void> JsonFields::finish() {
  if (!error_ && read_ != object_->size()) fault("has unknown fields");
  if (error_) return tl::make_unexpected(*error_);
  return {};
}

const nlohmann::json* JsonFields::find(const char* key) {
  if (!object_->is_object()) return nullptr;
  const auto found = object_->find(key);
  if (found == object_->end()) {
    fault(key, "it must be given");
    return nullptr;
  }
  ++read_;
  return &*found;
}

JsonFields::~JsonFields() = default;

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace keisei::evaluation
