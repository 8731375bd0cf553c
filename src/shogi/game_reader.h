// One game while it is read: the position after the moves so far beside the value that comes out, and what was left
// out. The readers of all formats end games, take header lines and comments through it, so that one game reads the same
// from every format. Internal to the readers; record_read.h is the door. One thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "shogi/record_read.h"
#include "shogi/record_source.h"

namespace keisei::shogi {

/// How a record says that its game ended, before it is known who loses by that.
enum class EndWord : std::uint8_t {
  kInterrupted,
  kResign,
  kCheckmate,
  kRepetition,
  kImpasse,          ///< a draw by two entered kings
  kDeclarationDraw,  ///< a draw that the side to move declared
  kDeclarationWin,   ///< the side to move wins
  kTimeout,
  kFoulOfMover,  ///< the side to move broke a rule and loses
  kFoulOfOther,  ///< the side to move wins by the foul of the other
  kMaxMoves,
};

class GameReader {
 public:
  /// `number` counts from 1.
  GameReader(const RecordSource& source, std::size_t number) : source_(&source), number_(number) {}

  [[nodiscard]] const Position& position() const { return position_; }
  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] std::size_t plies() const { return read_.game.moves.size(); }
  [[nodiscard]] Move last_move() const { return plies() == 0 ? Move() : read_.game.moves.back().move; }
  [[nodiscard]] bool ended() const { return ended_; }
  /// Whose turn the record takes it to be: after a foul it is the other's, though the position is the one before.
  [[nodiscard]] Color side_to_move() const { return foul_ ? ~position_.side() : position_.side(); }
  /// Moves that the record holds so far, the foul at its end too.
  [[nodiscard]] std::size_t recorded_plies() const { return recorded_plies_; }
  GameText& game() { return read_.game; }

  /// kBadData at byte `at` of the source's current line, with this game's number and, for moves, `ply`.
  [[nodiscard]] tl::unexpected<Error> fault(std::size_t at, const std::string& what, std::string_view allowed) const {
    return source_->fault(at, number_, 0, what, allowed);
  }
  /// The same about the move that comes next.
  [[nodiscard]] tl::unexpected<Error> move_fault(std::size_t at, const std::string& what,
                                                 std::string_view allowed) const {
    return source_->fault(at, number_, plies() + 1, what, allowed);
  }

  /// The same about the move, or the end, that was read last.
  [[nodiscard]] tl::unexpected<Error> last_fault(std::size_t at, const std::string& what,
                                                 std::string_view allowed) const {
    return source_->fault(at, number_, plies() + (ended_ ? 1 : 0), what, allowed);
  }

  /// Sets the start; no move may have been played.
  void start_from(const Position& start);
  /// kBadData where no move may come at byte `at`: after the end, or after an illegal move, with the reason of that.
  [[nodiscard]] Result<void> expect_move(std::size_t at, std::string_view allowed_after_end) const;
  /// Plays the next move, which stands at byte `at`. An illegal one is refused, with the reason, by the next call of
  /// expect_move or take unless the record goes on to say that the game ended by it.
  [[nodiscard]] Result<void> play(Move m, std::size_t at);
  /// Time of the last move, or of the end where the game has ended.
  void spent(double time_s);
  /// A line of comment about the last move, or about the start.
  void comment(std::string_view line);
  /// A header line by its Japanese name; event, names and date have fields of their own.
  [[nodiscard]] Result<void> header(std::string_view key, std::string_view value, std::size_t at);
  void note(std::string sentence);
  /// Counts a variation, which is left out. False where there are more than a file may have.
  [[nodiscard]] bool count_variation() { return ++variations_ <= kMaxVariations; }

  /// Ends the game with the side to move as it is now.
  void end(EndWord word);
  /// The game, once its text is at an end. kBadData for an illegal move that did not end it.
  [[nodiscard]] Result<ReadGame> take();

 private:
  const RecordSource* source_;
  std::size_t number_;
  Position position_;
  ReadGame read_;
  std::size_t recorded_plies_ = 0;
  std::optional<Error> foul_;  ///< the illegal move that came last, until the record says that it ended the game
  bool ended_ = false;
  bool has_comment_ = false;  ///< of the last move, or of the start
  std::size_t variations_ = 0;
};

}  // namespace keisei::shogi
