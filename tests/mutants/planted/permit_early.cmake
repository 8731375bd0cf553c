# The permit goes back when a job is asked to end, not when its worker is gone.
set(planted_in guard/supervisor_slot.cpp)
set(proved_by permit_until_reaped)
set(original [=[slot.running->detail = std::move(detail);
  slot.worker->send(]=])
set(mutated [=[slot.running->detail = std::move(detail);
  slot.permit.reset();
  slot.worker->send(]=])
