# What was killed is not reaped.
set(planted_in guard/strays.cpp)
set(proved_by escape_crash)
set(original [=[if (::waitpid(pid, nullptr, WNOHANG) != pid) ++sweep.left;]=])
set(mutated [=[sweep.left = 0;]=])
