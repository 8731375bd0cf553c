# A record is not replayed by the rules.
set(planted_in app/evaluation_job.cpp)
set(proved_by no_records)
set(original [=[record ? evaluation::verify(*record) :]=])
set(mutated [=[record ? Result<void>() :]=])
