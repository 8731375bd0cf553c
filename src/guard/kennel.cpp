#include "guard/kennel.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <system_error>

#include "guard/cage.h"
#include "guard/proc.h"

namespace keisei::guard {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScratchPrefix = "keisei-engine-";
constexpr std::chrono::milliseconds kWatchEvery{20};
constexpr int kScratchEveryRounds = 25;
constexpr std::chrono::milliseconds kBetweenRounds{2};
constexpr int kKillRounds = 1000;  ///< of kBetweenRounds: longest that the kernel may take to end a killed process
constexpr int kMaxScratchEntries = 10'000;
constexpr std::size_t kStatusBytes = 8192;
constexpr int kStackMb = 8;

tl::unexpected<Error> because(const std::string& what) {
  return fail(Code::kFailure, what + ": " + std::strerror(errno));
}

void wait_a_round() { std::this_thread::sleep_for(kBetweenRounds); }

bool is_living(pid_t pid) {
  const auto stat = proc::stat(pid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

void kill_now(pid_t pid) {
  proc::hasten(pid);
  ::kill(pid, SIGKILL);
}

/// Kills everything below a process, the process itself stopped so that it starts nothing more. What it started cannot
/// leave its subtree while it lives, for it is a subreaper.
void kill_below(pid_t root) {
  ::kill(root, SIGSTOP);
  for (int round = 0; round < kKillRounds; ++round) {
    std::vector<pid_t> living = proc::descendants(root);
    std::erase_if(living, [](pid_t pid) { return !is_living(pid); });
    if (living.empty()) return;
    for (const pid_t pid : living) kill_now(pid);
    wait_a_round();
  }
}

/// A number of /proc/PID/status; -1 when it is gone.
int status_number(const std::string& pid, std::string_view key) {
  const Fd fd(::open(("/proc/" + pid + "/status").c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, kStatusBytes> text{};
  const ssize_t n = fd ? ::read(fd.get(), text.data(), text.size() - 1) : -1;
  if (n <= 0) return -1;
  const std::string_view all(text.data(), static_cast<std::size_t>(n));
  const std::size_t at = all.find("\n" + std::string(key) + ":");
  if (at == std::string_view::npos) return -1;
  return std::atoi(text.data() + at + key.size() + 2);
}

/// Whether a process is in a cage deeper than ours: nobody gets out of one again, so this cannot be hidden.
bool is_caged(pid_t pid) {
  const std::string other = std::to_string(pid);
  for (const char* key : {"NoNewPrivs", "Seccomp_filters"}) {
    const int ours = status_number("self", key);
    if (ours >= 0 && status_number(other, key) > ours) return true;
  }
  return false;
}

/// Makes every directory below enterable again and removes all.
void remove_tree(const fs::path& root) {
  std::error_code error;
  fs::remove_all(root, error);
  if (!error) return;
  for (int pass = 0; pass < 2; ++pass) {  // a closed directory hides others, which the second pass finds
    fs::permissions(root, fs::perms::owner_all, error);
    fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, error);
    for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
      std::error_code ignored;
      if (!it->is_symlink(ignored) && it->is_directory(ignored)) {
        fs::permissions(it->path(), fs::perms::owner_all, ignored);
      }
    }
    error.clear();
  }
  fs::remove_all(root, error);
}

double scratch_mb(const fs::path& root) {
  double bytes = 0;
  int entries = 0;
  std::error_code error;
  fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, error);
  for (const fs::recursive_directory_iterator end; !error && it != end && ++entries < kMaxScratchEntries;
       it.increment(error)) {
    struct stat info {};
    if (::lstat(it->path().c_str(), &info) == 0) bytes += 512.0 * static_cast<double>(info.st_blocks);
  }
  if (entries >= kMaxScratchEntries) return std::numeric_limits<double>::infinity();
  return bytes * 1e-6;
}

/// Scratch directories are locked while their owner lives; the ones that can be locked are left over.
void remove_left_over(const fs::path& root) {
  std::error_code error;
  for (fs::directory_iterator it(root, error), end; !error && it != end; it.increment(error)) {
    if (!it->path().filename().string().starts_with(kScratchPrefix)) continue;
    struct stat info {};
    const Fd fd(::open(it->path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd || ::fstat(fd.get(), &info) != 0 || info.st_uid != ::geteuid()) continue;
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) remove_tree(it->path());
  }
}

struct Pipe {
  Fd read;
  Fd write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return because("cannot make a pipe");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

void unblock(const Fd& fd) { ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK); }

/// A directory that may be shown to a program whole: not the root, a home or the place of everybody's temporary files.
bool may_be_shown(const fs::path& directory, const fs::path& scratch_root) {
  const char* home = std::getenv("HOME");
  std::error_code ignored;
  return directory != directory.root_path() && (home == nullptr || !fs::equivalent(directory, home, ignored)) &&
         directory != "/tmp" && !fs::equivalent(directory, scratch_root, ignored);
}

Result<fs::path> make_scratch(const fs::path& root, Fd& lock) {
  std::string name = (root / (std::string(kScratchPrefix) + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) return because("cannot make a scratch directory in " + root.string());
  lock.reset(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    const auto error = because("cannot lock the scratch directory " + name);
    ::rmdir(name.c_str());
    return error;
  }
  return fs::path(name);
}

}  // namespace

Caged::Caged(std::shared_ptr<Kennel> kennel, Child child, const CagedCommand& command)
    : kennel_(std::move(kennel)),
      child_(std::move(child)),
      pid_(child_.pid()),
      program_(command.argv.front()),
      memory_mb_(command.memory_mb),
      processes_(command.processes),
      scratch_mb_(command.scratch_mb) {}

Caged::~Caged() { end(); }

int Caged::pidfd() const { return child_.pidfd(); }

std::optional<std::string> Caged::ended() {
  const std::lock_guard lock(kennel_->mutex_);
  return ended_locked();
}

std::optional<std::string> Caged::ended_locked() {
  if (end_ || child_.reaped()) return end_;
  const auto exit = child_.try_reap();
  if (exit) end_ = broken_limit_ ? "killed: " + *broken_limit_ : exit->text();
  return end_;
}

void Caged::signal(int number) {
  const std::lock_guard lock(kennel_->mutex_);
  if (!child_.reaped()) child_.signal_group(number);
}

void Caged::end() {
  const std::lock_guard lock(kennel_->mutex_);
  if (done_) return;
  done_ = true;
  input_.reset();
  if (!ended_locked()) {
    kill_below(pid_);
    proc::hasten(pid_);
    child_.signal_group(SIGKILL);
    for (int round = 0; round < kKillRounds && !ended_locked(); ++round) wait_a_round();
    if (!end_) {
      child_.abandon();
      end_ = "stuck in the kernel";
    }
  }
  kennel_->forget(this);
  kennel_->sweep_strays();
  output_.reset();
  errors_.reset();
  remove_tree(scratch_);
  scratch_lock_.reset();
}

Result<std::shared_ptr<Kennel>> Kennel::open(KennelOptions options) {
  std::error_code error;
  if (options.launcher.empty()) {
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (error) return fail(Code::kFailure, "cannot find this program: " + error.message());
    options.launcher = (self.parent_path() / "keisei").string();
  }
  if (::access(options.launcher.c_str(), X_OK) != 0) {
    return because("engines need the program " + options.launcher);
  }
  if (options.scratch_root.empty()) options.scratch_root = fs::temp_directory_path(error);
  options.scratch_root = fs::canonical(options.scratch_root, error);
  if (error) return fail(Code::kFailure, "no directory for temporary files: " + error.message(), "set TMPDIR");
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return because("cannot become a subreaper");
  remove_left_over(options.scratch_root);
  std::shared_ptr<Kennel> kennel(new Kennel(std::move(options)));
  kennel->watcher_ = std::jthread([raw = kennel.get()](const std::stop_token& stop) { raw->watch(stop); });
  return kennel;
}

Kennel::~Kennel() {
  watcher_.request_stop();
  watcher_.join();
  const std::lock_guard lock(mutex_);
  sweep_strays();
}

Result<std::unique_ptr<Caged>> Kennel::start(const CagedCommand& command) {
  std::error_code error;
  const fs::path program = fs::canonical(command.argv.front(), error);
  if (error) return fail(Code::kUsage, "program " + command.argv.front() + ": " + error.message());
  Cage cage;
  cage.strict = command.strict;
  cage.data_mb = options_.limit_data ? std::lround(std::ceil(command.memory_mb)) : 0;
  const fs::path own = program.parent_path();
  cage.readable.push_back(program.string());
  if (may_be_shown(own, options_.scratch_root)) cage.readable.push_back(own.string());
  cage.directory = own.string();
  if (!command.directory.empty()) {
    const fs::path directory = fs::canonical(command.directory, error);
    if (error || !fs::is_directory(directory, error)) {
      return fail(Code::kUsage, "directory " + command.directory + " of a program is no directory");
    }
    cage.directory = directory.string();
    cage.readable.push_back(cage.directory);
  }
  for (const std::string& place : command.readable) cage.readable.push_back(place);

  auto input = make_pipe();
  auto output = make_pipe();
  auto errors = make_pipe();
  for (const auto* pipe : {&input, &output, &errors}) {
    if (!*pipe) return tl::make_unexpected(pipe->error());
  }
  Fd lock;
  auto scratch = make_scratch(options_.scratch_root, lock);
  if (!scratch) return tl::make_unexpected(scratch.error());
  cage.scratch = scratch->string();
  const auto text = encode(cage);
  if (!text) {
    remove_tree(*scratch);
    return tl::make_unexpected(text.error());
  }

  SpawnPlan plan{options_.launcher,
                 options_.launcher_argv,
                 {{input->read.get(), 0}, {output->write.get(), 1}, {errors->write.get(), 2}}};
  for (const std::string& word :
       {std::string("--parent"), std::to_string(::getpid()), std::string("--stack-mb"), std::to_string(kStackMb),
        std::string("--plain"), std::string("--cage"), *text, std::string("--"), command.argv.front()}) {
    plan.argv.push_back(word);
  }
  plan.argv.insert(plan.argv.end(), command.argv.begin() + 1, command.argv.end());

  const std::lock_guard guard(mutex_);  // a child that is not yet known would be taken for a stray
  auto child = spawn(plan);
  if (!child) {
    remove_tree(*scratch);
    return tl::make_unexpected(child.error());
  }
  std::unique_ptr<Caged> caged(new Caged(shared_from_this(), std::move(*child), command));
  caged->input_ = std::move(input->write);
  caged->output_ = std::move(output->read);
  caged->errors_ = std::move(errors->read);
  for (const Fd* fd : {&caged->input_, &caged->output_, &caged->errors_}) unblock(*fd);
  caged->scratch_ = *scratch;
  caged->scratch_lock_ = std::move(lock);
  live_.push_back(caged.get());
  changed_.notify_all();
  return caged;
}

void Kennel::forget(Caged* caged) { live_.remove(caged); }

void Kennel::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (int round = 0; !stop.stop_requested(); ++round) {
    changed_.wait(lock, stop, [this] { return !live_.empty(); });
    for (Caged* caged : live_) inspect(*caged, round % kScratchEveryRounds == 0);
    changed_.wait_for(lock, stop, kWatchEvery, [] { return false; });
  }
}

void Kennel::inspect(Caged& caged, bool look_at_scratch) {
  if (caged.child_.reaped() || caged.broken_limit_) return;
  const std::vector<pid_t> below = proc::descendants(caged.pid_);
  double rss_mb = proc::RssProbe(caged.pid_).rss_mb().value_or(0);
  for (const pid_t pid : below) rss_mb += proc::RssProbe(pid).rss_mb().value_or(0);
  const auto whole = [](double mb) { return std::to_string(std::lround(mb)) + " MB"; };
  if (static_cast<int>(below.size()) + 1 > caged.processes_) {
    caged.broken_limit_ = "it ran more than " + std::to_string(caged.processes_) + " processes";
  } else if (rss_mb > caged.memory_mb_) {
    caged.broken_limit_ = "it used " + whole(rss_mb) + " of memory, " + whole(caged.memory_mb_) + " are allowed";
  } else if (look_at_scratch && scratch_mb(caged.scratch_) > caged.scratch_mb_) {
    caged.broken_limit_ = "it filled its scratch directory with more than " + whole(caged.scratch_mb_);
  }
  if (!caged.broken_limit_) return;
  kill_below(caged.pid_);
  kill_now(caged.pid_);
}

void Kennel::sweep_strays() {
  const auto known = [this](pid_t pid) {
    return std::any_of(live_.begin(), live_.end(),
                       [&](const Caged* c) { return !c->child_.reaped() && c->pid_ == pid; });
  };
  for (int round = 0; round < kKillRounds; ++round) {
    bool found = false;
    for (const pid_t pid : proc::children(::getpid())) {
      if (known(pid) || !is_caged(pid)) continue;
      found = true;
      if (is_living(pid)) {
        kill_below(pid);
        kill_now(pid);
      }
      (void)::waitpid(pid, nullptr, WNOHANG);
    }
    if (!found) return;  // the children of what was reaped were ours by then, and there are none
    wait_a_round();
  }
}

}  // namespace keisei::guard
