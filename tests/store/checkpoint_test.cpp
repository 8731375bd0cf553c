#include "store/checkpoint.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "base/file.h"
#include "store/child.h"
#include "store/scratch.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;

std::vector<std::int64_t> steps_of(const CheckpointStore& store) {
  std::vector<std::int64_t> steps;
  const auto files = store.list();
  EXPECT_TRUE(files);
  for (const CheckpointFile& file : *files) steps.push_back(file.step);
  return steps;
}

TEST(Checkpoint, SavesListsAndLoadsTheNewest) {
  const Scratch scratch;
  CheckpointStore store(scratch / "checkpoints", 3);
  EXPECT_TRUE(store.list().value().empty());
  for (const std::int64_t step : {900, 1000, 1100}) {
    const auto saved = store.save(step, sample_bytes(step));
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_EQ(saved->path.filename(), checkpoint_name(step));
    EXPECT_EQ(saved->sha256, sha256(slurp(saved->path)));
    EXPECT_EQ(saved->bytes, fs::file_size(saved->path));
  }
  const auto loaded = store.newest_valid();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->step, 1100);
  EXPECT_EQ(loaded->file.i64("counters").value()[0], 1100);
  EXPECT_EQ(loaded->sha256, sha256(slurp(loaded->path)));
  EXPECT_TRUE(loaded->rejected.empty());
}

TEST(Checkpoint, NamesSortByStepAlsoBeyondTwelveDigits) {
  EXPECT_EQ(checkpoint_name(0), "step-000000000000.safetensors");
  EXPECT_EQ(checkpoint_name(300'000), "step-000000300000.safetensors");
  EXPECT_EQ(checkpoint_name(1'234'567'890'123), "step-1234567890123.safetensors");
  const Scratch scratch;
  for (const char* name :
       {"step-7.safetensors", "step-00000000000x.safetensors", "step-000000000007.safetensors.corrupt",
        "step--00000000007.safetensors", ".step-000000000007.safetensors.AbCdEf", "notes.txt"}) {
    spill(scratch / name, {});
  }
  EXPECT_TRUE(CheckpointStore(scratch.root(), 3).list().value().empty());
}

TEST(Checkpoint, KeepsTheLastAndALogSpacedHistory) {
  const Scratch scratch;
  CheckpointStore store(scratch.root(), 3);
  for (std::int64_t step = 100; step <= 2000; step += 100) ASSERT_TRUE(store.save(step, sample_bytes(step)));
  // First of each power of two: 100 (64..127), 200 (128..255), 300 (256..511), 600 (512..1023), 1100 (1024..2047).
  EXPECT_EQ(steps_of(store), (std::vector<std::int64_t>{100, 200, 300, 600, 1100, 1800, 1900, 2000}));
}

TEST(Checkpoint, RetentionKeepsFewHoweverLongTheRun) {
  std::vector<std::int64_t> steps;
  for (std::int64_t step = 1; step <= 100'000; ++step) {
    steps.push_back(step * 8192);
    for (const std::int64_t gone : steps_to_prune(steps, 3)) std::erase(steps, gone);
    ASSERT_GE(steps.size(), std::min<std::size_t>(static_cast<std::size_t>(step), 3));
    ASSERT_EQ(steps.back(), step * 8192);
  }
  EXPECT_LE(steps.size(), 3U + 17U);
  EXPECT_EQ(steps.front(), 8192);
}

TEST(Checkpoint, FallsBackToTheNewestValidAndKeepsTheRest) {
  const Scratch scratch;
  CheckpointStore store(scratch.root(), 5);
  for (const std::int64_t step : {10, 20, 30, 40}) ASSERT_TRUE(store.save(step, sample_bytes(step)));
  auto flipped = slurp(scratch / checkpoint_name(40));
  flipped[flipped.size() - 30] ^= std::byte{4};
  spill(scratch / checkpoint_name(40), flipped);
  auto cut = slurp(scratch / checkpoint_name(30));
  cut.resize(cut.size() - 1);
  spill(scratch / checkpoint_name(30), cut);
  // The older file is the younger one on disk; only the step counts.
  spill(scratch / checkpoint_name(10), sample_bytes(10));

  const auto peeked = store.newest_valid(OnDamage::kLeave);
  ASSERT_TRUE(peeked);
  EXPECT_EQ(peeked->step, 20);
  EXPECT_EQ(steps_of(store), (std::vector<std::int64_t>{10, 20, 30, 40}));

  const auto loaded = store.newest_valid();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->step, 20);
  ASSERT_EQ(loaded->rejected.size(), 2U);
  EXPECT_EQ(loaded->rejected[0].path.filename(), checkpoint_name(40));
  EXPECT_NE(loaded->rejected[0].reason.find("damaged"), std::string::npos) << loaded->rejected[0].reason;
  EXPECT_NE(loaded->rejected[1].reason.find("truncated"), std::string::npos) << loaded->rejected[1].reason;
  EXPECT_EQ(slurp(scratch / (checkpoint_name(40) + ".corrupt")), flipped);
  EXPECT_EQ(slurp(scratch / (checkpoint_name(30) + ".corrupt")), cut);
  EXPECT_EQ(steps_of(store), (std::vector<std::int64_t>{10, 20}));

  // The same step damaged again does not replace the first damaged copy.
  spill(scratch / checkpoint_name(40), cut);
  ASSERT_TRUE(store.newest_valid());
  EXPECT_EQ(slurp(scratch / (checkpoint_name(40) + ".corrupt")), flipped);
  EXPECT_EQ(slurp(scratch / (checkpoint_name(40) + ".corrupt.1")), cut);
}

TEST(Checkpoint, AFileUnderAnotherStepsNameIsRejected) {
  const Scratch scratch;
  CheckpointStore store(scratch.root(), 3);
  ASSERT_TRUE(store.save(10, sample_bytes(10)));
  spill(scratch / checkpoint_name(99), sample_bytes(20));
  const auto loaded = store.newest_valid();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->step, 10);
  EXPECT_NE(loaded->rejected.at(0).reason.find("metadata says step 20, the name says 99"), std::string::npos);
}

