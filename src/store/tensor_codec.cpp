#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/crc32c.h"
#include "store/tensor_file.h"
#include "store/tensor_header.h"

namespace keisei::store {
namespace {

constexpr std::string_view kFormatKey = "keisei.format";
constexpr std::size_t kCrcBytes = 4;

tl::unexpected<Error> bad(const std::string& name, const std::string& what, std::string hint = {}) {
  return fail(Code::kBadData, name + ": " + what, std::move(hint));
}

/// Compares the checksums that the file holds with those of its bytes: [0] length and header, [i + 1] tensor i.
Result<void> check_content(std::span<const std::byte> file, const TensorHeader& header, const std::string& name) {
  const auto& entries = header.entries;
  if (entries.empty() || entries.back().name != kChecksumsName) {
    return bad(name, "its last tensor is not " + std::string(kChecksumsName), "the file was not written by Keisei");
  }
  const TensorEntry& sums = entries.back();
  if (sums.dtype != DType::kU8 || sums.shape != Shape{static_cast<std::int64_t>(entries.size()), kCrcBytes}) {
    return bad(name, std::string(kChecksumsName) + " is " + std::string(to_string(sums.dtype)) + to_string(sums.shape) +
                         ", expected U8[" + std::to_string(entries.size()) + ", 4]");
  }
  const auto data = file.subspan(header.data_start);
  const auto matches = [&](std::size_t index, std::span<const std::byte> section) {
    std::uint32_t due = 0;
    std::memcpy(&due, data.data() + sums.begin + index * kCrcBytes, kCrcBytes);
    return due == crc32c(section);
  };
  if (!matches(0, file.first(header.data_start))) return bad(name, "header is damaged (checksum differs)");
  for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
    const auto section = data.subspan(entries[i].begin, entries[i].end - entries[i].begin);
    if (!matches(i + 1, section)) return bad(name, "tensor '" + entries[i].name + "' is damaged (checksum differs)");
  }
  const auto found = header.metadata.find(std::string(kFormatKey));
  if (found == header.metadata.end()) return bad(name, "metadata has no " + std::string(kFormatKey));
  int version = 0;
  const std::string& text = found->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || end != text.data() + text.size() || version < 1) {
    return bad(name, "metadata " + std::string(kFormatKey) + " is no version number");
  }
  if (version > kFormatVersion) {
    return bad(name, "format " + text + " is newer than this program's " + std::to_string(kFormatVersion),
               "use a newer Keisei");
  }
  return {};
}

Result<TensorHeader> inspect(std::span<const std::byte> file, const std::string& name) {
  auto header = read_header(file, file.size(), name);
  if (!header) return header;
  if (auto checked = check_content(file, *header, name); !checked) return tl::make_unexpected(checked.error());
  return header;
}

}  // namespace

std::vector<std::byte> encode(const TensorFile& file) {
  std::vector<const Tensor*> order;
  order.reserve(file.tensors().size());
  for (const Tensor& tensor : file.tensors()) order.push_back(&tensor);
  std::stable_sort(order.begin(), order.end(),
                   [](const Tensor* a, const Tensor* b) { return size_of(a->dtype) > size_of(b->dtype); });

  std::vector<TensorEntry> entries;
  entries.reserve(order.size() + 1);
  std::uint64_t at = 0;
  const auto place = [&](std::string name, DType dtype, Shape shape, std::uint64_t bytes) {
    entries.push_back({std::move(name), dtype, std::move(shape), at, at + bytes});
    at += bytes;
  };
  for (const Tensor* tensor : order) place(tensor->name, tensor->dtype, tensor->shape, tensor->data.size());
  const std::size_t sections = order.size() + 1;
  place(std::string(kChecksumsName), DType::kU8, {static_cast<std::int64_t>(sections), kCrcBytes},
        sections * kCrcBytes);

  auto metadata = file.metadata;
  metadata[std::string(kFormatKey)] = std::to_string(kFormatVersion);
  std::vector<std::byte> bytes = write_header(metadata, entries);
  std::vector<std::uint32_t> sums = {crc32c(bytes)};
  bytes.reserve(bytes.size() + at);
  for (const Tensor* tensor : order) {
    sums.push_back(crc32c(tensor->data));
    bytes.insert(bytes.end(), tensor->data.begin(), tensor->data.end());
  }
  const auto raw = std::as_bytes(std::span(sums));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
  return bytes;
}

Result<TensorFile> decode(std::span<const std::byte> bytes, const std::string& name) {
  auto header = inspect(bytes, name);
  if (!header) return tl::make_unexpected(header.error());
  TensorFile file;
  file.source = name;
  file.metadata = std::move(header->metadata);
  file.metadata.erase(std::string(kFormatKey));
  header->entries.pop_back();  // the checksums
  const auto data = bytes.subspan(header->data_start);
  for (TensorEntry& entry : header->entries) {
    const auto section = data.subspan(entry.begin, entry.end - entry.begin);
    file.add({std::move(entry.name), entry.dtype, std::move(entry.shape), {section.begin(), section.end()}});
  }
  return file;
}

Result<void> verify(std::span<const std::byte> bytes, const std::string& name) {
  return inspect(bytes, name).map([](const TensorHeader&) {});
}

}  // namespace keisei::store
