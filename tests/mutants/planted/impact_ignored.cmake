# What the experiment finds has no consequence.
set(planted_in guard/impact.cpp)
set(proved_by impact_by_clock)
set(original [=[} else if (*e.impact_low_percent > limit_percent) {]=])
set(mutated [=[} else if (*e.impact_low_percent > 1000 * limit_percent) {]=])
