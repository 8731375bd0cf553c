#include "dashboard/web_address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace keisei::dashboard {
namespace {

constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kMaxHostName = 256;

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void add_interfaces(std::vector<std::string>& hosts) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> list(first, ::freeifaddrs);
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const int family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    std::array<char, NI_MAXHOST> text{};
    const auto size = static_cast<socklen_t>(family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    if (::getnameinfo(one->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
      hosts.push_back(in_host_form(text.data()));
    }
  }
}

}  // namespace

bool is_loopback(std::string_view address) {
  const std::string text(address);
  in_addr four{};
  in6_addr six{};
  if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  return ::inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six) != 0;
}

bool is_any_address(std::string_view address) { return address == "0.0.0.0" || address == "::"; }

std::string in_host_form(std::string_view address) {
  const std::string text(address);
  return text.find(':') == std::string::npos ? text : "[" + text + "]";
}

std::vector<std::string> own_hosts(const std::string& address) {
  std::vector<std::string> hosts;
  if (is_loopback(address) || is_any_address(address)) hosts = {"127.0.0.1", "localhost", "[::1]"};
  if (is_any_address(address)) {
    add_interfaces(hosts);
    std::array<char, kMaxHostName> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0) hosts.push_back(lower(name.data()));
  } else {
    hosts.push_back(lower(in_host_form(address)));
  }
  return hosts;
}

std::string page_url(const std::string& address, std::uint16_t port, const std::string& token) {
  const std::string host = in_host_form(is_any_address(address) ? std::string("127.0.0.1") : address);
  return "http://" + host + ":" + std::to_string(port) + "/" + (token.empty() ? "" : "#token=" + token);
}

Result<std::string> random_token() {
  std::array<unsigned char, kTokenBytes> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(Code::kFailure, "the kernel gives no random numbers for a token");
  }
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string token;
  for (const unsigned char byte : bytes) token += {kDigits[byte >> 4], kDigits[byte & 15]};
  return token;
}

}  // namespace keisei::dashboard
