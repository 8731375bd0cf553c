// What an actor does that is not in order. Most faults say "begun" first: a finished result that must be kept.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "app/proof/behaviour.h"
#include "base/file.h"
#include "guard/frame.h"

namespace keisei::app::proof {
namespace {

using guard::encode;
using guard::FrameType;

void put_raw(const std::vector<std::byte>& bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = ::send(kActorSocket, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

std::vector<std::byte> result_frame(const Act& act, std::size_t bytes) {
  return encode(FrameType::kResult, act.request.id, std::vector<std::byte>(bytes));
}

// Time.

/// After so many ms of work, if any are named.
bool sleep(Act& act) {
  burn(act.number() * 1e-3);
  forever();
}

bool busy(Act& act) {
  act.say("begun");
  busy_forever();
}

bool busy_beats(Act& act) {
  act.say("begun");
  while (true) {
    burn(0.01);
    act.channel.heartbeat();
  }
}

bool ignore_term(Act& act) {
  ::signal(SIGTERM, SIG_IGN);
  act.say("begun");
  busy_forever();
}

bool stop(Act& act) {
  act.say("begun");
  ::raise(SIGSTOP);
  forever();
}

// Memory.

bool eat(Act& act) {
  const std::string way = act.word();
  const int mb = act.number();
  const int rest_us = act.number();
  act.say("begun");
  act.hoard.eat(way, mb, rest_us);
  act.say("ate it");
  return true;
}

/// Holds memory at idle policy and does not listen.
bool hold(Act& act) {
  ::signal(SIGTERM, SIG_IGN);
  act.say("begun");
  act.hoard.eat("mmap", act.number(), 0);
  act.say("held");
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_IDLE, &none);
  ::setpriority(PRIO_PROCESS, 0, 19);
  forever();
}

/// `fork_hogs N MB REST_US`: children in sessions of their own that eat, with a rest after each MB.
bool fork_hogs(Act& act) {
  const int n = act.number();
  const int mb = act.number();
  const int rest_us = act.number();
  act.say("begun");
  for (int i = 0; i < n; ++i)
    act.children.push_back(start_self({"--hog", std::to_string(mb > 0 ? mb : 60), std::to_string(rest_us)}));
  forever();
}

// Processes.

bool fork_bomb(Act& act) {
  const int n = act.number();
  for (int i = 0; i < n; ++i) act.children.push_back(start_self({"--linger"}));
  act.say("begun");
  forever();
}

/// For so long an escaped process lives beside its worker: without an environment it is known by having been seen.
constexpr double kSeenAfter_s = 0.1;

/// A grandchild in another group and session whose parent is gone. `escape done|crash|hang [clean]`: what the worker
/// does then; with `clean` the grandchild has an empty environment.
bool escape(Act& act) {
  const std::string way = act.word();
  const std::string clean = act.word();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const Fd from(ends[0]);
  Fd to(ends[1]);
  guard::Child between = start_self({"--escape", clean}, to.get());
  to.reset();
  std::array<char, 32> line{};
  std::size_t got = 0;
  while (got + 1 < line.size()) {
    const ssize_t n = ::read(from.get(), line.data() + got, line.size() - 1 - got);
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  while (!between.try_reap()) nap(0.002);
  nap(kSeenAfter_s);
  act.say(line.data());
  if (way == "crash") std::abort();
  if (way == "hang") forever();
  return true;
}

// Ends.

bool throws(Act&) { throw std::runtime_error("a planted exception"); }

bool abort_now(Act&) { std::abort(); }

bool segv(Act&) {
  ::signal(SIGSEGV, SIG_DFL);
  ::raise(SIGSEGV);
  return false;
}

bool exit_now(Act& act) {
  const int code = act.number();
  act.say("begun");
  std::cerr << "the last words of the worker\n" << std::flush;
  std::_Exit(code);
}

// The burst gate.

/// Calls `attack` with each descriptor of the gate that can be reached through the parent, opened for writing.
template <class Attack>
int reach_gate(Attack attack) {
  const std::string parent = "/proc/" + std::to_string(::getppid()) + "/fd";
  int reached = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(parent, error)) {
    const std::string target = std::filesystem::read_symlink(entry.path(), error).string();
    if (target.find("keisei-gate") == std::string::npos) continue;
    const Fd fd(::open(entry.path().c_str(), O_RDWR | O_CLOEXEC));
    if (!fd) continue;
    ++reached;
    attack(fd.get());
  }
  return reached;
}

/// Tries every way to open the gate itself, and says how many it reached and what went through.
bool gate_attack(Act& act) {
  const std::uint32_t open = 1;
  std::string through;
  const int reached = reach_gate([&](int fd) {
    if (::write(fd, &open, sizeof open) >= 0) through += " write";
    if (::pwrite(fd, &open, sizeof open, 0) >= 0) through += " pwrite";
    if (::ftruncate(fd, 0) == 0) through += " shrink";
    if (::ftruncate(fd, 1 << 20) == 0) through += " grow";
    if (::fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) == 0) through += " punch";
    if (::fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0) through += " seal";
    if (::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED) through += " map";
    void* readable = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, 0);
    if (readable != MAP_FAILED && ::mprotect(readable, 4096, PROT_READ | PROT_WRITE) == 0) through += " protect";
  });
  act.say("reached " + std::to_string(reached) + ", went through:" + through);
  return true;
}

// Bytes.

bool garbage(Act& act) {
  act.say("begun");
  put_raw(std::vector<std::byte>(4096, std::byte{0xA5}));
  forever();
}

bool flood(Act& act) {
  const std::vector<std::byte> piece = result_frame(act, 1u << 20);
  while (true) put_raw(piece);
}

bool flood_output(Act&) {
  const std::string piece(1u << 16, 'x');
  while (::write(STDOUT_FILENO, piece.data(), piece.size()) >= 0 &&
         ::write(STDERR_FILENO, piece.data(), piece.size()) >= 0) {
  }
  return true;
}

bool torn(Act& act) {
  act.say("begun");
  auto bytes = result_frame(act, 1000);
  bytes.resize(500);
  put_raw(bytes);
  std::_Exit(0);
}

bool wrong_job(Act& act) {
  put_raw(encode(FrameType::kResult, act.request.id + 1, {}));
  forever();
}

bool bit_flip(Act& act) {
  act.say("begun");
  auto bytes = result_frame(act, 64);
  bytes.back() ^= std::byte{1};
  put_raw(bytes);
  forever();
}

/// Announces far more than a result may have, and sends that much.
bool huge(Act& act) {
  act.say("begun");
  constexpr std::size_t kBeyond = guard::kMaxResultBytes + (4u << 20);
  put_raw(result_frame(act, kBeyond));
  forever();
}

bool after_done(Act& act) {
  (void)act.channel.done();
  put_raw(result_frame(act, 0));
  forever();
}

bool close_channel(Act&) {
  ::close(kActorSocket);
  forever();
}

}  // namespace

std::span<const Behaviour> faults() {
  static constexpr std::array<Behaviour, 24> kRows = {{{"sleep", sleep},
                                                       {"gate_attack", gate_attack},
                                                       {"busy", busy},
                                                       {"busy_beats", busy_beats},
                                                       {"ignore_term", ignore_term},
                                                       {"stop", stop},
                                                       {"eat", eat},
                                                       {"hold", hold},
                                                       {"fork_hogs", fork_hogs},
                                                       {"fork_bomb", fork_bomb},
                                                       {"escape", escape},
                                                       {"throw", throws},
                                                       {"abort", abort_now},
                                                       {"segv", segv},
                                                       {"exit", exit_now},
                                                       {"garbage", garbage},
                                                       {"flood", flood},
                                                       {"flood_output", flood_output},
                                                       {"torn", torn},
                                                       {"wrong_job", wrong_job},
                                                       {"bit_flip", bit_flip},
                                                       {"huge", huge},
                                                       {"after_done", after_done},
                                                       {"close", close_channel}}};
  return kRows;
}

}  // namespace keisei::app::proof
