#include "telemetry/prometheus_outlet.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>

#include "base/file.h"

namespace keisei::telemetry {
namespace {

constexpr int kFileMode = 0644;

[[noreturn]] void fault(const std::string& what, const std::filesystem::path& path) {
  throw std::runtime_error(what + " '" + path.string() + "' failed: " + std::strerror(errno));
}

}  // namespace

PrometheusOutlet::PrometheusOutlet(std::filesystem::path path, std::string run, std::chrono::milliseconds interval)
    : path_(std::move(path)), run_(std::move(run)), interval_(interval) {}

void PrometheusOutlet::write(const Event& event) {
  newest_.take(event);
  stale_ = true;
  replace_when_due();
}

void PrometheusOutlet::flush() {
  if (stale_) replace();
}

void PrometheusOutlet::tick() { replace_when_due(); }

void PrometheusOutlet::replace_when_due() {
  const bool first = tried_ == std::chrono::steady_clock::time_point{};
  if (stale_ && (first || std::chrono::steady_clock::now() - tried_ >= interval_)) replace();
}

void PrometheusOutlet::replace() {
  tried_ = std::chrono::steady_clock::now();
  const std::string page = prometheus_text(run_, newest_);
  // A collector takes files that end in .prom, so half a page is never read.
  const std::filesystem::path fresh = path_.string() + ".tmp";
  const Fd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  if (!fd) fault("opening", fresh);
  if (const auto done = write_all(fd.get(), std::as_bytes(std::span(page)), fresh.string()); !done) {
    (void)::unlink(fresh.c_str());
    throw std::runtime_error(done.error().message);
  }
  if (::rename(fresh.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    (void)::unlink(fresh.c_str());
    errno = error;
    fault("replacing", path_);
  }
  stale_ = false;
}

}  // namespace keisei::telemetry
