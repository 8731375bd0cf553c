// Lines to and from an engine's pipes, each with a deadline and a bound: no line longer than kMaxEngineLineBytes, no
// more than kMaxAnswerLines or kMaxAnswerBytes for one answer, and its stderr is drained so that it cannot block on it.
// Owned by one Engine, used from its thread. Waiting is by poll in short slices, between which the caller's
// keep_going is asked. Times in seconds of the passed clock.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "guard/kennel.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxEngineLineBytes = 1U << 16;
inline constexpr std::size_t kMaxAnswerLines = 200'000;
inline constexpr std::size_t kMaxAnswerBytes = 64U << 20;

enum class EngineTrouble : std::uint8_t {
  kNone,
  kLate,       ///< the deadline passed
  kGone,       ///< the process ended, closed its pipes or was killed at a limit
  kBreach,     ///< it broke the protocol: line too long, too many lines, an answer that nobody asked for
  kCancelled,  ///< keep_going said no
};

class EngineLines {
 public:
  EngineLines(guard::Caged& process, const Clock& clock, std::function<bool()> keep_going);

  /// Writes the text (whole lines).
  [[nodiscard]] Result<void> send(std::string_view text, double deadline_s);
  /// Begins a new answer: its lines and bytes are counted from here.
  void begin_answer();
  /// The next line without its end.
  [[nodiscard]] Result<std::string> next(double deadline_s);
  /// Lines that have come already, without waiting.
  [[nodiscard]] Result<std::vector<std::string>> pending();

  [[nodiscard]] EngineTrouble trouble() const { return trouble_; }
  /// Sets the trouble and makes the error: "SENTENCE; its last words: …".
  tl::unexpected<Error> failed(EngineTrouble trouble, const std::string& sentence);
  [[nodiscard]] std::vector<std::string> cage_notes() const;
  /// The end of what it wrote to stderr, on one line, printable.
  [[nodiscard]] std::string last_words() const;

 private:
  void read_output();
  void read_errors();
  [[nodiscard]] Result<void> check_bounds();
  [[nodiscard]] bool take_line(std::string& line);
  /// Waits for output, stderr, the end of the process, or (with `writing`) room to write; at most a slice.
  void wait(double deadline_s, bool writing) const;
  /// The end of the process, or that it closed its `what` and lives.
  [[nodiscard]] tl::unexpected<Error> gone(const std::string& what);

  guard::Caged& process_;
  const Clock& clock_;
  std::function<bool()> keep_going_;
  EngineTrouble trouble_ = EngineTrouble::kNone;
  std::string buffer_;
  std::size_t begin_ = 0;    ///< of the first line not yet taken
  std::size_t scanned_ = 0;  ///< no line end before this
  std::size_t answer_lines_ = 0;
  std::size_t answer_bytes_ = 0;
  bool closed_ = false;
  bool errors_closed_ = false;
  std::string errors_;
  std::string notes_;
};

}  // namespace keisei::evaluation
