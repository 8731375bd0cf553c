// A run for TensorBoard: one event file a process in <run>/tensorboard, with every metric as a scalar over the event's
// step, what people read as text, distributions as histograms, boards as images, and the settings as hyperparameters.
// Its first step is announced, so that after a resume the viewer drops what an earlier file holds of later steps.
// `tensorboard --logdir RUNS` shows several runs. The bus gives it one thread; faults are thrown and counted there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "telemetry/outlet.h"
#include "telemetry/picture_choice.h"
#include "telemetry/setting.h"
#include "telemetry/tensorboard_file.h"

namespace keisei::telemetry {

inline constexpr std::uint64_t kMaxTensorboardBytes = std::uint64_t{2} << 30;  ///< then only the end is written

struct TensorboardRun {
  std::string name;           ///< of the run: its sessions are one group
  Settings settings;          ///< secrets already hidden
  std::int64_t start_ms = 0;  ///< UTC
};

class TensorboardOutlet final : public Outlet {
 public:
  /// Makes `directory` and a fresh file in it; kFailure when it cannot.
  [[nodiscard]] static Result<std::unique_ptr<TensorboardOutlet>> create(const std::filesystem::path& directory,
                                                                         const TensorboardRun& run);

  [[nodiscard]] std::string_view name() const override { return "tensorboard"; }
  void write(const Event& event) override;
  void flush() override;
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

 private:
  explicit TensorboardOutlet(TensorboardFile file) : file_(std::move(file)) {}
  void begin(const TensorboardRun& run);
  void add_values(const Event& event);
  void add_end(const Event& event);

  TensorboardFile file_;
  PictureChoice pictures_;
  bool announced_ = false;  ///< the first step
  bool ended_ = false;
};

}  // namespace keisei::telemetry
