# A worker is never killed by force.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by sigterm_ignored)
set(original [=[slot.worker->child().signal_group(SIGKILL);]=])
set(mutated [=[slot.worker->child().signal_group(SIGTERM);]=])
