#include "store/tensor_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>

namespace keisei::store {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::string_view kMetadataName = "__metadata__";
constexpr std::array<std::string_view, 13> kDTypeNames = {"BOOL", "U8",  "I8",  "U16", "I16", "F16", "BF16",
                                                          "U32",  "I32", "F32", "U64", "I64", "F64"};

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && std::none_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
}

/// Builds a TensorHeader from parser events; any event that does not fit stops the parse and leaves `trouble`.
class HeaderReader final : public nlohmann::json_sax<Json> {
 public:
  TensorHeader header;
  std::string trouble;

  bool null() override { return stop("null"); }
  bool boolean(bool) override { return stop("a boolean"); }
  bool number_integer(number_integer_t) override { return stop("a negative number"); }
  bool number_float(number_float_t, const string_t&) override { return stop("a number that is no whole number"); }
  bool binary(binary_t&) override { return stop("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::kShape) {
      if (entry_.shape.size() == kMaxRank) return say("more than " + std::to_string(kMaxRank) + " dimensions");
      if (value > kMaxFileBytes) return say("a dimension of " + std::to_string(value));
      entry_.shape.push_back(static_cast<std::int64_t>(value));
      return true;
    }
    if (place_ == Place::kOffsets) {
      if (offsets_ == 2) return say("more than two data_offsets");
      (offsets_++ == 0 ? entry_.begin : entry_.end) = value;
      return true;
    }
    return stop("a number");
  }

  bool string(string_t& value) override {
    if (place_ == Place::kMetadata) {
      header.metadata[key_] = value;
      return true;
    }
    if (place_ != Place::kTensor || key_ != "dtype") return stop("text");
    const auto* const found = std::find(kDTypeNames.begin(), kDTypeNames.end(), value);
    if (found == kDTypeNames.end()) return say("an unknown dtype");
    entry_.dtype = static_cast<DType>(found - kDTypeNames.begin());
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::kStart) {
      place_ = Place::kTop;
      return true;
    }
    if (place_ != Place::kTop) return stop("an object");
    seen_.clear();
    if (section_ == kMetadataName) {
      place_ = Place::kMetadata;
      return true;
    }
    if (header.entries.size() == kMaxTensors) return say("more than " + std::to_string(kMaxTensors) + " tensors");
    place_ = Place::kTensor;
    entry_ = TensorEntry{section_, DType::kU8, {}, 0, 0};
    offsets_ = 0;
    return true;
  }

  bool key(string_t& value) override {
    if (place_ == Place::kTop) {
      if (!is_plain_name(value)) return say("a tensor name that is empty, too long or holds control characters");
      section_ = value;
      if (!names_.insert(value).second) return say("a second entry of that name");
      return true;
    }
    if (place_ == Place::kTensor && value != "dtype" && value != "shape" && value != "data_offsets") {
      return say("an unknown key");
    }
    if (!seen_.insert(value).second) return say("a key twice");
    key_ = value;
    return true;
  }

  bool end_object() override {
    if (place_ == Place::kTensor) {
      if (seen_.size() != 3 || offsets_ != 2) return say("an entry without dtype, shape and two data_offsets");
      header.entries.push_back(std::move(entry_));
    }
    place_ = place_ == Place::kTop ? Place::kEnd : Place::kTop;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ != Place::kTensor || key_ == "dtype") return stop("a list");
    place_ = key_ == "shape" ? Place::kShape : Place::kOffsets;
    return true;
  }
  bool end_array() override {
    place_ = Place::kTensor;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    section_.clear();
    return say("no valid JSON at byte " + std::to_string(kLengthBytes + position));
  }

 private:
  enum class Place { kStart, kTop, kMetadata, kTensor, kShape, kOffsets, kEnd };

  bool say(const std::string& what) {
    trouble = section_.empty() ? what : what + " at '" + (is_plain_name(section_) ? section_ : "?") + "'";
    return false;
  }
  bool stop(const char* what) { return say(std::string(what) + " in the wrong place"); }

  Place place_ = Place::kStart;
  std::string section_;
  std::string key_;
  std::set<std::string> names_;  ///< of the top level
  std::set<std::string> seen_;   ///< keys of the current object
  TensorEntry entry_;
  int offsets_ = 0;
};

tl::unexpected<Error> bad(const std::string& name, const std::string& what, std::string hint = {}) {
  return fail(Code::kBadData, name + ": " + what, std::move(hint));
}

/// What a file that starts so probably is, for the hint.
std::string foreign_hint(std::span<const std::byte> file) {
  const auto starts = [&](std::string_view magic) {
    return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
  };
  if (starts("PK\x03\x04") || starts("\x80\x02"))
    return "this looks like a PyTorch file; Keisei reads .safetensors files that it wrote";
  if (starts("SQLite format 3")) return "this is a database, not a checkpoint";
  return "is this a checkpoint written by Keisei (.safetensors)?";
}

