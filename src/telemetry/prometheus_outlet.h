// The metrics page as a file beside the run, replaced whole (written under another name, then renamed), at most once a
// second: node_exporter's textfile collector reads it, no port is opened. Not synced to disk: after a power cut the
// page is of no use. The bus gives it one thread; a fault is thrown, counted by the bus, and tried again later.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "telemetry/outlet.h"
#include "telemetry/prometheus_text.h"

namespace keisei::telemetry {

inline constexpr std::chrono::milliseconds kPageInterval{1000};

class PrometheusOutlet final : public Outlet {
 public:
  /// Writes to `path` (its directory exists), "<run>/metrics.prom"; `interval` is the least time between two writes.
  PrometheusOutlet(std::filesystem::path path, std::string run, std::chrono::milliseconds interval = kPageInterval);

  [[nodiscard]] std::string_view name() const override { return "prometheus"; }
  void write(const Event& event) override;
  void flush() override;
  void tick() override;

 private:
  void replace();
  void replace_when_due();

  const std::filesystem::path path_;
  const std::string run_;
  const std::chrono::milliseconds interval_;
  NewestMetrics newest_;
  bool stale_ = false;
  std::chrono::steady_clock::time_point tried_{};
};

}  // namespace keisei::telemetry
