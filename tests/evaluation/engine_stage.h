// What the engine tests share: a kennel over the launcher, specs of the rogue engine, a quiet opponent, a match of two
// games, and whether anything is left of it.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "evaluation/engine_player.h"
#include "evaluation/player_factory.h"
#include "evaluation/scripted_player.h"
#include "guard/sanitized.h"

namespace keisei::evaluation {

/// Longer than anything takes on a busy machine; what never answers gets kShortS instead.
inline constexpr double kLongS = 120;
inline constexpr double kShortS = 0.3;

struct EngineStage {
  explicit EngineStage(const std::string& given_token = {}) : token(given_token) {
    static int count = 0;
    if (token.empty()) token = std::to_string(::getpid()) + "00" + std::to_string(++count);
    root = std::filesystem::path(testing::TempDir()) / ("keisei_engines_" + token);
    std::filesystem::create_directories(root);
    auto opened = guard::Kennel::open({.launcher = ENGINE_LAUNCHER,
                                       .launcher_argv = {"keisei", "__launch"},
                                       .scratch_root = root,
                                       .limit_data = !guard::kSanitized});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    if (opened) host.kennel = *opened;
    host.clock = &clock;
    host.times = {
        .handshake_s = kLongS, .ready_s = kLongS, .stop_s = kShortS, .quit_s = kShortS, .terminate_s = kShortS};
  }
  ~EngineStage() {
    host.kennel.reset();
    std::error_code ignored;
    std::filesystem::remove_all(root, ignored);
  }
  EngineStage(const EngineStage&) = delete;
  EngineStage& operator=(const EngineStage&) = delete;

  /// "usi:rogue_engine BEHAVIOUR TOKEN ARGUMENT?OPTIONS", or "xboard:rogue_xboard ..."
  [[nodiscard]] PlayerSpec rogue(EngineProtocol protocol, const std::string& behaviour,
                                 const std::string& options = "depth=1&answer=120",
                                 const std::string& argument = {}) const {
    const std::string program = protocol == EngineProtocol::kUsi ? ROGUE_ENGINE : ROGUE_XBOARD;
    const auto spec = parse_player(std::string(to_string(protocol)) + ":\"" + program + "\" " + behaviour + " " +
                                   token + (argument.empty() ? "" : " " + argument) + "?" + options);
    EXPECT_TRUE(spec) << (spec ? "" : spec.error().message);
    return spec ? *spec : PlayerSpec{};
  }
  [[nodiscard]] PlayerSpec rogue(const std::string& behaviour, const std::string& options = "depth=1&answer=120",
                                 const std::string& argument = {}) const {
    return rogue(EngineProtocol::kUsi, behaviour, options, argument);
  }
  [[nodiscard]] PlayerSpec xboard_rogue(const std::string& behaviour,
                                        const std::string& options = "depth=1&answer=120") const {
    return rogue(EngineProtocol::kXboard, behaviour, options);
  }
  [[nodiscard]] std::unique_ptr<shogi::Player> make(const PlayerSpec& spec) const {
    auto player = make_player(spec, {}, host);
    EXPECT_TRUE(player) << (player ? "" : player.error().message);
    return player ? std::move(*player) : nullptr;
  }

  /// Living or dead processes that carry the token, our own left out.
  [[nodiscard]] std::vector<std::string> processes() const {
    std::vector<std::string> found;
    DIR* const proc = ::opendir("/proc");
    while (const dirent* entry = ::readdir(proc)) {
      if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
      // Not by a stream: one throws where a process ends between opening and reading.
      const Fd file(::open((std::string("/proc/") + entry->d_name + "/cmdline").c_str(), O_RDONLY | O_CLOEXEC));
      std::string text(4096, '\0');
      const ssize_t n = file ? ::read(file.get(), text.data(), text.size()) : 0;
      text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
      if (text.find(token) != std::string::npos) found.push_back(std::string(entry->d_name) + " " + text);
    }
    ::closedir(proc);
    return found;
  }
  /// No process, no child, no scratch directory.
  void expect_nothing_left() const {
    EXPECT_TRUE(processes().empty()) << processes().front();
    EXPECT_TRUE(::waitpid(-1, nullptr, WNOHANG) < 0 && errno == ECHILD) << "a child is left";
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
      EXPECT_FALSE(entry.path().filename().string().starts_with("keisei-engine-")) << entry.path();
    }
  }

  std::string token;
  std::filesystem::path root;
  SystemClock clock;
  EngineHost host;
};

/// Moves its king to and fro and disturbs nobody.
inline ScriptedPlayer::Answer quiet() {
  return [](const shogi::Turn& turn) {
    const bool black = turn.position->side() == shogi::Color::kBlack;
    const bool out = turn.position->plies_played() / 2 % 2 == 0;
    const char* move = black ? (out ? "5i5h" : "5h5i") : (out ? "5a5b" : "5b5a");
    return move_choice(*shogi::parse_usi(move));
  };
}

struct RogueMatch {
  std::vector<GameRecord> games;
  std::vector<std::string> incidents;
};

/// Games of the quiet player against an engine; the engine is gone when it returns.
inline RogueMatch match(EngineStage& stage, const PlayerSpec& engine, int count = 2) {
  Request request = request_of(count);
  request.openings.random_plies = 0;
  request.opponent = engine;
  request.max_concurrent_games = concurrent_games(engine, 1);
  const Plan plan = *make_plan(request);
  ScriptedPlayer agent(quiet());
  const auto opponent = stage.make(engine);
  if (!opponent) return {};
  RogueMatch match;
  match.games = play_pairing(
      plan, 0, agent, *opponent,
      {.max_concurrent_games = request.max_concurrent_games, .timeout_per_game_s = request.timeout_per_game_s},
      stage.clock);
  match.incidents = dynamic_cast<const EnginePlayer&>(*opponent).incidents();
  for (const GameRecord& game : match.games) {
    const auto good = verify(game);
    EXPECT_TRUE(good) << good.error().message;
  }
  return match;
}

}  // namespace keisei::evaluation
