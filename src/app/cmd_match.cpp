// keisei match: settings from flags or from the kept match, the games, the table.
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <map>

#include "app/cli.h"
#include "app/match_command.h"
#include "app/match_display.h"
#include "app/match_games.h"
#include "evaluation/openings.h"
#include "evaluation/record_export.h"

namespace keisei::app {
namespace {

using evaluation::Match;
using evaluation::MatchJournal;

/// SIGINT and SIGTERM as something to ask for, for the life of the object; the second one ends the process at once.
/// Made before any thread, so that all of them have the signals blocked. Workers start with an empty mask.
class StopRequest {
 public:
  StopRequest() {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &wanted, &before_);
    fd_.reset(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
  }
  ~StopRequest() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;

  /// The signal that asked to stop, or 0.
  int received() {
    signalfd_siginfo info{};
    while (fd_ && ::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      if (signal_ != 0) ::_exit(128 + signal_);
      signal_ = static_cast<int>(info.ssi_signo);
    }
    return signal_;
  }

 private:
  sigset_t before_{};
  Fd fd_;
  int signal_ = 0;
};

struct Setup {
  Match match;
  PlayerWeights weights;
  std::vector<shogi::RecordFormat> formats;
};

Result<std::vector<evaluation::PlayerSpec>> specs_of(const MatchArgs& args) {
  std::vector<evaluation::PlayerSpec> specs;
  for (const std::string& text : args.players) {
    auto spec = evaluation::parse_player(text);
    if (!spec) return tl::make_unexpected(spec.error());
    if (spec->kind == evaluation::PlayerKind::kLive)
      return fail(Code::kUsage, "the player live exists only inside a training", "give a checkpoint or a run");
    specs.push_back(std::move(*spec));
  }
  return specs;
}

/// Lays what the flags say over `match`.
Result<Match> overlaid(Match match, const MatchArgs& args) {
  auto specs = specs_of(args);
  if (!specs) return tl::make_unexpected(specs.error());
  if (args.time_control) {
    const auto applied = evaluation::apply_time_control(*specs, *args.time_control);
    if (!applied) return tl::make_unexpected(applied.error());
    if (*applied == 0)
      std::fprintf(stderr, "keisei: warning: --tc has no effect: no engine without limits of its own takes part\n");
  }
  if (!specs->empty()) {
    match.players.clear();
    for (evaluation::PlayerSpec& spec : *specs) match.players.push_back({std::move(spec), {}});
  }
  if (args.stop) {
    const auto rule = evaluation::parse_stop_rule(*args.stop);
    if (!rule) return tl::make_unexpected(rule.error());
    match.stop = evaluation::to_string(*rule);
    if (!args.games && !match.stop.empty()) match.games = evaluation::kDefaultStopGames;
  }
  if (args.games) match.games = *args.games;
  if (args.neighbours) match.neighbours = *args.neighbours;
  if (args.opening_plies) match.openings = {*args.opening_plies, {}};
  if (args.openings) {
    auto sfens = evaluation::read_openings(*args.openings);
    if (!sfens) return tl::make_unexpected(sfens.error());
    match.openings = {0, std::move(*sfens)};
  }
  if (args.adjudicate) {
    const auto adjudication = evaluation::parse_adjudication(*args.adjudicate);
    if (!adjudication) return tl::make_unexpected(adjudication.error());
    match.adjudication = *adjudication;
  }
  if (args.rule) {
    const auto rule = evaluation::parse_declaration_rule(*args.rule);
    if (!rule) return tl::make_unexpected(rule.error());
    match.rules.declaration = *rule;
  }
  if (args.max_moves) match.rules.max_moves = *args.max_moves;
  if (args.seed) match.seed = *args.seed;
  if (args.temperature) match.temperature = *args.temperature;
  if (args.timeout_per_game_s) match.timeout_per_game_s = *args.timeout_per_game_s;
  if (!match.stop.empty() && match.players.size() != 2)
    return fail(Code::kUsage,
                "match: a stop rule needs exactly two players, not " + std::to_string(match.players.size()),
                "give --games instead");
  if (args.expect == "h1" && !match.stop.starts_with("sprt"))
    return fail(Code::kUsage, "match: --expect h1 needs --sprt");
  return match;
}

/// Fills in ids and weights, then checks everything.
Result<Setup> prepared(Match match, const MatchArgs& args, const MatchHost& host) {
  Setup setup;
  for (evaluation::MatchPlayer& player : match.players) {
    MatchWeights weights;
    if (player.spec.kind == evaluation::PlayerKind::kCheckpoint) {
      if (!host.weights)
        return fail(Code::kFailure, evaluation::to_string(player.spec) + " needs keisei-torch, which was not started");
      auto loaded = host.weights(player.spec, args.savedir);
      if (!loaded) return tl::make_unexpected(loaded.error());
      weights = std::move(*loaded);
    }
    player.id = evaluation::player_id(player.spec, weights.id);
    setup.weights.push_back(std::move(weights.bytes));
  }
  auto checked = evaluation::checked(std::move(match));
  if (!checked) return tl::make_unexpected(checked.error());
  setup.match = std::move(*checked);
  auto formats = evaluation::parse_record_formats(args.records);
  if (!formats) return tl::make_unexpected(formats.error());
  setup.formats = std::move(*formats);
  return setup;
}

/// The match that is asked for; for one to be resumed, that it is the one that is kept.
Result<Setup> setup_of(const MatchArgs& args, const MatchHost& host) {
  std::optional<Match> saved;
  if (args.resume) {
    auto read = evaluation::read_match(*args.resume);
    if (!read) return tl::make_unexpected(read.error());
    saved = std::move(*read);
  }
  auto match = overlaid(saved.value_or(Match{}), args);
  if (!match) return tl::make_unexpected(match.error());
  auto setup = prepared(std::move(*match), args, host);
  if (!setup || !saved) return setup;
  // What an engine says it is will be compared once it was asked.
  for (std::size_t i = 0; i < setup->match.players.size() && i < saved->players.size(); ++i) {
    evaluation::MatchPlayer& player = setup->match.players[i];
    if (player.spec.engine && player.spec == saved->players[i].spec) player.id = saved->players[i].id;
  }
  if (const auto changed = evaluation::differences(*saved, setup->match); !changed.empty()) {
    std::string list;
    for (const std::string& one : changed) list += (list.empty() ? "" : "; ") + one;
    return fail(Code::kUsage, "match: " + args.resume->string() + " holds another match: " + list,
                "leave those flags out to continue it, or start one with --output in another directory");
  }
  return setup;
}

/// What the workers say of the players: what engines call themselves, and what the report is to show.
struct Heard {
  std::map<std::string, std::string> engine_names;  ///< by the player's spelling
  std::vector<evaluation::PlayerNote> notes;
};

/// Gives every engine the identity that follows from what it says it is; in a resumed match it must have been the same.
Result<void> name_engines(Match& match, const Heard& heard, bool resumed) {
  for (evaluation::MatchPlayer& player : match.players) {
    if (!player.spec.engine) continue;
    const auto said = heard.engine_names.find(evaluation::to_string(player.spec));
    const std::string name = said == heard.engine_names.end() ? std::string() : said->second;
    std::string id = evaluation::engine_identity(*player.spec.engine, name);
    if (resumed && id != player.id)
      return fail(Code::kUsage,
                  "match: " + evaluation::to_string(player.spec) + " is another engine now: it says that it is " +
                      (name.empty() ? std::string("nobody") : name) + ", and the kept games are of " + player.id,
                  "start another match with --output in another directory");
    player.id = std::move(id);
  }
  return {};
}

/// Notes as the report shows them: players by their names in the match.
std::vector<evaluation::PlayerNote> named_notes(const Match& match, const std::vector<evaluation::PlayerNote>& notes) {
  const std::vector<std::string> names = evaluation::names_of(match);
  std::vector<evaluation::PlayerNote> found = notes;
  for (evaluation::PlayerNote& note : found) {
    const auto same = std::find_if(match.players.begin(), match.players.end(), [&](const auto& player) {
      return evaluation::to_string(player.spec) == note.player;
    });
    if (same != match.players.end()) note.player = names[static_cast<std::size_t>(same - match.players.begin())];
  }
  return found;
}

/// What is kept beside the games: report as page and as JSON, records in other formats.
Result<void> write_reports(const std::filesystem::path& directory, const evaluation::MatchReport& report,
                           std::span<const evaluation::GameRecord> games,
                           std::span<const shogi::RecordFormat> formats) {
  const std::string page = evaluation::to_html(evaluation::to_html_report(report));
  if (auto written = write_durably(directory / "report.html", page); !written) return written;
  if (auto written = write_durably(directory / "report.json", evaluation::to_json(report) + "\n"); !written)
    return written;
  return evaluation::export_records(directory / "records", games, formats);
}

int exit_code(const MatchArgs& args, const evaluation::MatchReport& report, int signal) {
  if (signal != 0) return 128 + signal;
  if (!report.trouble.empty() || report.status() == "no games") return static_cast<int>(Code::kFailure);
  if (args.expect == "h1" && !report.stop.why.starts_with(evaluation::to_string(evaluation::SprtDecision::kAcceptH1)))
    return app::report({Code::kGate, "match: H1 was not accepted: " + report.stop.why, {}});
  return 0;
}

}  // namespace

MatchHost plain_match_host() { return {{"/proc/self/exe", "__match_worker"}, "/proc/self/exe", {}}; }

Result<bool> match_has_network(const MatchArgs& args) {
  auto specs = specs_of(args);
  if (!specs) return tl::make_unexpected(specs.error());
  if (specs->empty() && args.resume) {
    auto saved = evaluation::read_match(*args.resume);
    if (!saved) return tl::make_unexpected(saved.error());
    for (const evaluation::MatchPlayer& player : saved->players) specs->push_back(player.spec);
  }
  return std::any_of(specs->begin(), specs->end(), [](const evaluation::PlayerSpec& s) { return s.is_network(); });
}

int run_match(const MatchArgs& args, const MatchHost& host) {
  StopRequest signals;
  const SystemClock clock;
  const double begin_s = clock.monotonic_s();
  auto setup = setup_of(args, host);
  if (!setup) return report(setup.error());
  MatchDisplay display(setup->match, clock, ::isatty(STDERR_FILENO) != 0);
  MatchRun run{setup->match, setup->weights, host.worker, host.launcher, args.concurrency};
  run.keep_going = [&] { return signals.received() == 0; };
  Heard heard;
  run.on_note = [&](const evaluation::PlayerNote& note) {
    if (note.kind == evaluation::PlayerNote::Kind::kName) {
      heard.engine_names[note.player] = note.text;
      return;
    }
    const std::size_t before = heard.notes.size();
    evaluation::add_note(heard.notes, note);
    if (heard.notes.size() > before) display.say("keisei: " + evaluation::sentence_of(note));
  };

  // The journal is locked before anything is started, and begun only once all players can play.
  std::optional<MatchJournal> journal;
  std::vector<evaluation::GameRecord> done;
  if (args.resume) {
    auto opened = MatchJournal::resume(*args.resume, setup->match);
    if (!opened) return report(opened.error());
    if (opened->torn) display.say("keisei: the last line of the journal was torn; its game is played again");
    journal = std::move(opened->journal);
    done = std::move(opened->games);
  }
  if (auto able = check_players(run, clock); !able) {
    if (signals.received() != 0) return 128 + signals.received();
    return report(able.error());
  }
  if (auto named = name_engines(setup->match, heard, args.resume.has_value()); !named) return report(named.error());
  if (args.output && !args.resume) {
    auto created = MatchJournal::create(*args.output, setup->match);
    if (!created) return report(created.error());
    journal = std::move(*created);
  }
  if (journal) run.journal = &*journal;

  evaluation::MatchReport result;
  result.match = setup->match;
  result.resumed = static_cast<int>(done.size());
  run.on_progress = [&](const std::vector<evaluation::GameRecord>& games, const evaluation::StopPoint& stop) {
    display.show(games, stop);
  };
  auto end = play_match(run, std::move(done), clock);
  if (!end) return report(end.error());
  display.show(end->games, end->stop, true);

  result.trouble = end->trouble;
  result.stop = end->stop.state;
  result.notes = named_notes(setup->match, heard.notes);
  result.wall_s = clock.monotonic_s() - begin_s;
  const std::size_t all = end->games.size();
  const auto games = evaluation::counted(std::move(end->games), end->stop);
  result.beyond = static_cast<int>(all - games.size());
  result.table = evaluation::tabulate(setup->match, games);
  if (const auto directory = args.resume ? args.resume : args.output) {
    result.directory = directory->string();
    if (auto written = write_reports(*directory, result, games, setup->formats); !written)
      return report(written.error());
  }
  std::fputs((args.json ? evaluation::to_json(result) + "\n" : evaluation::to_text(result)).c_str(), stdout);
  std::fflush(stdout);
  if (!result.trouble.empty()) std::fprintf(stderr, "keisei: the match ended early: %s\n", result.trouble.c_str());
  return exit_code(args, result, signals.received());
}

}  // namespace keisei::app
