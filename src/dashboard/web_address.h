// Addresses and secrets of the web server: is an address this machine's own loopback, which names may browsers use for
// it, and a token nobody can guess. Asks the kernel, keeps nothing; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::dashboard {

/// Of an IPv4 or IPv6 address in digits; false for anything else.
[[nodiscard]] bool is_loopback(std::string_view address);
/// 0.0.0.0 or ::
[[nodiscard]] bool is_any_address(std::string_view address);
/// As it stands in a Host field: IPv6 in brackets.
[[nodiscard]] std::string in_host_form(std::string_view address);
/// The names of a server bound to `address`, lower case: loopback's three, or the address itself, and for an address
/// that stands for all: those of every interface and the machine's own name. `extra` is added.
[[nodiscard]] std::vector<std::string> own_hosts(const std::string& address);
/// What to open in a browser; the token, if there is one, in the fragment, which is never sent on.
[[nodiscard]] std::string page_url(const std::string& address, std::uint16_t port, const std::string& token);
/// 128 random bits as hexadecimal digits. kFailure when the kernel gives none.
[[nodiscard]] Result<std::string> random_token();

}  // namespace keisei::dashboard
