// Sets the stage for the page's tests: a folder of runs as a training leaves them, with hostile names among them.
//   web_stage DIR          makes DIR/<runs>
//   web_stage DIR add N    adds one row of "ppo/entropy" with step N and value N to the run "steady"
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "store/run_database.h"

namespace {

using namespace keisei;
namespace fs = std::filesystem;

constexpr std::int64_t kStart = 1'772'368'496'789;
constexpr std::int64_t kUpdates = 400;
constexpr std::int64_t kPliesPerUpdate = 4096;

// Each tries another way for text to become markup, an address or script; none may be more than text on the page.
const std::vector<std::string> kHostile = {
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "\"><script>window.pwned=1</script>",
    "'><img src=x onerror=window.pwned=1>",
    "</title><script>window.pwned=1</script>",
    "</option></select><img src=x onerror=window.pwned=1>",
    "</td></tr></table><svg/onload=window.pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<a href=javascript:window.pwned=1>x</a>",
    "javascript:window.pwned=1",
    "{@html '<img src=x onerror=window.pwned=1>'}",
    "{window.pwned=1}",
    "${window.pwned=1}",
    "{{constructor.constructor('window.pwned=1')()}}",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=window.pwned=1></style></math>",
    "<details open ontoggle=window.pwned=1>",
    "<body onload=window.pwned=1>",
    "<input autofocus onfocus=window.pwned=1>",
    "<video><source onerror=window.pwned=1></video>",
    "<style>*{background:url(//example.org)}</style>",
    "<link rel=stylesheet href=//example.org/x.css>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    "<base href=//example.org/>",
    "<form action=//example.org><button>x</button></form>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "\\u003cscript\\u003ewindow.pwned=1\\u003c/script\\u003e",
    "__proto__",
    "constructor",
    "\xE2\x80\xAE<script>window.pwned=1</script>\xE2\x80\xAC",
};

constexpr const char* kEndSfen = "l6nl/5+P1gk/2np1S3/p1p4Pp/3P2Sp1/1PPb2P1P/P5GS1/R8/LN4bKL w RGgsn5p 60";
const std::vector<std::string> kMoves = {"7g7f", "3c3d", "8h2b+", "3a2b", "B*4e", "B*8e", "4e3d", "8e7f"};

void must(const auto& result) {
  if (result) return;
  std::cerr << result.error().message << "\n";
  std::exit(1);
}

store::RunDatabase open(const fs::path& root) {
  fs::create_directories(root);
  auto made = store::RunDatabase::open(root / "run.db", store::RunDatabase::Mode::kWrite);
  must(made);
  return std::move(*made);
}

std::string record_of(const std::string& agent, const std::string& opponent, bool black) {
  std::vector<double> values;
  for (std::size_t i = 0; i < kMoves.size(); ++i) {
    values.push_back((i % 2 == 0) == black ? 0.1 * static_cast<double>(i) : 0.0);
  }
  return nlohmann::json{{"schema", "keisei.game/1"},
                        {"game", 0},
                        {"agent", agent},
                        {"opponent", opponent},
                        {"agent_colour", black ? "black" : "white"},
                        {"sfen", "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1"},
                        {"moves", kMoves},
                        {"values", values}}
      .dump();
}

void add_metrics(store::RunDatabase& run) {
  const char* const names[] = {"ppo/policy_loss", "ppo/value_loss", "ppo/kl_divergence_approx", "time/steps_per_second",
                               "time/eta_s", "time/elapsed_s", "time/share_selfplay", "time/share_learn",
                               "time/share_evaluate", "time/share_save", "progress/timesteps", "progress/update",
                               "progress/total_timesteps", "selfplay/games", "selfplay/mean_plies", "system/rss_mb",
                               "system/cpu_percent", "evaluation/credit_s", "evaluation/paused_s",
                               "governor/impact_percent", "governor/impact_low_percent", "governor/impact_high_percent",
                               "governor/pairs", "governor/pairs_dropped", "evaluation/running", "evaluation/queued"};
  std::vector<store::Metric> rows;
  for (std::int64_t update = 1; update <= kUpdates; ++update) {
    const double x = static_cast<double>(update) / static_cast<double>(kUpdates);
    const std::int64_t step = update * kPliesPerUpdate;
    const std::int64_t time = kStart + update * 2000;
    for (const char* const name : names) {
      const std::string_view view(name);
      double value = std::exp(-2 * x) + 0.02 * std::sin(40 * x);
      if (view.starts_with("time/share")) value = 0.25;
      if (view == "progress/timesteps") value = static_cast<double>(step);
      if (view == "progress/total_timesteps") value = 2.0 * static_cast<double>(kUpdates * kPliesPerUpdate);
      if (view == "progress/update") value = static_cast<double>(update);
      rows.push_back({step, time, name, value});
    }
    rows.push_back({step, time, "ppo/entropy", 4.0 - x});
    rows.push_back({step, time, "evaluation/performance/gpu_utilization_percent", std::nan("")});
    rows.push_back({step, time, "evaluation/sla/violations/training_impact", std::nan("")});
    rows.push_back({step, time, "evaluation/sla/limits/training_impact", 5.0});
  }
  must(run.add_metrics(rows));
}

void add_evaluations(store::RunDatabase& run, const std::vector<std::string>& opponents) {
  std::int64_t number = 0;
  for (const std::string& opponent : opponents) {
    ++number;
    const double strength = static_cast<double>(number) / static_cast<double>(opponents.size());
    store::EvaluationRow row;
    row.step = number * 40'960;
    row.time_ms = kStart + number * 60'000;
    row.strategy = "single_opponent";
    row.agent = "live";
    row.opponent = opponent;
    row.agent_id = "89bb7bfc6b6cff6" + std::to_string(number % 10);
    row.opponent_id = opponent;
    row.protocol = "d45ef4c95cf9d8a4";
    row.games = 2;
    row.wins = 1;
    row.draws = 1;
    row.score = 0.75;
    row.score_low = 0.3 + 0.3 * strength;
    row.score_high = 0.98;
    row.elo = 600 * strength;
    row.elo_low = 600 * strength - 150;
    row.elo_high = 600 * strength + 170;
    row.wall_s = 3.5;
    const nlohmann::json stop = {{"reached", number % 2 == 0}, {"why", "accept_h1: LLR 3.02 between -3.00 and 3.00"}};
    row.json = nlohmann::json{{"schema", "keisei.evaluation/1"},
                              {"pairs", {0, 0, 0, 1, 0}},
                              {"stop_when", "sprt:elo0=0,elo1=10,alpha=0.05,beta=0.05"},
                              {"pairings", {{{"first", "live"}, {"second", opponent}, {"stop", stop}}}}}
                   .dump();
    std::vector<store::GameRow> games;
    for (int i = 0; i < 2; ++i) {
      store::GameRow game;
      game.number = i;
      game.black = i == 0 ? row.agent_id : opponent;
      game.white = i == 0 ? opponent : row.agent_id;
      game.agent_colour = i == 0 ? "black" : "white";
      game.winner = i == 0 ? "black" : "none";
      game.reason = i == 0 ? "resign" : "max_moves";
      game.plies = std::ssize(kMoves);
      game.seconds = 0.5;
      game.json = record_of("live", opponent, i == 0);
      games.push_back(game);
    }
    const store::RatingRow ratings[] = {
        {0, row.agent_id, "live", row.protocol, 2, row.elo, row.elo_low, row.elo_high},
        {0, opponent, opponent, row.protocol, 2 * number, 0.0, std::nullopt, std::nullopt}};
    const store::SlaRow verdicts[] = {
        {0, "latency", number % 5 == 0 ? "violated" : "met", number % 5 == 0 ? 6200.0 : 1200.0, 5000.0,
         "monotonic clock, admission to first result", row.time_ms},
        {0, "memory", "met", 120.0 + static_cast<double>(number), 500.0, "PSS, sampled", row.time_ms},
        {0, "gpu", "unknown", std::nullopt, 80.0, "not measured: no GPU reading", row.time_ms}};
    must(run.add_evaluation(row, games, ratings, verdicts));
  }
}

void add_events(store::RunDatabase& run, const std::vector<std::string>& texts) {
  std::vector<store::EventRow> rows;
  for (const std::string& text : texts) {
    const nlohmann::json warning = {{"level", "warning"}, {"event", "warning"}, {"texts", {{"text", text}}}};
    rows.push_back({0, 1000, kStart + 5000, "warning", warning.dump()});
  }
  for (int i = 0; i < 12; ++i) {
    const nlohmann::json pair = {{"event", "governor.pair"}, {"metrics", {{"governor/lost_percent", 0.3 * i - 1}}}};
    rows.push_back({0, 1000, kStart + 10'000 * i, "governor.pair", pair.dump()});
  }
  for (const std::string& text : texts) {
    const std::int64_t number = std::ssize(rows);
    const nlohmann::json promotion = {
        {"event", "promotion"}, {"texts", {{"state", number % 4 == 0 ? "milestone" : text}, {"text", text}}}};
    rows.push_back({0, 1000 * number, kStart + 1000 * number, "promotion", promotion.dump()});
    const nlohmann::json ended = {{"event", "game.sample"},
                                  {"texts",
                                   {{"sfen", kEndSfen},
                                    {"last_move", "S*6c"},
                                    {"black", "learner"},
                                    {"white", text},
                                    {"winner", "black"},
                                    {"reason", number % 4 == 0 ? "checkmate" : text}}}};
    rows.push_back({0, 1000 * number, kStart + 1000 * number, "game.sample", ended.dump()});
    const nlohmann::json broken = {
        {"event", "game.sample"}, {"texts", {{"sfen", text}, {"last_move", text}, {"reason", text}}}};
    rows.push_back({0, 1000 * number, kStart + 1000 * number, "game.sample", broken.dump()});
  }
  const nlohmann::json running = {{"event", "game.sample"}, {"texts", {{"sfen", kEndSfen}, {"last_move", ""}}}};
  rows.push_back({0, 1000, kStart + 5000, "game.sample", running.dump()});
  const nlohmann::json gate = {
      {"event", "governor.gate"}, {"level", "warning"}, {"texts", {{"text", "shut by the tripwire"}}}};
  rows.push_back({0, 1000, kStart + 9000, "governor.gate", gate.dump()});
  must(run.add_events(rows));
}

void make(const fs::path& savedir) {
  auto steady = open(savedir / "steady");
  must(steady.set_meta({{"name", "steady"}, {"status", "finished"}, {"started", std::to_string(kStart + 1'000'000)},
                        {"finished", std::to_string(kStart + 1'900'000)}, {"seed", "42"}}));
  add_metrics(steady);
  add_evaluations(steady, std::vector<std::string>(12, "random"));
  add_events(steady, {"the disk is nearly full"});
  auto hostile = open(savedir / "hostile");
  must(hostile.set_meta({{"name", kHostile[0]}, {"status", "finished"}, {"started", std::to_string(kStart)}}));
  add_metrics(hostile);
  add_evaluations(hostile, kHostile);
  add_events(hostile, kHostile);
  for (const std::string& name : kHostile) {
    if (name.find('/') != std::string::npos) continue;  // no folder can have such a name
    auto run = open(savedir / name);
    must(run.set_meta({{"name", name}, {"status", "interrupted"}, {"started", "1"}}));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2) {
    make(argv[1]);
    return 0;
  }
  if (argc != 4 || std::string_view(argv[2]) != "add") return 2;
  auto run = open(fs::path(argv[1]) / "steady");
  const std::int64_t step = std::atoll(argv[3]);
  const store::Metric row{step, kStart + step, "ppo/entropy", static_cast<double>(step)};
  must(run.add_metrics(std::span(&row, 1)));
  return 0;
}
