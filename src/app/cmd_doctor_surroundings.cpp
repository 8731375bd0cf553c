// The findings of keisei doctor about what lies around the program: the libraries it and keisei-torch need, the clock,
// the port of the web page, the locale, and a font for the board.
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "app/doctor.h"
#include "app/font_glyphs.h"
#include "app/launch_torch.h"
#include "app/shared_libraries.h"
#include "base/clock.h"
#include "base/file.h"
#include "dashboard/progress.h"
#include "dashboard/web_server.h"

namespace keisei::app::doctor {
namespace {

constexpr char32_t kPawn = U'歩';
constexpr std::int64_t kEarliestPlausible_ms = 1'735'689'600'000;  // 2025-01-01: before that the clock was never set
constexpr std::size_t kMaxSysfsBytes = 4096;
constexpr double kCoarse_ns = 1e6;

std::string joined(const std::vector<std::string>& words, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) out += (out.empty() ? "" : ", ") + words[i];
  return words.size() > most ? out + " and " + std::to_string(words.size() - most) + " more" : out;
}

/// What this program was linked with and runs with.
Finding own_libraries() {
  std::vector<std::string> shown;
  for (const std::string& name : loaded_libraries()) {
    for (const char* one : {"libyaml-cpp", "libsqlite3", "libprotobuf", "libncursesw", "libstdc++", "libc."}) {
      if (name.starts_with(one)) shown.push_back(name);
    }
  }
  if (shown.empty()) return {"programs", "libraries", State::kGood, "linked into the program", {}, {}};
  return {"programs", "libraries", State::kGood, joined(shown, shown.size()), {}, {}};
}

Finding torch_libraries() {
  constexpr std::size_t kMostNamed = 3;
  Finding finding{"programs", "libraries of torch", State::kGood, {}, {}, {}};
  const auto program = sibling_program("keisei-torch");
  if (!program) {
    finding.value = "not needed";
    finding.why = "keisei-torch is not there";
    return finding;
  }
  const auto needs = needs_of(*program);
  if (!needs) {
    finding.state = State::kNote;
    finding.why = needs.error().message;
    finding.advice = "build or install keisei again";
    return finding;
  }
  std::vector<std::filesystem::path> directories = needs->search_first;
  const auto standard = library_directories();
  directories.insert(directories.end(), standard.begin(), standard.end());
  std::vector<std::string> missing;
  for (const std::string& name : needs->libraries) {
    if (name.starts_with("ld-linux")) continue;
    if (!find_library(name, directories)) missing.push_back(name);
  }
  if (missing.empty()) {
    finding.value = "all " + std::to_string(needs->libraries.size()) + " found";
    return finding;
  }
  finding.state = State::kBad;
  finding.value = joined(missing, kMostNamed) + " missing";
  finding.advice = "apt-get install libtorch1.13 libopenblas0-pthread libprotobuf32, or build again with ./keisei";
  return finding;
}

Finding clock(Report& report) {
  Finding finding{"machine", "clock", State::kGood, {}, {}, {}};
  timespec resolution{};
  const bool known = ::clock_getres(CLOCK_MONOTONIC, &resolution) == 0;
  const double tick_ns = static_cast<double>(resolution.tv_sec) * 1e9 + static_cast<double>(resolution.tv_nsec);
  report.measures.push_back({"clock_resolution_ns", known ? guard::known(tick_ns, "clock_getres")
                                                          : guard::unknown("clock_getres failed")});
  timex state{};
  const int answer = ::adjtimex(&state);
  const bool asked = answer >= 0;
  const bool kept = asked && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  finding.value = !asked ? "unknown whether it is kept" : kept ? "kept by the network" : "kept by nobody";
  if (const auto source = read_text("/sys/devices/system/clocksource/clocksource0/current_clocksource", kMaxSysfsBytes))
    finding.why = "source " + source->substr(0, source->find('\n'));
  if (const SystemClock now; now.utc_ms() < kEarliestPlausible_ms) {
    finding.state = State::kBad;
    finding.value = iso_utc(now.utc_ms());
    finding.advice = "set the clock: the times of runs, games and records would be wrong (date -s, or an NTP client)";
  } else if (known && tick_ns > kCoarse_ns) {
    finding.state = State::kNote;
    finding.advice = "it ticks every " + std::to_string(static_cast<int>(tick_ns * 1e-6)) +
                     " ms: pauses for evaluation cannot be measured exactly on this kernel";
  } else if (asked && !kept) {
    // Training measures by the monotonic clock and does not mind; only times in logs may drift.
    finding.advice = "times in logs may drift: apt-get install systemd-timesyncd, unless the host keeps the clock";
  }
  return finding;
}

Finding port() {
  const std::string number = std::to_string(dashboard::kWebPort);
  Finding finding{"machine", "port " + number, State::kGood, {}, "of the web page, on loopback", {}};
  const Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener) {
    finding.why = std::string("no socket could be made: ") + std::strerror(errno);
    finding.state = State::kNote;
    finding.advice = "keisei serve will not work here: IPv4 is switched off or sockets are forbidden";
    return finding;
  }
  const int yes = 1;
  (void)::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(dashboard::kWebPort);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    finding.value = "free";
  } else if (errno == EADDRINUSE) {
    finding.value = "in use";
    finding.advice = "keisei serve --port 0 takes any free one; train --serve does so by itself";
  } else {
    finding.why = std::string("it cannot be taken: ") + std::strerror(errno);
    finding.state = State::kNote;
    finding.advice = "keisei serve --port 0 takes any free one";
  }
  return finding;
}

Finding web_page() {
  Finding finding{"programs", "web page", State::kGood, "built in", {}, {}};
  if (dashboard::WebServer::has_page()) return finding;
  finding.state = State::kNote;
  finding.value = "not built in";
  finding.why = "npm was missing when the program was built; keisei serve has its data only";
  finding.advice = "apt-get install nodejs npm, then build again";
  return finding;
}

Finding locale() {
  const dashboard::Surroundings around = dashboard::surroundings(STDERR_FILENO);
  Finding finding{"settings", "locale", State::kGood, around.utf8 ? "UTF-8" : "not UTF-8", {}, {}};
  if (!around.utf8) {
    finding.state = State::kNote;
    finding.why = "board, bars and curves are drawn in ASCII";
    finding.advice = "export LANG=C.UTF-8";
  }
  return finding;
}

Finding font() {
  Finding finding{"settings", "Japanese font", State::kGood, {}, "for the board in a browser or a terminal here", {}};
  if (const auto found = find_font(font_directories(), kPawn)) {
    finding.value = found->string();
    return finding;
  }
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  finding.value = "none";
  // Without a screen here the fonts of the machine with the browser or the terminal count.
  if (set("DISPLAY") || set("WAYLAND_DISPLAY")) finding.state = State::kNote;
  finding.advice = "apt-get install fonts-noto-cjk where the browser or the terminal runs";
  return finding;
}

}  // namespace

void examine_surroundings(Report& report) {
  const auto add = [&](Finding finding) {
    // A group is told in one piece: behind its last finding.
    const auto last = std::find_if(report.findings.rbegin(), report.findings.rend(),
                                   [&](const Finding& one) { return one.group == finding.group; });
    report.findings.insert(last.base() == report.findings.begin() ? report.findings.end() : last.base(),
                           std::move(finding));
  };
  add(clock(report));
  add(port());
  add(own_libraries());
  add(torch_libraries());
  add(web_page());
  add(locale());
  add(font());
}

}  // namespace keisei::app::doctor
