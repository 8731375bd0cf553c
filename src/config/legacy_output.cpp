// Old keys of the sections logging, wandb, parallel, demo and display.
#include "config/legacy.h"

namespace keisei::config {
namespace {

constexpr std::string_view kNoUpload =
    "the weights are in the checkpoints of the run; nothing is uploaded while it trains";
constexpr std::string_view kThreads =
    "self-play always runs on threads of one process, see selfplay.games and training.threads";
constexpr std::string_view kNoViewer = "training never waits for a viewer; play a game over with its record";
constexpr std::string_view kPanel =
    "the live panel of this program has one fixed layout that follows the size of the terminal";
constexpr std::string_view kNoSleep = "training never sleeps for the display";

}  // namespace

std::vector<LegacyKey> legacy_output_table() {
  using Type = LegacyKey::Type;
  return {
      {.section = "logging",
       .key = "log_file",
       .type = Type::kText,
       .because = "the log is log.jsonl in the directory of the run"},
      {.section = "logging", .key = "model_dir", .type = Type::kText, .becomes = "logging.savedir"},
      {.section = "wandb", .key = "watch_model", .type = Type::kBool, .because = kNoUpload},
      {.section = "wandb", .key = "watch_log_freq", .type = Type::kWhole, .range = {1, kInf}, .because = kNoUpload},
      {.section = "wandb",
       .key = "watch_log_type",
       .type = Type::kText,
       .choices = {"gradients", "parameters", "all"},
       .because = kNoUpload},
      {.section = "wandb", .key = "log_model_artifact", .type = Type::kBool, .because = kNoUpload},
      {.section = "parallel", .key = "enabled", .type = Type::kBool, .because = kThreads},
      {.section = "parallel", .key = "num_workers", .type = Type::kWhole, .range = {1, kInf}, .because = kThreads},
      {.section = "parallel", .key = "batch_size", .type = Type::kWhole, .range = {1, kInf}, .because = kThreads},
      {.section = "parallel", .key = "sync_interval", .type = Type::kWhole, .because = kThreads},
      {.section = "parallel", .key = "compression_enabled", .type = Type::kBool, .because = kThreads},
      {.section = "parallel", .key = "timeout_seconds", .type = Type::kNumber, .because = kThreads},
      {.section = "parallel", .key = "max_queue_size", .type = Type::kWhole, .because = kThreads},
      {.section = "parallel", .key = "worker_seed_offset", .type = Type::kWhole, .because = kThreads},
      {.section = "demo", .key = "enable_demo_mode", .type = Type::kBool, .because = kNoViewer},
      {.section = "demo", .key = "demo_mode_delay", .type = Type::kNumber, .range = {0, kInf}, .because = kNoViewer},
      {.section = "display", .key = "enable_board_display", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "enable_trend_visualization", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "enable_elo_ratings", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "enable_enhanced_layout", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "display_moves", .type = Type::kBool, .because = kNoSleep},
      {.section = "display", .key = "turn_tick", .type = Type::kNumber, .range = {0, kInf}, .because = kNoSleep},
      {.section = "display", .key = "board_unicode_pieces", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "board_cell_width", .type = Type::kWhole, .range = {1, kInf}, .because = kPanel},
      {.section = "display", .key = "board_cell_height", .type = Type::kWhole, .range = {1, kInf}, .because = kPanel},
      {.section = "display", .key = "sparkline_width", .type = Type::kWhole, .range = {1, kInf}, .because = kPanel},
      {.section = "display",
       .key = "trend_history_length",
       .type = Type::kWhole,
       .range = {1, kInf},
       .because = kPanel},
      {.section = "display",
       .key = "dashboard_height_ratio",
       .type = Type::kWhole,
       .range = {1, kInf},
       .because = kPanel},
      {.section = "display", .key = "progress_bar_height", .type = Type::kWhole, .range = {1, kInf}, .because = kPanel},
      {.section = "display", .key = "move_list_length", .type = Type::kWhole, .range = {1, kInf}, .because = kPanel},
      {.section = "display", .key = "moves_latest_top", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "moves_flash_ms", .type = Type::kWhole, .range = {0, kInf}, .because = kPanel},
      {.section = "display", .key = "metrics_window_size", .type = Type::kWhole, .range = {1, kInf}, .because = kPanel},
      {.section = "display", .key = "log_layer_keyword_filters", .type = Type::kList, .because = kPanel},
      {.section = "display", .key = "board_highlight_last_move", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "show_text_moves", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "show_moves_trend", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "show_completion_rate", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "show_enhanced_win_rates", .type = Type::kBool, .because = kPanel},
      {.section = "display", .key = "show_turns_trend", .type = Type::kBool, .because = kPanel},
      {.section = "display",
       .key = "trend_smoothing_factor",
       .type = Type::kNumber,
       .range = {0, 1},
       .because = kPanel},
      {.section = "display",
       .key = "metrics_panel_height",
       .type = Type::kWhole,
       .range = {1, kInf},
       .because = kPanel},
      {.section = "display", .key = "enable_trendlines", .type = Type::kBool, .because = kPanel},
      {.section = "display",
       .key = "rich_display_update_interval_seconds",
       .type = Type::kNumber,
       .range = {0, kInf},
       .because = kPanel,
       .in_schema = false},
  };
}

}  // namespace keisei::config
