#include "guard/gate.h"

namespace keisei::guard {

std::optional<Permit> Gate::try_admit() {
  int out = in_use_.load();
  do {
    if (out >= limit_.load()) {
      refused_.fetch_add(1);
      return std::nullopt;
    }
  } while (!in_use_.compare_exchange_weak(out, out + 1));
  int peak = peak_.load();
  while (peak < out + 1 && !peak_.compare_exchange_weak(peak, out + 1)) {
  }
  admitted_.fetch_add(1);
  return Permit(shared_from_this());
}

void Permit::give_back() {
  if (gate_) gate_->in_use_.fetch_sub(1);
  gate_.reset();
}

}  // namespace keisei::guard
