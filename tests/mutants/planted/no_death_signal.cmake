# A worker outlives the process that supervised it.
set(planted_in guard/launch.cpp)
set(proved_by parent_killed)
set(original [=[if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)]=])
set(mutated [=[if (::prctl(PR_SET_PDEATHSIG, 0) != 0)]=])
