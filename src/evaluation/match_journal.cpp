#include "evaluation/match_journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "evaluation/record_file.h"

namespace keisei::evaluation {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> system_error(const std::string& what, const fs::path& path) {
  return fail(Code::kFailure, "cannot " + what + " " + path.string() + ": " + std::strerror(errno),
              "is the directory there and writable, and the disk not full?");
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

/// Opened for appending and locked: two processes never write one journal.
Result<Fd> open_locked(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!fd) return system_error("open", path);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) return system_error("lock", path);
    return fail(Code::kFailure, path.string() + " is in use by another process", "wait for that match, or stop it");
  }
  return fd;
}

struct Contents {
  std::vector<GameRecord> games;
  std::size_t whole_bytes = 0;  ///< up to the last line break
  bool torn = false;
};

/// The games of the journal's text: all of the match, legal, every number once.
Result<Contents> read_games(const fs::path& path, const Match& match) {
  auto text = read_text(path, kMaxRecordFileBytes);
  if (!text) return tl::make_unexpected(text.error());
  Contents contents;
  const std::size_t last = text->rfind('\n');
  contents.whole_bytes = last == std::string::npos ? 0 : last + 1;
  contents.torn = contents.whole_bytes < text->size();
  std::string_view rest = std::string_view(*text).substr(0, contents.whole_bytes);
  std::set<std::uint64_t> numbers;
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    const std::string where = path.string() + ":" + std::to_string(number) + ": ";
    auto record = decode_record(line);
    if (!record) return fail(Code::kBadData, where + record.error().message, "the file is left as it is");
    const std::string game = "game " + std::to_string(record->game);
    if (!is_of(match, *record))
      return fail(Code::kBadData, where + game + " is of another match or protocol (" + record->protocol + ")",
                  "the file is left as it is");
    if (auto legal = verify(*record); !legal)
      return fail(Code::kBadData, where + legal.error().message, "the file is left as it is");
    if (!numbers.insert(record->game).second)
      return fail(Code::kBadData, where + game + " is there twice", "the file is left as it is");
    contents.games.push_back(std::move(*record));
  }
  return contents;
}

}  // namespace

Result<MatchJournal> MatchJournal::create(const fs::path& directory, const Match& match) {
  const fs::path settings = directory / kMatchFile;
  const fs::path path = directory / kJournalFile;
  if (is_there(settings) || is_there(path))
    return fail(Code::kUsage, directory.string() + " holds a match already",
                "continue it with --resume " + directory.string() + ", or name another directory");
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return fail(Code::kFailure, "cannot make " + directory.string() + ": " + error.message());
  if (auto written = write_durably(settings, encode(match) + "\n"); !written)
    return tl::make_unexpected(written.error());
  if (auto written = write_durably(path, std::string_view()); !written) return tl::make_unexpected(written.error());
  auto fd = open_locked(path);
  if (!fd) return tl::make_unexpected(fd.error());
  return MatchJournal(path, std::move(*fd));
}

Result<MatchJournal::Opened> MatchJournal::resume(const fs::path& directory, const Match& match) {
  const fs::path path = directory / kJournalFile;
  if (!is_there(directory / kMatchFile))
    return fail(Code::kUsage, directory.string() + " holds no match", "start one with --output");
  auto fd = open_locked(path);
  if (!fd) return tl::make_unexpected(fd.error());
  auto contents = read_games(path, match);
  if (!contents) return tl::make_unexpected(contents.error());
  if (contents->torn &&
      (::ftruncate(fd->get(), static_cast<off_t>(contents->whole_bytes)) != 0 || ::fsync(fd->get()) != 0))
    return system_error("cut the torn last line of", path);
  // Another number of games or stop rule is what the match goes on with.
  const std::string settings = encode(match) + "\n";
  if (const auto saved = read_text(directory / kMatchFile, kMaxRequestBytes + 1); !saved || *saved != settings) {
    if (auto written = write_durably(directory / kMatchFile, settings); !written)
      return tl::make_unexpected(written.error());
  }
  return Opened{MatchJournal(path, std::move(*fd)), std::move(contents->games), contents->torn};
}

Result<void> MatchJournal::append(const GameRecord& record) {
  if (broken_) return fail(Code::kFailure, path_.string() + " could not be written before");
  const std::string line = encode(record) + "\n";
  broken_ = true;
  if (auto written = write_all(fd_.get(), std::as_bytes(std::span(line)), path_.string()); !written) return written;
  if (::fdatasync(fd_.get()) != 0) return system_error("write", path_);
  broken_ = false;
  return {};
}

Result<Match> read_match(const fs::path& directory) {
  const fs::path path = directory / kMatchFile;
  if (!is_there(path))
    return fail(Code::kUsage, directory.string() + " holds no match (" + kMatchFile + " is missing)",
                "start one with --output");
  const auto text = read_text(path, kMaxRequestBytes + 1);
  if (!text) return tl::make_unexpected(text.error());
  auto match = decode_match(std::string_view(*text).substr(0, text->find_last_not_of('\n') + 1));
  if (!match) return fail(Code::kBadData, path.string() + ": " + match.error().message, match.error().hint);
  return match;
}

Result<StoredMatch> read_stored_match(const fs::path& directory) {
  auto match = read_match(directory);
  if (!match) return tl::make_unexpected(match.error());
  StoredMatch stored{std::move(*match), {}, false};
  if (!is_there(directory / kJournalFile)) return stored;
  auto contents = read_games(directory / kJournalFile, stored.match);
  if (!contents) return tl::make_unexpected(contents.error());
  stored.games = std::move(contents->games);
  stored.torn = contents->torn;
  return stored;
}

}  // namespace keisei::evaluation
