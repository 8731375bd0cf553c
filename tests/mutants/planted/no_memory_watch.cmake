# Nobody watches the memory of workers.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by memory_mmap)
set(original [=[if (!any || now_ns < watch_ns_) return;]=])
set(mutated [=[if (!any || now_ns < watch_ns_ || now_ns > 0) return;]=])
