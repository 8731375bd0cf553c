#include "store/run_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

namespace keisei::store {
namespace {

struct flock whole_file(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// The process number in the file; -1 where there is none.
int read_pid(int fd) {
  std::array<char, 16> text{};
  const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
  int pid = -1;
  if (n > 0) std::from_chars(text.data(), text.data() + n, pid);
  return pid;
}

tl::unexpected<Error> system_error(const std::string& what, const std::filesystem::path& file) {
  return fail(Code::kFailure, what + " " + file.string() + ": " + std::strerror(errno),
              "check that the directory exists and is writable");
}

}  // namespace

Result<RunLock> RunLock::take(const std::filesystem::path& file) {
  Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) return system_error("cannot open", file);
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) return system_error("cannot lock", file);
    const int pid = read_pid(fd.get());
    return fail(Code::kFailure,
                "run " + file.parent_path().string() + " is in use by process " + (pid > 0 ? std::to_string(pid) : "?"),
                "stop that process first, or choose another run name");
  }
  const std::string text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd.get(), 0) != 0) return system_error("cannot write", file);
  if (auto written = write_all(fd.get(), std::as_bytes(std::span(text)), file.string()); !written) {
    return tl::make_unexpected(written.error());
  }
  return RunLock(std::move(fd));
}

std::optional<int> lock_holder(const std::filesystem::path& file) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  struct flock lock = whole_file(F_WRLCK);
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return read_pid(fd.get());
}

}  // namespace keisei::store
