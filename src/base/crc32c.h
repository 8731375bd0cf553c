// CRC-32C (Castagnoli, as in iSCSI, RFC 3720 B.4). Detects flipped bits; it is no protection against intent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace keisei {

/// CRC of `data`, continuing from `crc` (0 to start): crc32c(b, crc32c(a)) == crc32c(a + b).
[[nodiscard]] std::uint32_t crc32c(std::span<const std::byte> data, std::uint32_t crc = 0);

}  // namespace keisei
