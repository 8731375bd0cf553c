// A run for Weights & Biases, without a network and without a key: the folder that `wandb sync DIR` uploads afterwards,
// or `wandb beta sync --live DIR` while it grows. Every process of a run makes a folder of its own; all of them are one
// run at W&B (wandb_memory.h). Rows have rising steps as W&B demands; a late evaluation is drawn over evaluation/step,
// the rest over progress/timesteps. The bus gives it one thread; a fault is thrown and counted by the bus, training
// never notices.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "telemetry/outlet.h"
#include "telemetry/picture_choice.h"
#include "telemetry/wandb_records.h"

namespace keisei::telemetry {

inline constexpr std::uint64_t kMaxWandbBytes = std::uint64_t{2} << 30;  ///< then only summary and end are written
inline constexpr std::size_t kMaxWandbKeys = 1024;                       ///< of the summary
inline constexpr std::int64_t kStepReserve = 200'000;                    ///< steps kept ahead of the newest row
inline constexpr std::int64_t kSummaryGap_s = 30;
inline constexpr std::int64_t kStatsGap_s = 15;
inline constexpr std::int64_t kConsoleGap_s = 10;  ///< between two lines about updates

/// Eight lower-case letters and digits, from the run's name and the time: the same for the same two.
[[nodiscard]] std::string wandb_run_id(std::string_view run, std::int64_t utc_ms);

class WandbOutlet final : public Outlet {
 public:
  /// Makes the run's folder below `base`/wandb (or `base`/.wandb, if that exists); kFailure when it cannot.
  [[nodiscard]] static Result<std::unique_ptr<WandbOutlet>> create(const std::filesystem::path& base, WandbRun run);

  [[nodiscard]] std::string_view name() const override { return "wandb"; }
  void write(const Event& event) override;
  void flush() override;
  /// What `wandb sync` is given.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  WandbOutlet(std::filesystem::path folder, const WandbRun& run, WandbFile file)
      : folder_(std::move(folder)),
        start_ms_(run.start_ms),
        id_(run.id),
        memory_(run.memory),
        records_(std::move(file)),
        step_(run.first_step - 1) {}
  void define_axes();
  void add_row(const Event& event);
  void add_stats(const Event& event);
  void add_console(const Event& event);
  void add_alert(const Event& event);
  void add_summary(std::int64_t utc_ms, bool now);
  [[nodiscard]] Result<void> keep(std::int64_t step);
  [[nodiscard]] std::vector<WandbItem> picture_item(const Event& event);

  const std::filesystem::path folder_;
  const std::int64_t start_ms_;
  const std::string id_;
  const std::filesystem::path memory_;
  WandbRecords records_;
  PictureChoice pictures_;
  std::map<std::string, double, std::less<>> newest_;  ///< of every metric, for the summary
  std::map<std::string, double, std::less<>> best_;
  std::int64_t step_;            ///< of the newest row
  std::int64_t kept_step_ = -1;  ///< as the memory has it
  std::int64_t stats_ms_ = 0, console_ms_ = 0, summary_ms_ = 0, event_ms_ = 0;
  bool summary_stale_ = false;
  bool ended_ = false;
};

}  // namespace keisei::telemetry
