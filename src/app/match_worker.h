// The worker's side of a match: takes jobs from the supervisor, plays their games, sends each record back. A process of
// its own, because engines and players are not trusted with the match. Players live from job to job, so that an engine
// is started once. keisei runs it for players without a network (`keisei __match_worker`); keisei-torch calls
// serve_match from its own worker, with a function that also makes networks.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "evaluation/match_job.h"
#include "evaluation/player_factory.h"
#include "guard/worker.h"

namespace keisei::app {

inline constexpr const char* kMatchKind = "match game ";       ///< kind of a job with games, before the first's number
inline constexpr const char* kMatchCheckKind = "match check";  ///< kind of a job that only looks at its players
inline constexpr std::size_t kMaxKeptPlayers = 8;              ///< from job to job

/// Whether a job of the supervisor is one for serve_match.
[[nodiscard]] inline bool is_match_job(const guard::WorkerRequest& job) {
  return job.kind == kMatchCheckKind || job.kind.starts_with(kMatchKind);
}

/// Makes the player of one side, "agent" or "opponent"; weights come as the attachment that its id names.
using MatchPlayerFor = std::function<Result<std::shared_ptr<shogi::Player>>(
    const evaluation::MatchJob& job, const std::string& side, const guard::WorkerRequest& request)>;

/// The players of a worker, by side and name. One thread.
class MatchPlayers {
 public:
  explicit MatchPlayers(MatchPlayerFor make) : make_(std::move(make)) {}
  [[nodiscard]] Result<std::shared_ptr<shogi::Player>> get(const evaluation::MatchJob& job, const std::string& side,
                                                           const guard::WorkerRequest& request);

 private:
  MatchPlayerFor make_;
  std::map<std::string, std::shared_ptr<shogi::Player>> kept_;
};

/// Where this worker's engines run; signs of life and notes of players go over `channel`, the notes as results among
/// the records. The channel must outlive the players. kFailure.
[[nodiscard]] Result<evaluation::EngineHost> engine_host(guard::WorkerChannel& channel, const Clock& clock);

/// Serves one job: checks the players where it has no games, else plays them. The caller says done() or error().
[[nodiscard]] Result<void> serve_match(guard::WorkerChannel& channel, const guard::WorkerRequest& request,
                                       MatchPlayers& players, const evaluation::EngineHost& host, const Clock& clock);

/// `keisei __match_worker`: serves jobs until the supervisor closes the channel. The process's exit code.
int run_match_worker(int argc, const char* const* argv);

}  // namespace keisei::app
