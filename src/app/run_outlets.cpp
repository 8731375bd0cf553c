#include "app/run_outlets.h"

#include <utility>

#include "config/secret.h"
#include "config/table.h"
#include "telemetry/tensorboard_outlet.h"
#include "telemetry/wandb_memory.h"
#include "telemetry/wandb_outlet.h"

namespace keisei::app {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

constexpr const char* kWandbMemory = "wandb-run.json";  ///< in the run's directory

using Value = std::variant<bool, double, std::string>;

/// Tags of "a, b,c".
std::vector<std::string> parted(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string word = text.substr(begin, end - begin);
    word.erase(0, word.find_first_not_of(' '));
    word.erase(word.find_last_not_of(' ') + 1);
    if (!word.empty()) words.push_back(std::move(word));
    begin = end + 1;
  }
  return words;
}

void add_tensorboard(RunOutlets& to, const config::Config& config, const std::filesystem::path& root,
                     std::int64_t utc_ms) {
  auto outlet = telemetry::TensorboardOutlet::create(
      root / "tensorboard", {.name = root.filename().string(), .settings = settings_of(config), .start_ms = utc_ms});
  if (!outlet) {
    to.warnings.push_back(outlet.error().message + "; the run has no event file for TensorBoard");
    return;
  }
  to.outlets.push_back(std::move(*outlet));
}

void add_wandb(RunOutlets& to, const config::Config& config, const std::filesystem::path& root, std::int64_t utc_ms) {
  const config::Wandb& wandb = config.wandb;
  const std::string run = root.filename().string();
  const std::string own_name =
      wandb.run_name_prefix.empty() || run.starts_with(wandb.run_name_prefix) ? run : wandb.run_name_prefix + "-" + run;
  const std::filesystem::path memory = root / kWandbMemory;
  const auto kept = telemetry::read_wandb_memory(memory);
  const auto chosen = kept ? telemetry::choose_wandb_run(wandb.run_id, wandb.resume, *kept,
                                                         telemetry::wandb_run_id(root.string(), utc_ms))
                           : tl::make_unexpected(kept.error());
  if (!chosen) {
    to.warnings.push_back(chosen.error().message + "; the run is not written for W&B: " + chosen.error().hint);
    return;
  }
  auto outlet = telemetry::WandbOutlet::create(wandb.directory.empty() ? root : std::filesystem::path(wandb.directory),
                                               {.id = chosen->run.id,
                                                .entity = wandb.entity,
                                                .project = wandb.project,
                                                .group = wandb.group.empty() ? run : wandb.group,
                                                .name = wandb.run_name.empty() ? own_name : wandb.run_name,
                                                .notes = wandb.notes,
                                                .tags = parted(wandb.tags),
                                                .config = settings_of(config),
                                                .start_ms = utc_ms,
                                                .first_step = chosen->run.step + 1,
                                                .resumed = chosen->resumed,
                                                .memory = memory});
  if (!outlet) {
    to.warnings.push_back(outlet.error().message + "; the run is not written for W&B");
    return;
  }
  if (wandb.mode == "live") {
    auto sync = WandbSync::start((*outlet)->folder());
    if (sync) {
      to.sync.emplace(std::move(*sync));
    } else {
      to.warnings.push_back(sync.error().message + "; " + sync.error().hint);
    }
  }
  to.outlets.push_back(std::move(*outlet));
}

}  // namespace

telemetry::Settings settings_of(const config::Config& config) {
  config::Config copy = config;
  telemetry::Settings settings;
  for (const config::Option& option : config::options()) {
    const auto value = std::visit(
        Overloaded{[](const bool* v) { return Value(*v); }, [](const int* v) { return Value(static_cast<double>(*v)); },
                   [](const std::int64_t* v) { return Value(static_cast<double>(*v)); },
                   [](const double* v) { return Value(*v); },
                   [](const std::string* v) { return Value(config::without_secrets(*v)); },
                   [](const std::optional<std::int64_t>* v) {
                     return *v ? Value(static_cast<double>(**v)) : Value(std::string());
                   }},
        option.slot(copy));
    settings.push_back({std::string(option.section), std::string(option.key), value});
  }
  return settings;
}

RunOutlets run_outlets(const config::Config& config, const std::filesystem::path& root, std::int64_t utc_ms) {
  RunOutlets made;
  if (config.logging.tensorboard) add_tensorboard(made, config, root, utc_ms);
  if (config.wandb.enabled && config.wandb.mode != "disabled") add_wandb(made, config, root, utc_ms);
  return made;
}

}  // namespace keisei::app
