// Events into the run database: every metric as a row of `metrics`, every event but the frequent "update" as a row of
// `events`. Rows wait up to kMaxBatchDelay or kMaxBatchRows and go in one transaction, because a commit costs a sync of
// the disk. When the database refuses, rows are kept and tried again, at most kMaxPendingRows of each; beyond that the
// oldest are given up and the fault says how many. Used by one thread; shares the connection, which serialises itself.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "store/run_database.h"
#include "telemetry/outlet.h"

namespace keisei::telemetry {

inline constexpr std::size_t kMaxBatchRows = 4096;
inline constexpr std::size_t kMaxPendingRows = 65536;
inline constexpr std::chrono::milliseconds kMaxBatchDelay{500};

class DatabaseOutlet final : public Outlet {
 public:
  explicit DatabaseOutlet(std::shared_ptr<store::RunDatabase> database);
  /// Commits what waits; a fault is lost here, so flush() first (the bus does).
  ~DatabaseOutlet() override;
  DatabaseOutlet(const DatabaseOutlet&) = delete;
  DatabaseOutlet& operator=(const DatabaseOutlet&) = delete;

  [[nodiscard]] std::string_view name() const override { return "database"; }
  void write(const Event& event) override;
  void flush() override;
  void tick() override;
  /// Rows given up because the database refused for too long.
  [[nodiscard]] std::uint64_t rows_lost() const { return rows_lost_; }

 private:
  void commit();
  void bound_pending();

  const std::shared_ptr<store::RunDatabase> database_;
  std::vector<store::Metric> metrics_;
  std::vector<store::EventRow> events_;
  std::chrono::steady_clock::time_point oldest_{};  ///< when the batch began, or was last tried
  std::uint64_t rows_lost_ = 0;
};

}  // namespace keisei::telemetry
