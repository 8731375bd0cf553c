#include "config/rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "config/secret.h"
#include "config/value.h"

namespace keisei::config {
namespace {

constexpr double kDutyShareOfLimit = 0.6;  ///< duty that leaves room below an impact limit

int largest_divisor(int number, int at_most) {
  for (int divisor = std::min(number, at_most); divisor > 1; --divisor) {
    if (number % divisor == 0) return divisor;
  }
  return 1;
}

std::string num(double value) { return number_text(value); }

/// Whole MB that may be used; infinite where that is not known.
double memory_mb(const Machine& machine) {
  const double known = machine.memory_mb ? std::floor(*machine.memory_mb) : 0;
  return known >= 1 ? known : std::numeric_limits<double>::infinity();
}

}  // namespace

std::vector<Remark> fit(Config& config, const Asked& asked, const Machine& machine) {
  std::vector<Remark> changes;
  Training& training = config.training;
  SelfPlay& selfplay = config.selfplay;
  const auto say = [&](const char* option, const std::string& value, const std::string& because) {
    changes.push_back({option, "is now " + value + ", " + because});
  };

  if (!asked("training.steps_per_epoch") && training.total_timesteps < training.steps_per_epoch) {
    const int total = static_cast<int>(training.total_timesteps);
    const int games = selfplay.games;
    training.steps_per_epoch = total >= games ? total - total % games : total;
    say("training.steps_per_epoch", num(training.steps_per_epoch), "to fit training.total_timesteps " + num(total));
  }
  if (training.steps_per_epoch % selfplay.games != 0) {
    if (!asked("selfplay.games")) {
      selfplay.games = largest_divisor(training.steps_per_epoch, selfplay.games);
      say("selfplay.games", num(selfplay.games), "to divide training.steps_per_epoch " + num(training.steps_per_epoch));
    } else if (!asked("training.steps_per_epoch")) {
      const int rounds = std::max(1, training.steps_per_epoch / selfplay.games);
      training.steps_per_epoch = rounds * selfplay.games;
      say("training.steps_per_epoch", num(training.steps_per_epoch),
          "to be a multiple of selfplay.games " + num(selfplay.games));
    }
  }
  if (!asked("training.minibatch_size") && training.minibatch_size > training.steps_per_epoch &&
      training.steps_per_epoch >= 2) {
    training.minibatch_size = training.steps_per_epoch;
    say("training.minibatch_size", num(training.minibatch_size), "to fit training.steps_per_epoch");
  }
  if (!asked("training.shards") && training.shards > training.minibatch_size) {
    training.shards = training.minibatch_size;
    say("training.shards", num(training.shards), "to fit training.minibatch_size");
  }
  if (!asked("training.material_coef_final") && training.material_coef == 0 && training.material_coef_final > 0) {
    training.material_coef_final = 0;
    say("training.material_coef_final", "0", "as training.material_coef is 0");
  }
  Evaluation& evaluation = config.evaluation;
  if (!asked("evaluation.duty_percent") && evaluation.duty_percent > evaluation.training_impact_limit_percent) {
    evaluation.duty_percent = kDutyShareOfLimit * evaluation.training_impact_limit_percent;
    say("evaluation.duty_percent", num(evaluation.duty_percent),
        "to stay below evaluation.training_impact_limit_percent " + num(evaluation.training_impact_limit_percent));
  }
  if (!asked("evaluation.burst_ms") && evaluation.burst_ms > evaluation.max_stall_ms) {
    evaluation.burst_ms = evaluation.max_stall_ms;
    say("evaluation.burst_ms", num(evaluation.burst_ms), "to fit evaluation.max_stall_ms");
  }
  if (!asked("evaluation.memory_limit_mb") && evaluation.memory_limit_mb > memory_mb(machine)) {
    evaluation.memory_limit_mb = memory_mb(machine);
    say("evaluation.memory_limit_mb", num(evaluation.memory_limit_mb), "the memory of this machine");
  }
  return changes;
}

std::vector<Remark> cross_faults(const Config& config, const Machine& machine) {
  std::vector<Remark> faults;
  const Training& training = config.training;
  const int games = config.selfplay.games;
  const auto refuse = [&](const char* option, const std::string& value, const std::string& allowed) {
    faults.push_back({option, "value " + value + " is not allowed (allowed: " + allowed + ")"});
  };
  if (training.steps_per_epoch % games != 0) {
    const int below = training.steps_per_epoch / games * games;
    const std::string near = (below > 0 ? num(below) + " or " : "") + num(static_cast<double>(below) + games);
    refuse("training.steps_per_epoch", num(training.steps_per_epoch),
           "a multiple of selfplay.games " + num(games) + ", such as " + near);
  }
  if (training.minibatch_size > training.steps_per_epoch) {
    refuse("training.minibatch_size", num(training.minibatch_size),
           "at most training.steps_per_epoch " + num(training.steps_per_epoch));
  }
  if (training.total_timesteps < training.steps_per_epoch) {
    refuse("training.total_timesteps", std::to_string(training.total_timesteps),
           "at least training.steps_per_epoch " + num(training.steps_per_epoch) + ", or nothing would be learnt");
  }
  if (training.shards > training.minibatch_size) {
    refuse("training.shards", num(training.shards), "at most training.minibatch_size " + num(training.minibatch_size));
  }
  if (training.material_coef == 0 && training.material_coef_final > 0) {
    refuse("training.material_coef_final", num(training.material_coef_final),
           "0 where training.material_coef is 0; give both to learn from material");
  }
  const Evaluation& evaluation = config.evaluation;
  if (evaluation.duty_percent > evaluation.training_impact_limit_percent) {
    refuse("evaluation.duty_percent", num(evaluation.duty_percent),
           "at most evaluation.training_impact_limit_percent " + num(evaluation.training_impact_limit_percent));
  }
  if (evaluation.memory_limit_mb > memory_mb(machine)) {
    refuse("evaluation.memory_limit_mb", num(evaluation.memory_limit_mb),
           "number above 0 up to " + num(memory_mb(machine)) + ", the memory of this machine in MB");
  }
  const Wandb& wandb = config.wandb;
  const std::pair<const char*, const std::string&> leaving[] = {
      {"wandb.project", wandb.project},
      {"wandb.entity", wandb.entity},
      {"wandb.run_name_prefix", wandb.run_name_prefix},
      {"wandb.run_name", wandb.run_name},
      {"wandb.group", wandb.group},
      {"wandb.tags", wandb.tags},
      {"wandb.notes", wandb.notes},
      {"wandb.run_id", wandb.run_id}};
  for (const auto& [option, value] : leaving) {
    if (!holds_secret(value)) continue;
    faults.push_back({option, "looks like a secret; a key belongs nowhere here, `wandb login` keeps it"});
  }
  return faults;
}

std::vector<Remark> cautions(const Config& config) {
  std::vector<Remark> remarks;
  const Evaluation& evaluation = config.evaluation;
  if (!evaluation.enable_performance_safeguards) {
    remarks.push_back(
        {"evaluation.enable_performance_safeguards",
         "is off: NO LIMIT ON EVALUATION IS ENFORCED; it may slow training down, hang or fill the memory, and "
         "every SLA verdict will be unknown"});
  }
  if (evaluation.burst_ms > evaluation.max_stall_ms) {
    remarks.push_back({"evaluation.burst_ms", "is longer than evaluation.max_stall_ms " + num(evaluation.max_stall_ms) +
                                                  ", which a pause is cut to"});
  }
  if (evaluation.timeout_per_game > evaluation.evaluation_timeout_seconds) {
    remarks.push_back({"evaluation.timeout_per_game",
                       "is longer than evaluation.evaluation_timeout_seconds, which ends the whole evaluation first"});
  }
  if (!evaluation.opponent_checkpoint.empty() && evaluation.opponent_type != "ppo") {
    remarks.push_back({"evaluation.opponent_checkpoint",
                       "is not used: evaluation.opponent_type is " + in_quotes(evaluation.opponent_type)});
  }
  if (config.training.input_features == "core46+all") {
    remarks.push_back({"training.input_features", "builds the same planes as core46"});
  }
  if (evaluation.wandb_log_eval && !config.wandb.enabled) {
    remarks.push_back({"evaluation.wandb_log_eval",
                       "has no effect: wandb.enabled is false; a training with it sends its evaluations along"});
  }
  return remarks;
}

}  // namespace keisei::config
