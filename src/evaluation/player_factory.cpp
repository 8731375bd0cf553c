#include "evaluation/player_factory.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "evaluation/engine_player.h"
#include "evaluation/usi_engine.h"
#include "evaluation/xboard_engine.h"
#include "shogi/players.h"

namespace keisei::evaluation {
namespace {

/// The process of a spec. What its arguments name by absolute path, it may read: whoever wrote the command meant it.
/// What `read` names has to be there, for an engine that finds less than it was promised would play as somebody else.
Result<guard::CagedCommand> command_of(const EngineSpec& spec) {
  const char* path = std::getenv("PATH");
  auto program = find_program(spec.command.front(), path != nullptr ? path : "");
  if (!program) return tl::make_unexpected(program.error());
  guard::CagedCommand command;
  command.argv = spec.command;
  command.argv.front() = *program;
  command.directory = spec.directory;
  command.memory_mb = spec.memory_mb;
  command.strict = spec.strict;
  for (std::size_t i = 1; i < spec.command.size(); ++i) {
    std::error_code error;
    const std::string& word = spec.command[i];
    if (word.starts_with('/') && word != "/" && std::filesystem::exists(word, error)) command.readable.push_back(word);
  }
  for (const std::string& named : spec.readable) {
    std::error_code error;
    if (!std::filesystem::exists(named, error))
      return fail(Code::kUsage, "engine: read=" + named + ": there is no such file or directory",
                  "name what the engine is to read by its absolute path");
    command.readable.push_back(named);
  }
  return command;
}

void tell(const EngineSpec& spec, const EngineHost& host, PlayerNote::Kind kind, const std::string& text) {
  if (host.on_note) host.on_note({.kind = kind, .player = player_text(spec), .text = text});
}

Result<std::unique_ptr<Engine>> open_engine(const EngineSpec& spec, EngineStart start) {
  if (spec.protocol == EngineProtocol::kXboard) return XboardEngine::start(std::move(start), spec);
  return UsiEngine::start(std::move(start));
}

Result<std::unique_ptr<Engine>> start_engine(const EngineSpec& spec, const guard::CagedCommand& command,
                                             const EngineHost& host) {
  auto engine = open_engine(spec, {.kennel = host.kennel,
                                   .command = command,
                                   .times = host.times,
                                   .clock = host.clock,
                                   .keep_going = host.keep_going});
  if (!engine) return engine;
  for (const auto& [name, value] : spec.options) {
    if (auto set = (*engine)->set_option(name, value); !set) return tl::make_unexpected(set.error());
  }
  for (const std::string& text : (*engine)->cage_notes()) tell(spec, host, PlayerNote::Kind::kCage, text);
  return engine;
}

Result<void> check_host(const EngineHost& host) {
  if (host.kennel != nullptr && host.clock != nullptr) return {};
  return fail(Code::kFailure, "no engine can be started here", "open a kennel first");
}

}  // namespace

Result<std::unique_ptr<shogi::Player>> make_player(const PlayerSpec& spec, const shogi::Rules& rules,
                                                   const EngineHost& host) {
  if (spec.is_network()) {
    return fail(Code::kUsage, "player " + to_string(spec) + " needs a network", "it is made where the weights are");
  }
  if (spec.kind != PlayerKind::kEngine) return shogi::make_builtin(to_string(spec), rules);
  if (auto able = check_host(host); !able) return tl::make_unexpected(able.error());
  auto command = command_of(*spec.engine);
  if (!command) return tl::make_unexpected(command.error());
  auto start = [engine = *spec.engine, command = *std::move(command), host] {
    return start_engine(engine, command, host);
  };
  return std::make_unique<EnginePlayer>(*spec.engine, std::move(start), *host.clock, host.on_note);
}

Result<EngineReport> check_player(const PlayerSpec& spec, const shogi::Rules& rules, const EngineHost& host) {
  if (spec.is_network()) return EngineReport{};
  if (spec.kind != PlayerKind::kEngine) {
    const auto made = make_player(spec, rules, host);
    return made ? Result<EngineReport>(EngineReport{}) : tl::make_unexpected(made.error());
  }
  if (auto able = check_host(host); !able) return tl::make_unexpected(able.error());
  const auto command = command_of(*spec.engine);
  if (!command) return tl::make_unexpected(command.error());
  const auto named = [&](const Error& error, Code code) {
    return fail(code, "player " + to_string(spec) + ": " + error.message, error.hint);
  };
  auto engine = start_engine(*spec.engine, *command, host);
  if (!engine) return named(engine.error(), engine.error().code);
  if (auto ready = (*engine)->ready(); !ready) {
    const bool cancelled = (*engine)->trouble() == EngineTrouble::kCancelled;
    if (!cancelled) (*engine)->kill();
    return named(ready.error(), cancelled ? Code::kFailure : Code::kUsage);
  }
  EngineReport report{(*engine)->name(), (*engine)->author(), (*engine)->cage_notes()};
  if (!report.name.empty()) tell(*spec.engine, host, PlayerNote::Kind::kName, report.name);
  (*engine)->quit();
  return report;
}

int concurrent_games(const PlayerSpec& spec, int otherwise) { return spec.engine ? spec.engine->instances : otherwise; }

}  // namespace keisei::evaluation
