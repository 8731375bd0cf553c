# Impact is called met on few pairs.
set(planted_in guard/impact.cpp)
set(proved_by few_pairs)
set(original [=[if (y.count() < kMinPairs || !e.impact_high_percent) {]=])
set(mutated [=[if (!e.impact_high_percent) {]=])
