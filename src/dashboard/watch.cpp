#include "dashboard/watch.h"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "dashboard/full_screen.h"
#include "dashboard/log_tail.h"

namespace keisei::dashboard {
namespace {

constexpr std::size_t kBatchEvents = 1000;
constexpr int kRest_ms = 50;

}  // namespace

Result<void> watch_log(const std::filesystem::path& log, int fd, Paint paint, const Clock& clock) {
  if (!fits_full_screen(fd)) {
    return fail(Code::kUsage, "watching needs a terminal of 80x24 or more, in the foreground",
                "keisei runs show prints the run as text, --json for programs");
  }
  bool left = false;
  FullScreenView view(
      std::make_shared<SystemClock>(), [fd, paint] { return open_curses(fd, paint); }, std::make_shared<FdScreen>(fd),
      nullptr, {.paint = paint, .watching = true, .stop = [&left] { left = true; }});
  LogTail tail(log);
  while (!left) {
    const std::vector<telemetry::Event> events = tail.read(kBatchEvents);
    for (const telemetry::Event& event : events) {
      // As if it had been seen when it happened, so that elapsed time and ETA count from there.
      const double age_s = std::max(0.0, static_cast<double>(clock.utc_ms() - event.utc_ms) * 1e-3);
      view.write(event, clock.monotonic_s() - age_s);
    }
    view.tick();
    if (view.trouble()) return tl::make_unexpected(*view.trouble());
    if (events.empty()) (void)::poll(nullptr, 0, kRest_ms);
  }
  return {};
}

}  // namespace keisei::dashboard
