// Events read back from a run's log.jsonl while another process goes on writing it: the other end of
// telemetry/json_log.h. Takes no lock and changes nothing. A line without its end waits for it; a line that is no event
// is passed over and counted; a rotated log is followed. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "telemetry/event.h"

namespace keisei::dashboard {

inline constexpr std::size_t kMaxLogLineBytes = std::size_t{4} << 20;  ///< longer lines are passed over

/// One line of the log; nothing when it is none. null is NaN.
[[nodiscard]] std::optional<telemetry::Event> event_of(std::string_view line);
/// Milliseconds since 1970 UTC of "2026-03-01T12:34:56.789Z"; nothing for another form.
[[nodiscard]] std::optional<std::int64_t> utc_ms_of(std::string_view iso);

class LogTail {
 public:
  explicit LogTail(std::filesystem::path path) : path_(std::move(path)) {}

  /// What was written since the last call, at most about `most` events; empty when there is nothing new, or no file.
  [[nodiscard]] std::vector<telemetry::Event> read(std::size_t most);
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }

 private:
  [[nodiscard]] bool replaced() const;
  void take(std::string_view line, std::vector<telemetry::Event>& events);

  const std::filesystem::path path_;
  Fd fd_;
  std::string partial_;
  bool skipping_ = false;  ///< within a line that is too long
  std::uint64_t passed_over_ = 0;
};

}  // namespace keisei::dashboard
