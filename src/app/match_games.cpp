#include "app/match_games.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "app/match_worker.h"
#include "evaluation/engine_spec.h"
#include "guard/sanitized.h"
#include "guard/sealed.h"
#include "guard/supervisor.h"

namespace keisei::app {
namespace {

constexpr double kWaitSliceS = 0.05;
constexpr double kHangS = 120;  ///< a worker gives signs of life several times a second, also while engines think
constexpr int kResultsOfAWorker = 2000;  ///< then it is replaced
constexpr double kWorkerMb = 1000;       ///< of a worker without its engines
constexpr double kEngineMarginMb = 64;   ///< of the pipes and the launcher beside an engine
constexpr double kCheckTimeoutS = 300;
constexpr std::size_t kAhead = 2;  ///< pairs that wait beyond those that are played

double memory_mb(const evaluation::Match& match, int concurrency) {
  double engines = 0;
  for (const evaluation::MatchPlayer& player : match.players) {
    if (player.spec.engine)
      engines += player.spec.engine->instances * (player.spec.engine->memory_mb + kEngineMarginMb);
  }
  // The supervisor ends a worker at a part of its limit; what was granted must fit below that.
  return concurrency * (kWorkerMb + engines) / guard::SupervisorOptions{}.memory_kill_fraction;
}

Result<std::unique_ptr<guard::Supervisor>> start_supervisor(const MatchRun& run, int permits, const Clock& clock) {
  guard::SupervisorOptions options;
  options.worker = run.worker;
  options.launcher = run.launcher;
  options.limit_data = !guard::kSanitized;
  options.plain = true;  // nobody trains beside a match that a person asked for
  options.process_restart_threshold = kResultsOfAWorker;
  options.hang_cpu_s = kHangS;
  options.hang_idle_s = kHangS;
  return guard::Supervisor::start(std::move(options), guard::Gate::make(permits), clock);
}

Result<guard::Job> job_for(const MatchRun& run, const std::string& kind, const evaluation::MatchJob& asked,
                           std::size_t agent, std::size_t opponent) {
  guard::Job job;
  job.kind = kind;
  job.limits.memory_mb = memory_mb(run.match, run.concurrency);
  job.limits.timeout_s = 0;
  job.limits.game_timeout_s = run.match.timeout_per_game_s;
  const std::string text = evaluation::encode(asked);
  const auto bytes = std::as_bytes(std::span(text));
  job.request.assign(bytes.begin(), bytes.end());
  for (const std::size_t player : {agent, opponent}) {
    if (player >= run.weights.size() || run.weights[player].empty()) continue;
    const std::string id(evaluation::weights_id_of(run.match.players[player].id));
    if (!job.attachments.empty() && job.attachments.front().name == id) continue;  // both are one set of weights
    auto sealed = guard::seal_bytes(id, run.weights[player]);
    if (!sealed) return tl::make_unexpected(sealed.error());
    job.attachments.push_back({id, std::move(*sealed)});
  }
  return job;
}

evaluation::EndReason missing_reason(guard::JobEnd end) {
  return end == guard::JobEnd::kTimeout ? evaluation::EndReason::kTimeout : evaluation::EndReason::kNotPlayed;
}

/// A note of a worker; one that cannot be read says nothing.
void pass_on(const MatchRun& run, std::string_view line) {
  const auto note = evaluation::decode_note(line);
  if (note && run.on_note) run.on_note(*note);
}

/// The match while it runs.
class Course {
 public:
  Course(const MatchRun& run, std::vector<evaluation::GameRecord> done, guard::Supervisor& supervisor)
      : run_(run), supervisor_(supervisor), pairings_(evaluation::pairings_of(run.match)), tracker_(run.match) {
    end_.games = std::move(done);
    for (const evaluation::GameRecord& game : end_.games) {
      finished_.insert(game.game);
      tracker_.add(game);
    }
    for (const evaluation::MatchPair& pair : evaluation::pairs_of(run.match)) {
      std::vector<std::uint64_t> missing;
      for (int i = 0; i < pair.games; ++i) {
        const std::uint64_t number = 2 * pair.number + static_cast<std::uint64_t>(i);
        if (!finished_.contains(number)) missing.push_back(number);
      }
      if (!missing.empty()) waiting_.push_back(std::move(missing));
    }
    end_.stop = tracker_.point();
  }

  MatchEnd play() {
    while (true) {
      if (!end_.stop.last_game && end_.trouble.empty() && run_.keep_going && !run_.keep_going())
        end_.trouble = "it was asked to stop";
      const bool over = end_.stop.last_game.has_value() || !end_.trouble.empty();
      if (over) cancel_all();
      if (!over) submit();
      if (running_.empty() && (over || next_ == waiting_.size())) break;
      if (!running_.empty()) (void)supervisor_.wait(running_.begin()->first, kWaitSliceS);
      for (guard::JobReport& report : supervisor_.collect()) take(report);
      if (run_.on_progress) run_.on_progress(end_.games, end_.stop);
    }
    return std::move(end_);
  }

