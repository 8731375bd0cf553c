#include "guard/cage.h"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "guard/landlock.h"
#include "guard/syscall_filter.h"

namespace keisei::guard {
namespace {

constexpr rlim_t kMb = 1000 * 1000;
constexpr int kLastCapability = 63;

/// Where programs, libraries and their data lie.
constexpr std::array kSystemPlaces = {"/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin", "/opt"};
/// What the C library and usual runtimes read of /etc. Not all of it: a process of root could read its secrets.
constexpr std::array kSettings = {"ld.so.cache", "ld.so.preload", "ld.so.conf",    "ld.so.conf.d",  "alternatives",
                                  "localtime",   "timezone",      "nsswitch.conf", "passwd",        "group",
                                  "locale.conf", "locale.alias",  "fonts",         "OpenCL",        "ssl/openssl.cnf",
                                  "inputrc",     "host.conf",     "os-release",    "debian_version"};
/// What a program asks about the machine and itself; not /proc, which shows other processes.
constexpr std::array kMachine = {"/proc/self",
                                 "/proc/cpuinfo",
                                 "/proc/meminfo",
                                 "/proc/stat",
                                 "/proc/loadavg",
                                 "/proc/version",
                                 "/proc/uptime",
                                 "/proc/filesystems",
                                 "/proc/sys/vm",
                                 "/proc/sys/kernel/osrelease",
                                 "/sys/devices/system/cpu",
                                 "/sys/devices/system/node",
                                 "/sys/kernel/mm/transparent_hugepage",
                                 "/sys/fs/cgroup"};
constexpr std::array kDevices = {"/dev/null", "/dev/zero", "/dev/full"};
constexpr std::array kRandomDevices = {"/dev/random", "/dev/urandom"};

tl::unexpected<Error> because(const std::string& what) {
  return fail(Code::kFailure, "cage: " + what + ": " + std::strerror(errno));
}

bool set_limit(__rlimit_resource_t resource, rlim_t value) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) return false;
  limit.rlim_max = std::min({value, limit.rlim_cur, limit.rlim_max});  // infinity is the greatest number
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(resource, &limit) == 0;
}

Result<void> set_limits(const Cage& cage) {
  if (cage.data_mb > 0 && !set_limit(RLIMIT_DATA, static_cast<rlim_t>(cage.data_mb) * kMb))
    return because("cannot limit memory");
  if (!set_limit(RLIMIT_FSIZE, static_cast<rlim_t>(cage.file_mb) * kMb)) return because("cannot limit file sizes");
  if (!set_limit(RLIMIT_NOFILE, static_cast<rlim_t>(cage.open_files))) return because("cannot limit open files");
  if (!set_limit(RLIMIT_CORE, 0)) return because("cannot switch core dumps off");
  if (!set_limit(RLIMIT_MSGQUEUE, 0)) return because("cannot limit message queues");
  return {};
}

/// Root without capabilities is a user like others. Dropping what one has not is no error.
void drop_capabilities() {
  for (int capability = 0; capability <= kLastCapability; ++capability) {
    ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  ::syscall(SYS_capset, &header, none.data());
}

std::vector<PathRule> rules_of(const Cage& cage) {
  std::vector<PathRule> rules;
  for (const char* place : kSystemPlaces) rules.push_back({place});
  for (const char* name : kSettings) rules.push_back({std::string("/etc/") + name});
  for (const char* place : kMachine) rules.push_back({place});
  for (const char* device : kDevices) rules.push_back({device, PathRule::Allow::kReadWrite});
  for (const char* device : kRandomDevices) rules.push_back({device});
  for (const std::string& place : cage.readable) rules.push_back({place, PathRule::Allow::kRead, true});
  rules.push_back({cage.scratch, PathRule::Allow::kEverything, true});
  return rules;
}

std::optional<long> number(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool is_absolute(std::string_view path) { return path.starts_with('/'); }

}  // namespace

Result<std::string> encode(const Cage& cage) {
  std::string text = "scratch=" + cage.scratch + "\ndirectory=" + cage.directory;
  for (const std::string& place : cage.readable) text += "\nread=" + place;
  const std::size_t lines = 2 + cage.readable.size();
  if (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1 != lines) {
    return fail(Code::kUsage, "a path for a caged program holds a line break", "rename the directory");
  }
  text += "\ndata_mb=" + std::to_string(cage.data_mb) + "\nfile_mb=" + std::to_string(cage.file_mb) +
          "\nopen_files=" + std::to_string(cage.open_files) + "\nstrict=" + (cage.strict ? "1" : "0");
  return text;
}

Result<Cage> decode_cage(std::string_view text) {
  Cage cage;
  const auto bad = [](std::string_view line) {
    return fail(Code::kUsage, "cage: \"" + std::string(line) + "\" is not understood");
  };
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return bad(line);
    const std::string_view key = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (key == "scratch" || key == "directory" || key == "read") {
      if (!is_absolute(value)) return bad(line);
      if (key == "read") cage.readable.emplace_back(value);
      if (key == "scratch") cage.scratch = value;
      if (key == "directory") cage.directory = value;
      continue;
    }
    const auto n = number(value);
    if (!n) return bad(line);
    if (key == "data_mb") {
      cage.data_mb = *n;
    } else if (key == "file_mb") {
      cage.file_mb = *n;
    } else if (key == "open_files") {
      cage.open_files = *n;
    } else if (key == "strict" && *n <= 1) {
      cage.strict = *n == 1;
    } else {
      return bad(line);
    }
  }
  if (cage.scratch.empty() || cage.directory.empty()) {
    return fail(Code::kUsage, "cage: scratch and directory must be given");
  }
  return cage;
}

Result<std::vector<std::string>> enter_cage(const Cage& cage) {
  if (::chdir(cage.directory.c_str()) != 0) return because("cannot enter " + cage.directory);
  if (auto limited = set_limits(cage); !limited) return tl::make_unexpected(limited.error());
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return because("cannot give up new privileges");
  std::vector<std::string> missing;
  if (landlock_abi() == 0) {
    missing.push_back(std::string("landlock not available: ") + std::strerror(errno));
  } else {
    auto confined = restrict_files(rules_of(cage));
    if (!confined) return fail(Code::kFailure, "cage: " + confined.error().message);
    missing = std::move(*confined);
  }
  drop_capabilities();
  if (auto filtered = install_syscall_filter(); !filtered) missing.push_back(filtered.error().message);
  if (cage.strict && !missing.empty()) return fail(Code::kFailure, "cage: " + missing.front() + " (strict)");
  return missing;
}

std::vector<std::string> caged_environment(const Cage& cage, const char* const* environment) {
  constexpr std::array kNames = {"PATH", "LANG", "TZ", "LD_LIBRARY_PATH", "KEISEI_WORKER_OF"};
  constexpr std::array kPrefixes = {"LC_", "OMP_", "GOMP_"};
  std::vector<std::string> kept{"HOME=" + cage.scratch, "TMPDIR=" + cage.scratch};
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view text = *environment;
    const std::string_view name = text.substr(0, text.find('='));
    const bool listed =
        std::any_of(kNames.begin(), kNames.end(), [&](const char* n) { return name == n; }) ||
        std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](const char* p) { return name.starts_with(p); });
    if (listed) kept.emplace_back(text);
  }
  return kept;
}

}  // namespace keisei::guard
