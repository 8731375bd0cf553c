# Any number of worker deaths is let pass.
set(planted_in guard/breaker.cpp)
set(proved_by crash_loop)
set(original [=[(!tripped_ && deaths() >= limit_)]=])
set(mutated [=[(!tripped_ && deaths() > limit_)]=])
