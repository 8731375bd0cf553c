#include "app/proof/behaviour.h"

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "base/file.h"

namespace keisei::app::proof {
namespace {

constexpr int kHogThreads = 33;
constexpr std::size_t kThreadStackTouched = 1u << 20;

void rest(int us) {
  if (us > 0) std::this_thread::sleep_for(std::chrono::microseconds(us));
}

char* map_shared(int fd, std::size_t bytes) {
  const int flags = fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
  void* area = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (area == MAP_FAILED) throw std::bad_alloc();
  return static_cast<char*>(area);
}

/// A stack and `mb` MB of heap, touched and kept by `keep`.
void fill_thread(int mb, int rest_us, std::vector<std::unique_ptr<char[]>>& keep) {
  volatile char stack[kThreadStackTouched];
  for (std::size_t at = 0; at < kThreadStackTouched; at += 4096) stack[at] = 1;
  for (int i = 0; i < mb; ++i) {
    keep.emplace_back(new char[kHogStep]);
    std::memset(keep.back().get(), 1 + stack[0], kHogStep);
    rest(rest_us);
  }
}

void eat_in_threads(int mb, int rest_us, std::vector<std::unique_ptr<char[]>>& blocks) {
  std::vector<std::vector<std::unique_ptr<char[]>>> kept(kHogThreads);
  std::vector<std::exception_ptr> thrown(kHogThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < kHogThreads; ++t) {
      try {
        threads.emplace_back([&, t] {
          try {
            fill_thread(mb / kHogThreads + 1, rest_us * kHogThreads, kept[t]);
          } catch (...) {
            thrown[t] = std::current_exception();
          }
        });
      } catch (const std::system_error&) {
        thrown[t] = std::make_exception_ptr(std::bad_alloc());  // no memory for its stack
      }
    }
  }
  for (auto& of_thread : kept) {
    for (auto& block : of_thread) blocks.push_back(std::move(block));
  }
  for (const std::exception_ptr& one : thrown) {
    if (one) std::rethrow_exception(one);
  }
}

}  // namespace

void Hoard::eat(const std::string& way, int mb, int rest_us) {
  if (way == "threads") return eat_in_threads(mb, rest_us, blocks_);
  const std::size_t bytes = kHogStep * static_cast<std::size_t>(mb);
  char* area = nullptr;
  if (way == "mmap") {
    area = map_shared(-1, bytes);
  } else if (way == "memfd") {
    const Fd fd(::memfd_create("hog", MFD_CLOEXEC));
    if (::ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) throw std::bad_alloc();
    area = map_shared(fd.get(), bytes);
  }
  for (int i = 0; i < mb; ++i) {
    char* at = area == nullptr ? nullptr : area + kHogStep * static_cast<std::size_t>(i);
    if (at == nullptr) {
      blocks_.emplace_back(new char[kHogStep]);
      at = blocks_.back().get();
    }
    std::memset(at, i + 1, kHogStep);
    rest(rest_us);
  }
}

void Act::say(const std::string& text) const { (void)channel.send_result(std::as_bytes(std::span(text))); }

std::string Act::word() {
  std::string next;
  words >> next;
  return next;
}

int Act::number() {
  int next = 0;
  words >> next;
  return words ? next : 0;
}

guard::Child start_self(const std::vector<std::string>& words, int out) {
  guard::SpawnPlan plan{"/proc/self/exe", {"keisei", "__actor"}, {}};
  plan.argv.insert(plan.argv.end(), words.begin(), words.end());
  if (out >= 0) plan.descriptors.emplace_back(out, STDOUT_FILENO);
  auto child = guard::spawn(plan);
  if (!child) throw std::runtime_error(child.error().message);
  return std::move(*child);
}

void nap(double s) { std::this_thread::sleep_for(std::chrono::duration<double>(s)); }

void burn(double cpu_s) {
  const auto now = [] {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
  };
  const double end = now() + cpu_s;
  volatile unsigned sink = 0;
  while (now() < end) {
    for (int i = 0; i < 10000; ++i) sink = sink + 1;
  }
}

void forever() {
  while (true) nap(1);
}

void busy_forever() {
  while (true) burn(1);
}

}  // namespace keisei::app::proof
