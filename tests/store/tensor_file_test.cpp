#include "store/tensor_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>

#include "base/crc32c.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

TEST(TensorFile, RoundTripsEveryTypeAndTheMetadata) {
  const std::vector<float> floats = {1.5F, -0.0F, std::numeric_limits<float>::infinity(), std::nanf(""), 1e-40F, 3.F};
  const std::vector<double> doubles = {0.1};
  const std::vector<std::int32_t> small = {-1, 2};
  const std::vector<std::int64_t> large = {std::numeric_limits<std::int64_t>::min()};
  const std::vector<std::uint64_t> bits = {~std::uint64_t{0}, 1};
  const std::string text("a\0b\xff", 4);
  TensorFile file;
  file.metadata = {{"step", "17"}, {"config", "a: \"b\"\n\t日本"}, {"empty", ""}};
  file.add_text("text", text);
  file.add_f32("floats", {2, 3}, floats);
  file.add_f64("doubles", {}, doubles);  // a scalar
  file.add_i32("small", {2, 1}, small);
  file.add_i64("large", {1}, large);
  file.add_u64("bits", {2}, bits);
  file.add_f32("none", {0, 4}, {});
  file.add({"half", DType::kBF16, {2}, std::vector<std::byte>(4, std::byte{0x3F})});

  const auto loaded = decode(encode(file), "x");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->metadata, file.metadata);
  EXPECT_EQ(loaded->tensors().size(), file.tensors().size());
  for (const Tensor& tensor : file.tensors()) {
    const Tensor* const other = loaded->find(tensor.name);
    ASSERT_NE(other, nullptr) << tensor.name;
    EXPECT_EQ(other->dtype, tensor.dtype);
    EXPECT_EQ(other->shape, tensor.shape);
    EXPECT_EQ(other->data, tensor.data) << tensor.name;
  }
  EXPECT_EQ(loaded->text("text").value(), text);
  EXPECT_EQ(loaded->i64("large").value()[0], large[0]);
  EXPECT_EQ(loaded->u64("bits").value()[0], bits[0]);
  EXPECT_EQ(loaded->i32("small").value()[0], -1);
  EXPECT_EQ(loaded->f64("doubles").value()[0], 0.1);
  EXPECT_TRUE(std::isnan(loaded->f32("floats").value()[3]));
  EXPECT_TRUE(loaded->f32("none").value().empty());
}

TEST(TensorFile, EncodesTheSameContentToTheSameBytes) {
  EXPECT_EQ(sample_bytes(5), sample_bytes(5));
  const auto first = sample_bytes(5);
  EXPECT_EQ(encode(decode(first, "x").value()), first);
}

TEST(TensorFile, ReportsWhatIsMissingOrOfAnotherKind) {
  const TensorFile file = decode(sample_bytes(3), "net.safetensors").value();
  const auto missing = file.f32("bias");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::kBadData);
  EXPECT_EQ(missing.error().message, "net.safetensors has no tensor 'bias'");
  EXPECT_EQ(file.f64("weights").error().message, "net.safetensors: tensor 'weights' is F32, expected F64");
  EXPECT_TRUE(file.expect("weights", DType::kF32, {24}));
  EXPECT_EQ(file.expect("weights", DType::kF32, {4, 6}).error().message,
            "net.safetensors: tensor 'weights' is F32[24], expected F32[4, 6]");
  EXPECT_EQ(file.meta("step").value(), "3");
  EXPECT_EQ(file.meta("seed").error().message, "net.safetensors has no metadata 'seed'");
}

TEST(TensorFile, EveryFlippedBitIsFound) {
  const auto good = sample_bytes(1);
  ASSERT_TRUE(decode(good, "x"));
  auto bytes = good;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] = good[i] ^ static_cast<std::byte>(1 << bit);
      const auto loaded = decode(bytes, "x");
      ASSERT_FALSE(loaded) << "byte " << i << " bit " << bit;
      EXPECT_EQ(loaded.error().code, Code::kBadData);
    }
    bytes[i] = good[i];
  }
}

TEST(TensorFile, EveryTruncationAndExtensionIsFound) {
  const auto good = sample_bytes(1);
  for (std::size_t length = 0; length < good.size(); ++length) {
    const auto loaded = decode(std::span(good).first(length), "x");
    ASSERT_FALSE(loaded) << length;
    EXPECT_EQ(loaded.error().code, Code::kBadData);
  }
  for (std::size_t extra : {1U, 7U, 4096U}) {
    auto longer = good;
    longer.resize(good.size() + extra);
    ASSERT_FALSE(decode(longer, "x")) << extra;
  }
}

