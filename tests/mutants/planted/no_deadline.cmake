# The deadline of a job is not looked at.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by hang)
set(original [=[if (limit_s > 0 && now_ns]=])
set(mutated [=[if (limit_s < 0 && now_ns]=])
