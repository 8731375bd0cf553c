#include "guard/frame.h"

#include <algorithm>
#include <bit>

#include "base/crc32c.h"

namespace keisei::guard {
namespace {

constexpr std::uint32_t kMagic = 0x3146534B;  // "KSF1"
constexpr std::size_t kChecksumAt = 20;
constexpr std::size_t kCompactBytes = 1u << 16;

std::uint32_t checksum(std::span<const std::byte> header, std::span<const std::byte> payload) {
  return crc32c(payload, crc32c(header.first(kChecksumAt)));
}

}  // namespace

std::vector<std::byte> encode(FrameType type, std::uint64_t job, std::span<const std::byte> payload) {
  ByteWriter head;
  head.u32(kMagic);
  head.u8(static_cast<std::uint8_t>(type));
  head.u8(0);
  head.u16(0);
  head.u64(job);
  head.u32(static_cast<std::uint32_t>(payload.size()));
  std::vector<std::byte> bytes = head.take();
  const std::uint32_t crc = checksum(bytes, payload);
  bytes.reserve(kFrameHeaderBytes + payload.size());
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::byte>(crc >> (8 * i)));
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

void FrameDecoder::feed(std::span<const std::byte> bytes) {
  if (fault_) return;
  if (begin_ > 0 && (begin_ == buffer_.size() || begin_ >= kCompactBytes)) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

tl::unexpected<Error> FrameDecoder::poison(std::string message) {
  fault_ = Error{Code::kBadData, std::move(message), {}};
  buffer_.clear();
  buffer_.shrink_to_fit();
  begin_ = 0;
  return tl::make_unexpected(*fault_);
}

Result<std::optional<Frame>> FrameDecoder::next() {
  if (fault_) return tl::make_unexpected(*fault_);
  const std::span<const std::byte> bytes = std::span<const std::byte>(buffer_).subspan(begin_);
  if (bytes.size() < kFrameHeaderBytes) {
    // The magic is checked as soon as it is there, so that garbage is named and not waited upon.
    ByteReader start(bytes);
    if (bytes.size() >= 4 && start.u32() != kMagic) return poison("worker frame: wrong magic");
    return std::optional<Frame>();
  }
  ByteReader head(bytes);
  if (head.u32() != kMagic) return poison("worker frame: wrong magic");
  const std::uint8_t type = head.u8();
  if (type < 1 || type > 6) return poison("worker frame: unknown type " + std::to_string(type));
  if (head.u8() != 0 || head.u16() != 0) return poison("worker frame: reserved bytes are not zero");
  const std::uint64_t job = head.u64();
  const std::size_t length = head.u32();
  if (length > max_payload_bytes_) {
    return poison("worker frame: " + std::to_string(length) + " bytes of payload, at most " +
                  std::to_string(max_payload_bytes_) + " are allowed");
  }
  const std::uint32_t crc = head.u32();
  if (bytes.size() < kFrameHeaderBytes + length) return std::optional<Frame>();
  const auto payload = bytes.subspan(kFrameHeaderBytes, length);
  if (checksum(bytes, payload) != crc) return poison("worker frame: checksum does not match");
  Frame frame{static_cast<FrameType>(type), job, {payload.begin(), payload.end()}};
  begin_ += kFrameHeaderBytes + length;
  return std::optional<Frame>(std::move(frame));
}

void ByteWriter::put(std::uint64_t v, int bytes) {
  for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::byte>(v >> (8 * i)));
}

void ByteWriter::f64(double v) { u64(std::bit_cast<std::uint64_t>(v)); }

void ByteWriter::text(std::string_view s) {
  s = s.substr(0, 65535);
  u16(static_cast<std::uint16_t>(s.size()));
  raw(std::as_bytes(std::span(s)));
}

std::uint64_t ByteReader::get(int bytes) {
  if (bytes_.size() < static_cast<std::size_t>(bytes)) {
    ok_ = false;
    bytes_ = {};
    return 0;
  }
  std::uint64_t v = 0;
  for (int i = 0; i < bytes; ++i) v |= std::to_integer<std::uint64_t>(bytes_[static_cast<std::size_t>(i)]) << (8 * i);
  bytes_ = bytes_.subspan(static_cast<std::size_t>(bytes));
  return v;
}

double ByteReader::f64() { return std::bit_cast<double>(u64()); }

std::string ByteReader::text() {
  const std::size_t length = u16();
  if (bytes_.size() < length) {
    ok_ = false;
    bytes_ = {};
    return {};
  }
  std::string s(reinterpret_cast<const char*>(bytes_.data()), length);
  bytes_ = bytes_.subspan(length);
  return s;
}

std::span<const std::byte> ByteReader::rest() { return std::exchange(bytes_, {}); }

}  // namespace keisei::guard
