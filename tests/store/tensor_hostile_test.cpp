// Headers that no honest writer makes. Each is refused with a reason; none may crash, hang or take much memory.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "store/scratch.h"
#include "store/tensor_file.h"

namespace keisei::store {
namespace {

/// A file with this header text and `data_bytes` zeros behind it.
std::vector<std::byte> file_with(const std::string& header, std::size_t data_bytes) {
  std::vector<std::byte> bytes(8 + header.size() + data_bytes);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

std::string entry(const std::string& name, const std::string& shape, const std::string& offsets,
                  const std::string& dtype = "F32") {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

struct Hostile {
  const char* what;
  std::string header;
  std::size_t data_bytes;
  const char* says;  ///< part of the message
};

TEST(HostileHeader, IsRefusedWithAReason) {
  const std::vector<Hostile> cases = {
      {"shape product overflows 64 bits", "{" + entry("a", "[4294967296,4294967296]", "[0,0]") + "}", 0, "'a'"},
      {"shape product wraps to the data size", "{" + entry("a", "[4294967296,1073741824,4]", "[0,16]") + "}", 16,
       "'a'"},
      {"dimension of 2^63", "{" + entry("a", "[9223372036854775808]", "[0,0]") + "}", 0, "a dimension of"},
      {"zero dimension hides a product overflow", "{" + entry("a", "[4294967296,4294967296,0]", "[0,0]") + "}", 0,
       "'a'"},
      {"negative dimension", "{" + entry("a", "[-1]", "[0,4]") + "}", 4, "negative number"},
      {"two negative dimensions", "{" + entry("a", "[-2,-2]", "[0,16]") + "}", 16, "negative number"},
      {"negative offset", "{" + entry("a", "[1]", "[-4,0]") + "}", 4, "negative number"},
      {"fractional dimension", "{" + entry("a", "[1.0]", "[0,4]") + "}", 4, "no whole number"},
      {"offset over 64 bits", "{" + entry("a", "[1]", "[0,18446744073709551616]") + "}", 4, "no whole number"},
      {"end before begin", "{" + entry("a", "[1]", "[4,0]") + "}", 4, "starts at 4"},
      {"overlap", "{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[4,12]") + "}", 12, "starts at 4"},
      {"same bytes twice", "{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[0,8]") + "}", 8, "starts at 0"},
      {"empty tensor inside another", "{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[0]", "[4,4]") + "}", 8,
       "starts at 4"},
      {"hole", "{" + entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[8,12]") + "}", 12, "starts at 8"},
      {"hole at the start", "{" + entry("a", "[1]", "[4,8]") + "}", 8, "starts at 4"},
      {"offsets out of order", "{" + entry("b", "[1]", "[4,8]") + "," + entry("a", "[1]", "[0,4]") + "}", 8,
       "starts at 4"},
      {"offsets that disagree with the shape", "{" + entry("a", "[3]", "[0,8]") + "}", 8, "do not span"},
      {"data beyond the file", "{" + entry("a", "[4]", "[0,16]") + "}", 8, "truncated"},
      {"4 GiB promised in 60 bytes", "{" + entry("a", "[1073741824]", "[0,4294967296]") + "}", 0, "truncated"},
      {"over 4 GiB promised", "{" + entry("a", "[1073741825]", "[0,4294967300]") + "}", 0, "is over"},
      {"nine dimensions", "{" + entry("a", "[1,1,1,1,1,1,1,1,1]", "[0,4]") + "}", 4, "more than 8 dimensions"},
      {"unknown dtype", "{" + entry("a", "[1]", "[0,4]", "F31") + "}", 4, "unknown dtype"},
      {"same name twice", "{" + entry("a", "[1]", "[0,4]") + "," + entry("a", "[1]", "[4,8]") + "}", 8, "second entry"},
      {"metadata twice", R"({"__metadata__":{},"__metadata__":{}})", 0, "second entry"},
      {"metadata key twice", R"({"__metadata__":{"k":"1","k":"2"}})", 0, "a key twice"},
      {"shape twice", R"({"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,8]}})", 8, "a key twice"},
      {"no shape", R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4, "without dtype, shape"},
      {"one offset", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4, "without dtype, shape"},
      {"three offsets", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 8, "more than two"},
      {"unknown key", R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"code":"x"}})", 4, "unknown key"},
      {"number as metadata", R"({"__metadata__":{"step":3}})", 0, "wrong place"},
      {"object as metadata", R"({"__metadata__":{"step":{}}})", 0, "wrong place"},
      {"list as metadata", R"({"__metadata__":[]})", 0, "wrong place"},
      {"null tensor", R"({"a":null})", 0, "wrong place"},
      {"list as dtype", R"({"a":{"dtype":["F32"],"shape":[1],"data_offsets":[0,4]}})", 4, "wrong place"},
      {"nested shape", R"({"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}})", 4, "wrong place"},
      {"empty name", "{" + entry("", "[1]", "[0,4]") + "}", 4, "name"},
      {"escape sequence as name", "{" + entry("\\u001b[31mred", "[1]", "[0,4]") + "}", 4, "name"},
      {"name of 300 bytes", "{" + entry(std::string(300, 'n'), "[1]", "[0,4]") + "}", 4, "name"},
      {"no UTF-8", "{" + entry("\xff\xfe", "[1]", "[0,4]") + "}", 4, "no valid JSON"},
      {"list at the top", "[1]      ", 0, "does not start with '{'"},
      {"two objects", R"({"__metadata__":{}} {})", 0, "no valid JSON"},
      {"unfinished", R"({"a":{"dtype":"F32")", 4, "no valid JSON"},
      {"nesting of 100,000", "{\"a\":" + std::string(100'000, '['), 0, "wrong place"},
      {"nothing inside", "{}      ", 0, "keisei.checksums"},
      {"plain safetensors file", "{" + entry("a", "[1]", "[0,4]") + "}", 4, "keisei.checksums"},
      {"checksums too few",
       "{" + entry("a", "[1]", "[0,4]") + "," + entry("keisei.checksums", "[1,4]", "[4,8]", "U8") + "}", 8,
       "expected U8[2, 4]"},
      {"checksums of another type", "{" + entry("keisei.checksums", "[1,1]", "[0,4]", "U32") + "}", 4,
       "expected U8[1, 4]"},
  };
  for (const Hostile& one : cases) {
    const auto loaded = decode(file_with(one.header, one.data_bytes), "evil");
    ASSERT_FALSE(loaded) << one.what;
    EXPECT_EQ(loaded.error().code, Code::kBadData) << one.what;
    EXPECT_TRUE(loaded.error().message.starts_with("evil: ")) << loaded.error().message;
    EXPECT_NE(loaded.error().message.find(one.says), std::string::npos) << one.what << ": " << loaded.error().message;
    for (const char c : loaded.error().message) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << one.what;
  }
}

TEST(HostileHeader, LengthsThatLieAreRefused) {
  auto bytes = file_with("{}      ", 0);
  for (const std::uint64_t length :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{9}, std::uint64_t{kMaxHeaderBytes},
        std::uint64_t{kMaxHeaderBytes} + 1, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    std::memcpy(bytes.data(), &length, 8);
    const auto loaded = decode(bytes, "evil");
    ASSERT_FALSE(loaded) << length;
    EXPECT_EQ(loaded.error().code, Code::kBadData);
  }
}

TEST(HostileHeader, AHundredThousandEntriesStopAtTheLimit) {
  std::string header = "{";
  for (int i = 0; i < 100'000; ++i) header += (i > 0 ? "," : "") + entry("t" + std::to_string(i), "[0]", "[0,0]");
  const auto loaded = decode(file_with(header + "}", 0), "evil");
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("more than 4096 tensors"), std::string::npos) << loaded.error().message;
}

TEST(HostileHeader, AsManyTensorsAsAllowedLoad) {
  TensorFile file;
  for (std::size_t i = 0; i + 1 < kMaxTensors; ++i) file.add_f32("t" + std::to_string(i), {0}, {});
  EXPECT_TRUE(decode(encode(file), "x"));
  file.add_f32("one more", {0}, {});
  EXPECT_FALSE(decode(encode(file), "x"));
}

// Right checksums do not make a wrong layout right: the checks are independent.
TEST(HostileHeader, ValidChecksumsDoNotExcuseAnOverlap) {
  const std::string header = "{\"__metadata__\":{\"keisei.format\":\"1\"}," + entry("a", "[1]", "[0,4]") + "," +
                             entry("b", "[1]", "[0,4]") + "," + entry("keisei.checksums", "[3,4]", "[4,16]", "U8") +
                             "}";
  auto bytes = file_with(header, 16);
  const auto all = std::span<const std::byte>(bytes);
  const std::size_t data = 8 + header.size();
  const std::uint32_t sums[3] = {crc32c(all.first(data)), crc32c(all.subspan(data, 4)), crc32c(all.subspan(data, 4))};
  std::memcpy(bytes.data() + data + 4, sums, sizeof sums);
  EXPECT_FALSE(decode(bytes, "evil"));
}

}  // namespace
}  // namespace keisei::store
