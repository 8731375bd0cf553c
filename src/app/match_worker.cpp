#include "app/match_worker.h"

#include <cstdio>
#include <exception>
#include <new>

#include "guard/sanitized.h"

namespace keisei::app {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

const evaluation::MatchPlayer& player_of(const evaluation::MatchJob& job, const std::string& side) {
  return side == "agent" ? job.agent : job.opponent;
}

Error with_hint(Error error) {
  if (!error.hint.empty()) error.message += " (" + error.hint + ")";
  return error;
}

/// Starts what has to be started once; what engines are called and what the kernel could not cage goes out as notes.
Result<void> check(const guard::WorkerRequest& request, const evaluation::MatchJob& job, MatchPlayers& players,
                   const evaluation::EngineHost& host) {
  for (const char* side : {"agent", "opponent"}) {
    const evaluation::PlayerSpec& spec = player_of(job, side).spec;
    if (spec.is_network()) {
      if (auto made = players.get(job, side, request); !made) return tl::make_unexpected(made.error());
      continue;
    }
    if (const auto found = evaluation::check_player(spec, job.rules, host); !found)
      return tl::make_unexpected(found.error());
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<shogi::Player>> MatchPlayers::get(const evaluation::MatchJob& job, const std::string& side,
                                                         const guard::WorkerRequest& request) {
  const evaluation::MatchPlayer& player = player_of(job, side);
  const std::string key = side + " " + player.id + " " + evaluation::to_string(player.spec);
  if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
  auto made = make_(job, side, request);
  if (!made) return made;
  if (kept_.size() >= kMaxKeptPlayers) kept_.clear();
  return kept_.emplace(key, std::move(*made)).first->second;
}

Result<evaluation::EngineHost> engine_host(guard::WorkerChannel& channel, const Clock& clock) {
  guard::KennelOptions options;
  options.limit_data = !guard::kSanitized;
  auto kennel = guard::Kennel::open(std::move(options));
  if (!kennel) return tl::make_unexpected(kennel.error());
  evaluation::EngineHost host;
  host.kennel = std::move(*kennel);
  host.clock = &clock;
  host.keep_going = [&channel] {
    channel.heartbeat();
    return !channel.cancelled();
  };
  host.on_note = [&channel](const evaluation::PlayerNote& note) {
    const std::string line = evaluation::encode(note);
    (void)channel.send_result(std::as_bytes(std::span(line)));  // without a supervisor nobody wants to know
  };
  return host;
}

Result<void> serve_match(guard::WorkerChannel& channel, const guard::WorkerRequest& request, MatchPlayers& players,
                         const evaluation::EngineHost& host, const Clock& clock) {
  const auto job = evaluation::decode_match_job(as_text(request.request));
  if (!job) return tl::make_unexpected(job.error());
  if (request.kind == kMatchCheckKind) return check(request, *job, players, host);
  const auto agent = players.get(*job, "agent", request);
  if (!agent) return tl::make_unexpected(agent.error());
  const auto opponent = players.get(*job, "opponent", request);
  if (!opponent) return tl::make_unexpected(opponent.error());
  bool connected = true;
  const evaluation::LoopHooks hooks{[&](const evaluation::GameRecord& record) {
                                      const std::string line = evaluation::encode(record);
                                      connected =
                                          connected && channel.send_result(std::as_bytes(std::span(line))).has_value();
                                    },
                                    [&] {
                                      channel.heartbeat();
                                      return connected && !channel.cancelled();
                                    }};
  (void)evaluation::play_job(*job, **agent, **opponent, clock, hooks);
  return {};
}

int run_match_worker(int argc, const char* const* argv) {
  auto channel = guard::WorkerChannel::inherit(argc, argv);
  if (!channel) {
    std::fprintf(stderr, "keisei match worker: %s\n", channel.error().message.c_str());
    return static_cast<int>(channel.error().code);
  }
  const SystemClock clock;
  auto host = engine_host(*channel, clock);
  MatchPlayers players([&](const evaluation::MatchJob& job, const std::string& side,
                           const guard::WorkerRequest&) -> Result<std::shared_ptr<shogi::Player>> {
    auto player = evaluation::make_player(player_of(job, side).spec, job.rules, *host);
    if (!player) return tl::make_unexpected(player.error());
    return std::shared_ptr<shogi::Player>(std::move(*player));
  });
  while (auto request = channel->next()) {
    Result<void> sent;
    try {
      const auto served =
          !host ? tl::make_unexpected(host.error()) : serve_match(*channel, *request, players, *host, clock);
      sent = served ? channel->done() : channel->error(with_hint(served.error()).message);
    } catch (const std::bad_alloc&) {
      sent = channel->error("out of memory at the limit of " + std::to_string(request->limits.memory_mb) + " MB",
                            guard::ErrorKind::kMemory);
    } catch (const std::exception& error) {
      sent = channel->error(error.what());
    }
    if (!sent) break;
  }
  return 0;
}

}  // namespace keisei::app