TEST(Checkpoint, NoValidFileIsAnErrorThatNamesEach) {
  const Scratch scratch;
  CheckpointStore store(scratch.root(), 3);
  const auto none = store.newest_valid();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Code::kBadData);
  ASSERT_TRUE(store.save(10, sample_bytes(10)));
  spill(scratch / checkpoint_name(10), {});
  spill(scratch / checkpoint_name(20), {});
  const auto all_bad = store.newest_valid(OnDamage::kLeave);
  ASSERT_FALSE(all_bad);
  EXPECT_NE(all_bad.error().message.find(checkpoint_name(10)), std::string::npos);
  EXPECT_NE(all_bad.error().message.find(checkpoint_name(20)), std::string::npos);
}

TEST(Checkpoint, BytesThatAreNoneAreNeverWritten) {
  const Scratch scratch;
  CheckpointStore store(scratch.root(), 3);
  auto bytes = sample_bytes(10);
  EXPECT_EQ(store.save(11, bytes).error().code, Code::kBadData);  // the metadata says 10
  bytes.back() ^= std::byte{1};
  EXPECT_EQ(store.save(10, bytes).error().code, Code::kBadData);
  EXPECT_EQ(store.save(-1, sample_bytes(-1)).error().code, Code::kBadData);
  EXPECT_TRUE(names_in(scratch.root()).empty());
}

TEST(Checkpoint, ExplicitFilesAreNeverReplacedByOthers) {
  const Scratch scratch;
  CheckpointStore store(scratch.root(), 3);
  ASSERT_TRUE(store.save(10, sample_bytes(10)));
  const auto good = slurp(scratch / checkpoint_name(10));
  const auto refuse = [&](const fs::path& path, const char* says) {
    const auto loaded = load_checkpoint(path);
    ASSERT_FALSE(loaded) << path;
    EXPECT_EQ(loaded.error().code, Code::kBadData);
    EXPECT_NE(loaded.error().message.find(path.string()), std::string::npos);
    EXPECT_NE((loaded.error().message + loaded.error().hint).find(says), std::string::npos) << loaded.error().message;
  };
  refuse(scratch / "missing.safetensors", "does not exist");
  refuse(scratch.root(), "not a regular file");
  spill(scratch / "cut.safetensors", std::span(good).first(good.size() - 40));
  refuse(scratch / "cut.safetensors", "truncated");
  auto flipped = good;
  flipped[flipped.size() - 30] ^= std::byte{1};
  spill(scratch / "flipped.safetensors", flipped);
  refuse(scratch / "flipped.safetensors", "damaged");
  const std::string zip = "PK\x03\x04 and so on, as torch.save writes";
  spill(scratch / "model.pth", std::as_bytes(std::span(zip)));
  refuse(scratch / "model.pth", "PyTorch");
  spill(scratch / "empty.safetensors", {});
  refuse(scratch / "empty.safetensors", "truncated");

  spill(scratch / "copy.safetensors", good);
  const auto copy = load_checkpoint(scratch / "copy.safetensors");
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->step, 10);  // from its metadata
}

