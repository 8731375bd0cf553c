// One case of a suite out of an object that is being read: the lines of a suite file and the suite inside a request are
// the same objects, read by the same strict reader. One thread at a time.
#pragma once

#include "evaluation/json_fields.h"
#include "evaluation/suite.h"

namespace keisei::evaluation {

/// Faults stay in `fields`, until its finish().
[[nodiscard]] SuiteCase read_case(JsonFields& fields);

}  // namespace keisei::evaluation
