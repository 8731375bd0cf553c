// Secrets in the environment of a real training, with everything on that writes: W&B with a sync program beside it,
// TensorBoard, log, database, page, evaluation workers. None of them may be found in any file of the run, in what is
// printed, or in the environment of any process that the training starts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "session/trainer.h"

namespace keisei::session {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSecrets[] = {"c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00",
                                    "cAnArYcAnArYcAnArYcAnArY/0123456789cAnAr", "canary-password-77"};
constexpr const char* kNames[] = {"WANDB_API_KEY", "AWS_SECRET_ACCESS_KEY", "DATABASE_PASSWORD"};

/// The planted secrets and a PATH with our own `wandb`, until the object goes.
class Planted {
 public:
  explicit Planted(const fs::path& bin) : path_(::getenv("PATH") != nullptr ? ::getenv("PATH") : "/usr/bin:/bin") {
    for (std::size_t i = 0; i < std::size(kNames); ++i) ::setenv(kNames[i], kSecrets[i], 1);
    ::setenv("PATH", (bin.string() + ":" + path_).c_str(), 1);
  }
  ~Planted() {
    for (const char* name : kNames) ::unsetenv(name);
    ::setenv("PATH", path_.c_str(), 1);
  }
  Planted(const Planted&) = delete;
  Planted& operator=(const Planted&) = delete;

 private:
  std::string path_;
};

TEST(Secrets, OfTheEnvironmentAreInNoFileNoOutputAndNoChild) {
  const Directory d;
  fs::create_directories(d.path() / "bin");
  std::ofstream(d.path() / "bin" / "wandb") << "#!/bin/sh\nenv > '" << d.path().string() << "/child-environment'\n";
  fs::permissions(d.path() / "bin" / "wandb", fs::perms::owner_all);
  const Planted planted(d.path() / "bin");

  Process process(d, with(training(d, "canary", 4, 1),
                          {"--wandb-enabled", "--override", "wandb.mode=live", "--override", "display.plain=true"}));
  ASSERT_EQ(process.wait(), 0) << process.err();

  const fs::path run = d.path() / "runs" / "canary";
  EXPECT_TRUE(fs::exists(run / "tensorboard"));
  EXPECT_TRUE(fs::exists(run / "wandb" / "latest-run"));
  EXPECT_THAT(read_all(d.path() / "child-environment"), testing::HasSubstr("PATH="));
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(d.path())) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    const std::string content = read_all(entry.path());
    for (const char* secret : kSecrets) {
      EXPECT_EQ(content.find(secret), std::string::npos) << entry.path() << " holds " << secret;
    }
    ++files;
  }
  EXPECT_GE(files, 10);
}

}  // namespace
}  // namespace keisei::session
