#include "telemetry/json_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/clock.h"

namespace keisei::telemetry {
namespace {

constexpr int kFileMode = 0644;
constexpr off_t kTornTailBlock = 4096;

/// At most kMaxTextBytes, cut at a character's start.
std::string bounded(const std::string& text) {
  if (text.size() <= kMaxTextBytes) return text;
  std::size_t end = kMaxTextBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

Error os_error(const std::string& what, const std::filesystem::path& path) {
  return {Code::kFailure, what + " '" + path.string() + "' failed: " + std::strerror(errno),
          "check that the directory exists, is writable and has free space"};
}

Result<Fd> open_for_append(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kFileMode));
  if (!fd) return tl::make_unexpected(os_error("opening the log", path));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return tl::make_unexpected(os_error("reading the size of the log", path));
  if (!S_ISREG(info.st_mode)) {
    return fail(Code::kFailure, "the log '" + path.string() + "' is not a regular file",
                "choose another run directory");
  }
  return fd;
}

/// Cuts off what follows the last line break; returns the size that is left.
Result<std::size_t> cut_torn_line(int fd, const std::filesystem::path& path) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  if (size < 0) return tl::make_unexpected(os_error("reading the size of the log", path));
  off_t keep = 0;
  std::array<char, kTornTailBlock> block{};
  for (off_t end = size; end > 0 && keep == 0;) {
    const off_t begin = std::max<off_t>(0, end - kTornTailBlock);
    const auto length = static_cast<std::size_t>(end - begin);
    if (::pread(fd, block.data(), length, begin) != static_cast<ssize_t>(length)) {
      return tl::make_unexpected(os_error("reading the end of the log", path));
    }
    const auto last = std::string_view(block.data(), length).rfind('\n');
    if (last != std::string_view::npos) keep = begin + static_cast<off_t>(last) + 1;
    end = begin;
  }
  if (keep < size && ::ftruncate(fd, keep) != 0) {
    return tl::make_unexpected(os_error("cutting the torn last line of the log", path));
  }
  return static_cast<std::size_t>(keep);
}

}  // namespace

std::string json_line(const Event& event) {
  using nlohmann::ordered_json;
  ordered_json line;
  line["time"] = iso_utc(event.utc_ms);
  line["level"] = level_name(level_of(event));
  line["event"] = bounded(event.kind);
  line["step"] = event.step;
  ordered_json& metrics = line["metrics"] = ordered_json::object();
  for (std::size_t i = 0; i < std::min(event.metrics.size(), kMaxLineFields); ++i) {
    const auto& [name, value] = event.metrics[i];
    metrics[bounded(name)] = std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
  }
  ordered_json& texts = line["texts"] = ordered_json::object();
  for (std::size_t i = 0; i < std::min(event.texts.size(), kMaxLineFields); ++i) {
    texts[bounded(event.texts[i].first)] = bounded(event.texts[i].second);
  }
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

JsonLog::JsonLog(std::filesystem::path path, JsonLogOptions options, Fd fd, std::size_t bytes)
    : path_(std::move(path)), options_(std::move(options)), fd_(std::move(fd)), bytes_(bytes) {}

Result<std::unique_ptr<JsonLog>> JsonLog::open(std::filesystem::path path, JsonLogOptions options) {
  auto fd = open_for_append(path);
  if (!fd) return tl::make_unexpected(std::move(fd.error()));
  const auto bytes = cut_torn_line(fd->get(), path);
  if (!bytes) return tl::make_unexpected(bytes.error());
  return std::unique_ptr<JsonLog>(new JsonLog(std::move(path), std::move(options), std::move(*fd), *bytes));
}

void JsonLog::write(const Event& event) {
  if (!options_.filter.keeps(event)) return;
  const std::string line = json_line(event) + '\n';
  if (!fd_ || (bytes_ > 0 && bytes_ + line.size() > options_.max_file_bytes)) rotate();
  const auto written = write_all(fd_.get(), std::as_bytes(std::span(line)), path_.string());
  if (!written) {
    // A full disk may have taken a part of the line: the file keeps whole lines only.
    if (::ftruncate(fd_.get(), static_cast<off_t>(bytes_)) != 0) fd_.reset();
    throw std::runtime_error(written.error().message);
  }
  bytes_ += line.size();
}

void JsonLog::flush() {
  if (fd_ && ::fdatasync(fd_.get()) != 0) {
    throw std::system_error(errno, std::generic_category(), "syncing " + path_.string());
  }
}

void JsonLog::rotate() {
  const auto numbered = [&](int n) { return std::filesystem::path(path_.string() + "." + std::to_string(n)); };
  fd_.reset();
  std::error_code ignored;  // a missing number is no fault
  if (options_.kept_files <= 0) {
    std::filesystem::remove(path_, ignored);
  } else {
    for (int n = options_.kept_files; n > 1; --n) std::filesystem::rename(numbered(n - 1), numbered(n), ignored);
    std::filesystem::rename(path_, numbered(1), ignored);
  }
  auto fd = open_for_append(path_);
  if (!fd) throw std::runtime_error(fd.error().message);
  const auto bytes = cut_torn_line(fd->get(), path_);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  fd_ = std::move(*fd);
  bytes_ = *bytes;
}

}  // namespace keisei::telemetry
