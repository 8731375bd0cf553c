#include "dashboard/web_gatekeeper.h"

#include <algorithm>
#include <charconv>

#include "dashboard/web_limits.h"
#include "dashboard/web_status.h"

namespace keisei::dashboard {
namespace {

constexpr unsigned kHttpPort = 80;
constexpr std::size_t kMaxPortDigits = 5;
constexpr std::string_view kBearer = "Bearer ";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// The name, lower case, and what follows its last colon, unless that belongs to an IPv6 address in brackets.
std::pair<std::string, std::optional<std::string_view>> name_and_port(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != host.npos && (bracket == host.npos || colon > bracket);
  if (!has_port) return {lower(host), std::nullopt};
  return {lower(host.substr(0, colon)), host.substr(colon + 1)};
}

/// '+' is a space in a query.
std::optional<std::string> query_decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decoded(spaced);
}

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const char other = i < a.size() ? a[i] : '\0';
    difference |= static_cast<unsigned>(static_cast<unsigned char>(other) ^ static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

bool Gatekeeper::is_own_host(std::string_view host) const {
  const auto [name, digits] = name_and_port(host);
  if (is_proxied(host)) return true;
  if (digits ? *digits != std::to_string(port) : port != kHttpPort) return false;
  return std::find(hosts.begin(), hosts.end(), name) != hosts.end();
}

bool Gatekeeper::is_proxied(std::string_view host) const {
  const auto [name, digits] = name_and_port(host);
  const bool is_port = !digits || (!digits->empty() && digits->size() <= kMaxPortDigits &&
                                   digits->find_first_not_of("0123456789") == digits->npos);
  return is_port && std::any_of(proxied.begin(), proxied.end(), [&](const std::string& allowed) {
           return lower(allowed) == name || lower(allowed) == lower(host);
         });
}

bool Gatekeeper::is_own_origin(std::string_view origin) const {
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kEncrypted = "https://";  // spoken by what stands in front
  if (origin.starts_with(kEncrypted)) return is_proxied(origin.substr(kEncrypted.size()));
  return origin.starts_with(kPlain) && is_own_host(origin.substr(kPlain.size()));
}

std::optional<unsigned> Gatekeeper::refuse(const RequestHead& head, bool guarded) const {
  if (head.hosts != 1) return kBadRequest;
  if (!is_own_host(head.host)) return kMisdirected;
  if (head.method != "GET" && head.method != "HEAD") {
    return is_own_origin(head.origin) ? kMethodNotAllowed : kForbidden;
  }
  if (!head.origin.empty() && !is_own_origin(head.origin)) return kForbidden;
  if (head.has_body) return kBadRequest;
  if (head.target.size() > kMaxTargetBytes) return kTargetTooLong;
  if (guarded && !token.empty()) {
    const bool bears = head.authorization.starts_with(kBearer);
    const std::string_view shown = bears ? head.authorization.substr(kBearer.size()) : std::string_view();
    if (!equal_in_constant_time(shown, token)) return kUnauthorized;
  }
  return std::nullopt;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::optional<std::string> Target::get(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Target::number(std::string_view name) const {
  const auto text = get(name);
  if (!text) return std::nullopt;
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 0) return std::nullopt;
  return value;
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  Target parsed;
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, mark);
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    auto segment = percent_decoded(path.substr(at, end - at));
    if (!segment) return std::nullopt;
    parsed.path.push_back(std::move(*segment));
    at = end + 1;
  }
  const std::string_view query = mark < target.size() ? target.substr(mark + 1) : std::string_view();
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view pair = query.substr(at, end - at);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto key = query_decoded(pair.substr(0, equals));
    auto value = query_decoded(equals < pair.size() ? pair.substr(equals + 1) : std::string_view());
    if (!key || !value) return std::nullopt;
    if (!key->empty()) parsed.query.emplace_back(std::move(*key), std::move(*value));
    at = end + 1;
  }
  return parsed;
}

}  // namespace keisei::dashboard
