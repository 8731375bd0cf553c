#include "evaluation/engine_lines.h"

#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <utility>

#include "evaluation/engine_answer.h"

namespace keisei::evaluation {
namespace {

constexpr double kSliceS = 0.05;  ///< longest wait before keep_going is asked and the process looked at
constexpr double kAfterPipesS = 2;
constexpr std::size_t kReadBytes = 1U << 16;
constexpr std::size_t kKeptErrorBytes = 600;
constexpr std::size_t kKeptNoteBytes = 4096;
constexpr std::size_t kCompactBytes = 1U << 20;
constexpr int kReadsPerTurn = 16;
constexpr std::string_view kNotePrefix = "keisei __launch: cage: ";

/// Keeps SIGPIPE from this thread while it writes to a pipe whose reader may be gone.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() {
    const timespec none{0, 0};
    if (!was_pending_) {
      while (::sigtimedwait(&pipe_, nullptr, &none) < 0 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

EngineLines::EngineLines(guard::Caged& process, const Clock& clock, std::function<bool()> keep_going)
    : process_(process), clock_(clock), keep_going_(std::move(keep_going)) {}

tl::unexpected<Error> EngineLines::failed(EngineTrouble trouble, const std::string& sentence) {
  trouble_ = trouble;
  read_errors();
  const std::string words = last_words();
  return fail(Code::kFailure, sentence + (words.empty() ? "" : "; its last words: " + words));
}

tl::unexpected<Error> EngineLines::gone(const std::string& what) {
  // Pipes close a moment before their process can be asked how it ended.
  const double deadline_s = clock_.monotonic_s() + kAfterPipesS;
  auto ended = process_.ended();
  while (!ended && clock_.monotonic_s() < deadline_s) {
    pollfd fd{process_.pidfd(), POLLIN, 0};
    (void)::poll(&fd, 1, static_cast<int>(kSliceS * 1000));
    ended = process_.ended();
  }
  return failed(EngineTrouble::kGone, ended ? "the engine ended: " + *ended : "the engine closed its " + what);
}

void EngineLines::wait(double deadline_s, bool writing) const {
  const double left_s = std::clamp(deadline_s - clock_.monotonic_s(), 0.0, kSliceS);
  std::array<pollfd, 4> fds{{{process_.output(), POLLIN, 0},
                             {process_.errors(), POLLIN, 0},
                             {process_.pidfd(), POLLIN, 0},
                             {writing ? process_.input() : -1, POLLOUT, 0}}};
  if (closed_) fds[0].fd = -1;
  if (errors_closed_) fds[1].fd = -1;
  (void)::poll(fds.data(), fds.size(), static_cast<int>(std::ceil(left_s * 1000)));
}

void EngineLines::read_output() {
  if (begin_ > kCompactBytes || (begin_ > 0 && begin_ == buffer_.size())) {
    buffer_.erase(0, begin_);
    scanned_ -= begin_;
    begin_ = 0;
  }
  std::array<char, kReadBytes> bytes{};
  for (int turn = 0; turn < kReadsPerTurn && !closed_ && buffer_.size() - begin_ <= kMaxEngineLineBytes; ++turn) {
    const ssize_t n = ::read(process_.output(), bytes.data(), bytes.size());
    if (n > 0) {
      buffer_.append(bytes.data(), static_cast<std::size_t>(n));
    } else if (n < 0 && errno == EINTR) {
      continue;
    } else {
      closed_ = n == 0 || !would_block(errno);
      return;
    }
  }
}

void EngineLines::read_errors() {
  std::array<char, kReadBytes> bytes{};
  for (int turn = 0; turn < kReadsPerTurn; ++turn) {
    const ssize_t n = ::read(process_.errors(), bytes.data(), bytes.size());
    if (n == 0) errors_closed_ = true;
    if (n <= 0) return;
    const std::string_view text(bytes.data(), static_cast<std::size_t>(n));
    if (notes_.size() < kKeptNoteBytes) notes_ += text.substr(0, kKeptNoteBytes - notes_.size());
    errors_ += text;
    if (errors_.size() > kKeptErrorBytes) errors_.erase(0, errors_.size() - kKeptErrorBytes);
  }
}

std::string EngineLines::last_words() const {
  std::string text = errors_;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return printable_ascii(text.size() > kMaxEngineTextBytes ? text.substr(text.size() - kMaxEngineTextBytes) : text);
}

std::vector<std::string> EngineLines::cage_notes() const {
  std::vector<std::string> found;
  std::string_view text = notes_;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.starts_with(kNotePrefix)) found.push_back("cage: " + printable_ascii(line.substr(kNotePrefix.size())));
  }
  return found;
}

bool EngineLines::take_line(std::string& line) {
  const std::size_t end = buffer_.find('\n', scanned_);
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    return false;
  }
  line.assign(buffer_, begin_, end - begin_);
  if (line.ends_with('\r')) line.pop_back();
  begin_ = end + 1;
  scanned_ = begin_;
  ++answer_lines_;
  answer_bytes_ += line.size() + 1;
  return true;
}

Result<void> EngineLines::check_bounds() {
  if (scanned_ - begin_ > kMaxEngineLineBytes) {
    return failed(EngineTrouble::kBreach,
                  "the engine wrote a line of more than " + std::to_string(kMaxEngineLineBytes) + " bytes");
  }
  if (answer_lines_ > kMaxAnswerLines || answer_bytes_ > kMaxAnswerBytes) {
    return failed(EngineTrouble::kBreach, "the engine flooded its output: more than " +
                                              std::to_string(kMaxAnswerLines) + " lines or " +
                                              std::to_string(kMaxAnswerBytes >> 20) + " MiB for one answer");
  }
  return {};
}

void EngineLines::begin_answer() {
  answer_lines_ = 0;
  answer_bytes_ = 0;
  trouble_ = EngineTrouble::kNone;
}

Result<void> EngineLines::send(std::string_view text, double deadline_s) {
  const NoPipeSignal guard;
  while (!text.empty()) {
    const ssize_t n = ::write(process_.input(), text.data(), text.size());
    if (n > 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && !would_block(errno)) return gone("input");
    if (clock_.monotonic_s() >= deadline_s) return failed(EngineTrouble::kLate, "the engine does not read its input");
    if (keep_going_ && !keep_going_()) return failed(EngineTrouble::kCancelled, "the evaluation was stopped");
    wait(deadline_s, true);
    read_errors();
  }
  return {};
}

Result<std::string> EngineLines::next(double deadline_s) {
  std::string line;
  while (true) {
    if (take_line(line)) {
      if (auto good = check_bounds(); !good) return tl::make_unexpected(good.error());
      if (clock_.monotonic_s() >= deadline_s) return failed(EngineTrouble::kLate, "the engine did not answer in time");
      return line;
    }
    if (auto good = check_bounds(); !good) return tl::make_unexpected(good.error());
    // An end is believed only when everything it wrote before has been read.
    const bool ended = process_.ended().has_value();
    read_output();
    read_errors();
    if (buffer_.size() > scanned_) continue;
    if (ended || closed_) return gone("output");
    if (clock_.monotonic_s() >= deadline_s) return failed(EngineTrouble::kLate, "the engine did not answer in time");
    if (keep_going_ && !keep_going_()) return failed(EngineTrouble::kCancelled, "the evaluation was stopped");
    wait(deadline_s, false);
  }
}

Result<std::vector<std::string>> EngineLines::pending() {
  std::vector<std::string> lines;
  std::string line;
  read_output();
  read_errors();
  while (take_line(line)) {
    if (auto good = check_bounds(); !good) return tl::make_unexpected(good.error());
    lines.push_back(std::move(line));
  }
  if (auto good = check_bounds(); !good) return tl::make_unexpected(good.error());
  return lines;
}

}  // namespace keisei::evaluation
