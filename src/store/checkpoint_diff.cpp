// How two checkpoints differ, tensor by tensor.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "store/checkpoint_report.h"

namespace keisei::store {
namespace {

/// Element `i` of numbers whose difference can be said in a double; other types only differ or not.
std::optional<double> number_at(const Tensor& tensor, std::size_t i) {
  const auto read = [&](auto value) {
    std::memcpy(&value, tensor.data.data() + i * sizeof value, sizeof value);
    return static_cast<double>(value);
  };
  switch (tensor.dtype) {
    case DType::kF32:
      return read(float{});
    case DType::kF64:
      return read(double{});
    case DType::kI32:
      return read(std::int32_t{});
    case DType::kI64:
      return read(std::int64_t{});
    default:
      return std::nullopt;
  }
}

TensorDifference compare_values(const Tensor& a, const Tensor& b) {
  TensorDifference out{a.name, "values", 0, {}, {}};
  const std::size_t size = size_of(a.dtype);
  const std::size_t count = a.data.size() / size;
  double greatest = 0;
  double sum = 0;
  bool measurable = true;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::memcmp(a.data.data() + i * size, b.data.data() + i * size, size) == 0) continue;
    ++out.elements;
    const auto x = number_at(a, i);
    const auto y = number_at(b, i);
    const double gap = x && y ? std::abs(*x - *y) : std::nan("");
    measurable = measurable && !std::isnan(gap);
    greatest = std::max(greatest, gap);
    sum += gap * gap;
  }
  if (measurable) {
    out.greatest = greatest;
    out.rms = std::sqrt(sum / static_cast<double>(count));
  }
  return out;
}

}  // namespace

CheckpointDifference difference(const LoadedCheckpoint& first, const LoadedCheckpoint& second) {
  CheckpointDifference out{first.path, second.path, {}, {}};
  std::set<std::string> keys;
  for (const auto& [key, value] : first.file.metadata) keys.insert(key);
  for (const auto& [key, value] : second.file.metadata) keys.insert(key);
  for (const std::string& key : keys) {
    const auto a = first.file.metadata.find(key);
    const auto b = second.file.metadata.find(key);
    const bool in_both = a != first.file.metadata.end() && b != second.file.metadata.end();
    if (!in_both || a->second != b->second) out.metadata.push_back(key);
  }
  for (const Tensor& a : first.file.tensors()) {
    const Tensor* const b = second.file.find(a.name);
    if (b == nullptr) {
      out.tensors.push_back({a.name, "only_first", 0, {}, {}});
    } else if (a.dtype != b->dtype || a.shape != b->shape) {
      out.tensors.push_back({a.name, "shape", 0, {}, {}});
    } else if (a.data != b->data) {
      out.tensors.push_back(compare_values(a, *b));
    }
  }
  for (const Tensor& b : second.file.tensors()) {
    if (first.file.find(b.name) == nullptr) out.tensors.push_back({b.name, "only_second", 0, {}, {}});
  }
  return out;
}

}  // namespace keisei::store
