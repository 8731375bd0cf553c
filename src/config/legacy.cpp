#include "config/legacy.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keisei::config {
namespace {

using Flat = std::pair<std::string_view, std::string_view>;

constexpr std::array<Flat, 26> kFlat = {{
    {"SEED", "env.seed"},
    {"DEVICE", "env.device"},
    {"INPUT_CHANNELS", "env.input_channels"},
    {"NUM_ACTIONS_TOTAL", "env.num_actions_total"},
    {"MAX_MOVES_PER_GAME", "env.max_moves_per_game"},
    {"TOTAL_TIMESTEPS", "training.total_timesteps"},
    {"STEPS_PER_EPOCH", "training.steps_per_epoch"},
    {"PPO_EPOCHS", "training.ppo_epochs"},
    {"MINIBATCH_SIZE", "training.minibatch_size"},
    {"LEARNING_RATE", "training.learning_rate"},
    {"GAMMA", "training.gamma"},
    {"LAMBDA_GAE", "training.lambda_gae"},
    {"CLIP_EPSILON", "training.clip_epsilon"},
    {"VALUE_LOSS_COEFF", "training.value_loss_coeff"},
    {"ENTROPY_COEFF", "training.entropy_coef"},
    {"ENTROPY_COEF", "training.entropy_coef"},
    {"CHECKPOINT_INTERVAL_TIMESTEPS", "training.checkpoint_interval_timesteps"},
    {"MODEL_DIR", "logging.model_dir"},
    {"LOG_FILE", "logging.log_file"},
    {"NUM_GAMES", "evaluation.num_games"},
    {"OPPONENT_TYPE", "evaluation.opponent_type"},
    {"WANDB_ENABLED", "wandb.enabled"},
    {"WANDB_PROJECT", "wandb.project"},
    {"WANDB_ENTITY", "wandb.entity"},
    {"DISPLAY_MOVES", "display.display_moves"},
    {"TURN_TICK", "display.turn_tick"},
}};

/// A row that reads a scalar by the type of the old key, into a field of a Config that is thrown away.
Option as_option(const LegacyKey& key) {
  Option option;
  option.section = key.section;
  option.key = key.key;
  option.range = key.range;
  option.choices = key.choices;
  switch (key.type) {
    case LegacyKey::Type::kBool:
      option.slot = slot<&Config::evaluation, &Evaluation::save_games>;
      break;
    case LegacyKey::Type::kWhole:
      option.slot = slot<&Config::env, &Env::seed>;
      break;
    case LegacyKey::Type::kNumber:
      option.slot = slot<&Config::training, &Training::gamma>;
      break;
    default:
      option.slot = slot<&Config::logging, &Logging::run_name>;
      break;
  }
  return option;
}

std::string refused(const Node& value, const std::string& allowed) {
  std::string what = "a mapping";
  if (value.kind == Node::Kind::kSequence) what = "a list";
  if (value.kind == Node::Kind::kScalar) what = shown(value.scalar);
  return "value " + what + " is not allowed (allowed: " + allowed + ")";
}

std::string wholes_text(const std::vector<std::int64_t>& wholes) {
  std::string text;
  for (const std::int64_t whole : wholes) text += (text.empty() ? "" : ", ") + std::to_string(whole);
  return text;
}

}  // namespace

const std::vector<LegacyKey>& legacy_keys() {
  static const std::vector<LegacyKey> all = [] {
    std::vector<LegacyKey> rows;
    for (auto table : {legacy_training_table, legacy_evaluation_table, legacy_output_table}) {
      const std::vector<LegacyKey> part = table();
      rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
  }();
  return all;
}

const LegacyKey* find_legacy(std::string_view section, std::string_view key) {
  for (const LegacyKey& row : legacy_keys()) {
    if (row.section == section && row.key == key) return &row;
  }
  return nullptr;
}

std::optional<std::string> legacy_fault(const LegacyKey& key, const Node& value) {
  const bool null = value.kind == Node::Kind::kScalar && value.scalar.null && !value.scalar.quoted;
  if (null && key.null_ok) return std::nullopt;
  if (key.type == LegacyKey::Type::kMap) {
    if (value.kind == Node::Kind::kMap) return std::nullopt;
    return refused(value, key.null_ok ? "a mapping, null" : "a mapping");
  }
  if (key.type == LegacyKey::Type::kList) {
    if (value.kind == Node::Kind::kSequence) return std::nullopt;
    return refused(value, "a list");
  }
  if (value.kind != Node::Kind::kScalar) return refused(value, allowed_text(as_option(key)));
  if (!key.wholes.empty()) {
    const auto whole = value.scalar.quoted ? std::nullopt : parse_whole(value.scalar.text);
    if (whole && std::find(key.wholes.begin(), key.wholes.end(), *whole) != key.wholes.end()) return std::nullopt;
    return refused(value, wholes_text(key.wholes));
  }
  Config scratch;
  return assign(as_option(key), value.scalar, scratch);
}

std::string_view flat_name(std::string_view upper_case) {
  for (const Flat& flat : kFlat) {
    if (flat.first == upper_case) return flat.second;
  }
  return {};
}

std::vector<Flat> flat_names() { return {kFlat.begin(), kFlat.end()}; }

}  // namespace keisei::config
