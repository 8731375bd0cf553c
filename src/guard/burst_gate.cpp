#include "guard/burst_gate.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstring>
#include <string>

namespace keisei::guard {
namespace {

constexpr std::uint32_t kShut = 0;
constexpr std::uint32_t kOpen = 1;
constexpr std::size_t kGateBytes = sizeof(std::uint32_t);
constexpr double kLongestWait_s = 3600;

// The mapping that exists stays writable, every later one and write() are refused; the size is fixed.
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
constexpr int kGateSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;

std::string reason() { return std::strerror(errno); }

std::int64_t now_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

Result<std::shared_ptr<BurstGate>> BurstGate::create() {
  Fd memfd(::memfd_create("keisei-gate", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memfd) return fail(Code::kDevice, "burst gate: memfd_create: " + reason());
  if (::ftruncate(memfd.get(), static_cast<off_t>(kGateBytes)) != 0) {
    return fail(Code::kDevice, "burst gate: no memory: " + reason());
  }
  void* address = ::mmap(nullptr, kGateBytes, PROT_READ | PROT_WRITE, MAP_SHARED, memfd.get(), 0);
  if (address == MAP_FAILED) return fail(Code::kDevice, "burst gate: mmap: " + reason());
  std::shared_ptr<BurstGate> gate(new BurstGate(std::move(memfd), static_cast<std::uint32_t*>(address)));
  gate->set(false);
  if (::fcntl(gate->memfd(), F_ADD_SEALS, kGateSeals) != 0) {
    return fail(Code::kFailure, "burst gate: cannot seal it against its workers: " + reason(),
                "Linux 5.1 or newer is needed");
  }
  return gate;
}

BurstGate::~BurstGate() {
  open();
  ::munmap(word_, kGateBytes);
}

void BurstGate::set(bool open) {
  __atomic_store_n(word_, open ? kOpen : kShut, __ATOMIC_SEQ_CST);
  open_.store(open, std::memory_order_relaxed);
}

void BurstGate::open() {
  set(true);
  ::syscall(SYS_futex, word_, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

void BurstGate::shut() { set(false); }

Result<BurstGateView> BurstGateView::map(Fd memfd) {
  struct stat info {};
  if (!memfd || ::fstat(memfd.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
      info.st_size < static_cast<off_t>(kGateBytes)) {
    return fail(Code::kUsage, "the inherited descriptor is no burst gate",
                "workers are started by the supervisor only");
  }
  void* address = ::mmap(nullptr, kGateBytes, PROT_READ, MAP_SHARED, memfd.get(), 0);
  if (address == MAP_FAILED) return fail(Code::kUsage, "the burst gate cannot be mapped: " + reason());
  return BurstGateView(static_cast<const std::uint32_t*>(address));
}

BurstGateView& BurstGateView::operator=(BurstGateView&& other) noexcept {
  if (this != &other) {
    BurstGateView old(std::move(*this));
    word_ = std::exchange(other.word_, nullptr);
  }
  return *this;
}

BurstGateView::~BurstGateView() {
  if (word_ != nullptr) ::munmap(const_cast<std::uint32_t*>(word_), kGateBytes);
}

bool BurstGateView::is_open() const { return __atomic_load_n(word_, __ATOMIC_SEQ_CST) != kShut; }

bool BurstGateView::wait_open(double timeout_s) const {
  const double bounded_s = std::isfinite(timeout_s) ? std::clamp(timeout_s, 0.0, kLongestWait_s) : kLongestWait_s;
  const std::int64_t end_ns = now_ns() + static_cast<std::int64_t>(bounded_s * 1e9);
  while (!is_open()) {
    const std::int64_t left_ns = end_ns - now_ns();
    if (left_ns <= 0) return false;
    const timespec left{static_cast<time_t>(left_ns / 1'000'000'000), static_cast<long>(left_ns % 1'000'000'000)};
    // Not the private kind: the word is shared between processes. A read-only mapping is enough to wait.
    const long rc = ::syscall(SYS_futex, word_, FUTEX_WAIT, kShut, &left, nullptr, 0);
    if (rc != 0 && errno != EAGAIN && errno != EINTR && errno != ETIMEDOUT) return false;
  }
  return true;
}

}  // namespace keisei::guard
