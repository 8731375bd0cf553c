#include "app/torch/worker.h"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <span>

#include "app/evaluation_job.h"
#include "app/match_worker.h"
#include "app/torch/sliced_evaluator.h"
#include "app/torch/weights.h"
#include "base/clock.h"
#include "evaluation/player_factory.h"
#include "evaluation/request.h"
#include "evaluation/run_evaluation.h"
#include "evaluation/sliced_player.h"
#include "guard/sealed.h"
#include "guard/worker.h"
#include "net/network_player.h"
#include "net/team_evaluator.h"
#include "search/search_player.h"

namespace keisei::app {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The player of a network: it plans where simulations are asked for, else it plays the policy as it was trained.
/// Behind a gate a network answers in parts, so that no forward pass outlasts the burst that pays for it.
std::shared_ptr<shogi::Player> network_player(std::shared_ptr<const net::Evaluator> network, PlayMode mode,
                                              const evaluation::PlayerSpec& spec, const shogi::Rules& rules,
                                              double temperature, const evaluation::EngineHost& host, bool gated) {
  const double chosen_temperature = spec.temperature.value_or(temperature);
  const int simulations = spec.simulations.value_or(0);
  if (simulations > 0) {
    if (gated)
      network = std::make_shared<SlicedEvaluator>(std::move(network), evaluation::kSliceBudget_s, *host.clock,
                                                  [&host] { (void)host.keep_going(); });
    return std::make_shared<search::SearchPlayer>(
        std::move(network), evaluation::to_string(spec),
        search::SearchPlayOptions{
            .simulations = simulations, .temperature = chosen_temperature, .declaration = rules.declaration},
        host.keep_going);
  }
  auto player = std::make_shared<net::NetworkPlayer>(
      std::move(network), evaluation::to_string(spec),
      net::PlayOptions{
          .temperature = chosen_temperature, .mate_in_one = mode.mate_in_one, .declaration = rules.declaration});
  if (!gated) return player;
  return std::make_shared<evaluation::SlicedPlayer>(std::move(player), evaluation::kSliceBudget_s, *host.clock,
                                                    host.keep_going);
}

/// A network from the attachment that its id names, or a player that needs none.
Result<std::shared_ptr<shogi::Player>> make_player(const evaluation::PlayerSpec& spec, const std::string& id,
                                                   const shogi::Rules& rules, double temperature,
                                                   const guard::WorkerRequest& job, const evaluation::EngineHost& host,
                                                   bool gated, int threads) {
  if (!spec.is_network()) {
    auto player = evaluation::make_player(spec, rules, host);
    if (!player) return tl::make_unexpected(player.error());
    return std::shared_ptr<shogi::Player>(std::move(*player));
  }
  for (const guard::Attachment& attachment : job.attachments) {
    if (attachment.name != evaluation::weights_id_of(id)) continue;
    const std::string name = "weights of " + evaluation::to_string(spec);
    auto view = guard::map_sealed(attachment.memfd, store::kMaxFileBytes);
    if (!view) return tl::make_unexpected(view.error());
    auto file = store::decode(view->bytes(), name);
    if (!file) return tl::make_unexpected(file.error());
    auto network = read_network(*file, "cpu");
    if (!network) return tl::make_unexpected(network.error());
    const auto mode = read_play_mode(*file);
    if (!mode) return tl::make_unexpected(mode.error());
    std::shared_ptr<const net::Evaluator> evaluator = std::move(*network);
    if (threads > 1) evaluator = std::make_shared<net::TeamEvaluator>(std::move(evaluator), threads);
    return network_player(std::move(evaluator), *mode, spec, rules, temperature, host, gated);
  }
  return fail(Code::kBadData, "no weights came for " + evaluation::to_string(spec));
}

Result<void> serve(guard::WorkerChannel& channel, const guard::WorkerRequest& job, const evaluation::EngineHost& host,
                   const Clock& clock, int threads) {
  if (job.request.empty()) return {};  // a warm-up: being here is all that was asked
  auto request = evaluation::decode_request(as_text(job.request));
  if (!request) return tl::make_unexpected(request.error());
  if (job.kind == kEngineCheck) {
    std::optional<Error> error;
    evaluation::visit_players(*request, [&](const evaluation::PlayerSpec& spec, const std::string&) {
      if (error || spec.kind != evaluation::PlayerKind::kEngine) return;
      if (auto checked = evaluation::check_player(spec, request->rules, host); !checked) error = checked.error();
    });
    if (error) return tl::make_unexpected(*error);
    return {};
  }
  if (job.limits.game_timeout_s > 0) request->timeout_per_game_s = job.limits.game_timeout_s;
  const auto player_for = [&](const evaluation::PlayerSpec& spec, const std::string& id) {
    return make_player(spec, id, request->rules, request->temperature, job, host, channel.gated(), threads);
  };
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
  if (auto played = evaluation::run_evaluation(*request, player_for, clock, hooks); !played)
    return tl::make_unexpected(played.error());
  return {};
}

}  // namespace

int run_worker(int argc, const char* const* argv) {
  net::set_compute_threads(1);
  int threads = 1;
  for (const std::string_view argument : std::span(argv, static_cast<std::size_t>(argc)))
    if (argument.starts_with(kWorkerThreads)) threads = std::atoi(argument.data() + kWorkerThreads.size());
  auto channel = guard::WorkerChannel::inherit(argc, argv);
  if (!channel) {
    std::fprintf(stderr, "keisei worker: %s\n", channel.error().message.c_str());
    return static_cast<int>(channel.error().code);
  }
  const SystemClock clock;
  auto host = engine_host(*channel, clock);
  if (!host) {
    std::fprintf(stderr, "keisei worker: %s\n", host.error().message.c_str());
    return static_cast<int>(host.error().code);
  }
  MatchPlayers match_players([&](const evaluation::MatchJob& match, const std::string& side,
                                 const guard::WorkerRequest& job) {
    const evaluation::MatchPlayer& player = side == "agent" ? match.agent : match.opponent;
    return make_player(player.spec, player.id, match.rules, match.temperature, job, *host, channel->gated(), threads);
  });
  while (auto job = channel->next()) {
    Result<void> sent;
    try {
      const auto served = is_match_job(*job) ? serve_match(*channel, *job, match_players, *host, clock)
                                             : serve(*channel, *job, *host, clock, threads);
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
