#include "guard/proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <memory>

namespace keisei::guard::proc {
namespace {

constexpr std::size_t kMaxProcBytes = 1u << 20;
constexpr int kDyingNice = -10;
constexpr double kMbPerKiB = 1024e-6;

std::string path_of(pid_t pid, std::string_view rest) {
  std::string path = "/proc/" + std::to_string(pid);
  path += rest;
  return path;
}

/// A /proc file (its size is not known before it is read); nothing when it is gone.
std::optional<std::string> slurp(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::string text;
  std::array<char, 4096> chunk{};
  while (text.size() < kMaxProcBytes) {
    const ssize_t n = ::read(fd.get(), chunk.data(), chunk.size());
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(n));
  }
  return text;
}

std::vector<pid_t> threads(pid_t pid) {
  std::vector<pid_t> tids;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(path_of(pid, "/task").c_str()), ::closedir);
  if (!dir) return tids;
  while (const dirent* entry = ::readdir(dir.get())) {
    if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') tids.push_back(std::atoi(entry->d_name));
  }
  return tids;
}

}  // namespace

RssProbe::RssProbe(pid_t pid) : pid_(pid), statm_(::open(path_of(pid, "/statm").c_str(), O_RDONLY | O_CLOEXEC)) {}

std::optional<double> RssProbe::rss_mb() const {
  std::array<char, 128> text{};
  const ssize_t n = statm_ ? ::pread(statm_.get(), text.data(), text.size() - 1, 0) : -1;
  if (n <= 0) return std::nullopt;
  const char* end = text.data() + n;
  const char* at = text.data();
  while (at != end && *at != ' ') ++at;
  long pages = 0;
  if (at == end || std::from_chars(at + 1, end, pages).ec != std::errc()) return std::nullopt;
  return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) * 1e-6;
}

std::optional<Stat> stat(pid_t pid) {
  const auto text = slurp(path_of(pid, "/stat"));
  return text ? parse_stat(*text) : std::nullopt;
}

std::optional<double> pss_mb(pid_t pid) {
  const auto text = slurp(path_of(pid, "/smaps_rollup"));
  if (!text) return std::nullopt;
  const auto kib = parse_keyed(*text, "Pss:");
  return kib ? std::optional(*kib * kMbPerKiB) : std::nullopt;
}

std::optional<double> cpu_s(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return std::nullopt;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

bool runnable(pid_t pid) {
  for (const pid_t tid : threads(pid)) {
    const auto text = slurp(path_of(pid, "/task/" + std::to_string(tid) + "/stat"));
    const auto stat = text ? parse_stat(*text) : std::nullopt;
    if (stat && stat->state == 'R') return true;
  }
  return false;
}

std::vector<pid_t> children(pid_t pid) {
  std::vector<pid_t> found;
  for (const pid_t tid : threads(pid)) {
    const auto text = slurp(path_of(pid, "/task/" + std::to_string(tid) + "/children"));
    if (!text) continue;
    const char* at = text->c_str();
    char* end = nullptr;
    for (long child = std::strtol(at, &end, 10); end != at; child = std::strtol(at, &end, 10)) {
      found.push_back(static_cast<pid_t>(child));
      at = end;
    }
  }
  return found;
}

std::vector<pid_t> descendants(pid_t pid) {
  std::vector<pid_t> found = children(pid);
  for (std::size_t i = 0; i < found.size() && found.size() < kMaxDescendants; ++i) {
    for (const pid_t child : children(found[i])) found.push_back(child);
  }
  if (found.size() > kMaxDescendants) found.resize(kMaxDescendants);
  return found;
}

bool has_environment(pid_t pid, std::string_view entry) {
  const auto text = slurp(path_of(pid, "/environ"));
  if (!text) return false;
  for (std::size_t at = text->find(entry); at != std::string::npos; at = text->find(entry, at + 1)) {
    const std::size_t end = at + entry.size();
    if ((at == 0 || (*text)[at - 1] == '\0') && (end == text->size() || (*text)[end] == '\0')) return true;
  }
  return false;
}

std::optional<int> oom_score_adj(pid_t pid) {
  const auto text = slurp(path_of(pid, "/oom_score_adj"));
  if (!text || text->empty()) return std::nullopt;
  return std::atoi(text->c_str());
}

void hasten(pid_t pid) {
  const sched_param none{};
  for (const pid_t tid : threads(pid)) {
    ::sched_setscheduler(tid, SCHED_OTHER, &none);
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(tid), kDyingNice);
  }
}

std::string autogroup(pid_t pid) {
  const auto text = slurp(path_of(pid, "/autogroup"));
  return text ? text->substr(0, text->find(' ')) : std::string();
}

}  // namespace keisei::guard::proc
