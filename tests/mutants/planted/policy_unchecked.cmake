# A worker works at any scheduling policy.
set(planted_in guard/worker.cpp)
set(proved_by default_policy)
set(original [=[if (policy != SCHED_IDLE) {]=])
set(mutated [=[if (policy < 0) {]=])
