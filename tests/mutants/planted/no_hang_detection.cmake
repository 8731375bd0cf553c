# A worker that gives no sign of life counts as healthy.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by silent_sleep)
set(original [=[if (now_ns < running.hang_check_ns) return;]=])
set(mutated [=[if (now_ns < running.hang_check_ns || now_ns > 0) return;]=])
