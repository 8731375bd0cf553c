#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/crc32c.h"

namespace keisei {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::size_t entries() const {
    const auto all = std::filesystem::directory_iterator(directory_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }
  std::filesystem::path directory_ =
      std::filesystem::path(testing::TempDir()) / ("keisei-file-" + std::to_string(::getpid()));
};

TEST_F(FileTest, ReplacesAFileWholeAndLeavesNothingElse) {
  const auto path = directory_ / "a.txt";
  ASSERT_TRUE(write_durably(path, "old"));
  ASSERT_TRUE(write_durably(path, "new text"));
  EXPECT_EQ(*read_text(path, 100), "new text");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(FileTest, KeepsTheOldFileWhenTheNewOneDoesNotFit) {
  const auto path = directory_ / "a.txt";
  ASSERT_TRUE(write_durably(path, "old"));
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto result = write_durably(path, std::string(100'000, 'x'));
    ::_exit(!result && result.error().code == Code::kFailure ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(*read_text(path, 100), "old");
  EXPECT_EQ(entries(), 1U);
}

// Whoever names a pipe, a device or a link wants what is behind it to be written.
TEST_F(FileTest, WritesThroughLinksAndIntoPipes) {
  const auto file = directory_ / "a.txt";
  const auto link = directory_ / "link";
  ASSERT_TRUE(write_durably(file, "old"));
  std::filesystem::create_symlink("a.txt", link);
  ASSERT_TRUE(write_durably(link, "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(*read_text(file, 100), "new");
  const auto pipe = directory_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Fd reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(write_durably(pipe, "through"));
  char text[16] = {};
  EXPECT_EQ(::read(reader.get(), text, sizeof text), 7);
  EXPECT_EQ(std::string(text), "through");
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_TRUE(write_durably("/dev/null", "gone"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(FileTest, NamesWhatItCannotDo) {
  const auto missing = write_durably(directory_ / "no" / "a.txt", "x");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("no"), std::string::npos);
  EXPECT_FALSE(read_file(directory_, 100));
  EXPECT_FALSE(read_file(directory_ / "none", 100));
  ASSERT_TRUE(write_durably(directory_ / "long", std::string(50, 'x')));
  const auto bounded = read_file(directory_ / "long", 49);
  ASSERT_FALSE(bounded);
  EXPECT_NE(bounded.error().message.find("49"), std::string::npos);
}

TEST(Crc32c, GivesThePublishedNumbers) {  // RFC 3720, B.4
  const std::vector<std::byte> zeros(32, std::byte{0});
  const std::vector<std::byte> ones(32, std::byte{0xFF});
  EXPECT_EQ(crc32c(zeros), 0x8A9136AAU);
  EXPECT_EQ(crc32c(ones), 0x62A8AB43U);
  const std::string digits = "123456789";
  EXPECT_EQ(crc32c(std::as_bytes(std::span(digits))), 0xE3069283U);
  EXPECT_EQ(crc32c(std::as_bytes(std::span(digits).subspan(4)), crc32c(std::as_bytes(std::span(digits).first(4)))),
            0xE3069283U);
}

}  // namespace
}  // namespace keisei
