#include "dashboard/web_server.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "dashboard/web_address.h"
#include "dashboard/web_answers.h"
#include "dashboard/web_limits.h"
#include "dashboard/web_status.h"

namespace keisei::dashboard {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using Message = std::shared_ptr<const std::string>;
constexpr int kLowerPriority = 10;  // nice value of the server's thread
constexpr std::size_t kMaxDrainedBytes = 65536;
constexpr std::chrono::seconds kDrainDeadline{1};
constexpr std::chrono::milliseconds kAcceptPause{100};

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

struct WebServer::Core {
  class Connection;

  Core(WebOptions given, const Clock& the_clock)
      : options(std::move(given)), clock(the_clock), api(options.source, options.record_writer, clock) {}

  Result<void> listen();
  void accept();
  void make_room();
  void poll();
  void follow(const std::shared_ptr<WebRun>& run);
  [[nodiscard]] bool may_follow(const WebRun* run) const;

  WebOptions options;
  const Clock& clock;
  WebApi api;
  Gatekeeper gatekeeper;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer accept_pause{io};
  asio::steady_timer poll_timer{io};
  std::set<std::shared_ptr<Connection>> connections;
  std::uint64_t connected = 0;  ///< ever: a connection's age
  std::uint16_t port = 0;
  std::jthread thread;
};

/// One client. Reads a request, answers, reads the next; or becomes a live stream until it goes.
class WebServer::Core::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, tcp::socket socket) : core_(core), age_(core.connected++), stream_(std::move(socket)) {}

  void read();
  void close();
  [[nodiscard]] bool waits_for_header() const { return parser_.has_value(); }
  [[nodiscard]] std::uint64_t age() const { return age_; }
  [[nodiscard]] const std::shared_ptr<WebRun>& followed() const { return followed_; }
  /// One message of a live stream. Behind a client that does not read, only the newest one waits.
  void offer(const Message& message);
  std::uint64_t sent_version = 0;  ///< of the run, in a live stream
  std::int64_t sent_ns = 0;        ///< monotonic

 private:
  void on_header(ErrorCode error);
  std::optional<WebResponse> answer(std::string_view path);
  void work();
  void send(WebResponse response);
  void drain();
  void start_stream();
  void watch();
  void write(const Message& message);

  Core& core_;
  const std::uint64_t age_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{kMaxHeaderBytes};
  std::optional<http::request_parser<http::empty_body>> parser_;  ///< while a header is read
  http::request<http::empty_body> request_;
  bool served_ = false;  ///< at least one request
  bool last_ = false;    ///< the connection ends with this answer
  bool head_ = false;    ///< the request is HEAD
  std::size_t drained_ = 0;
  WebAnswer answer_;
  WebAnswer next_;  ///< what goes on after the slice at work
  std::string header_;
  Message body_;
  std::shared_ptr<WebRun> followed_;
  bool writing_ = false;
  Message waiting_;
  std::array<char, 1024> scrap_{};
};

void WebServer::Core::Connection::close() {
  ErrorCode ignored;
  stream_.socket().close(ignored);
  core_.connections.erase(shared_from_this());
}

void WebServer::Core::Connection::read() {
  parser_.emplace();
  parser_->header_limit(kMaxHeaderBytes);
  stream_.expires_after(served_ ? kIdleDeadline : kHeaderDeadline);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_header(error); });
}

void WebServer::Core::Connection::on_header(ErrorCode error) {
  if (error) {
    const bool malformed = error.category() == http::make_error_code(http::error::bad_method).category() &&
                           error != http::error::end_of_stream && error != http::error::partial_message;
    parser_.reset();
    if (!malformed) return close();
    const bool large = error == http::error::header_limit || error == http::error::buffer_overflow;
    last_ = true;
    return send(json_response(large ? kHeaderTooLarge : kBadRequest, error_body("the request is not understood")));
  }
  served_ = true;
  const bool has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
  request_ = parser_->release();
  parser_.reset();
  head_ = request_.method() == http::verb::head;
  last_ = !request_.keep_alive();
  RequestHead head;
  head.method = view(request_.method_string());
  head.target = view(request_.target());
  head.host = view(request_[http::field::host]);
  head.hosts = request_.count(http::field::host);
  head.origin = view(request_[http::field::origin]);
  head.authorization = view(request_[http::field::authorization]);
  head.has_body = has_body;
  const bool guarded = head.target.starts_with("/api/") || head.target.starts_with("/metrics");
  if (const auto status = core_.gatekeeper.refuse(head, guarded)) {
    last_ = true;
    return send(json_response(*status, error_body("this request is refused")));
  }
  const std::string_view path = head.target.substr(0, head.target.find('?'));
  if (path == "/api/live") return start_stream();
  answer_ = [this, path] { return answer(path); };
  work();
}

