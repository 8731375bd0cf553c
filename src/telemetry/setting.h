// One option of the run's configuration as an outlet tells it to others: W&B's config, TensorBoard's hyperparameters.
// A plain value, so that telemetry need not know the option tables; app fills it in, secrets already hidden.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace keisei::telemetry {

struct Setting {
  std::string section;  ///< "training"
  std::string key;      ///< "gamma"
  std::variant<bool, double, std::string> value;
};
using Settings = std::vector<Setting>;

}  // namespace keisei::telemetry
