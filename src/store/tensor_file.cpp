#include "store/tensor_file.h"

#include <bit>
#include <cassert>
#include <cstring>
#include <utility>

#include "store/tensor_header.h"

namespace keisei::store {
namespace {

static_assert(std::endian::native == std::endian::little, "the layout is little-endian; values are copied as they lie");

template <class T>
Tensor make(std::string name, DType dtype, Shape shape, std::span<const T> values) {
  const auto raw = std::as_bytes(values);
  return {std::move(name), dtype, std::move(shape), std::vector<std::byte>(raw.begin(), raw.end())};
}

tl::unexpected<Error> missing(const TensorFile& file, const std::string& what) {
  return fail(Code::kBadData, file.source + " has no " + what,
              "was it written by another version or for another network?");
}

template <class T>
Result<std::span<const T>> values_of(const TensorFile& file, std::string_view name, DType dtype) {
  const Tensor* const tensor = file.find(name);
  if (tensor == nullptr) return missing(file, "tensor '" + std::string(name) + "'");
  if (tensor->dtype != dtype) {
    return fail(Code::kBadData, file.source + ": tensor '" + std::string(name) + "' is " +
                                    std::string(to_string(tensor->dtype)) + ", expected " +
                                    std::string(to_string(dtype)));
  }
  // Vectors are aligned for every element type, and size == count * sizeof(T) was checked on the way in.
  return std::span(reinterpret_cast<const T*>(tensor->data.data()), tensor->data.size() / sizeof(T));
}

}  // namespace

std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::kBool:
    case DType::kU8:
    case DType::kI8:
      return 1;
    case DType::kU16:
    case DType::kI16:
    case DType::kF16:
    case DType::kBF16:
      return 2;
    case DType::kU32:
    case DType::kI32:
    case DType::kF32:
      return 4;
    case DType::kU64:
    case DType::kI64:
    case DType::kF64:
      return 8;
  }
  return 1;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

void TensorFile::add(Tensor tensor) {
  [[maybe_unused]] const auto bytes = bytes_of(tensor.shape, tensor.dtype);
  assert(bytes && *bytes == tensor.data.size() && "the data must fill the shape");
  [[maybe_unused]] const bool is_new = index_.emplace(tensor.name, tensors_.size()).second;
  assert(is_new && tensor.name != kChecksumsName && "a tensor name is used once");
  tensors_.push_back(std::move(tensor));
}

void TensorFile::add_f32(std::string name, Shape shape, std::span<const float> values) {
  add(make(std::move(name), DType::kF32, std::move(shape), values));
}
void TensorFile::add_f64(std::string name, Shape shape, std::span<const double> values) {
  add(make(std::move(name), DType::kF64, std::move(shape), values));
}
void TensorFile::add_i32(std::string name, Shape shape, std::span<const std::int32_t> values) {
  add(make(std::move(name), DType::kI32, std::move(shape), values));
}
void TensorFile::add_i64(std::string name, Shape shape, std::span<const std::int64_t> values) {
  add(make(std::move(name), DType::kI64, std::move(shape), values));
}
void TensorFile::add_u64(std::string name, Shape shape, std::span<const std::uint64_t> values) {
  add(make(std::move(name), DType::kU64, std::move(shape), values));
}
void TensorFile::add_bytes(std::string name, std::span<const std::byte> bytes) {
  add(make(std::move(name), DType::kU8, {static_cast<std::int64_t>(bytes.size())}, bytes));
}
void TensorFile::add_text(std::string name, std::string_view text) {
  add_bytes(std::move(name), std::as_bytes(std::span(text)));
}

const Tensor* TensorFile::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &tensors_[found->second];
}

Result<std::span<const float>> TensorFile::f32(std::string_view name) const {
  return values_of<float>(*this, name, DType::kF32);
}
Result<std::span<const double>> TensorFile::f64(std::string_view name) const {
  return values_of<double>(*this, name, DType::kF64);
}
Result<std::span<const std::int32_t>> TensorFile::i32(std::string_view name) const {
  return values_of<std::int32_t>(*this, name, DType::kI32);
}
Result<std::span<const std::int64_t>> TensorFile::i64(std::string_view name) const {
  return values_of<std::int64_t>(*this, name, DType::kI64);
}
Result<std::span<const std::uint64_t>> TensorFile::u64(std::string_view name) const {
  return values_of<std::uint64_t>(*this, name, DType::kU64);
}
Result<std::span<const std::byte>> TensorFile::bytes(std::string_view name) const {
  return values_of<std::byte>(*this, name, DType::kU8);
}
Result<std::string_view> TensorFile::text(std::string_view name) const {
  return bytes(name).map([](std::span<const std::byte> raw) {
    return std::string_view(reinterpret_cast<const char*>(raw.data()), raw.size());
  });
}

Result<const Tensor*> TensorFile::expect(std::string_view name, DType dtype, const Shape& shape) const {
  const Tensor* const tensor = find(name);
  if (tensor == nullptr) return missing(*this, "tensor '" + std::string(name) + "'");
  if (tensor->dtype != dtype || tensor->shape != shape) {
    return fail(Code::kBadData,
                source + ": tensor '" + std::string(name) + "' is " + std::string(to_string(tensor->dtype)) +
                    to_string(tensor->shape) + ", expected " + std::string(to_string(dtype)) + to_string(shape),
                "the file belongs to a network of another shape");
  }
  return tensor;
}

Result<std::string> TensorFile::meta(const std::string& key) const {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return missing(*this, "metadata '" + key + "'");
  return found->second;
}

}  // namespace keisei::store
