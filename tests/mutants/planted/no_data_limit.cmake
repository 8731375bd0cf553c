# RLIMIT_DATA is not set.
set(planted_in guard/launch.cpp)
set(proved_by circumstances)
set(original [=[if (plan->memory_mb > 0 && !limit(RLIMIT_DATA]=])
set(mutated [=[if (plan->memory_mb < 0 && !limit(RLIMIT_DATA]=])
