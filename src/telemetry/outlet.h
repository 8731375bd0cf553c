// Where events go: a log file, the run database, a terminal panel. The seam between the bus and the world.
// The bus calls one outlet from one thread only, so an outlet needs no lock of its own. An outlet reports a fault by
// throwing (std::exception); the bus catches it, counts it, tells the other outlets and goes on. Because the bus may
// leave a hanging outlet behind at its end, an outlet owns what it uses (shared pointers, descriptors, no references
// to the session's locals).
#pragma once

#include <string_view>

#include "telemetry/event.h"

namespace keisei::telemetry {

class Outlet {
 public:
  virtual ~Outlet() = default;
  /// A short name for reports: "log", "database", "panel".
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual void write(const Event& event) = 0;
  /// Everything written so far reaches its place. Called by Bus::flush and at the end.
  virtual void flush() {}
  /// Called after every event and at least every BusBounds::tick_ms, for what must happen in silence too.
  virtual void tick() {}
};

}  // namespace keisei::telemetry
