// keisei serve: the live page of runs, until a signal ends it.
#include <pthread.h>

#include <csignal>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/cli.h"
#include "app/web_page.h"
#include "base/file.h"
#include "store/run_index.h"

namespace keisei::app {
namespace {

constexpr std::size_t kMaxTokenBytes = 256;
constexpr std::size_t kMinTokenBytes = 16;

Result<std::string> read_token(const std::string& file) {
  auto text = read_text(file, kMaxTokenBytes);
  if (!text) return tl::make_unexpected(text.error());
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  const bool plain = text->find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~") ==
                     std::string::npos;
  if (text->size() >= kMinTokenBytes && plain) return text;
  return fail(Code::kUsage, "serve: --token-file: " + file + " holds no usable token",
              "one line of 16 to 256 letters, digits and -_.~");
}

Result<dashboard::WebOptions> options_of(const ServeArgs& args) {
  dashboard::WebOptions options;
  options.host = args.host;
  options.port = args.port;
  options.extra_hosts = args.allowed_hosts;
  options.source.savedir = args.savedir;
  options.record_writer = record_writer();
  if (!args.token_file.empty()) {
    auto token = read_token(args.token_file);
    if (!token) return tl::make_unexpected(token.error());
    options.token = std::move(*token);
  }
  for (const std::string& run : args.runs) {
    const auto paths = store::find_run(args.savedir, run);
    if (!paths) return tl::make_unexpected(paths.error());
    options.source.roots.push_back(paths->root);
  }
  return options;
}

void announce(const ServeArgs& args, const dashboard::WebServer& server) {
  if (args.json) {
    std::cout << nlohmann::ordered_json{{"schema", "keisei.serve/1"},
                                        {"url", server.url()},
                                        {"port", server.port()},
                                        {"page", dashboard::WebServer::has_page()}}
                     .dump()
              << std::endl;
    return;
  }
  std::cout << "Serving runs at " << server.url() << "  (Ctrl-C ends it)" << std::endl;
  if (!dashboard::WebServer::has_page()) {
    std::cerr << "keisei: this build has no page, only the data under /api: npm was missing when it was built\n";
  }
}

}  // namespace

int run_serve(const ServeArgs& args) {
  auto options = options_of(args);
  if (!options) return report(options.error());
  // Blocked before the server's thread starts, so that it inherits this and the signals come here.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  const SystemClock clock;
  const auto server = dashboard::WebServer::start(std::move(*options), clock);
  if (!server) return report(server.error());
  announce(args, **server);
  int signal = 0;
  ::sigwait(&ends, &signal);
  constexpr int kSignalExit = 128;
  return kSignalExit + signal;
}

}  // namespace keisei::app
