#include "store/sha256.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace keisei::store {
namespace {

std::string of(std::string_view text) { return sha256(std::as_bytes(std::span(text))); }

// FIPS 180-4 examples, and one length on each side of every padding boundary (values from Python's hashlib).
TEST(Sha256, AgreesWithPublishedVectors) {
  EXPECT_EQ(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(of(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PadsEveryLengthAroundABlock) {
  EXPECT_EQ(of(std::string(55, 'k')), "94abcc11f65698688ffc2858efb9b3d55f20c579abaad82735ae6817887595f4");
  EXPECT_EQ(of(std::string(56, 'k')), "493a700b8fd71c2a186c018e1d3a9b1bebbcec358a13daa67e76a788fddc2e07");
  EXPECT_EQ(of(std::string(63, 'k')), "d4bacb34b88e17aabe42b5e49c36ab951d4fe19a13c11410eebbc73265e4edfe");
  EXPECT_EQ(of(std::string(64, 'k')), "2519b49bcf69feac270ac3c8631539e8caed4c7e6a62c6cc5511228a61780745");
  EXPECT_EQ(of(std::string(65, 'k')), "f39cdc2584758c99cf81c1f41d2572f54e17066afffc9d187aeafe5f7cbe2122");
  EXPECT_EQ(of(std::string(119, 'k')), "4faa65f0aeec8078317ebc05630903148e3a809f66bb1b68ce6f50139f0dc051");
  EXPECT_EQ(of(std::string(120, 'k')), "64fa0bb88d882a997cac9b2506f0ed5a5003259d2b316815aaff3f1d026c7390");
  EXPECT_EQ(of(std::string(128, 'k')), "69cd344d20fee04179a672ea3b2929da884e03975100369c926dedc642b5a364");
}

}  // namespace
}  // namespace keisei::store
