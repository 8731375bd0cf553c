# A worker works in any session.
set(planted_in guard/worker.cpp)
set(proved_by own_session)
set(original [=[if (::getsid(0) != ::getsid(::getppid())) {]=])
set(mutated [=[if (::getsid(0) < 0) {]=])