// Random damage of a larger file: single bytes, runs, removed, repeated and misplaced parts. None may load.
TEST(TensorFile, NoRandomMutationOfALargerFileLoads) {
  constexpr int kMutations = 20'000;
  const auto good = sample_bytes(9, 4096);
  Random random(20260301, Purpose::kTest);
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>(random.below(static_cast<std::uint32_t>(n)));
  };
  int damaged = 0;
  for (int i = 0; i < kMutations; ++i) {
    auto bytes = good;
    const std::size_t at = random.below(2) == 0 ? below(bytes.size()) : below(600);  // half of them near the header
    const std::size_t run = 1 + below(std::min<std::size_t>(64, bytes.size() - at));
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(5)) {
      case 0:
        bytes[at] ^= static_cast<std::byte>(1U << random.below(8));
        break;
      case 1:
        for (std::size_t k = 0; k < run; ++k) bytes[at + k] = static_cast<std::byte>(random.below(256));
        break;
      case 2:
        bytes.erase(from, from + static_cast<std::ptrdiff_t>(run));
        break;
      case 3: {
        const std::vector<std::byte> part(from, from + static_cast<std::ptrdiff_t>(run));
        bytes.insert(from, part.begin(), part.end());
        break;
      }
      default: {
        const std::size_t other = below(bytes.size() - run);
        const std::vector<std::byte> part(from, from + static_cast<std::ptrdiff_t>(run));
        std::copy(part.begin(), part.end(), bytes.begin() + static_cast<std::ptrdiff_t>(other));
      }
    }
    if (bytes == good) continue;
    ++damaged;
    ASSERT_FALSE(decode(bytes, "x")) << "mutation " << i << " at " << at;
  }
  EXPECT_GT(damaged, kMutations * 9 / 10);
}

TEST(TensorFile, NamesTheDamagedSection) {
  TensorFile file;
  file.add_f32("a", {2}, std::vector<float>{1, 2});
  file.add_f32("b", {2}, std::vector<float>{3, 4});
  auto bytes = encode(file);
  bytes[bytes.size() - 3 * 4 - 1] ^= std::byte{1};  // three checksums of 4 bytes follow b's last byte
  EXPECT_EQ(decode(bytes, "run/x").error().message, "run/x: tensor 'b' is damaged (checksum differs)");
  EXPECT_EQ(verify(bytes, "run/x").error().message, "run/x: tensor 'b' is damaged (checksum differs)");
}

TEST(TensorFile, RefusesANewerFormatByName) {
  TensorFile file = sample_file(1);
  auto bytes = encode(file);
  // The same file as a later program would write it: another version number, right checksums.
  const std::string key = "\"keisei.format\":\"";
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t at = text.find(key);
  ASSERT_NE(at, std::string::npos);
  text[at + key.size()] = '2';
  std::uint64_t length = 0;
  std::memcpy(&length, text.data(), 8);
  const auto raw = std::as_bytes(std::span(text));
  const std::uint32_t sum = crc32c(raw.first(8 + length));
  const std::size_t sums = text.size() - 4 * 4;  // four sections: header and three tensors
  std::memcpy(text.data() + sums, &sum, 4);
  const auto loaded = decode(std::as_bytes(std::span(text)), "x");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "x: format 2 is newer than this program's 1");
}

// What any safetensors reader does: no code of ours, the layout as published.
TEST(TensorFile, PythonReadsTheLayout) {
  if (std::system("python3 -c '' 2>/dev/null") != 0) GTEST_SKIP() << "python3 is missing";
  const Scratch scratch;
  spill(scratch / "x.safetensors", sample_bytes(300'000));
  std::ofstream(scratch / "read.py") << R"py(
import json, struct, sys
raw = open(sys.argv[1], "rb").read()
(n,) = struct.unpack("<Q", raw[:8])
assert n % 8 == 0 and raw[8:9] == b"{"
header = json.loads(raw[8:8 + n])
meta = header.pop("__metadata__")
assert all(isinstance(v, str) for v in meta.values())
size = {"F32": 4, "I64": 8, "U8": 1}
at, tensors = 0, {}
for name, info in header.items():
    begin, end = info["data_offsets"]
    count = 1
    for d in info["shape"]: count *= d
    assert begin == at and end - begin == count * size[info["dtype"]], name
    assert begin % size[info["dtype"]] == 0, name  # aligned
    tensors[name] = raw[8 + n + begin:8 + n + end]
    at = end
assert 8 + n + at == len(raw)
assert list(header)[-1] == "keisei.checksums"
def crc32c(data):
    c = 0xFFFFFFFF
    for b in data:
        c ^= b
        for _ in range(8): c = (c >> 1) ^ (0x82F63B78 if c & 1 else 0)
    return c ^ 0xFFFFFFFF
sums = struct.unpack("<%dI" % len(header), tensors["keisei.checksums"])
assert sums[0] == crc32c(raw[:8 + n])
for due, name in zip(sums[1:], header): assert due == crc32c(tensors[name]), name
counters = struct.unpack("<2q", tensors["counters"])
print(meta["step"], *counters, len(tensors["weights"]) // 4, tensors["games"].decode()[:9])
)py";
  const std::string command =
      "python3 '" + (scratch / "read.py").string() + "' '" + (scratch / "x.safetensors").string() + "' 2>&1";
  FILE* const pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  char buffer[256];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
  EXPECT_EQ(::pclose(pipe), 0);
  EXPECT_EQ(output, "300000 300000 -7 24 lnsgkgsnl\n");
}

}  // namespace
}  // namespace keisei::store
