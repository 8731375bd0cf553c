#include "telemetry/append_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>

namespace keisei::telemetry {
namespace {

constexpr int kFileMode = 0644;

}  // namespace

Result<AppendFile> AppendFile::create(std::filesystem::path path) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  if (!fd) {
    return fail(Code::kFailure, "creating '" + path.string() + "' failed: " + std::strerror(errno),
                "check that the directory is writable and has free space");
  }
  return AppendFile(std::move(path), std::move(fd));
}

void AppendFile::append(std::string_view bytes) {
  const auto written = write_all(fd_.get(), std::as_bytes(std::span(bytes)), path_.string());
  if (!written) {
    const auto end = static_cast<off_t>(bytes_);
    if (::ftruncate(fd_.get(), end) != 0 || ::lseek(fd_.get(), end, SEEK_SET) != end) fd_.reset();
    throw std::runtime_error(written.error().message);
  }
  bytes_ += bytes.size();
}

void AppendFile::sync() {
  if (fd_ && ::fdatasync(fd_.get()) != 0) {
    throw std::system_error(errno, std::generic_category(), "syncing " + path_.string());
  }
}

}  // namespace keisei::telemetry
