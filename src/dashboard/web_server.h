// The live web page of runs: an HTTP server that only reads. One thread, non-blocking, everything bounded
// (web_limits.h): slow clients cost a socket, never a delay for others. Loopback unless told otherwise; any other
// address asks for a token. It reads run databases like any other reader, so it can live in a process of its own
// (`keisei serve`) or beside a training (`keisei train --serve`), where its thread runs at a lower priority and the
// training never waits for it. Started by start(), stopped by the destructor; the public functions are thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dashboard/web_api.h"

namespace keisei::dashboard {

inline constexpr std::uint16_t kWebPort = 8741;

struct WebOptions {
  std::string host = "127.0.0.1";        ///< an address of this machine, no name
  std::uint16_t port = kWebPort;         ///< 0 = any free one
  std::vector<std::string> extra_hosts;  ///< further names that browsers may reach it under
  std::string token;                     ///< empty: none on loopback, a random one elsewhere
  WebSource source;
  RecordWriter record_writer;
};

class WebServer {
 public:
  /// Listens and serves. kUsage for an address or port that cannot be had. `clock` outlives the server.
  [[nodiscard]] static Result<std::unique_ptr<WebServer>> start(WebOptions options, const Clock& clock);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// What an API request must bear; empty = nothing.
  [[nodiscard]] const std::string& token() const;
  /// The address to open, with the token in the fragment, which no browser sends on.
  [[nodiscard]] std::string url() const;
  /// Whether this build has the page's files, or only the API.
  [[nodiscard]] static bool has_page();

 private:
  struct Core;
  explicit WebServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace keisei::dashboard
