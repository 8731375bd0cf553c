// keisei usi: a USI session between stdin and stdout. The end of stdin ends it as quit does.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <string_view>

#include "app/cli.h"
#include "app/launch_torch.h"
#include "app/play_command.h"
#include "app/usi/builtin_thinker.h"
#include "app/usi/line_reader.h"
#include "app/usi/session.h"
#include "base/clock.h"

#ifndef KEISEI_VERSION
#define KEISEI_VERSION "0"
#endif

namespace keisei::app {
namespace {

constexpr std::size_t kMaxReplayBytes = 4U << 20;

/// All of it, or as much as the other end takes: a GUI that is gone is seen at the end of stdin.
void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
}

/// Becomes keisei-torch, which reads `before` and goes on with stdin. Returns only on failure.
Error hand_over(const std::string& before, const PlayerArgs& player, std::uint64_t seed) {
  const int fd = ::memfd_create("keisei usi", 0);
  if (fd < 0) return {Code::kFailure, "no memory for the lines of the session", {}};
  write_all(fd, before);
  ::lseek(fd, 0, SEEK_SET);
  Error error =
      become_torch({kHandedOverUsi, std::to_string(fd), player.savedir.string(), std::to_string(seed), player.player});
  ::close(fd);
  return error;
}

/// `before` are lines that come before those of stdin.
int run_session(const PlayerArgs& player, std::uint64_t seed, const PlayHost& host, std::string before) {
  ::signal(SIGPIPE, SIG_IGN);
  const SystemClock clock;
  usi::EngineOptions options;
  options.weights = player.weights;
  usi::LineReader reader(STDIN_FILENO, std::move(before));
  usi::Session session({.version = KEISEI_VERSION,
                        .networks = static_cast<bool>(host.load),
                        .make_thinker = [&](const usi::EngineOptions& wanted) -> Result<std::unique_ptr<usi::Thinker>> {
                          if (!wanted.weights.empty()) return host.load(wanted, player.savedir);
                          shogi::Rules rules;
                          rules.declaration = wanted.declaration;
                          return usi::make_builtin_thinker(player.player, rules);
                        },
                        .write = [](std::string_view text) { write_all(STDOUT_FILENO, text); },
                        .seed = seed},
                       options, clock);
  using Next = usi::Session::Next;
  while (const auto line = reader.next()) {
    switch (session.handle(*line)) {
      case Next::kGoOn:
        break;
      case Next::kQuit:
        return 0;
      case Next::kHandOver:
        return report(hand_over(session.replay() + *line + "\n" + reader.rest(), player, seed));
      case Next::kFailed:
        return report(session.error());
    }
  }
  return 0;
}

std::uint64_t seed_of(const PlayerArgs& player) {
  return player.seed.value_or(static_cast<std::uint64_t>(SystemClock().utc_ms()));
}

}  // namespace

int run_usi(const UsiArgs& args, const PlayHost& host) {
  // A player that does not exist is told at once; weights are looked at when the GUI says isready.
  if (const auto known = usi::make_builtin_thinker(args.player.player, {}); !known) return report(known.error());
  return run_session(args.player, seed_of(args.player), host, {});
}

int run_handed_over_usi(int argc, const char* const* argv, const PlayHost& host) {
  constexpr int kWords = 6;
  PlayerArgs player;
  int fd = -1;
  std::uint64_t seed = 0;
  const auto read = [](std::string_view text, auto& value) {
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
  };
  if (argc != kWords || !read(argv[2], fd) || !read(argv[4], seed))
    return report({Code::kUsage, "__usi is what keisei says to keisei-torch", "call `keisei usi`"});
  player.savedir = argv[3];
  player.player = argv[5];
  std::string before;
  char block[4096];
  for (ssize_t got = ::read(fd, block, sizeof block); got > 0 && before.size() < kMaxReplayBytes;
       got = ::read(fd, block, sizeof block)) {
    before.append(block, static_cast<std::size_t>(got));
  }
  ::close(fd);
  return run_session(player, seed, host, std::move(before));
}

}  // namespace keisei::app
