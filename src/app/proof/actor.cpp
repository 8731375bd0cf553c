#include "app/proof/actor.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <new>
#include <string_view>

#include "app/proof/behaviour.h"
#include "app/proof/rig.h"

namespace keisei::app::proof {
namespace {

/// Into the parent's group, so that this process leads none and may leave the session.
void leave_session() {
  ::setpgid(0, ::getpgid(::getppid()));
  ::setsid();
}

const Behaviour* find(std::string_view name) {
  for (const std::span<const Behaviour> rows : {manners(), faults()}) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const Behaviour& row) { return row.name == name; });
    if (found != rows.end()) return &*found;
  }
  return nullptr;
}

int work(int argc, const char* const* argv) {
  auto channel = guard::WorkerChannel::inherit(argc, argv);
  if (!channel) {
    std::cerr << channel.error().message << "\n";
    return static_cast<int>(channel.error().code);
  }
  Hoard hoard;
  std::vector<guard::Child> children;
  while (auto request = channel->next()) {
    Act act{*channel, *request, std::istringstream(text_of(request->request)), hoard, children};
    const std::string name = act.word();
    const Behaviour* behaviour = find(name);
    if (behaviour == nullptr) {
      (void)channel->error("unknown behaviour " + name);
      continue;
    }
    try {
      if (behaviour->act(act)) (void)channel->done();
    } catch (const std::bad_alloc&) {
      (void)channel->error("out of memory", guard::ErrorKind::kMemory);
    }
  }
  return 0;
}

int host(const std::string& words, const std::string& mark) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it must not outlive who started it, whatever is proved about its own worker
  const SystemClock clock;
  guard::SupervisorOptions options = actor_options();
  if (!mark.empty()) options.environment.push_back(mark);
  const auto supervisor = guard::Supervisor::start(options, guard::Gate::make(1), clock);
  if (!supervisor || !(*supervisor)->submit(actor_job(words, 0))) return 1;
  while ((*supervisor)->status().workers.empty() || (*supervisor)->status().workers[0].results == 0) nap(0.005);
  std::cout << (*supervisor)->status().workers[0].pid << std::endl;
  forever();
}

/// Starts a process that outlives it in a session of its own, and says which.
int escape(bool clean) {
  leave_session();
  if (clean) ::clearenv();
  guard::Child child = start_self({"--linger"});
  std::cout << child.pid() << std::endl;
  child.abandon();
  return 0;
}

int linger() {
  ::signal(SIGTERM, SIG_IGN);
  forever();
}

int hog(int mb, int rest_us) {
  leave_session();
  Hoard hoard;
  hoard.eat("mmap", mb, rest_us);
  forever();
}

}  // namespace

int run_actor(int argc, char** argv) {
  ::alarm(kLongestLife_s);
  const std::string_view mode = argc > 2 ? argv[2] : "";
  const char* const value = argc > 3 ? argv[3] : "";
  if (mode == "--host" && argc > 3) return host(value, argc > 4 ? argv[4] : "");
  if (mode == "--escape") return escape(std::string_view(value) == "clean");
  if (mode == "--linger") return linger();
  if (mode == "--hog") return hog(std::atoi(value), argc > 4 ? std::atoi(argv[4]) : 0);
  if (mode == "--own-session") leave_session();
  return work(argc, argv);
}

}  // namespace keisei::app::proof
