// log.jsonl: one JSON object per line, whatever the texts hold: line breaks are escaped, broken UTF-8 is replaced, NaN
// and infinity are null. Each line is one write(2), so a reader never sees half a line of a living run; the torn last
// line of a killed one is cut off at the next open. The file rotates by size: log.jsonl -> log.jsonl.1 -> log.jsonl.2.
// Keys: time (UTC ISO), level, event, step, metrics{}, texts{}. Used by one thread (the bus gives each outlet one).
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "telemetry/level.h"
#include "telemetry/outlet.h"

namespace keisei::telemetry {

inline constexpr std::size_t kMaxTextBytes = 8192;  ///< of one text in a line; longer ones are cut, marked with "…"
inline constexpr std::size_t kMaxLineFields = 256;  ///< metrics, and texts, of one line

/// The event as one JSON object without a line break.
[[nodiscard]] std::string json_line(const Event& event);

struct JsonLogOptions {
  std::size_t max_file_bytes = std::size_t{64} << 20;  ///< a fuller file rotates
  int kept_files = 3;                                  ///< rotated files kept beside the current one
  LevelFilter filter;
};

class JsonLog final : public Outlet {
 public:
  /// Appends to `path`, which is created when missing.
  [[nodiscard]] static Result<std::unique_ptr<JsonLog>> open(std::filesystem::path path, JsonLogOptions options = {});

  [[nodiscard]] std::string_view name() const override { return "log"; }
  void write(const Event& event) override;
  void flush() override;

 private:
  JsonLog(std::filesystem::path path, JsonLogOptions options, Fd fd, std::size_t bytes);
  void rotate();

  const std::filesystem::path path_;
  const JsonLogOptions options_;
  Fd fd_;
  std::size_t bytes_;
};

}  // namespace keisei::telemetry
