// The records of a Weights & Biases run file, one function a record: plain values in, a numbered protobuf message into
// the file's batch out. Knows the format and its order rules, not when something is worth a record (wandb_outlet.h).
// The protobuf headers stay in the .cpp. Owned by the outlet; one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "telemetry/distribution.h"
#include "telemetry/setting.h"
#include "telemetry/wandb_file.h"

namespace keisei::telemetry {

/// Who and where a run is at W&B.
struct WandbRun {
  std::string id;  ///< is_wandb_id
  std::string entity, project, group, name, notes;
  std::vector<std::string> tags;
  Settings config;
  std::int64_t start_ms = 0;          ///< UTC
  std::int64_t first_step = 0;        ///< of W&B's own counting
  bool resumed = false;               ///< an earlier process wrote to this very run
  std::filesystem::path memory = {};  ///< file that keeps id and step (wandb_memory.h); empty = none
};

/// A value in a row: key and JSON text.
using WandbItem = std::pair<std::string, std::string>;

[[nodiscard]] std::string wandb_json(double value);  ///< NaN, Infinity and -Infinity are the tokens that W&B reads
[[nodiscard]] std::string wandb_json(const Distribution& distribution);

class WandbRecords {
 public:
  explicit WandbRecords(WandbFile file) : file_(std::move(file)) {}

  /// The first two records; nothing may come before them.
  void begin(const WandbRun& run);
  /// Charts of metrics named so (a glob ends in '*') have `step_metric` as their x axis.
  void define(std::string_view metric, std::string_view step_metric);
  void history(std::int64_t step, const std::vector<WandbItem>& items);
  void summary(const std::vector<WandbItem>& items);
  void stats(std::int64_t utc_ms, const std::vector<WandbItem>& items);
  void console(std::int64_t utc_ms, std::string_view line, bool is_error);
  void media(std::string_view path);  ///< below files/
  void alert(std::string_view title, std::string_view text, std::string_view level);
  /// The last records: without them W&B takes the run for crashed. `runtime_s` since the start.
  void end(int exit_code, std::int64_t runtime_s);

  void commit() { file_.commit(); }
  void sync() { file_.sync(); }
  [[nodiscard]] std::uint64_t bytes() const { return file_.bytes(); }

 private:
  WandbFile file_;
  std::int64_t number_ = 0;
};

}  // namespace keisei::telemetry
