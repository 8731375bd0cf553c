#include "telemetry/wandb_outlet.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "base/file.h"
#include "store/sha256.h"
#include "telemetry/console_line.h"
#include "telemetry/level.h"
#include "telemetry/wandb_memory.h"

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTrainingStep = "progress/timesteps";
constexpr std::string_view kEvaluationStep = "evaluation/step";
/// Names below evaluation/ that updates carry, not results.
constexpr std::array<std::string_view, 8> kOfTraining = {
    "evaluation/queued",   "evaluation/running",     "evaluation/enabled",      "evaluation/credit_s",
    "evaluation/paused_s", "evaluation/rolled_back", "evaluation/breaker_open", "evaluation/interval_timesteps"};
constexpr std::array<std::string_view, 3> kHighestIsBest = {"evaluation/win_rate", "evaluation/score",
                                                            "evaluation/elo"};
constexpr int kExitFailed = 1;
constexpr int kExitInterrupted = 255;  ///< W&B's own for a run that somebody stopped

bool is_result(std::string_view kind) {
  return kind == "evaluation" || kind == "evaluation.performance" || kind == "evaluation.sla";
}

/// "20260301_123456", local time, as W&B names its folders.
std::string local_stamp(std::int64_t utc_ms) {
  const auto seconds = static_cast<std::time_t>(utc_ms / 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%d_%H%M%S", &local);
  return {text.data(), length};
}

/// Where W&B's own tools look for the newest run; that it cannot be made is no fault.
void link_latest(const fs::path& folder) {
  const fs::path link = folder.parent_path() / "latest-run";
  const fs::path fresh = folder.parent_path() / ("latest-run." + std::to_string(::getpid()));
  std::error_code error;
  fs::create_directory_symlink(folder.filename(), fresh, error);
  if (!error) fs::rename(fresh, link, error);
  if (error) fs::remove(fresh, error);
}

int exit_code_of(std::string_view status) {
  if (status == "finished") return 0;
  return status == "interrupted" ? kExitInterrupted : kExitFailed;
}

}  // namespace

std::string wandb_run_id(std::string_view run, std::int64_t utc_ms) {
  constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
  constexpr int kIdLength = 8;
  const std::string key = std::string(run) + "@" + std::to_string(utc_ms);
  const std::string digest = store::sha256(std::as_bytes(std::span(key)));
  std::uint64_t number = std::stoull(digest.substr(0, 16), nullptr, 16);
  std::string id;
  for (int i = 0; i < kIdLength; ++i, number /= kLetters.size()) id += kLetters[number % kLetters.size()];
  return id;
}

Result<std::unique_ptr<WandbOutlet>> WandbOutlet::create(const fs::path& base, WandbRun run) {
  std::error_code error;
  const fs::path home = base / (fs::is_directory(base / ".wandb", error) ? ".wandb" : "wandb");
  const fs::path folder = home / ("offline-run-" + local_stamp(run.start_ms) + "-" + run.id);
  fs::create_directories(folder / "files", error);
  if (!error) fs::create_directories(folder / "logs", error);
  if (error) {
    return fail(Code::kFailure, "making the W&B folder '" + folder.string() + "' failed: " + error.message(),
                "check that the directory is writable, or set wandb.enabled to false");
  }
  auto file = WandbFile::create(folder / ("run-" + run.id + ".wandb"));
  if (!file) return tl::make_unexpected(file.error());
  std::unique_ptr<WandbOutlet> outlet(new WandbOutlet(folder, run, std::move(*file)));
  if (auto kept = outlet->keep(outlet->step_ + kStepReserve); !kept) return tl::make_unexpected(kept.error());
  try {
    outlet->records_.begin(run);
    outlet->define_axes();
    outlet->records_.commit();
  } catch (const std::exception& fault) {
    return fail(Code::kFailure, std::string("writing the W&B run file failed: ") + fault.what());
  }
  link_latest(folder);
  return outlet;
}

void WandbOutlet::define_axes() {
  records_.define(kTrainingStep, {});
  records_.define(kEvaluationStep, {});
  for (const std::string_view name : kOfTraining) records_.define(name, kTrainingStep);
  records_.define("evaluation/*", kEvaluationStep);
  for (const std::string_view glob :
       {"ppo/*", "selfplay/*", "time/*", "governor/*", "games/*", "weights/*", "gradients/*"}) {
    records_.define(glob, kTrainingStep);
  }
}

void WandbOutlet::write(const Event& event) {
  if (ended_) return;
  event_ms_ = event.utc_ms;
  if (records_.bytes() < kMaxWandbBytes) {
    add_row(event);
    add_stats(event);
    add_console(event);
    add_alert(event);
  }
  const bool last = event.kind == "run.end";
  add_summary(event.utc_ms, last);
  if (last) {
    ended_ = true;
    records_.end(exit_code_of(event.text("status")), std::max<std::int64_t>(event.utc_ms - start_ms_, 0) / 1000);
  }
  records_.commit();
  // Long before a row needs it, so that the step is on the disk when the row is.
  const bool soon = kept_step_ - step_ < kStepReserve / 2;
  if (!last && !soon) return;
  if (auto kept = keep(last ? step_ : step_ + kStepReserve); !kept) throw std::runtime_error(kept.error().message);
}

