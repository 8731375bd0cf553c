// Inside the store: the JSON header of a tensor file, read without trusting it. A streaming parser stops at the first
// entry that breaks a bound, so a hostile header costs no more memory than its own bytes. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/tensor_file.h"

namespace keisei::store {

inline constexpr std::size_t kMaxNameBytes = 256;

/// One tensor of the header; offsets count from the end of the header, in bytes.
struct TensorEntry {
  std::string name;
  DType dtype = DType::kU8;
  Shape shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct TensorHeader {
  std::map<std::string, std::string> metadata;
  std::vector<TensorEntry> entries;  ///< in file order
  std::size_t data_start = 0;        ///< bytes from the start of the file to the first tensor
};

/// product(shape) * size_of(dtype), or nothing when negative or over kMaxFileBytes.
[[nodiscard]] Result<std::uint64_t> bytes_of(const Shape& shape, DType dtype);

/// Length, JSON, layout: every entry well-formed, in order, without holes or overlap, ending where the file ends.
/// `start` holds at least the length and the header of a file of `file_bytes`. Content (checksums, format version) is
/// not looked at. kBadData.
[[nodiscard]] Result<TensorHeader> read_header(std::span<const std::byte> start, std::uint64_t file_bytes,
                                               const std::string& name);

/// 8-byte length and JSON, padded with spaces to a multiple of 8.
[[nodiscard]] std::vector<std::byte> write_header(const std::map<std::string, std::string>& metadata,
                                                  std::span<const TensorEntry> entries);

}  // namespace keisei::store
