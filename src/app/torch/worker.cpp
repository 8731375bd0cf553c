#include "app/torch/worker.h"

#include <cstdio>
#include <new>

#include "app/torch/weights.h"
#include "base/clock.h"
#include "evaluation/game_loop.h"
#include "evaluation/request.h"
#include "guard/sealed.h"
#include "guard/worker.h"
#include "net/network_player.h"
#include "shogi/players.h"

namespace keisei::app {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The player of one side: built in, or a network from the attachment of that side's name.
Result<std::unique_ptr<shogi::Player>> make_player(const evaluation::PlayerSpec& spec, const std::string& side,
                                                   const evaluation::Request& request,
                                                   const guard::WorkerRequest& job) {
  if (spec.is_builtin()) return shogi::make_builtin(evaluation::to_string(spec), request.rules);
  if (!spec.is_network()) return fail(Code::kUsage, "the worker cannot play " + evaluation::to_string(spec));
  for (const guard::Attachment& attachment : job.attachments) {
    if (attachment.name != side) continue;
    auto view = guard::map_sealed(attachment.memfd, store::kMaxFileBytes);
    if (!view) return tl::make_unexpected(view.error());
    auto file = store::decode(view->bytes(), "weights of the " + side);
    if (!file) return tl::make_unexpected(file.error());
    auto network = read_network(*file, "cpu");
    if (!network) return tl::make_unexpected(network.error());
    const auto mode = read_play_mode(*file);
    if (!mode) return tl::make_unexpected(mode.error());
    return std::make_unique<net::NetworkPlayer>(
        std::shared_ptr<const net::Evaluator>(std::move(*network)), evaluation::to_string(spec),
        net::PlayOptions{.temperature = spec.temperature.value_or(request.temperature),
                         .mate_in_one = mode->mate_in_one,
                         .declaration = request.rules.declaration});
  }
  return fail(Code::kBadData, "no weights came for the " + side);
}

Result<void> serve(guard::WorkerChannel& channel, const guard::WorkerRequest& job, const Clock& clock) {
  if (job.request.empty()) return {};  // a warm-up: being here is all that was asked
  auto request = evaluation::decode_request(as_text(job.request));
  if (!request) return tl::make_unexpected(request.error());
  auto plan = evaluation::make_plan(*request);
  if (!plan) return tl::make_unexpected(plan.error());
  auto agent = make_player(request->agent, "agent", *request, job);
  if (!agent) return tl::make_unexpected(agent.error());
  auto opponent = make_player(request->opponent, "opponent", *request, job);
  if (!opponent) return tl::make_unexpected(opponent.error());
  const evaluation::LoopOptions options{request->max_concurrent_games, job.limits.game_timeout_s > 0
                                                                           ? job.limits.game_timeout_s
                                                                           : request->timeout_per_game_s};
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
  for (std::size_t p = 0; p < plan->pairings.size(); ++p)
    (void)evaluation::play_pairing(*plan, p, **agent, **opponent, options, clock, hooks);
  return {};
}

}  // namespace

int run_worker(int argc, const char* const* argv) {
  net::set_compute_threads(1);
  auto channel = guard::WorkerChannel::inherit(argc, argv);
  if (!channel) {
    std::fprintf(stderr, "keisei worker: %s\n", channel.error().message.c_str());
    return static_cast<int>(channel.error().code);
  }
  const SystemClock clock;
  while (auto job = channel->next()) {
    Result<void> sent;
    try {
      const auto served = serve(*channel, *job, clock);
      sent = served ? channel->done() : channel->error(served.error().message);
    } catch (const std::bad_alloc&) {
      sent = channel->error("out of memory at the limit of " + std::to_string(job->limits.memory_mb) + " MB",
                            guard::ErrorKind::kMemory);
    } catch (const std::exception& e) {
      const bool memory =
          std::string_view(e.what()).find("allocate memory") != std::string_view::npos;  // libtorch's own words
      sent = channel->error(e.what(), memory ? guard::ErrorKind::kMemory : guard::ErrorKind::kFailure);
    }
    if (!sent) break;
  }
  return 0;
}

}  // namespace keisei::app
