# A worker gets every open descriptor.
set(planted_in guard/launch.cpp)
set(proved_by secrets)
set(original [=[::close_range(static_cast<unsigned>(plan->keep_fds), ~0u, 0)]=])
set(mutated [=[::close_range(~0u, ~0u, 0)]=])
