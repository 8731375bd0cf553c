// Reads a JSON object from outside strictly: every key once and of its type, every number within its bound, no unknown
// key. The first fault is kept and told by finish(); readers go on with harmless values until then. One thread at a
// time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace keisei::evaluation {

class JsonFields {
 public:
  /// Parses `text` as one object of at most `max_bytes`; `what` names it in errors ("game record").
  JsonFields(std::string_view text, std::size_t max_bytes, std::string what);
  ~JsonFields();
  /// The same of a value that is parsed already.
  JsonFields(const nlohmann::json& value, std::string what);
  JsonFields(const JsonFields&) = delete;
  JsonFields& operator=(const JsonFields&) = delete;

  std::string text(const char* key, std::size_t max_bytes);
  /// A string, or "" for null.
  std::string text_or_null(const char* key, std::size_t max_bytes);
  std::int64_t integer(const char* key, std::int64_t min, std::int64_t max);
  std::uint64_t word(const char* key);
  double number(const char* key, double min, double max);
  bool flag(const char* key);
  std::vector<std::string> texts(const char* key, std::size_t max_count, std::size_t max_bytes);
  std::vector<double> numbers(const char* key, std::size_t max_count, double min, double max);
  /// Names with a number each.
  std::map<std::string, double> table(const char* key, std::size_t max_count, std::size_t max_bytes, double min,
                                      double max);
  /// Calls `read` with the object at the key, or with each object of the array there; their faults are this object's.
  void object(const char* key, const std::function<void(JsonFields&)>& read);
  void objects(const char* key, std::size_t max_count, const std::function<void(JsonFields&)>& read);
  /// Calls `read` with name and value of each member of the object at the key, each of which is an object.
  void members(const char* key, std::size_t max_count,
               const std::function<void(const std::string& name, JsonFields&)>& read);
  /// Whether the key is there: for fields that may be left out.
  [[nodiscard]] bool has(const char* key) const;
  /// Whether null stands at the key, which is then read.
  [[nodiscard]] bool null(const char* key);
  /// The field may be there and says nothing that is wanted.
  void ignore(const char* key);
  /// The value of a Result, or its error as this object's fault.
  template <class T>
  T take(const char* key, Result<T> result) {
    if (result) return *std::move(result);
    if (!error_)
      error_ = Error{Code::kBadData, what_ + ": " + key + ": " + result.error().message, result.error().hint};
    return T{};
  }
  /// A fault of the object as a whole or of one field.
  void fault(const std::string& sentence);
  void fault(const char* key, const std::string& allowed);
  [[nodiscard]] Result<void> finish();

 private:
  const nlohmann::json* find(const char* key);
  void read_object(const nlohmann::json& value, const std::string& where, const std::function<void(JsonFields&)>& read);

  std::string what_;
  std::unique_ptr<nlohmann::json> object_;
  std::size_t read_ = 0;
  std::optional<Error> error_;
};

/// One line of JSON; bytes that are no UTF-8 become U+FFFD.
std::string dump(const nlohmann::ordered_json& json);

}  // namespace keisei::evaluation
