# A job may send twice as much as is allowed.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by flood)
set(original [=[slot.running->bytes > kMaxJobBytes)]=])
set(mutated [=[slot.running->bytes > 2 * kMaxJobBytes)]=])
