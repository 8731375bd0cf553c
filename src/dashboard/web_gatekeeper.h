// Who may ask what, before any answer is thought of: the Host field must name this server (a page of another name
// that resolves here is refused: 421), nothing but GET and HEAD exists (403 from another origin, else 405), and an
// address that others reach asks for a token (401). Pure functions of the request's fields; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keisei::dashboard {

/// The fields of a request that decide, as sent. Fields that must be single are counted.
struct RequestHead {
  std::string_view method;
  std::string_view target;
  std::string_view host;
  std::size_t hosts = 0;  ///< how many Host fields there were
  std::string_view origin;
  std::string_view authorization;
  bool has_body = false;
};

struct Gatekeeper {
  std::vector<std::string> hosts;  ///< names this server answers to, lower case, IPv6 in brackets, without a port
  std::uint16_t port = 0;
  std::string token;                   ///< empty = none is asked for
  std::vector<std::string> proxied{};  ///< names of what stands in front, NAME (any port, http or https) or NAME:PORT

  /// The HTTP status that refuses the request, or nothing. Without `guarded` (the page's own files) no token is asked.
  [[nodiscard]] std::optional<unsigned> refuse(const RequestHead& head, bool guarded) const;
  [[nodiscard]] bool is_own_host(std::string_view host) const;
  [[nodiscard]] bool is_own_origin(std::string_view origin) const;

 private:
  [[nodiscard]] bool is_proxied(std::string_view host) const;
};

/// Equal or not, in a time that does not tell where they differ.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// "%41" -> "A", once; nothing where a '%' is not followed by two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// A request target in its parts: decoded path segments and decoded query pairs, in order.
struct Target {
  std::vector<std::string> path;
  std::vector<std::pair<std::string, std::string>> query;

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
  /// A whole number from 0 on; nothing when absent or not one.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
};
/// Nothing for what is no absolute path, or is not encoded as it should be.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace keisei::dashboard
