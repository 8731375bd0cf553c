#include "guard/sealed.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace keisei::guard {
namespace {

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7);
  return bytes;
}

TEST(Sealed, HoldsTheBytesAndCannotBeChanged) {
  const auto bytes = pattern(100'000);
  const auto fd = seal_bytes("weights", bytes);
  ASSERT_TRUE(fd);
  const auto read = read_sealed(*fd, 1u << 20);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, bytes);
  const char byte = 1;
  EXPECT_LT(::pwrite(fd->get(), &byte, 1, 0), 0);
  EXPECT_NE(::ftruncate(fd->get(), 10), 0);
  EXPECT_NE(::ftruncate(fd->get(), 200'000), 0);
  EXPECT_EQ(::mmap(nullptr, 10, PROT_READ | PROT_WRITE, MAP_SHARED, fd->get(), 0), MAP_FAILED);
  EXPECT_NE(::fcntl(fd->get(), F_ADD_SEALS, F_SEAL_WRITE), 0) << "not even the seals";
}

TEST(Sealed, MissingSealIsRefused) {
  for (const int missing : {F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE, F_SEAL_SEAL}) {
    const Fd fd(::memfd_create("loose", MFD_ALLOW_SEALING | MFD_CLOEXEC));
    ASSERT_EQ(::ftruncate(fd.get(), 64), 0);
    const int all = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    ASSERT_EQ(::fcntl(fd.get(), F_ADD_SEALS, all & ~missing), 0);
    const auto view = map_sealed(fd, 1000);
    ASSERT_FALSE(view) << missing;
    EXPECT_EQ(view.error().code, Code::kBadData);
  }
}

TEST(Sealed, SizeIsBounded) {
  const auto fd = seal_bytes("weights", pattern(1001));
  ASSERT_TRUE(fd);
  EXPECT_FALSE(map_sealed(*fd, 1000));
  EXPECT_TRUE(map_sealed(*fd, 1001));
  EXPECT_FALSE(seal_bytes("nothing", {}));
}

TEST(Sealed, PlainFileIsRefused) {
  const Fd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(map_sealed(fd, 1000));
  EXPECT_FALSE(map_sealed(Fd(), 1000));
}

TEST(Sealed, DuplicateOutlivesTheOriginal) {
  Fd copy;
  {
    const auto fd = seal_bytes("weights", pattern(10));
    ASSERT_TRUE(fd);
    auto second = duplicate(*fd);
    ASSERT_TRUE(second);
    copy = std::move(*second);
  }
  EXPECT_EQ(read_sealed(copy, 10).value(), pattern(10));
}

}  // namespace
}  // namespace keisei::guard
