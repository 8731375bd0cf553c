# What a worker sent before it crashed is not read.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by exit)
set(original [=[if (slot.misbehaviour.empty() && slot.closed_ns == 0) read(slot, true);]=])
set(mutated [=[if (slot.running) slot.running->results.clear();]=])
