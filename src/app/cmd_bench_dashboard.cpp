// keisei bench dashboard: what it costs a training to be watched. Short trainings of the smallest preset run in turn
// with plain lines, with the full screen on a terminal of 120x40, and with the web page and a browser's live stream;
// the ratio of each rate to that of the lines in the same round is printed with its interval. Nothing is judged.
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "app/launch_torch.h"
#include "base/clock.h"
#include "base/scratch.h"
#include "guard/spawn.h"

namespace keisei::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kPlies = "65536";       ///< of each training: about a quarter of a minute on two cores
constexpr double kLongestTraining_s = 900;    ///< then it is given up
constexpr std::size_t kMaxOutput = 1U << 20;  ///< kept of what a training prints
constexpr std::array<const char*, 3> kWays = {"lines", "screen", "page"};

tl::unexpected<Error> failed(const std::string& what) {
  return fail(Code::kFailure, what + " failed: " + std::strerror(errno));
}

/// Both ends of a pipe, or of a terminal (ours first).
struct Ends {
  Fd ours, theirs;
};

Result<Ends> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failed("making a pipe");
  return Ends{Fd(ends[0]), Fd(ends[1])};
}

Result<Ends> make_terminal() {
  Fd ours(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  std::array<char, 64> name{};
  if (!ours || ::grantpt(ours.get()) != 0 || ::unlockpt(ours.get()) != 0 ||
      ::ptsname_r(ours.get(), name.data(), name.size()) != 0)
    return failed("making a terminal");
  Fd theirs(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  const winsize size{.ws_row = 40, .ws_col = 120, .ws_xpixel = 0, .ws_ypixel = 0};
  if (!theirs || ::ioctl(theirs.get(), TIOCSWINSZ, &size) != 0) return failed("sizing a terminal");
  return Ends{std::move(ours), std::move(theirs)};
}

/// A live stream of the newest run, as the page opens one; nothing where `said` names no port yet.
Fd follow(const std::string& said) {
  constexpr std::string_view kBefore = "serving runs at http://127.0.0.1:";
  const std::size_t at = said.find(kBefore);
  if (at == said.npos || said.find('/', at + kBefore.size()) == said.npos) return {};
  const int port = std::atoi(said.c_str() + at + kBefore.size());
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  const std::string request =
      "GET /api/live?run=latest HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n";
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) != std::ssize(request)) return {};
  return fd;
}

/// Reads what there is; false at the end. `to` keeps the first kMaxOutput bytes, or may be null.
bool drain(const Fd& fd, std::string* to) {
  std::array<char, 65536> bytes{};
  const auto got = ::read(fd.get(), bytes.data(), bytes.size());
  if (got <= 0) return false;
  if (to != nullptr && to->size() < kMaxOutput) to->append(bytes.data(), static_cast<std::size_t>(got));
  return true;
}

