#include "guard/governor_status.h"

namespace keisei::guard {

const char* name(GateState state) {
  switch (state) {
    case GateState::kIdle:
      return "idle";
    case GateState::kOff:
      return "off";
    case GateState::kOn:
      return "on";
    case GateState::kShut:
      return "shut";
    case GateState::kReleased:
      break;
  }
  return "released";
}

const char* name(GateShut why) { return why == GateShut::kTripwire ? "tripwire" : "impact"; }

const char* name(GovernorEventKind kind) {
  switch (kind) {
    case GovernorEventKind::kPair:
      return "pair";
    case GovernorEventKind::kPairDropped:
      return "pair_dropped";
    case GovernorEventKind::kSetPoint:
      return "set_point";
    case GovernorEventKind::kGateShut:
      return "gate_shut";
    case GovernorEventKind::kGateOpened:
      break;
  }
  return "gate_opened";
}

}  // namespace keisei::guard
