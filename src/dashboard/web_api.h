// What can be asked under /api/, and its answers: the runs, and of one run its state, series, evaluations, ratings,
// safeguards, events, checkpoints, games, records as text and configuration. A run is looked up by its name among
// those that are served; nothing of a request ever becomes part of a path. An answer that needs much reading is
// given in slices: it is called again until it has a value. Owned by the web server; one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dashboard/web_gatekeeper.h"
#include "dashboard/web_json.h"
#include "dashboard/web_run.h"

namespace keisei::dashboard {

struct WebSource {
  std::filesystem::path savedir;             ///< every run in it, as it comes and goes
  std::vector<std::filesystem::path> roots;  ///< not empty: these runs only
};

/// A record (keisei.game/1) as a text of another format: "kif", "ki2", "csa", "usi". kUsage for an unknown one.
using RecordWriter = std::function<Result<std::string>(std::string_view record, std::string_view format)>;

struct WebResponse {
  unsigned status = 200;
  std::string type = "application/json";
  std::shared_ptr<const std::string> body;
  std::vector<std::pair<std::string, std::string>> fields{};  ///< more of the header
};

/// Called until it gives a response; each call does one slice of work.
using WebAnswer = std::function<std::optional<WebResponse>()>;

[[nodiscard]] WebResponse json_response(unsigned status, std::string body);

class WebApi {
 public:
  WebApi(WebSource source, RecordWriter writer, const Clock& clock);

  /// `target` is of /api/…; never empty.
  [[nodiscard]] WebAnswer answer(const Target& target);
  /// A run to follow, opened if need be; null when there is none of that name. "" or "latest" = the newest.
  [[nodiscard]] std::shared_ptr<WebRun> open(const std::string& id);
  [[nodiscard]] std::string id_of(const WebRun& run) const;
  [[nodiscard]] std::string state_of(const WebRun& run) const;

 private:
  using Page = std::function<Result<std::string>(WebRun&)>;
  [[nodiscard]] const std::vector<NamedRun>& runs();
  [[nodiscard]] WebAnswer metrics(const std::string& id);
  [[nodiscard]] WebAnswer of_run(const Target& target);
  [[nodiscard]] WebAnswer page(std::shared_ptr<WebRun> run, Page body) const;
  [[nodiscard]] WebAnswer series(std::shared_ptr<WebRun> run, const Target& target) const;
  [[nodiscard]] WebAnswer games(std::shared_ptr<WebRun> run, const Target& target) const;
  [[nodiscard]] WebAnswer game(std::shared_ptr<WebRun> run, const Target& target) const;

  const WebSource source_;
  const RecordWriter writer_;
  const Clock& clock_;
  std::vector<NamedRun> runs_;
  std::int64_t listed_ns_ = -1;                                      ///< monotonic; -1 = never
  std::list<std::pair<std::string, std::shared_ptr<WebRun>>> open_;  ///< used last first
};

}  // namespace keisei::dashboard
