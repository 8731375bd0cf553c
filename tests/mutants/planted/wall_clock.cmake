# Deadlines follow the clock on the wall.
set(planted_in guard/supervisor_loop.cpp)
set(proved_by clock_jumps)
set(original [=[const std::int64_t now_ns = clock_.monotonic_ns();
    for (Slot& slot : slots_) {
      if (slot.worker) reap(slot);]=])
set(mutated [=[const std::int64_t now_ns = clock_.utc_ms() * 1'000'000;
    for (Slot& slot : slots_) {
      if (slot.worker) reap(slot);]=])