// A file that promises 4 GiB and is a sparse 4 GiB long: refused from its first bytes, not after reading it all.
TEST(Checkpoint, AHugeSparseFileIsRefusedFromItsHeader) {
  const Scratch scratch;
  const fs::path path = scratch / "sparse.safetensors";
  const std::string header = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   )";
  const std::uint64_t length = header.size();
  std::string text(8, '\0');
  std::memcpy(text.data(), &length, 8);
  text += header;
  spill(path, std::as_bytes(std::span(text)));
  fs::resize_file(path, kMaxFileBytes);
  const int code = in_child([&] {
    const rlimit small{std::size_t{1} << 30, std::size_t{1} << 30};
    ::setrlimit(RLIMIT_AS, &small);
    const auto loaded = load_checkpoint(path);
    return loaded ? 1 : loaded.error().message.find("bytes follow the last tensor") == std::string::npos ? 2 : 0;
  });
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need the address space that the test takes away: " << code;
#else
  EXPECT_EQ(code, 0);
#endif
}

TEST(Checkpoint, AFullDiskLeavesTheOldFilesAndNoTemporary) {
  const Scratch scratch;
  ASSERT_TRUE(CheckpointStore(scratch.root(), 3).save(10, sample_bytes(10, 100)));
  const auto before = slurp(scratch / checkpoint_name(10));
  const int code = in_child([&] {
    limit_file_size(8192);
    CheckpointStore store(scratch.root(), 3);
    const auto larger = sample_bytes(20, 100'000);
    const auto saved = store.save(20, larger);
    if (saved || saved.error().code != Code::kFailure) return 1;
    const auto replaced = store.save(10, sample_bytes(10, 100'000));  // onto an existing name
    return replaced ? 2 : 0;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(names_in(scratch.root()), std::vector<std::string>{checkpoint_name(10)});
  EXPECT_EQ(slurp(scratch / checkpoint_name(10)), before);
}

TEST(Checkpoint, RecoversWhenSpaceReturns) {
  const Scratch scratch;
  const fs::path disk = scratch / "disk";
  fs::create_directory(disk);
  constexpr int kCannotMount = 77;
  const int code = in_child([&] {
    // A small disk of its own, seen by this process only.
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
      return kCannotMount;
    }
    CheckpointStore store(disk, 3);
    std::int64_t step = 100;
    while (store.save(step, sample_bytes(step, 60'000))) {  // 240 kB each
      if (++step > 110) return 1;                           // the disk should have been full by now
    }
    const auto names = names_in(disk);
    for (const std::string& name : names) {
      if (name.starts_with(".")) return 2;
    }
    const auto newest = store.newest_valid();
    if (!newest || newest->step != step - 1) return 3;
    fs::remove(disk / checkpoint_name(100));
    return store.save(step, sample_bytes(step, 60'000)) ? 0 : 4;
  });
  if (code == kCannotMount) GTEST_SKIP() << "mounting is not permitted here";
  EXPECT_EQ(code, 0);
}

TEST(Checkpoint, ANewSaveClearsWhatAKilledOneLeft) {
  const Scratch scratch;
  spill(scratch / ".step-000000000007.safetensors.AbCdEf", sample_bytes(7));
  spill(scratch / ".other", {});
  ASSERT_TRUE(CheckpointStore(scratch.root(), 3).save(8, sample_bytes(8)));
  EXPECT_EQ(names_in(scratch.root()), (std::vector<std::string>{".other", checkpoint_name(8)}));
}

}  // namespace
}  // namespace keisei::store