/// Plies a second of one training that is watched in that way.
Result<double> rate_of(const std::string& way, const std::filesystem::path& runs, const std::string& name,
                       const Clock& clock) {
  auto program = sibling_program("keisei");
  if (!program) return tl::make_unexpected(program.error());
  auto out = make_pipe();
  if (!out) return tl::make_unexpected(out.error());
  auto err = way == "screen" ? make_terminal() : make_pipe();
  if (!err) return tl::make_unexpected(err.error());
  guard::SpawnPlan plan{.program = "/usr/bin/env",
                        .argv = {"env", "-u", "CI", "TERM=xterm-256color", *program, "train", "--preset", "tiny",
                                 "--total-timesteps", kPlies, "--savedir", runs.string(), "--run-name", name, "--json",
                                 "--override", "evaluation.enable_periodic_evaluation=false"},
                        .descriptors = {{out->theirs.get(), 1}, {err->theirs.get(), 2}}};
  if (way != "screen") plan.argv.emplace_back("--plain");
  if (way == "page") plan.argv.insert(plan.argv.end(), {"--serve", "--port", "0"});
  auto child = guard::spawn(plan);
  if (!child) return tl::make_unexpected(child.error());
  out->theirs.reset();
  err->theirs.reset();
  std::string printed;
  std::string said;
  Fd page;
  const double end_s = clock.monotonic_s() + kLongestTraining_s;
  for (bool open = true; open && clock.monotonic_s() < end_s;) {
    std::array<pollfd, 3> wait = {pollfd{out->ours.get(), POLLIN, 0},
                                  pollfd{err->ours ? err->ours.get() : -1, POLLIN, 0},
                                  pollfd{page ? page.get() : -1, POLLIN, 0}};
    if (::poll(wait.data(), wait.size(), 1000) < 0 && errno != EINTR) return failed("waiting for a training");
    if (wait[0].revents != 0) open = drain(out->ours, &printed);
    if (wait[1].revents != 0 && !drain(err->ours, &said)) err->ours.reset();
    if (wait[2].revents != 0 && !drain(page, nullptr)) page.reset();
    if (way == "page" && !page) page = follow(said);
  }
  const auto result = Json::parse(printed, nullptr, false);
  if (!result.is_object() || !result.contains("steps_per_s") || !result["steps_per_s"].is_number())
    return fail(Code::kFailure, "a training with " + way + " told no rate: " + said.substr(0, 500));
  return result["steps_per_s"].get<double>();
}

/// Half the width of a 95 % interval of a mean, in standard errors (Student's t, two-sided).
double student(std::size_t degrees) {
  constexpr std::array<double, 10> kTable = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};
  if (degrees <= kTable.size()) return kTable[degrees - 1];
  return 1.96 + 2.6 / static_cast<double>(degrees);
}

/// The ratio over all rounds: geometric mean, and its interval where there is more than one.
Json ratio_of(const std::vector<double>& rates, const std::vector<double>& base) {
  const auto n = static_cast<double>(rates.size());
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) sum += std::log(rates[i] / base[i]);
  for (std::size_t i = 0; i < rates.size(); ++i) squares += std::pow(std::log(rates[i] / base[i]) - sum / n, 2);
  Json found = {{"ratio", std::exp(sum / n)}, {"ci95", nullptr}};
  if (rates.size() > 1) {
    const double half = student(rates.size() - 1) * std::sqrt(squares / (n - 1) / n);
    found["ci95"] = {std::exp(sum / n - half), std::exp(sum / n + half)};
  }
  return found;
}

}  // namespace

int run_bench_dashboard(const BenchArgs& args) {
  const SystemClock clock;
  const Scratch scratch("bench");
  std::map<std::string, std::vector<double>> rates;
  for (int round = 0; round < args.runs; ++round) {
    for (std::size_t i = 0; i < kWays.size(); ++i) {
      // Who goes first changes from round to round: a machine that warms up or slows down favours nobody.
      const std::string way = kWays[(i + static_cast<std::size_t>(round)) % kWays.size()];
      auto rate = rate_of(way, scratch.path(), way + "-" + std::to_string(round), clock);
      if (!rate) return report(rate.error());
      std::fprintf(stderr, "keisei: round %d of %d, %s: %.0f plies/s\n", round + 1, args.runs, way.c_str(), *rate);
      rates[way].push_back(*rate);
    }
  }
  Json out = {{"schema", "keisei.bench.dashboard/1"}, {"runs", args.runs}, {"preset", "tiny"}, {"plies", kPlies}};
  for (const char* way : kWays) out["plies_per_s"][way] = rates[way];
  for (const char* way : {"screen", "page"}) out[way] = ratio_of(rates[way], rates["lines"]);
  if (args.json) {
    std::printf("%s\n", out.dump().c_str());
    return 0;
  }
  for (const char* way : {"screen", "page"})
    std::printf("%-7s %.4f of the rate with plain lines, 95 %% interval %s\n", way, out[way]["ratio"].get<double>(),
                out[way]["ci95"].dump().c_str());
  return 0;
}

}  // namespace keisei::app
