# Pauses are not charged to the ledger.
set(planted_in guard/ledger.cpp)
set(proved_by greedy_evaluation)
set(original [=[if (!(paused_s > 0) || !std::isfinite(paused_s)) return;]=])
set(mutated [=[if (!(paused_s > 0) || std::isfinite(paused_s)) return;]=])
