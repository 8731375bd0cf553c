# The gate admits one more than its limit.
set(planted_in guard/gate.cpp)
set(proved_by thousand_requests)
set(original [=[if (out >= limit_.load())]=])
set(mutated [=[if (out > limit_.load())]=])