 private:
  void submit() {
    const std::size_t most = static_cast<std::size_t>(run_.concurrency) + kAhead;
    while (next_ < waiting_.size() && running_.size() < most &&
           supervisor_.status().queued + 1 < guard::kQueueCapacity) {
      const std::vector<std::uint64_t>& games = waiting_[next_];
      const evaluation::MatchJob asked = evaluation::job_of(run_.match, games);
      const evaluation::PairingOf pairing = pairings_[static_cast<std::size_t>(asked.pairing)];
      // A kind of its own for each job: a waiting one is never replaced by a newer one.
      auto job = job_for(run_, kMatchKind + std::to_string(games.front()), asked, pairing.agent, pairing.opponent);
      const auto id =
          job ? supervisor_.submit(std::move(*job)) : Result<guard::JobId>(tl::make_unexpected(job.error()));
      if (!id) {
        end_.trouble = id.error().message;
        return;
      }
      running_.emplace(*id, games);
      ++next_;
    }
  }

  void cancel_all() {
    if (cancelled_) return;
    cancelled_ = true;
    for (const auto& [id, games] : running_) supervisor_.cancel(id);
  }

  /// Books what a job brought: games that ended, and faults for those that it owes.
  void take(guard::JobReport& report) {
    const auto found = running_.find(report.id);
    if (found == running_.end()) return;
    std::vector<std::uint64_t> owed = std::move(found->second);
    running_.erase(found);
    std::string refused;
    for (const auto& bytes : report.results) {
      const std::string_view line(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      if (evaluation::is_note(line)) {
        pass_on(run_, line);
        continue;
      }
      auto record = evaluation::decode_record(line);
      const auto legal = record ? evaluation::verify(*record) : Result<void>(tl::make_unexpected(record.error()));
      const bool asked = legal && std::find(owed.begin(), owed.end(), record->game) != owed.end() &&
                         evaluation::is_of(run_.match, *record);
      if (!asked) {
        refused =
            "a record of the worker was refused: " + (legal ? "its game was not asked for" : legal.error().message);
        continue;
      }
      std::erase(owed, record->game);
      if (record->reason != evaluation::EndReason::kCancelled) book(std::move(*record));
    }
    const bool not_begun = report.end == guard::JobEnd::kBreakerOpen || report.end == guard::JobEnd::kReplaced;
    if (not_begun && end_.trouble.empty()) end_.trouble = report.detail;
    if (cancelled_ || not_begun || report.end == guard::JobEnd::kCancelled) return;
    for (const std::uint64_t number : owed) {
      evaluation::GameRecord record = evaluation::planned_game(run_.match, number);
      record.reason = missing_reason(report.end);
      const std::string why = !report.detail.empty() ? report.detail
                              : !refused.empty()     ? refused
                                                     : "the worker ended before this game did";
      record.fault = why.substr(0, evaluation::kMaxFaultBytes);
      book(std::move(record));
    }
  }

  void book(evaluation::GameRecord record) {
    if (finished_.contains(record.game)) return;
    if (run_.journal != nullptr) {
      if (auto kept = run_.journal->append(record); !kept) {
        if (end_.trouble.empty()) end_.trouble = kept.error().message;
        return;
      }
    }
    finished_.insert(record.game);
    tracker_.add(record);
    end_.stop = tracker_.point();
    end_.games.push_back(std::move(record));
  }

  const MatchRun& run_;
  guard::Supervisor& supervisor_;
  std::vector<evaluation::PairingOf> pairings_;
  std::vector<std::vector<std::uint64_t>> waiting_;  ///< games of each pair that are missing, in order
  std::size_t next_ = 0;                             ///< in waiting_
  std::map<guard::JobId, std::vector<std::uint64_t>> running_;
  std::set<std::uint64_t> finished_;
  evaluation::StopTracker tracker_;
  MatchEnd end_;
  bool cancelled_ = false;
};

}  // namespace

Result<void> check_players(const MatchRun& run, const Clock& clock) {
  auto supervisor = start_supervisor(run, 1, clock);
  if (!supervisor) return tl::make_unexpected(supervisor.error());
  for (std::size_t opponent = 1; opponent < run.match.players.size(); ++opponent) {
    evaluation::MatchJob asked = evaluation::job_of(run.match, {2 * (opponent - 1)});
    asked.games.clear();
    auto job = job_for(run, kMatchCheckKind, asked, 0, opponent);
    if (!job) return tl::make_unexpected(job.error());
    job->limits.timeout_s = kCheckTimeoutS;
    const auto id = (*supervisor)->submit(std::move(*job));
    if (!id) return tl::make_unexpected(id.error());
    while (!(*supervisor)->wait(*id, kWaitSliceS)) {
      if (run.keep_going && !run.keep_going()) (*supervisor)->cancel(*id);
    }
    for (const guard::JobReport& report : (*supervisor)->collect()) {
      for (const auto& note : report.results)
        pass_on(run, {reinterpret_cast<const char*>(note.data()), note.size()});
      if (report.end == guard::JobEnd::kCancelled) return fail(Code::kFailure, "it was asked to stop");
      if (report.end != guard::JobEnd::kDone)
        return fail(report.end == guard::JobEnd::kFailed ? Code::kUsage : Code::kFailure,
                    report.detail.empty() ? std::string("the worker did not start: ") + guard::name(report.end)
                                          : report.detail);
    }
  }
  return {};
}

Result<MatchEnd> play_match(const MatchRun& run, std::vector<evaluation::GameRecord> done, const Clock& clock) {
  auto supervisor = start_supervisor(run, run.concurrency, clock);
  if (!supervisor) return tl::make_unexpected(supervisor.error());
  return Course(run, std::move(done), **supervisor).play();
}

}  // namespace keisei::app