Result<void> WandbOutlet::keep(std::int64_t step) {
  kept_step_ = step;  // also where it fails: not tried again at every event
  if (memory_.empty()) return {};
  return write_wandb_memory(memory_, {id_, step});
}

void WandbOutlet::flush() {
  if (!ended_) {
    add_summary(event_ms_, true);
    records_.commit();
  }
  records_.sync();
}

void WandbOutlet::add_row(const Event& event) {
  std::vector<WandbItem> items;
  const std::string axis(is_result(event.kind) ? kEvaluationStep : kTrainingStep);
  bool has_axis = false;
  for (const auto& [name, value] : event.metrics) {
    if (std::isnan(value)) continue;  // not measured
    items.emplace_back(name, wandb_json(value));
    has_axis |= name == axis;
    if (newest_.size() < kMaxWandbKeys || newest_.contains(name)) newest_[name] = value;
    if (std::ranges::find(kHighestIsBest, name) != kHighestIsBest.end()) {
      const auto [best, first] = best_.emplace("best/" + name, value);
      if (!first) best->second = std::max(best->second, value);
    }
    summary_stale_ = true;
  }
  for (const auto& [name, distribution] : event.distributions) {
    if (!distribution.counts.empty()) items.emplace_back(name, wandb_json(distribution));
  }
  for (WandbItem& item : picture_item(event)) items.push_back(std::move(item));
  if (items.empty()) return;
  if (!has_axis) items.emplace_back(axis, wandb_json(static_cast<double>(event.step)));
  step_ = std::max(event.step, step_ + 1);
  items.emplace_back("_step", std::to_string(step_));
  items.emplace_back("_timestamp", wandb_json(static_cast<double>(event.utc_ms) * 1e-3));
  items.emplace_back("_runtime", wandb_json(static_cast<double>(event.utc_ms - start_ms_) * 1e-3));
  records_.history(step_, items);
}

std::vector<WandbItem> WandbOutlet::picture_item(const Event& event) {
  const auto picture = pictures_.take(event);
  if (!picture) return {};
  const std::string bytes = png(*picture);
  const std::string path =
      "media/images/board_" + std::to_string(event.step) + "_" + std::to_string(pictures_.taken()) + ".png";
  std::error_code ignored;
  fs::create_directories((folder_ / "files" / path).parent_path(), ignored);
  if (!write_durably(folder_ / "files" / path, bytes)) return {};  // a picture less
  records_.media(path);
  const nlohmann::json item = {{"_type", "image-file"},
                               {"path", path},
                               {"sha256", store::sha256(std::as_bytes(std::span(bytes)))},
                               {"size", bytes.size()},
                               {"format", "png"},
                               {"width", picture->width},
                               {"height", picture->height},
                               {"caption", picture_caption(event)}};
  return {{"games/board", item.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)}};
}

void WandbOutlet::add_stats(const Event& event) {
  if (stats_ms_ != 0 && event.utc_ms - stats_ms_ < 1000 * kStatsGap_s) return;
  std::vector<WandbItem> items;
  const auto add = [&](const char* key, std::string_view metric) {
    const double value = event.metric(metric);
    if (std::isfinite(value)) items.emplace_back(key, wandb_json(value));
  };
  add("proc.cpu.percent", "system/cpu_percent");
  add("proc.memory.rssMB", "system/rss_mb");
  add("gpu.0.gpu", "system/gpu_percent");
  if (items.empty()) return;
  stats_ms_ = event.utc_ms;
  records_.stats(event.utc_ms, items);
}

void WandbOutlet::add_console(const Event& event) {
  if (level_of(event) == Level::kDebug) return;
  if (event.kind == "update") {
    if (console_ms_ != 0 && event.utc_ms - console_ms_ < 1000 * kConsoleGap_s) return;
    console_ms_ = event.utc_ms;
  }
  const std::string line = console_line(event);
  if (!line.empty()) records_.console(event.utc_ms, line, level_of(event) >= Level::kWarning);
}

void WandbOutlet::add_alert(const Event& event) {
  if (event.kind == "evaluation.sla" && event.metric("evaluation/sla/violation_count") > 0) {
    records_.alert("Evaluation SLA violated", console_line(event), "WARN");
  } else if (event.kind == "evaluation.rollback") {
    records_.alert("Evaluation switched off", event.text("text"), "ERROR");
  } else if (level_of(event) == Level::kError) {
    records_.alert("Training failed", event.text("text"), "ERROR");
  }
}

void WandbOutlet::add_summary(std::int64_t utc_ms, bool now) {
  if (!summary_stale_ || (!now && summary_ms_ != 0 && utc_ms - summary_ms_ < 1000 * kSummaryGap_s)) return;
  std::vector<WandbItem> items;
  for (const auto* values : {&newest_, &best_}) {
    for (const auto& [name, value] : *values) items.emplace_back(name, wandb_json(value));
  }
  items.emplace_back("_step", std::to_string(std::max<std::int64_t>(step_, 0)));
  items.emplace_back("_timestamp", wandb_json(static_cast<double>(utc_ms) * 1e-3));
  items.emplace_back("_runtime", wandb_json(static_cast<double>(utc_ms - start_ms_) * 1e-3));
  records_.summary(items);
  summary_ms_ = utc_ms;
  summary_stale_ = false;
}

}  // namespace keisei::telemetry
