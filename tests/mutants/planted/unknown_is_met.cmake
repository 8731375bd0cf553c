# A figure that was not measured counts as met.
set(planted_in guard/sla.cpp)
set(proved_by null_everything)
set(original [=[Verdict verdict{std::move(clause), VerdictState::kUnknown, value]=])
set(mutated [=[Verdict verdict{std::move(clause), VerdictState::kMet, value]=])