/// The first slice of an answer; the API's own go on from there.
std::optional<WebResponse> WebServer::Core::Connection::answer(std::string_view path) {
  if (path == "/healthz") return json_response(200, "{\"status\":\"ok\"}");
  if (path.starts_with("/api/") || path == "/metrics") {
    const auto parsed = parse_target(view(request_.target()));
    if (!parsed) return json_response(kBadRequest, error_body("the address is not encoded as it should be"));
    next_ = core_.api.answer(*parsed);
    return std::nullopt;
  }
  if (const WebAsset* asset = find_web_asset(path)) {
    return asset_response(*asset, view(request_[http::field::accept_encoding]),
                          view(request_[http::field::if_none_match]));
  }
  if (path == "/" && !has_page()) return no_page_response();
  return json_response(kNotFound, error_body("there is nothing under this address"));
}

void WebServer::Core::Connection::work() {
  std::optional<WebResponse> response;
  try {
    response = answer_();
    if (next_) answer_ = std::exchange(next_, nullptr);
  } catch (const std::exception& fault) {
    response = json_response(kInternalError, error_body(fault.what()));
  }
  if (!response) return asio::post(core_.io, [self = shared_from_this()] { self->work(); });
  answer_ = nullptr;
  send(std::move(*response));
}

void WebServer::Core::Connection::send(WebResponse response) {
  header_ = header_text(response, last_);
  body_ = head_ || response.status == 304 ? nullptr : std::move(response.body);
  const std::array<asio::const_buffer, 2> parts{asio::buffer(header_),
                                                body_ ? asio::buffer(*body_) : asio::const_buffer()};
  stream_.expires_after(kWriteDeadline);
  asio::async_write(stream_, parts, [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->body_.reset();
    if (error) return self->close();
    if (!self->last_) return self->read();
    ErrorCode ignored;
    self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    self->stream_.expires_after(kDrainDeadline);
    self->drain();
  });
}

/// What the client still sends is read and forgotten for a moment: a close at once could take the answer with it.
void WebServer::Core::Connection::drain() {
  stream_.async_read_some(asio::buffer(scrap_), [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
    self->drained_ += bytes;
    if (error || self->drained_ > kMaxDrainedBytes) return self->close();
    self->drain();
  });
}

void WebServer::Core::Connection::start_stream() {
  const auto parsed = parse_target(view(request_.target()));
  std::shared_ptr<WebRun> run = parsed ? core_.api.open(parsed->get("run").value_or("")) : nullptr;
  if (!run) return send(json_response(kNotFound, error_body("no such run is served here")));
  if (!core_.may_follow(run.get())) {
    return send(json_response(kUnavailable, error_body("too many live streams", "close one and try again")));
  }
  last_ = true;
  followed_ = std::move(run);
  offer(std::make_shared<const std::string>(stream_header_text() + "retry: 1000\n\n"));
  watch();
}

/// A live stream's client has nothing to say; its end is seen here.
void WebServer::Core::Connection::watch() {
  stream_.expires_never();
  stream_.async_read_some(asio::buffer(scrap_), [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
    self->drained_ += bytes;
    if (error || self->drained_ > kMaxDrainedBytes) return self->close();
    self->watch();
  });
}

void WebServer::Core::Connection::offer(const Message& message) {
  sent_ns = core_.clock.monotonic_ns();
  if (writing_) {
    waiting_ = message;
  } else {
    write(message);
  }
}

void WebServer::Core::Connection::write(const Message& message) {
  writing_ = true;
  body_ = message;
  stream_.expires_after(kWriteDeadline);
  asio::async_write(stream_, asio::buffer(*body_), [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->writing_ = false;
    self->body_.reset();
    if (error) return self->close();
    if (const Message next = std::exchange(self->waiting_, nullptr)) self->write(next);
  });
}

