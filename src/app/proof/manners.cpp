// What an actor does that is in order: results, work that obeys, and looks at its own circumstances.
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include "app/proof/behaviour.h"
#include "base/clock.h"
#include "evaluation/player_factory.h"
#include "evaluation/run_evaluation.h"
#include "guard/sealed.h"

namespace keisei::app::proof {
namespace {

constexpr std::size_t kMaxAttachmentBytes = 1u << 20;
constexpr double kWorkSlice_s = 0.001;

bool results(Act& act) {
  const int n = act.number();
  for (int i = 0; i < n; ++i) act.say("game " + std::to_string(i));
  return true;
}

/// ms of work in slices; beats and obeys.
bool work(Act& act) {
  const int n = act.number();
  act.say("begun");
  for (int i = 0; i < n && !act.channel.cancelled(); ++i) {
    nap(kWorkSlice_s);
    act.channel.heartbeat();
  }
  act.say("last");
  return true;
}

/// The only result comes after so many ms.
bool late(Act& act) {
  nap(act.number() * 1e-3);
  act.say("at last");
  return true;
}

/// Works for so many ms and says from when to when.
bool span(Act& act) {
  const SystemClock clock;
  const std::int64_t begin_ns = clock.monotonic_ns();
  nap(act.number() * 1e-3);
  act.say(std::to_string(begin_ns) + " " + std::to_string(clock.monotonic_ns()));
  return true;
}

bool burn_ms(Act& act) {
  burn(act.number() * 1e-3);
  act.say("burnt");
  return true;
}

/// Each line after the first is a result.
bool echo(Act& act) {
  std::string line;
  std::getline(act.words, line);
  while (std::getline(act.words, line)) act.say(line);
  return true;
}

/// Plays the evaluation request that follows, with players that need no libtorch: in place of a network whose weights
/// came along plays random.
bool play(Act& act) {
  std::string text;
  std::getline(act.words >> std::ws, text, '\0');
  const auto request = evaluation::decode_request(text);
  if (!request) {
    (void)act.channel.error(request.error().message);
    return false;
  }
  const auto player_for = [&](const evaluation::PlayerSpec& spec,
                              const std::string& id) -> Result<std::shared_ptr<shogi::Player>> {
    const bool came = std::any_of(act.request.attachments.begin(), act.request.attachments.end(),
                                  [&](const guard::Attachment& attachment) { return attachment.name == id; });
    if (spec.is_network() && !came) return fail(Code::kBadData, "no weights came for " + evaluation::to_string(spec));
    auto player = evaluation::make_player(spec.is_network() ? evaluation::PlayerSpec{} : spec, request->rules);
    if (!player) return tl::make_unexpected(player.error());
    return std::shared_ptr<shogi::Player>(std::move(*player));
  };
  const evaluation::LoopHooks hooks{[&](const evaluation::GameRecord& record) { act.say(evaluation::encode(record)); },
                                    [&] {
                                      act.channel.heartbeat();
                                      return !act.channel.cancelled();
                                    }};
  const SystemClock clock;
  const auto played = evaluation::run_evaluation(*request, player_for, clock, hooks);
  if (!played) (void)act.channel.error(played.error().message);
  return played.has_value();
}

bool attachments(Act& act) {
  for (const guard::Attachment& attachment : act.request.attachments) {
    const auto bytes = guard::read_sealed(attachment.memfd, kMaxAttachmentBytes);
    const std::string content =
        bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : bytes.error().message;
    act.say(attachment.name + "=" + content);
    act.say(::ftruncate(attachment.memfd.get(), 1) == 0 ? "could change it" : "sealed");
  }
  return true;
}

bool environment(Act& act) {
  std::string text;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) text += std::string(*entry) + "\n";
  act.say(text);
  return true;
}

bool descriptors(Act& act) {
  std::string text;
  DIR* dir = ::opendir("/proc/self/fd");
  while (const dirent* entry = dir != nullptr ? ::readdir(dir) : nullptr) {
    if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != ::dirfd(dir)) text += std::string(entry->d_name) + " ";
  }
  if (dir != nullptr) ::closedir(dir);
  act.say(text);
  return true;
}

rlim_t soft_limit(__rlimit_resource_t resource) {
  rlimit limit{};
  ::getrlimit(resource, &limit);
  return limit.rlim_cur;
}

bool circumstances(Act& act) {
  int death = 0;
  ::prctl(PR_GET_PDEATHSIG, &death);
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  int oom = -1;
  std::ifstream("/proc/self/oom_score_adj") >> oom;
  std::ostringstream out;
  out << "policy " << ::sched_getscheduler(0) << " nice " << ::getpriority(PRIO_PROCESS, 0) << " oom " << oom
      << " core " << soft_limit(RLIMIT_CORE) << " data " << soft_limit(RLIMIT_DATA) << " stack "
      << soft_limit(RLIMIT_STACK) << " own_group " << (::getpgrp() == ::getpid()) << " same_session "
      << (::getsid(0) == ::getsid(::getppid())) << " pdeathsig " << death << " blocked_int "
      << sigismember(&mask, SIGINT);
  act.say(out.str());
  return true;
}

bool pid(Act& act) {
  act.say(std::to_string(::getpid()));
  return true;
}

bool limits(Act& act) {
  const guard::JobLimits& l = act.request.limits;
  act.say(std::to_string(l.timeout_s) + " " + std::to_string(l.memory_mb) + " " + std::to_string(l.game_timeout_s));
  return true;
}

bool error(Act& act) {
  (void)act.channel.error("the opponent could not be loaded");
  return false;
}

}  // namespace

std::span<const Behaviour> manners() {
  static constexpr std::array<Behaviour, 14> kRows = {{{"results", results},
                                                       {"play", play},
                                                       {"work", work},
                                                       {"late", late},
                                                       {"span", span},
                                                       {"burn", burn_ms},
                                                       {"echo", echo},
                                                       {"attachments", attachments},
                                                       {"environment", environment},
                                                       {"descriptors", descriptors},
                                                       {"circumstances", circumstances},
                                                       {"pid", pid},
                                                       {"limits", limits},
                                                       {"error", error}}};
  return kRows;
}

}  // namespace keisei::app::proof
