#include "guard/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/file.h"

namespace keisei::guard {
namespace {

// The numbers are the kernel's: <linux/landlock.h>, and the same on every architecture.
constexpr long kCreateRuleset = 444;
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;
constexpr unsigned kAskVersion = 1;
constexpr int kPathBeneath = 1;

constexpr std::uint64_t kExecute = 1ULL << 0;
constexpr std::uint64_t kWriteFile = 1ULL << 1;
constexpr std::uint64_t kReadFile = 1ULL << 2;
constexpr std::uint64_t kReadDirectory = 1ULL << 3;
constexpr std::uint64_t kFirstAbi = (1ULL << 13) - 1;  ///< bits 0 to 12
constexpr std::uint64_t kRefer = 1ULL << 13;           ///< from ABI 2
constexpr std::uint64_t kTruncate = 1ULL << 14;        ///< from ABI 3
constexpr std::uint64_t kIoctlDevice = 1ULL << 15;     ///< from ABI 5
constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kIoctlDevice;

constexpr std::uint64_t kBindAndConnectTcp = 3;       ///< from ABI 4
constexpr std::uint64_t kScopeSocketsAndSignals = 3;  ///< from ABI 6
constexpr int kAbiRefer = 2;
constexpr int kAbiTruncate = 3;
constexpr int kAbiNet = 4;
constexpr int kAbiIoctl = 5;
constexpr int kAbiScope = 6;

struct RulesetAttributes {
  std::uint64_t files = 0;
  std::uint64_t net = 0;
  std::uint64_t scoped = 0;
};

struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed = 0;
  std::int32_t parent = -1;
};

std::uint64_t rights_of(int abi) {
  std::uint64_t rights = kFirstAbi;
  if (abi >= kAbiRefer) rights |= kRefer;
  if (abi >= kAbiTruncate) rights |= kTruncate;
  if (abi >= kAbiIoctl) rights |= kIoctlDevice;
  return rights;
}

std::uint64_t rights_of(PathRule::Allow allow) {
  switch (allow) {
    case PathRule::Allow::kRead:
      return kExecute | kReadFile | kReadDirectory;
    case PathRule::Allow::kReadWrite:
      return kReadFile | kReadDirectory | kWriteFile | kTruncate;
    case PathRule::Allow::kEverything:
      break;
  }
  return ~0ULL;
}

tl::unexpected<Error> because(const std::string& what) {
  return fail(Code::kFailure, what + ": " + std::strerror(errno));
}

Result<void> add(int ruleset, const PathRule& rule, std::uint64_t known) {
  const Fd fd(::open(rule.path.c_str(), O_PATH | O_CLOEXEC));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0) {
    if (!rule.required) return {};
    return because("cannot open " + rule.path);
  }
  PathBeneath beneath;
  beneath.allowed = rights_of(rule.allow) & known & (S_ISDIR(info.st_mode) ? ~0ULL : kOfFiles);
  beneath.parent = fd.get();
  if (::syscall(kAddRule, ruleset, kPathBeneath, &beneath, 0) != 0) return because("landlock refuses " + rule.path);
  return {};
}

}  // namespace

int landlock_abi() {
  const long abi = ::syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  return abi > 0 ? static_cast<int>(abi) : 0;
}

Result<std::vector<std::string>> restrict_files(const std::vector<PathRule>& rules) {
  const int abi = landlock_abi();
  if (abi == 0) return because("landlock not available");
  RulesetAttributes attributes;
  attributes.files = rights_of(abi);
  std::size_t size = sizeof attributes.files;
  if (abi >= kAbiNet) {
    attributes.net = kBindAndConnectTcp;
    size += sizeof attributes.net;
  }
  if (abi >= kAbiScope) {
    attributes.scoped = kScopeSocketsAndSignals;
    size += sizeof attributes.scoped;
  }
  const Fd ruleset(static_cast<int>(::syscall(kCreateRuleset, &attributes, size, 0)));
  if (!ruleset) return because("landlock makes no ruleset");
  for (const PathRule& rule : rules) {
    if (auto added = add(ruleset.get(), rule, attributes.files); !added) return tl::make_unexpected(added.error());
  }
  if (::syscall(kRestrictSelf, ruleset.get(), 0) != 0) return because("landlock does not take effect");
  std::vector<std::string> missing;
  const std::string version = " (landlock ABI " + std::to_string(abi) + ")";
  if (abi < kAbiTruncate) missing.push_back("truncating files is not confined" + version);
  if (abi < kAbiScope) missing.push_back("signals to other processes of this user are not confined" + version);
  return missing;
}

}  // namespace keisei::guard