Result<void> check_layout(const TensorHeader& header, std::uint64_t file_bytes, const std::string& name) {
  std::uint64_t at = 0;
  for (const TensorEntry& entry : header.entries) {
    const std::string section = "tensor '" + entry.name + "': ";
    const auto bytes = bytes_of(entry.shape, entry.dtype);
    if (!bytes) return bad(name, section + bytes.error().message);
    if (entry.begin != at) {
      return bad(name,
                 section + "starts at " + std::to_string(entry.begin) + " where " + std::to_string(at) + " was due");
    }
    if (entry.end < entry.begin || entry.end - entry.begin != *bytes) {
      return bad(name, section + "data_offsets do not span the " + std::to_string(*bytes) + " bytes of " +
                           std::string(to_string(entry.dtype)) + to_string(entry.shape));
    }
    at = entry.end;  // at <= kMaxTensors * kMaxFileBytes: no overflow
  }
  const std::uint64_t due = header.data_start + at;
  if (due > file_bytes) {
    return bad(name, "truncated: " + std::to_string(file_bytes) + " of " + std::to_string(due) + " bytes");
  }
  if (due < file_bytes) return bad(name, std::to_string(file_bytes - due) + " bytes follow the last tensor");
  return {};
}

}  // namespace

std::string_view to_string(DType dtype) { return kDTypeNames[static_cast<std::size_t>(dtype)]; }

Result<std::uint64_t> bytes_of(const Shape& shape, DType dtype) {
  std::uint64_t bytes = size_of(dtype);
  bool empty = false;
  for (const std::int64_t size : shape) {
    if (size < 0) return fail(Code::kBadData, "a negative dimension");
    if (size == 0) {
      empty = true;
      continue;
    }
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes) || bytes > kMaxFileBytes) {
      return fail(Code::kBadData, "shape " + to_string(shape) + " is over " + std::to_string(kMaxFileBytes) + " bytes");
    }
  }
  return empty ? 0 : bytes;
}

Result<TensorHeader> read_header(std::span<const std::byte> start, std::uint64_t file_bytes, const std::string& name) {
  if (file_bytes > kMaxFileBytes) return bad(name, "over " + std::to_string(kMaxFileBytes) + " bytes");
  if (start.size() < kLengthBytes + 2) {
    return bad(name, "truncated: " + std::to_string(start.size()) + " bytes hold no header");
  }
  std::uint64_t length = 0;
  std::memcpy(&length, start.data(), kLengthBytes);
  const auto* const text = reinterpret_cast<const char*>(start.data()) + kLengthBytes;
  if (text[0] != '{') return bad(name, "no tensor file: the header does not start with '{'", foreign_hint(start));
  if (length > kMaxHeaderBytes) {
    return bad(name, "header of " + std::to_string(length) + " bytes; at most " + std::to_string(kMaxHeaderBytes) +
                         " are read");
  }
  if (length > start.size() - kLengthBytes) {
    return bad(name, "truncated within its header: " + std::to_string(start.size()) + " of at least " +
                         std::to_string(length + kLengthBytes) + " bytes");
  }
  HeaderReader reader;
  if (!Json::sax_parse(text, text + length, &reader)) return bad(name, "header: " + reader.trouble);
  reader.header.data_start = kLengthBytes + length;
  if (auto checked = check_layout(reader.header, file_bytes, name); !checked)
    return tl::make_unexpected(checked.error());
  return std::move(reader.header);
}

std::vector<std::byte> write_header(const std::map<std::string, std::string>& metadata,
                                    std::span<const TensorEntry> entries) {
  const auto quoted = [](const std::string& text) {
    return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
  };
  std::string text = "{\"" + std::string(kMetadataName) + "\":{";
  bool first = true;
  for (const auto& [key, value] : metadata) {
    if (!first) text += ',';
    first = false;
    text += quoted(key) + ':' + quoted(value);
  }
  text += '}';
  for (const TensorEntry& entry : entries) {
    text += ',' + quoted(entry.name) + ":{\"dtype\":\"" + std::string(to_string(entry.dtype)) + "\",\"shape\":[";
    for (std::size_t i = 0; i < entry.shape.size(); ++i) text += (i > 0 ? "," : "") + std::to_string(entry.shape[i]);
    text += "],\"data_offsets\":[" + std::to_string(entry.begin) + ',' + std::to_string(entry.end) + "]}";
  }
  text += '}';
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::vector<std::byte> bytes(kLengthBytes + text.size());
  const std::uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, kLengthBytes);
  std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
  return bytes;
}

}  // namespace keisei::store
