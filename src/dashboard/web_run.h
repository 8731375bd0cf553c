// One run as the page sees it: its database followed row by row, curves and newest values kept in bounded memory.
// Reading goes in slices of kRowsPerSlice rows, so that a run of a million rows, opened for the first time, holds up no
// other client. A database that is replaced (a resumed run moved a damaged one aside) is opened anew. Reads only.
// Owned by the web server; one thread. Times are UTC milliseconds.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dashboard/web_series.h"
#include "store/run_index.h"
#include "store/run_reader.h"

namespace keisei::dashboard {

class WebRun {
 public:
  WebRun(store::RunPaths paths, const Clock& clock);

  /// Takes in what was committed since, at most one slice. True when there is more to read at once.
  bool advance();
  /// Rises with everything that a client could see change.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// Why nothing can be read; empty = all is well.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  [[nodiscard]] bool is_caught_up() const { return caught_up_; }

  [[nodiscard]] const store::RunPaths& paths() const { return paths_; }
  [[nodiscard]] const store::RunSummary& summary() const { return summary_; }
  [[nodiscard]] const std::map<std::string, std::string>& meta() const { return meta_; }
  [[nodiscard]] const store::NewestIds& newest() const { return newest_; }
  /// The newest row of every metric; NaN = not measured.
  [[nodiscard]] const std::map<std::string, store::Metric>& latest() const { return latest_; }
  /// Nothing for a name that has no row.
  [[nodiscard]] const Series* series(const std::string& name) const;
  [[nodiscard]] const std::deque<store::EventRow>& events() const { return events_; }
  /// governor.pair, governor.pair_dropped and governor.set_point, newest last.
  [[nodiscard]] const std::deque<store::EventRow>& pairs() const { return pairs_; }
  /// game.sample of games that ended, newest last, and of the newest one that goes on.
  [[nodiscard]] const std::deque<store::EventRow>& samples() const { return samples_; }
  [[nodiscard]] const std::optional<store::EventRow>& running_sample() const { return running_sample_; }
  /// promotion, newest last.
  [[nodiscard]] const std::deque<store::EventRow>& promotions() const { return promotions_; }
  /// Null while the database cannot be read.
  [[nodiscard]] const store::RunReader* reader() const { return reader_ ? &*reader_ : nullptr; }
  [[nodiscard]] const store::RunDatabase* database() const { return database_ ? &*database_ : nullptr; }

 private:
  void open();
  void close(std::string why);
  [[nodiscard]] Result<bool> read_slice();
  void look_at_status();
  void take(const store::NumberedMetric& row);
  void take(store::EventRow row);

  const store::RunPaths paths_;
  const Clock& clock_;
  std::optional<store::RunReader> reader_;
  std::optional<store::RunDatabase> database_;
  std::uint64_t inode_ = 0;         ///< of the database that is open
  std::int64_t data_version_ = -1;  ///< of what was read; -1 = nothing yet
  std::int64_t looked_ns_ = -1;     ///< when the run's status was last asked for; monotonic
  std::int64_t metrics_read_ = 0;   ///< id
  std::int64_t events_read_ = 0;    ///< id
  bool caught_up_ = false;
  std::uint64_t version_ = 1;
  std::string trouble_;
  store::RunSummary summary_;
  store::NewestIds newest_;
  std::map<std::string, std::string> meta_;
  std::map<std::string, store::Metric> latest_;
  std::map<std::string, Series> series_;
  std::deque<store::EventRow> events_;
  std::deque<store::EventRow> pairs_;
  std::deque<store::EventRow> samples_;
  std::optional<store::EventRow> running_sample_;
  std::deque<store::EventRow> promotions_;
};

}  // namespace keisei::dashboard
