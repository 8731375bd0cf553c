#include "app/proof/rig.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "guard/proc.h"

namespace keisei::app::proof {
namespace {

constexpr double kAskShort_s = 0.3;
constexpr double kTerminateShort_s = 0.3;
constexpr double kShutdown_s = 0.2;
constexpr double kNextJob_s = 10;  ///< for the job after a fault, its worker's start included
constexpr double kForce_s = 5;
constexpr std::chrono::milliseconds kLook{2};
constexpr const char* kTemporary = "TMPDIR";

std::vector<pid_t> all_processes() {
  std::vector<pid_t> pids;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size()) pids.push_back(pid);
  }
  return pids;
}

}  // namespace

guard::SupervisorOptions actor_options() {
  guard::SupervisorOptions options;
  options.worker = {"/proc/self/exe", "__actor"};
  options.limit_data = !guard::kSanitized;
  options.ask_s = kAskShort_s;
  options.terminate_s = kTerminateShort_s;
  options.shutdown_s = kShutdown_s;
  options.breaker_deaths = 1000;
  options.process_restart_threshold = 0;
  options.plain = true;
  return options;
}

guard::Job actor_job(const std::string& words, double timeout_s, double memory_mb) {
  guard::Job job;
  const auto bytes = std::as_bytes(std::span(words));
  job.request.assign(bytes.begin(), bytes.end());
  job.limits.timeout_s = timeout_s;
  job.limits.memory_mb = memory_mb;
  return job;
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool eventually(const Clock& clock, double within_s, const std::function<bool()>& condition) {
  const double end_s = clock.monotonic_s() + within_s;
  while (!condition()) {
    if (clock.monotonic_s() > end_s) return false;
    std::this_thread::sleep_for(kLook);
  }
  return true;
}

std::size_t entries(const std::filesystem::path& directory) {
  std::error_code error;
  const std::filesystem::directory_iterator listing(directory, error);
  return static_cast<std::size_t>(std::distance(begin(listing), end(listing)));
}

TemporaryFolder::TemporaryFolder() {
  if (scratch_.path().empty()) throw std::runtime_error("no directory for temporary files can be made; set TMPDIR");
  if (const char* before = std::getenv(kTemporary)) before_ = before;
  ::setenv(kTemporary, scratch_.path().c_str(), 1);
}

TemporaryFolder::~TemporaryFolder() { before_ ? ::setenv(kTemporary, before_->c_str(), 1) : ::unsetenv(kTemporary); }

std::size_t zombies() {
  const auto children = guard::proc::children(::getpid());
  return static_cast<std::size_t>(std::count_if(children.begin(), children.end(), [](pid_t pid) {
    const auto stat = guard::proc::stat(pid);
    return stat && stat->state == 'Z';
  }));
}

bool alive(pid_t pid) {
  const auto stat = guard::proc::stat(pid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

Rig::Rig(const Settings& settings, guard::SupervisorOptions options, int limit)
    : Rig(settings, std::move(options), guard::Gate::make(limit), settings.clock) {}

Rig::Rig(const Settings& settings, guard::SupervisorOptions options, std::shared_ptr<guard::Gate> gate,
         const Clock& supervisors_clock)
    : settings_(settings),
      mark_("KEISEI_PROOF_OF=" + std::to_string(::getpid()) + "-" + std::to_string(settings.clock.monotonic_ns())),
      gate_(std::move(gate)) {
  options.environment.push_back(mark_);
  auto started = guard::Supervisor::start(std::move(options), gate_, supervisors_clock);
  if (!started) throw std::runtime_error(started.error().message);
  supervisor_ = std::move(*started);
}

Rig::~Rig() {
  supervisor_.reset();
  end_by_force();
}

Ran Rig::run(guard::Job job, double bound_s) {
  const double begin_s = settings_.clock.monotonic_s();
  const auto id = supervisor_->submit(std::move(job));
  if (!id) {
    Ran refused;
    refused.report.end = guard::JobEnd::kBreakerOpen;
    refused.report.detail = id.error().message;
    return refused;
  }
  return await(*id, begin_s, bound_s);
}

Ran Rig::await(guard::JobId id, double begin_s, double bound_s) {
  Ran ran;
  ran.ended = supervisor_->wait(id, bound_s + settings_.patience_s + kGiveUp_s);
  ran.wall_s = settings_.clock.monotonic_s() - begin_s;
  if (!ran.ended) {
    end_by_force();
    (void)supervisor_->wait(id, kForce_s);
  }
  for (guard::JobReport& report : supervisor_->collect()) {
    if (report.id == id) ran.report = std::move(report);
  }
  return ran;
}

bool Rig::warm() {
  const Ran ran = run(actor_job("results 1", 0), kNextJob_s);
  return ran.ended && ran.report.end == guard::JobEnd::kDone;
}

bool Rig::results_arrive(int results) {
  return eventually(settings_.clock, kNextJob_s + settings_.patience_s, [&] {
    const auto workers = supervisor_->status().workers;
    return !workers.empty() && workers[0].results >= results;
  });
}

std::vector<pid_t> Rig::living() const {
  std::vector<pid_t> found;
  for (const pid_t pid : all_processes()) {
    if (pid != ::getpid() && alive(pid) && guard::proc::has_environment(pid, mark_)) found.push_back(pid);
  }
  for (const pid_t pid : named_) {
    if (alive(pid) && std::find(found.begin(), found.end(), pid) == found.end()) found.push_back(pid);
  }
  return found;
}

std::string Rig::aftermath() {
  std::string wrong;
  const double within_s = kStopBound_s + settings_.patience_s;
  if (!eventually(settings_.clock, within_s, [&] { return gate_->in_use() == 0; }))
    wrong = joined(wrong, std::to_string(gate_->in_use()) + " permits did not come back");
  const Ran next = run(actor_job("results 2", 0), kNextJob_s);
  if (!next.ended || next.report.end != guard::JobEnd::kDone || next.report.results.size() != 2)
    wrong = joined(wrong,
                   std::string("the next job did not run: ") + guard::name(next.report.end) + " " + next.report.detail);
  return joined(wrong, close());
}

std::string Rig::close() {
  supervisor_.reset();
  std::string wrong;
  if (gate_->in_use() != 0) wrong = "a permit was still out after the supervisor's end";
  const double within_s = kGoneBound_s + settings_.patience_s;
  if (!eventually(settings_.clock, within_s, [&] { return living().empty(); }))
    wrong = joined(wrong, std::to_string(living().size()) + " processes were left");
  if (!eventually(settings_.clock, within_s, [] { return zombies() == 0; }))
    wrong = joined(wrong, std::to_string(zombies()) + " zombies were left");
  end_by_force();
  return wrong;
}

void Rig::end_by_force() {
  const double end_s = settings_.clock.monotonic_s() + kForce_s;
  for (auto left = living(); !left.empty() && settings_.clock.monotonic_s() < end_s; left = living()) {
    for (const pid_t pid : left) {
      guard::proc::hasten(pid);
      ::kill(pid, SIGKILL);
    }
    std::this_thread::sleep_for(kLook);
  }
  if (supervisor_ != nullptr) return;  // who collects them
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

Outcome counted(double promised, std::optional<double> observed, std::string wrong) {
  Outcome outcome{promised, observed, false, std::move(wrong)};
  if (!observed) outcome.note = joined(outcome.note, "it could not be observed");
  outcome.held = outcome.note.empty() && *observed <= promised;
  return outcome;
}

Outcome timed(Rig& rig, double promised_s, std::optional<double> observed_s, std::string wrong) {
  wrong = joined(std::move(wrong), rig.aftermath());
  Outcome outcome = counted(promised_s + rig.settings().patience_s, observed_s, std::move(wrong));
  outcome.promised = promised_s;
  return outcome;
}

std::string joined(std::string first, const std::string& second) {
  if (!first.empty() && !second.empty()) first += "; ";
  return first + second;
}

}  // namespace keisei::app::proof
