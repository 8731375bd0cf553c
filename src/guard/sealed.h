// Bytes that cross to a worker process and can be changed by nobody afterwards: a memfd sealed against shrinking,
// growing, writing and unsealing, so a game never sees torn weights. The maker owns the Fd; a copy of the descriptor
// goes over a Unix socket. Any thread. Sizes in bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace keisei::guard {

/// Copies `bytes` (at least 1) into a sealed memfd; `label` shows in /proc only. Error kDevice when memory is missing.
[[nodiscard]] Result<Fd> seal_bytes(const std::string& label, std::span<const std::byte> bytes);

/// A second descriptor of the same sealed memory, e.g. to attach one snapshot to two jobs.
[[nodiscard]] Result<Fd> duplicate(const Fd& memfd);

/// A read-only mapping of sealed memory (move-only); unmapped on destruction.
class SealedView {
 public:
  SealedView(SealedView&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SealedView& operator=(SealedView&& other) noexcept;
  SealedView(const SealedView&) = delete;
  SealedView& operator=(const SealedView&) = delete;
  ~SealedView();
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  friend Result<SealedView> map_sealed(const Fd&, std::size_t);
  explicit SealedView(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};

/// Maps it after checking that all four seals are set and that 0 < size <= max_bytes; kBadData otherwise.
[[nodiscard]] Result<SealedView> map_sealed(const Fd& memfd, std::size_t max_bytes);

/// The same checks, then a copy.
[[nodiscard]] Result<std::vector<std::byte>> read_sealed(const Fd& memfd, std::size_t max_bytes);

}  // namespace keisei::guard
