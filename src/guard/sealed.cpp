#include "guard/sealed.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace keisei::guard {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

std::string reason() { return std::strerror(errno); }

}  // namespace

Result<Fd> seal_bytes(const std::string& label, std::span<const std::byte> bytes) {
  if (bytes.empty()) return fail(Code::kUsage, "sealed memory '" + label + "' would be empty");
  Fd memfd(::memfd_create(label.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memfd) return fail(Code::kDevice, "sealed memory '" + label + "': memfd_create: " + reason());
  if (::ftruncate(memfd.get(), static_cast<off_t>(bytes.size())) != 0) {
    return fail(Code::kDevice,
                "sealed memory '" + label + "': " + std::to_string(bytes.size()) + " bytes: " + reason());
  }
  if (auto written = write_all(memfd.get(), bytes, "sealed memory '" + label + "'"); !written) {
    return tl::make_unexpected(written.error());
  }
  if (::fcntl(memfd.get(), F_ADD_SEALS, kSeals) != 0) {
    return fail(Code::kFailure, "sealed memory '" + label + "': cannot seal: " + reason());
  }
  return memfd;
}

Result<Fd> duplicate(const Fd& memfd) {
  Fd copy(::fcntl(memfd.get(), F_DUPFD_CLOEXEC, 3));
  if (!copy) return fail(Code::kFailure, "cannot duplicate a descriptor: " + reason());
  return copy;
}

SealedView& SealedView::operator=(SealedView&& other) noexcept {
  if (this != &other) {
    SealedView old(std::move(*this));
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

SealedView::~SealedView() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

Result<SealedView> map_sealed(const Fd& memfd, std::size_t max_bytes) {
  const int seals = ::fcntl(memfd.get(), F_GET_SEALS);
  if (seals < 0) return fail(Code::kBadData, "attachment is no sealed memory: " + reason());
  if ((seals & kSeals) != kSeals) {
    return fail(Code::kBadData, "attachment is not sealed (seals " + std::to_string(seals) + " of " +
                                    std::to_string(kSeals) + "): it could change while it is read");
  }
  struct stat info {};
  if (::fstat(memfd.get(), &info) != 0) return fail(Code::kBadData, "attachment: fstat: " + reason());
  const auto size = static_cast<std::size_t>(info.st_size);
  if (info.st_size <= 0 || size > max_bytes) {
    return fail(Code::kBadData, "attachment has " + std::to_string(info.st_size) + " bytes",
                "1 to " + std::to_string(max_bytes) + " are allowed");
  }
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, memfd.get(), 0);
  if (address == MAP_FAILED) return fail(Code::kDevice, "attachment: mmap: " + reason());
  return SealedView({static_cast<const std::byte*>(address), size});
}

Result<std::vector<std::byte>> read_sealed(const Fd& memfd, std::size_t max_bytes) {
  auto view = map_sealed(memfd, max_bytes);
  if (!view) return tl::make_unexpected(view.error());
  const auto bytes = view->bytes();
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace keisei::guard
