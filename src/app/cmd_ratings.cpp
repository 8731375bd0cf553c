// keisei ratings: the games of runs and matches, one fit, a table. Reads only; a damaged file is named and left alone.
#include <iostream>

#include "app/cli.h"
#include "app/match_command.h"
#include "base/file.h"
#include "evaluation/match_journal.h"
#include "evaluation/ratings_report.h"
#include "store/run_database.h"
#include "store/run_index.h"

namespace keisei::app {
namespace {

/// Everything that was read.
struct Ledger {
  std::vector<evaluation::RatingsSource> sources;
  std::vector<evaluation::RatedGame> games;
  std::map<std::string, std::string> names;
  std::vector<evaluation::StoredRating> stored;  ///< with the last evaluation of the only run
};

void add(Ledger& ledger, const std::string& path, const std::string& kind,
         const std::vector<evaluation::GameRecord>& records) {
  const auto rated = evaluation::rated_games(records);
  evaluation::add_names(ledger.names, records);
  ledger.sources.push_back({path, kind, records.size(), rated.size()});
  ledger.games.insert(ledger.games.end(), rated.begin(), rated.end());
}

Result<void> read_run(Ledger& ledger, const store::RunPaths& paths) {
  auto database = store::RunDatabase::open(paths.database(), store::RunDatabase::Mode::kRead);
  if (!database) return tl::make_unexpected(database.error());
  const auto rows = database->games();
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<evaluation::GameRecord> records;
  std::int64_t last = 0;
  for (const store::GameRow& row : *rows) {
    auto record = evaluation::decode_record(row.json);
    if (!record)
      return fail(Code::kBadData,
                  paths.database().string() + ": game " + std::to_string(row.id) + ": " + record.error().message,
                  "the file is left as it is");
    last = std::max(last, row.evaluation_id);
    records.push_back(std::move(*record));
  }
  add(ledger, paths.root.string(), "run", records);
  const auto ratings = database->ratings(last);
  if (!ratings) return tl::make_unexpected(ratings.error());
  for (const store::RatingRow& rating : *ratings)
    if (rating.elo) ledger.stored.push_back({rating.player, rating.protocol, *rating.elo});
  return {};
}

Result<void> read_source(Ledger& ledger, const std::string& source, const std::filesystem::path& savedir) {
  std::error_code error;
  if (!source.empty() && std::filesystem::exists(std::filesystem::path(source) / evaluation::kMatchFile, error)) {
    const auto stored = evaluation::read_stored_match(source);
    if (!stored) return tl::make_unexpected(stored.error());
    add(ledger, source, "match", stored->games);
    return {};
  }
  const auto paths = store::find_run(savedir, source);
  if (!paths) return fail(paths.error().code, paths.error().message + ", and no match there", paths.error().hint);
  return read_run(ledger, *paths);
}

}  // namespace

int run_ratings(const RatingsArgs& args) {
  Ledger ledger;
  const std::vector<std::string> newest = {""};
  for (const std::string& source : args.sources.empty() ? newest : args.sources)
    if (auto read = read_source(ledger, source, args.savedir); !read) return report(read.error());
  auto ratings =
      evaluation::rating_report(std::move(ledger.sources), ledger.games, std::move(ledger.names), args.protocol);
  if (!ratings) return report(ratings.error());
  // Only the games of one run are those that its ratings were computed from.
  if (ratings->sources.size() == 1 && args.protocol.empty() && !ledger.stored.empty())
    ratings->stored = evaluation::check_stored(ledger.stored, ratings->tables);
  if (args.svg) {
    if (auto written = write_durably(*args.svg, evaluation::to_svg(*ratings)); !written) return report(written.error());
  }
  std::cout << (args.json ? evaluation::to_json(*ratings) + "\n" : evaluation::to_text(*ratings));
  return 0;
}

}  // namespace keisei::app