Result<void> WebServer::Core::listen() {
  ErrorCode error;
  const auto address = asio::ip::make_address(options.host, error);
  if (error) {
    return fail(Code::kUsage, "serve: '" + options.host + "' is no address of this machine",
                "127.0.0.1, ::1, 0.0.0.0, or one of this machine's own");
  }
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) port = acceptor.local_endpoint(error).port();
  if (error) {
    return fail(
        Code::kUsage,
        "serve: cannot listen on " + options.host + " port " + std::to_string(options.port) + ": " + error.message(),
        "another server may be there; --port 0 takes any free port");
  }
  if (options.token.empty() && !is_loopback(options.host)) {
    auto token = random_token();
    if (!token) return tl::make_unexpected(token.error());
    options.token = std::move(*token);
  }
  gatekeeper = {own_hosts(options.host), port, options.token, options.extra_hosts};
  return {};
}

/// At the bound, who has kept the server waiting for a header the longest has to go.
void WebServer::Core::make_room() {
  if (connections.size() < kMaxConnections) return;
  std::shared_ptr<Connection> oldest;
  for (const auto& one : connections) {
    if (one->waits_for_header() && (!oldest || one->age() < oldest->age())) oldest = one;
  }
  if (oldest) oldest->close();
}

void WebServer::Core::accept() {
  acceptor.async_accept([this](ErrorCode error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (error) {  // out of descriptors: somebody has to leave first
      accept_pause.expires_after(kAcceptPause);
      return accept_pause.async_wait([this](ErrorCode stopped) { stopped ? void() : accept(); });
    }
    make_room();
    if (connections.size() < kMaxConnections) {
      ErrorCode ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      const auto connection = std::make_shared<Connection>(*this, std::move(socket));
      connections.insert(connection);
      connection->read();
    }
    accept();
  });
}

bool WebServer::Core::may_follow(const WebRun* run) const {
  std::size_t streams = 0;
  std::set<const WebRun*> followed{run};
  for (const auto& one : connections) {
    if (!one->followed()) continue;
    ++streams;
    followed.insert(one->followed().get());
  }
  return streams < kMaxLiveStreams && followed.size() <= kMaxOpenRuns;
}

void WebServer::Core::follow(const std::shared_ptr<WebRun>& run) {
  if (run->advance()) return asio::post(io, [this, run] { follow(run); });
  Message news;
  Message heartbeat;
  const std::int64_t now = clock.monotonic_ns();
  const auto streams = connections;  // a failing write takes its connection out
  for (const auto& one : streams) {
    if (one->followed() != run) continue;
    if (one->sent_version != run->version()) {
      if (!news) news = std::make_shared<const std::string>("event: state\ndata: " + api.state_of(*run) + "\n\n");
      one->sent_version = run->version();
      one->offer(news);
    } else if (now - one->sent_ns >= std::chrono::nanoseconds(kHeartbeat).count()) {
      if (!heartbeat) heartbeat = std::make_shared<const std::string>("event: alive\ndata: {}\n\n");
      one->offer(heartbeat);
    }
  }
}

void WebServer::Core::poll() {
  poll_timer.expires_after(kPollInterval);
  poll_timer.async_wait([this](ErrorCode stopped) {
    if (stopped) return;
    std::set<std::shared_ptr<WebRun>> followed;
    for (const auto& one : connections) {
      if (one->followed()) followed.insert(one->followed());
    }
    for (const auto& run : followed) follow(run);
    poll();
  });
}

WebServer::WebServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}

Result<std::unique_ptr<WebServer>> WebServer::start(WebOptions options, const Clock& clock) {
  auto core = std::make_unique<Core>(std::move(options), clock);
  if (auto listening = core->listen(); !listening) return tl::make_unexpected(listening.error());
  Core* const shared = core.get();
  core->thread = std::jthread([shared] {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are the program's
    ::pthread_setname_np(::pthread_self(), "keisei-web");
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kLowerPriority);
    shared->accept();
    shared->poll();
    shared->io.run();
  });
  return std::unique_ptr<WebServer>(new WebServer(std::move(core)));
}

WebServer::~WebServer() {
  core_->io.stop();
  core_->thread.join();
}

std::uint16_t WebServer::port() const { return core_->port; }
const std::string& WebServer::token() const { return core_->options.token; }
bool WebServer::has_page() { return find_web_asset("/") != nullptr; }
std::string WebServer::url() const { return page_url(core_->options.host, core_->port, core_->options.token); }

}  // namespace keisei::dashboard
