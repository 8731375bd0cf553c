// The wire between supervisor and worker: frames with a length, a checksum and a size cap. The worker's bytes are
// untrusted (it may have been corrupted by what it loaded), so the decoder takes any bytes in any pieces and answers
// with frames or one error, after which it accepts nothing more. Little-endian; sizes in bytes. Not thread-safe.
//
//   magic "KSF1" | type u8 | zero u8 x3 | job u64 | length u32 | crc32c u32 (of the 20 bytes before and the payload)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace keisei::guard {

enum class FrameType : std::uint8_t {
  kRequest = 1,    ///< to the worker: an encoded request
  kCancel = 2,     ///< to the worker: stop this job
  kResult = 3,     ///< from the worker: one finished piece of work
  kHeartbeat = 4,  ///< from the worker: alive
  kDone = 5,       ///< from the worker: job finished
  kError = 6,      ///< from the worker: job failed; one byte ErrorKind, then text
};

struct Frame {
  FrameType type = FrameType::kHeartbeat;
  std::uint64_t job = 0;
  std::vector<std::byte> payload;
};

inline constexpr std::size_t kFrameHeaderBytes = 24;
inline constexpr std::size_t kMaxResultBytes = 4u << 20;  ///< payload cap, worker to supervisor
inline constexpr std::size_t kMaxErrorBytes = 4096;       ///< text of an error frame

/// The bytes of one frame.
[[nodiscard]] std::vector<std::byte> encode(FrameType type, std::uint64_t job, std::span<const std::byte> payload);

class FrameDecoder {
 public:
  explicit FrameDecoder(std::size_t max_payload_bytes) : max_payload_bytes_(max_payload_bytes) {}

  /// Takes any piece of the stream.
  void feed(std::span<const std::byte> bytes);
  /// The next whole frame, nothing when more bytes are needed, or kBadData for ever after the first fault.
  [[nodiscard]] Result<std::optional<Frame>> next();
  /// Bytes of a frame that has begun and is not whole.
  [[nodiscard]] std::size_t pending_bytes() const { return buffer_.size() - begin_; }

 private:
  tl::unexpected<Error> poison(std::string message);

  std::size_t max_payload_bytes_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
  std::optional<Error> fault_;
};

/// Builds a little-endian byte string.
class ByteWriter {
 public:
  void u8(std::uint8_t v) { put(v, 1); }
  void u16(std::uint16_t v) { put(v, 2); }
  void u32(std::uint32_t v) { put(v, 4); }
  void u64(std::uint64_t v) { put(v, 8); }
  void f64(double v);
  void raw(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  void text(std::string_view s);  ///< u16 length, then the bytes (at most 65535, the rest is cut)
  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  void put(std::uint64_t v, int bytes);
  std::vector<std::byte> bytes_;
};

/// Reads one; past the end it gives zeros and ok() becomes false.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(get(1)); }
  [[nodiscard]] std::uint16_t u16() { return static_cast<std::uint16_t>(get(2)); }
  [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(get(4)); }
  [[nodiscard]] std::uint64_t u64() { return get(8); }
  [[nodiscard]] double f64();
  [[nodiscard]] std::string text();
  [[nodiscard]] std::span<const std::byte> rest();
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::uint64_t get(int bytes);
  std::span<const std::byte> bytes_;
  bool ok_ = true;
};

}  // namespace keisei::guard
