#include "telemetry/wandb_memory.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"

namespace keisei::telemetry {
namespace {

constexpr std::string_view kSchema = "keisei.wandb/1";
constexpr std::size_t kMaxFileBytes = 4096;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

bool is_wandb_id(std::string_view id) {
  return !id.empty() && id.size() <= kMaxWandbIdBytes && std::ranges::all_of(id, is_id_character);
}

Result<std::optional<WandbMemory>> read_wandb_memory(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::optional<WandbMemory>();
  const auto text = read_text(file, kMaxFileBytes);
  if (!text) return tl::make_unexpected(text.error());
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  const bool whole = json.is_object() && json.contains("schema") && json["schema"] == kSchema && json.contains("id") &&
                     json["id"].is_string() && json.contains("step") && json["step"].is_number_integer() &&
                     is_wandb_id(json["id"].get<std::string>());
  if (!whole) {
    return fail(Code::kBadData, file.string() + " does not hold a run of W&B",
                "delete it, then the run is a new one at W&B");
  }
  return std::optional(WandbMemory{json["id"].get<std::string>(), json["step"].get<std::int64_t>()});
}

Result<void> write_wandb_memory(const std::filesystem::path& file, const WandbMemory& memory) {
  const nlohmann::json json = {{"schema", kSchema}, {"id", memory.id}, {"step", memory.step}};
  return write_durably(file, json.dump() + "\n");
}

Result<WandbChoice> choose_wandb_run(const std::string& asked, std::string_view resume,
                                     const std::optional<WandbMemory>& kept, const std::string& fresh) {
  if (!asked.empty() && !is_wandb_id(asked)) {
    return fail(Code::kUsage, "wandb.run_id '" + asked + "' is no id of W&B",
                "1 to " + std::to_string(kMaxWandbIdBytes) + " letters, digits, '-' and '_' are allowed");
  }
  const bool known = kept && (asked.empty() || asked == kept->id);
  if (resume == "never") {
    if (known && !asked.empty()) {
      return fail(Code::kUsage, "wandb.resume is never, but run '" + asked + "' was written already",
                  "name another wandb.run_id, or allow to resume");
    }
    return WandbChoice{{asked.empty() ? fresh : asked, -1}, false};
  }
  if (known) return WandbChoice{*kept, true};
  if (resume == "must" && asked.empty()) {
    return fail(Code::kUsage, "wandb.resume is must, but no earlier process of this run has kept an id",
                "name it: wandb.run_id, or WANDB_RUN_ID");
  }
  return WandbChoice{{asked.empty() ? fresh : asked, -1}, resume == "must"};
}

}  // namespace keisei::telemetry
