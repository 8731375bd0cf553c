# What leaves a worker's group is not looked for.
set(planted_in guard/strays.cpp)
set(proved_by escape_crash)
set(original [=[if (!is_stray(pid, rule, session, score_tells)) continue;]=])
set(mutated [=[if (is_stray(pid, rule, session, score_tells) || pid > 0) continue;]=])
