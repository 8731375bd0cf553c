// The one semaphore of evaluations. One Gate is made by the session and shared (shared_ptr) by every path that starts
// an evaluation, because a limit that each caller counts for itself is no limit. A Permit is the right to run one
// evaluation; it goes back when it is destroyed, and the supervisor destroys it only after the work has ended or the
// worker is reaped. The limit may move while permits are out: those are kept, and none is given until fewer are out
// than it says. Thread-safe, never blocks.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace keisei::guard {

class Permit;

class Gate : public std::enable_shared_from_this<Gate> {
 public:
  /// At most `limit` (>= 1, smaller is taken as 1) permits exist at once.
  [[nodiscard]] static std::shared_ptr<Gate> make(int limit) { return std::shared_ptr<Gate>(new Gate(limit)); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// A permit, or nothing when all are out. A permit keeps its gate alive.
  [[nodiscard]] std::optional<Permit> try_admit();

  /// Moves the limit (smaller than 1 is taken as 1). Permits already out stay valid.
  void set_limit(int limit) { limit_.store(limit < 1 ? 1 : limit); }

  [[nodiscard]] int limit() const { return limit_.load(); }
  [[nodiscard]] int in_use() const { return in_use_.load(); }
  [[nodiscard]] int peak() const { return peak_.load(); }  ///< most permits ever out at once
  [[nodiscard]] std::uint64_t admitted() const { return admitted_.load(); }
  [[nodiscard]] std::uint64_t refused() const { return refused_.load(); }

 private:
  friend class Permit;
  explicit Gate(int limit) : limit_(limit < 1 ? 1 : limit) {}

  std::atomic<int> limit_;
  std::atomic<int> in_use_{0};
  std::atomic<int> peak_{0};
  std::atomic<std::uint64_t> admitted_{0};
  std::atomic<std::uint64_t> refused_{0};
};

/// The right to run one evaluation (move-only); given back on destruction.
class Permit {
 public:
  Permit(Permit&&) noexcept = default;
  Permit& operator=(Permit&& other) noexcept {
    if (this != &other) {
      give_back();
      gate_ = std::move(other.gate_);
    }
    return *this;
  }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;
  ~Permit() { give_back(); }

 private:
  friend class Gate;
  explicit Permit(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}
  void give_back();
  std::shared_ptr<Gate> gate_;
};

/// The limit of config::Evaluation: 0 means 4, or 1 where there are 4 cores or fewer.
[[nodiscard]] inline int gate_limit(int configured, int cores) {
  if (configured > 0) return configured;
  return cores <= 4 ? 1 : 4;
}

}  // namespace keisei::guard
