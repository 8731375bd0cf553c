// The seam between the USI protocol and whatever plays: a position and an allowance of time in, a move out, and lines
// of thought on the way. A thinker knows no protocol and no clock of its own: it asks the allowance, which the reading
// thread may shorten at any moment. One thread thinks at a time; the allowance is shared between threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "shogi/position.h"

namespace keisei::app::usi {

/// Seconds from when it is granted.
struct TimeBudget {
  double soft_s = std::numeric_limits<double>::infinity();  ///< no new effort is begun after this
  double hard_s = std::numeric_limits<double>::infinity();  ///< the move is due
};

/// When a thought has to end. Thread-safe.
class Allowance {
 public:
  explicit Allowance(const Clock& clock) : clock_(clock) { restart(); }
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;

  /// A new thought begins now, without an end.
  void restart();
  /// From now on, so many seconds are left.
  void grant(const TimeBudget& budget);
  void stop() { stopped_.store(true); }
  /// The move is due: at once.
  [[nodiscard]] bool over() const;
  /// What was done suffices.
  [[nodiscard]] bool enough() const;
  [[nodiscard]] double elapsed_s() const;
  /// Until the move is due; infinite without a limit, at least 0.
  [[nodiscard]] double left_s() const;

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  [[nodiscard]] static std::int64_t deadline(std::int64_t now_ns, double seconds);

  const Clock& clock_;
  std::atomic<std::int64_t> begun_ns_{0};
  std::atomic<std::int64_t> soft_ns_{kNever};
  std::atomic<std::int64_t> hard_ns_{kNever};
  std::atomic<bool> stopped_{false};
};

struct ThinkRequest {
  shogi::Position position;  ///< not over; with its history
  std::uint64_t most_nodes = std::numeric_limits<std::uint64_t>::max();
  int most_depth = std::numeric_limits<int>::max();  ///< plies
  std::vector<shogi::Move> only{};                   ///< legal moves to choose among; empty = all
  int lines = 1;                                     ///< the best so many are told, where the thinker ranks moves
  double draw_value = 0;                             ///< expected result of a draw for the side to move, in [-1, 1]
  Random random{0, Purpose::kEvaluation};
};

/// One line of thought, as an info line tells it.
struct ThoughtLine {
  int rank = 1;  ///< 1 = the best
  int depth = 0;
  std::uint64_t nodes = 0;
  std::uint64_t known_nodes = 0;  ///< of them, from earlier thoughts
  double value = 0;               ///< expected result in [-1, 1] for the side to move
  std::optional<int> mate_plies;  ///< > 0: mates in so many plies; < 0: is mated
  std::vector<shogi::Move> moves{};
};
using TellThought = std::function<void(const ThoughtLine&)>;

struct Thought {
  shogi::Move move{};   ///< the null move: it has none, and resigns
  shogi::Move reply{};  ///< what it expects; the null move where it expects nothing
  double value = 0;     ///< expected result in [-1, 1] for the side to move
};

class Thinker {
 public:
  virtual ~Thinker() = default;
  /// Returns within milliseconds of the allowance's end, with a legal move of the request's if there is one.
  [[nodiscard]] virtual Thought think(const ThinkRequest& request, const Allowance& allowance,
                                      const TellThought& tell) = 0;
  /// "material:4", "runs/first (2,048 kB)": what plays.
  [[nodiscard]] virtual std::string description() const = 0;
  /// Whether `lines` beyond the first are told.
  [[nodiscard]] virtual bool ranks_lines() const { return false; }
  /// Whether `draw_value` is heeded.
  [[nodiscard]] virtual bool values_draws() const { return false; }
  /// What earlier games left behind is forgotten.
  virtual void new_game() {}
};

/// A value in hundredths of a pawn, by the curve with which engines' scores are read (evaluation/engine_answer.h).
[[nodiscard]] int centipawns(double value);
/// The other way round.
[[nodiscard]] double value_of_centipawns(std::int64_t hundredths);

}  // namespace keisei::app::usi
