// The games of a match on disk: one JSON line a game, fsynced before the game counts, so that kill -9 loses none that
// was counted. A torn last line is what a kill leaves; it is cut off and its game is played again. Any other fault, and
// any game of another match, is refused and the file left as it is. Owned by the match's process, which holds a lock on
// the file; one thread.
#pragma once

#include <filesystem>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "evaluation/match.h"

namespace keisei::evaluation {

inline constexpr const char* kMatchFile = "match.json";     ///< its settings
inline constexpr const char* kJournalFile = "games.jsonl";  ///< its games

class MatchJournal {
 public:
  /// Makes the directory, saves the settings, begins an empty journal. kUsage where a match lies there already.
  [[nodiscard]] static Result<MatchJournal> create(const std::filesystem::path& directory, const Match& match);

  struct Opened;
  /// Opens the journal of `match` for appending and reads its games. kUsage where there is none, kBadData with file and
  /// line where it holds anything else, kFailure while another process has it open.
  [[nodiscard]] static Result<Opened> resume(const std::filesystem::path& directory, const Match& match);

  /// Appends and fsyncs. After an error nothing more is taken: what the disk holds is then unknown.
  [[nodiscard]] Result<void> append(const GameRecord& record);

 private:
  MatchJournal(std::filesystem::path path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  std::filesystem::path path_;
  Fd fd_;
  bool broken_ = false;
};

struct MatchJournal::Opened {
  MatchJournal journal;
  std::vector<GameRecord> games;  ///< in the order of the journal, every game once
  bool torn = false;              ///< a torn last line was cut off
};

/// The settings that a directory holds; kUsage where it holds no match, kBadData where they cannot be read.
[[nodiscard]] Result<Match> read_match(const std::filesystem::path& directory);

/// Settings and games, for reports; nothing is written, a torn last line is passed over.
struct StoredMatch {
  Match match;
  std::vector<GameRecord> games;
  bool torn = false;
};
[[nodiscard]] Result<StoredMatch> read_stored_match(const std::filesystem::path& directory);

}  // namespace keisei::evaluation
