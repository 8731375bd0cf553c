// Named tensors and a string map as one file in the safetensors layout, which any safetensors reader opens: 8-byte
// little-endian header length, JSON header, raw tensors back to back. Its last tensor, `keisei.checksums`, holds the
// CRC32C of length + header and of every other tensor, so any flipped bit is found (docs/checkpoint-format.md).
// A file is untrusted input: decode() checks every bound before it allocates and never runs anything from it.
// Plain values owned by the caller; distinct objects may be used from distinct threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::store {

/// Element types of the layout, by their names in the header ("F32", …).
enum class DType : std::uint8_t { kBool, kU8, kI8, kU16, kI16, kF16, kBF16, kU32, kI32, kF32, kU64, kI64, kF64 };

[[nodiscard]] std::size_t size_of(DType dtype);         ///< bytes per element
[[nodiscard]] std::string_view to_string(DType dtype);  ///< "F32"

using Shape = std::vector<std::int64_t>;
[[nodiscard]] std::string to_string(const Shape& shape);  ///< "[64, 46, 3, 3]"

/// One named array, row-major, little-endian; data.size() == product(shape) * size_of(dtype).
struct Tensor {
  std::string name;
  DType dtype = DType::kU8;
  Shape shape;
  std::vector<std::byte> data;
};

inline constexpr std::size_t kMaxFileBytes = std::size_t{4} << 30;
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMaxTensors = 4096;
inline constexpr std::size_t kMaxRank = 8;
inline constexpr std::string_view kChecksumsName = "keisei.checksums";
inline constexpr int kFormatVersion = 1;  ///< metadata "keisei.format"; a file with a greater one is refused

class TensorFile {
 public:
  /// Free text by key ("step", "config", …), UTF-8. Keys that start with "keisei." belong to the format.
  std::map<std::string, std::string> metadata;
  /// What errors call this file; decode() sets it.
  std::string source = "tensor file";

  /// Appends a tensor. A second one of that name, or data that does not fill the shape, is a bug (asserted).
  void add(Tensor tensor);
  void add_f32(std::string name, Shape shape, std::span<const float> values);
  void add_f64(std::string name, Shape shape, std::span<const double> values);
  void add_i32(std::string name, Shape shape, std::span<const std::int32_t> values);
  void add_i64(std::string name, Shape shape, std::span<const std::int64_t> values);
  void add_u64(std::string name, Shape shape, std::span<const std::uint64_t> values);
  void add_bytes(std::string name, std::span<const std::byte> bytes);  ///< U8, one dimension
  void add_text(std::string name, std::string_view text);              ///< U8, one dimension

  /// The tensor, or null where the file has none of that name.
  [[nodiscard]] const Tensor* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Tensor>& tensors() const { return tensors_; }

  /// The values of a tensor that must exist with this type (kBadData otherwise); valid while this object lives
  /// unchanged.
  [[nodiscard]] Result<std::span<const float>> f32(std::string_view name) const;
  [[nodiscard]] Result<std::span<const double>> f64(std::string_view name) const;
  [[nodiscard]] Result<std::span<const std::int32_t>> i32(std::string_view name) const;
  [[nodiscard]] Result<std::span<const std::int64_t>> i64(std::string_view name) const;
  [[nodiscard]] Result<std::span<const std::uint64_t>> u64(std::string_view name) const;
  [[nodiscard]] Result<std::span<const std::byte>> bytes(std::string_view name) const;
  [[nodiscard]] Result<std::string_view> text(std::string_view name) const;

  /// A tensor that must have exactly this type and shape; the error names file, tensor, expected and found.
  [[nodiscard]] Result<const Tensor*> expect(std::string_view name, DType dtype, const Shape& shape) const;
  /// A metadata entry that must exist (kBadData otherwise).
  [[nodiscard]] Result<std::string> meta(const std::string& key) const;

 private:
  std::vector<Tensor> tensors_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

/// The file's bytes. Tensors are laid out by falling element size (every one is then aligned), in order of add()
/// within.
[[nodiscard]] std::vector<std::byte> encode(const TensorFile& file);

/// Reads and verifies a whole file; `name` is what errors call it. kBadData with the damaged section in the message.
[[nodiscard]] Result<TensorFile> decode(std::span<const std::byte> bytes, const std::string& name);

/// All of decode()'s checks without copying the tensors.
[[nodiscard]] Result<void> verify(std::span<const std::byte> bytes, const std::string& name);

}  // namespace keisei::store
