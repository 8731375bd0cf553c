#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace keisei {
namespace {

std::string reason(const std::string& what, const std::string& path) {
  return what + " " + path + ": " + std::strerror(errno);
}

/// Removes a temporary file unless the rename took it.
struct Temporary {
  std::string path;
  bool keep = false;
  ~Temporary() {
    if (!keep) ::unlink(path.c_str());
  }
};

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail(Code::kFailure, reason("cannot open directory", directory));
  if (::fsync(fd.get()) != 0) return fail(Code::kFailure, reason("cannot sync directory", directory));
  return {};
}

}  // namespace

void Fd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

Result<void> write_all(int fd, std::span<const std::byte> bytes, const std::string& name) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0) {
      if (errno == EINTR) continue;
      return fail(Code::kFailure, reason("cannot write", name));
    }
    done += static_cast<std::size_t>(n);
  }
  return {};
}

Result<void> write_durably(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  if (std::error_code error; std::filesystem::is_symlink(path, error)) {
    const std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
    if (error) return fail(Code::kFailure, "cannot follow the link " + path.string() + ": " + error.message());
    return write_durably(target, bytes);
  }
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));  // a pipe or a device is written to, not replaced
    if (!fd) return fail(Code::kFailure, reason("cannot open", path));
    return write_all(fd.get(), bytes, path);
  }
  const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::string name = (directory / ("." + path.filename().string() + ".XXXXXX")).string();
  const int raw = ::mkostemp(name.data(), O_CLOEXEC);
  if (raw < 0)
    return fail(Code::kFailure, reason("cannot create a file in", directory),
                "check that the directory exists and is writable");
  Temporary temporary{name};
  Fd fd(raw);
  ::fchmod(fd.get(), 0644);
  if (!bytes.empty()) {
    // Reserve first: a full disk then shows before the old state is touched.
    const int reserved = ::posix_fallocate(fd.get(), 0, static_cast<off_t>(bytes.size()));
    if (reserved != 0 && reserved != EOPNOTSUPP && reserved != EINVAL) {
      errno = reserved;
      return fail(Code::kFailure, reason("cannot reserve space for", path),
                  "free disk space; the previous file is intact");
    }
  }
  if (auto written = write_all(fd.get(), bytes, path); !written) return written;
  if (::fsync(fd.get()) != 0) return fail(Code::kFailure, reason("cannot sync", path), "the previous file is intact");
  if (::close(fd.release()) != 0)
    return fail(Code::kFailure, reason("cannot close", path), "the previous file is intact");
  if (::rename(name.c_str(), path.c_str()) != 0) return fail(Code::kFailure, reason("cannot rename to", path));
  temporary.keep = true;
  return sync_directory(directory);
}

Result<void> write_durably(const std::filesystem::path& path, std::string_view text) {
  return write_durably(path, std::as_bytes(std::span(text)));
}

Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail(Code::kFailure, reason("cannot open", path));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return fail(Code::kFailure, reason("cannot read", path));
  if (!S_ISREG(info.st_mode)) return fail(Code::kFailure, "cannot read " + path.string() + ": not a regular file");
  if (static_cast<std::size_t>(info.st_size) > max_bytes)
    return fail(Code::kFailure, path.string() + " has " + std::to_string(info.st_size) + " bytes; at most " +
                                    std::to_string(max_bytes) + " are read");
  std::vector<std::byte> bytes(static_cast<std::size_t>(info.st_size));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(fd.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Code::kFailure, reason("cannot read", path));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

Result<std::string> read_text(const std::filesystem::path& path, std::size_t max_bytes) {
  auto bytes = read_file(path, max_bytes);
  if (!bytes) return tl::make_unexpected(bytes.error());
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

}  // namespace keisei
