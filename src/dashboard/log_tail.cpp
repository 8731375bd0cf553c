#include "dashboard/log_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

namespace keisei::dashboard {
namespace {

constexpr std::size_t kBlockBytes = 65536;
constexpr std::size_t kIsoLength = 24;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::int64_t> utc_ms_of(std::string_view iso) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddZ";
  static_assert(kForm.size() == kIsoLength);
  if (iso.size() != kIsoLength) return std::nullopt;
  for (std::size_t i = 0; i < kIsoLength; ++i) {
    const bool fits = kForm[i] == 'd' ? iso[i] >= '0' && iso[i] <= '9' : iso[i] == kForm[i];
    if (!fits) return std::nullopt;
  }
  const auto part = [&](std::size_t at, std::size_t count) { return *digits(iso.substr(at, count)); };
  const std::chrono::year_month_day day{std::chrono::year(part(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  if (!day.ok()) return std::nullopt;
  const auto time = std::chrono::sys_days(day) + std::chrono::hours(part(11, 2)) +
                    std::chrono::minutes(part(14, 2)) + std::chrono::seconds(part(17, 2)) +
                    std::chrono::milliseconds(part(20, 3));
  return time.time_since_epoch().count();
}

std::optional<telemetry::Event> event_of(std::string_view line) {
  // Ordered: metrics keep the order in which they were written.
  const auto object = nlohmann::ordered_json::parse(line, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  const auto kind = object.find("event"), time = object.find("time"), step = object.find("step");
  if (kind == object.end() || !kind->is_string() || time == object.end() || !time->is_string()) return std::nullopt;
  const auto utc_ms = utc_ms_of(time->get_ref<const std::string&>());
  if (!utc_ms) return std::nullopt;
  telemetry::Event event{.kind = kind->get<std::string>(), .step = 0, .utc_ms = *utc_ms, .metrics = {}, .texts = {}};
  if (step != object.end() && step->is_number_integer()) event.step = step->get<std::int64_t>();
  if (const auto metrics = object.find("metrics"); metrics != object.end() && metrics->is_object()) {
    for (const auto& [name, value] : metrics->items()) {
      event.metrics.emplace_back(name, value.is_number() ? value.get<double>() : telemetry::kUnknown);
    }
  }
  if (const auto texts = object.find("texts"); texts != object.end() && texts->is_object()) {
    for (const auto& [name, value] : texts->items()) {
      if (value.is_string()) event.texts.emplace_back(name, value.get<std::string>());
    }
  }
  const auto level = object.find("level");
  if (level != object.end() && level->is_string() && event.text("level").empty() && *level != "info") {
    event.texts.emplace_back("level", level->get<std::string>());
  }
  return event;
}

bool LogTail::replaced() const {
  struct stat ours {}, named {};
  return ::fstat(fd_.get(), &ours) == 0 && ::stat(path_.c_str(), &named) == 0 &&
         (ours.st_ino != named.st_ino || ours.st_dev != named.st_dev);
}

void LogTail::take(std::string_view line, std::vector<telemetry::Event>& events) {
  if (std::exchange(skipping_, false)) return;  // the end of a line that was passed over
  if (auto event = event_of(line)) {
    events.push_back(std::move(*event));
  } else {
    ++passed_over_;
  }
}

std::vector<telemetry::Event> LogTail::read(std::size_t most) {
  std::vector<telemetry::Event> events;
  while (events.size() < most) {
    if (!fd_) {
      fd_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
      if (!fd_) break;
    }
    // Asked before reading: what the old file got until it was replaced is read first.
    const bool old = replaced();
    std::array<char, kBlockBytes> block;
    const ssize_t count = ::read(fd_.get(), block.data(), block.size());
    if (count <= 0) {
      if (count == 0 && old) {
        fd_.reset();
        partial_.clear();
        skipping_ = false;
        continue;
      }
      break;
    }
    partial_.append(block.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = partial_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      take(std::string_view(partial_).substr(begin, end - begin), events);
    }
    partial_.erase(0, begin);
    if (partial_.size() > kMaxLogLineBytes) {
      partial_.clear();
      if (!std::exchange(skipping_, true)) ++passed_over_;
    }
  }
  return events;
}

}  // namespace keisei::dashboard
