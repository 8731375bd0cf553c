#include "app/ladder_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/file.h"

namespace keisei::app {
namespace {

constexpr const char* kSchema = "keisei.ladder/1";
using Tables = std::map<std::string, LadderRatings>;

Result<Tables> read_all(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return Tables{};
  auto text = read_text(file, kMaxLadderFileBytes);
  if (!text) return tl::make_unexpected(text.error());
  const auto bad = [&](const std::string& why) {
    return fail(Code::kBadData, file.string() + " is no table of ladder ratings: " + why,
                "it was left as it is; move it away to begin a new one");
  };
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || json.value("schema", "") != kSchema || !json.contains("protocols") ||
      !json["protocols"].is_object())
    return bad(std::string("no object with \"schema\": \"") + kSchema + "\" and \"protocols\"");
  Tables tables;
  for (const auto& [protocol, table] : json["protocols"].items()) {
    if (!table.is_object()) return bad("protocol " + protocol + " has no table");
    for (const auto& [id, rating] : table.items()) {
      if (!rating.is_number() || !std::isfinite(rating.get<double>())) return bad("the rating of " + id);
      tables[protocol][id] = rating.get<double>();
    }
  }
  return tables;
}

}  // namespace

Result<LadderRatings> read_ladder(const std::filesystem::path& file, const std::string& protocol) {
  auto tables = read_all(file);
  if (!tables) return tl::make_unexpected(tables.error());
  return std::move((*tables)[protocol]);
}

Result<void> write_ladder(const std::filesystem::path& file, const std::string& protocol,
                          const LadderRatings& ratings) {
  auto tables = read_all(file);
  if (!tables) return tl::make_unexpected(tables.error());
  (*tables)[protocol] = ratings;
  const nlohmann::ordered_json json = {{"schema", kSchema}, {"protocols", *tables}};
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  return write_durably(file, json.dump(1) + "\n");
}

}  // namespace keisei::app
