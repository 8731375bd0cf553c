# A worker is never killed by force.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by kill_by_force)
set(original [=[slot.worker->child().signal_group(SIGKILL);]=])
set(mutated [=[slot.worker->child().signal_group(SIGTERM);]=])
