#include "app/usi/session.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <new>
#include <utility>

#include "evaluation/engine_answer.h"
#include "shogi/notation.h"

namespace keisei::app::usi {
namespace {

using evaluation::printable_ascii;
using evaluation::take_word;

constexpr double kBareGoS = 1;  ///< "go" that says nothing at all
constexpr double kMillisecondsPerSecond = 1000;

std::string info_string(const std::string& text) { return "info string " + text; }

std::string info_line(const ThoughtLine& line, double elapsed_s, bool several) {
  const auto milliseconds = static_cast<std::int64_t>(elapsed_s * kMillisecondsPerSecond);
  std::string out = "info depth " + std::to_string(line.depth) + " time " + std::to_string(milliseconds) + " nodes " +
                    std::to_string(line.nodes);
  if (elapsed_s > 0)
    out += " nps " +
           std::to_string(static_cast<std::int64_t>(static_cast<double>(line.nodes - line.known_nodes) / elapsed_s));
  if (several) out += " multipv " + std::to_string(line.rank);
  out += line.mate_plies ? " score mate " + std::to_string(*line.mate_plies)
                         : " score cp " + std::to_string(centipawns(line.value));
  if (!line.moves.empty()) out += " pv";
  for (const shogi::Move m : line.moves) out += " " + to_usi(m);
  return out;
}

}  // namespace

Session::Session(SessionHost host, const EngineOptions& options, const Clock& clock)
    : host_(std::move(host)), clock_(clock), options_(options), allowance_(clock) {}

Session::~Session() { finish(true); }

void Session::write(const std::string& text) {
  const std::lock_guard lock(write_mutex_);
  host_.write(text + "\n");
}

std::string Session::replay() const { return set_lines_ + position_line_; }

Session::Next Session::handle(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  std::string_view words = line;
  const std::string_view command = take_word(words);
  if (command == "usi") {
    write("id name Keisei " + host_.version + "\nid author Keisei\n" + option_lines(options_) + "usiok");
  } else if (command == "isready") {
    return ready();
  } else if (command == "setoption") {
    set(words);
  } else if (command == "usinewgame") {
    ++game_;
    if (thinker_ && !owes_answer()) {
      thread_.wait();
      thinker_->new_game();
    }
  } else if (command == "position") {
    set_position(line, words);
  } else if (command == "go") {
    return go(words);
  } else if (command == "stop") {
    allowance_.stop();
    release();
  } else if (command == "ponderhit") {
    GoTimes times = parse_go(words).times;
    allowance_.grant(budget_of(times.any() ? times : times_, side_, options_.network_delay_ms));
    release();
  } else if (command == "gameover") {
    finish(true);
  } else if (command == "quit") {
    return Next::kQuit;
  }
  return Next::kGoOn;
}

void Session::set(std::string_view words) {
  const auto option = parse_setoption(words);
  if (!option) return;
  const auto known = set_option(options_, option->name, option->value);
  if (!known) return write(info_string("error: " + printable_ascii(known.error().message)));
  if (*known) set_lines_ += "setoption name " + option->name + " value " + option->value + "\n";
  constexpr std::size_t kMostReplayBytes = 1U << 20;
  if (set_lines_.size() > kMostReplayBytes) set_lines_.erase(0, set_lines_.find('\n') + 1);
}

void Session::set_position(std::string_view line, std::string_view words) {
  auto position = parse_position(words);
  position_known_ = position.has_value();
  if (!position) return write(info_string("error: " + printable_ascii(position.error().message)));
  position_ = std::move(*position);
  position_line_ = std::string(line) + "\n";
}

Result<void> Session::prepare() {
  const bool fits = thinker_ && prepared_.weights == options_.weights && prepared_.hash_mib == options_.hash_mib &&
                    prepared_.threads == options_.threads && prepared_.declaration == options_.declaration;
  if (fits) return {};
  thinker_.reset();
  try {
    auto made = host_.make_thinker(options_);
    if (!made) return tl::make_unexpected(made.error());
    thinker_ = std::move(*made);
  } catch (const std::bad_alloc&) {
    return fail(Code::kDevice, "out of memory", "choose a smaller USI_Hash");
  }
  prepared_ = options_;
  write(info_string("playing " + printable_ascii(thinker_->description()) +
                    (options_.weights.empty() ? " (no network: give one by the option Weights or --weights)" : "")));
  if (options_.lines > 1 && !thinker_->ranks_lines())
    write(info_string("MultiPV has no effect on " + printable_ascii(thinker_->description())));
  if ((options_.draw_value_black != 0 || options_.draw_value_white != 0) && !thinker_->values_draws())
    write(
        info_string("DrawValueBlack and DrawValueWhite have no effect on " + printable_ascii(thinker_->description())));
  return {};
}

Session::Next Session::ready() {
  if (!owes_answer()) {
    thread_.wait();
    if (!options_.weights.empty() && !host_.networks) return Next::kHandOver;
    if (auto done = prepare(); !done) {
      write(info_string("error: " + printable_ascii(done.error().message)));
      error_ = done.error();
      return Next::kFailed;
    }
  }
  write("readyok");
  return Next::kGoOn;
}

Session::Next Session::go(std::string_view words) {
  finish(false);  // a GUI that asks again without stop gets the answer that it is owed first
  if (!options_.weights.empty() && !host_.networks) return Next::kHandOver;
  const GoCommand command = parse_go(words);
  {
    const std::lock_guard lock(mutex_);
    released_ = !command.infinite && !command.ponder;
    silent_ = false;
    owes_ = true;
  }
  allowance_.restart();
  times_ = command.times;
  side_ = position_.side();
  if (!position_known_) {
    write(info_string("error: the position is not known"));
    thread_.begin([this, mate = command.mate] {
      wait_for_release();
      conclude(mate ? "checkmate notimplemented" : "bestmove resign");
    });
    return Next::kGoOn;
  }
  if (command.mate) {
    find_mate(command);
    return Next::kGoOn;
  }
  if (auto done = prepare(); !done) {
    write(info_string("error: " + printable_ascii(done.error().message)));
    error_ = done.error();
    return Next::kFailed;
  }
  think(command);
  return Next::kGoOn;
}

ThinkRequest Session::request_for(const GoCommand& command) const {
  ThinkRequest request;
  request.position = position_;
  if (command.nodes) request.most_nodes = std::max<std::uint64_t>(1, *command.nodes);
  if (options_.nodes_limit > 0)
    request.most_nodes = std::min(request.most_nodes, static_cast<std::uint64_t>(options_.nodes_limit));
  if (command.depth) request.most_depth = std::max(1, *command.depth);
  for (const std::string& text : command.only) {
    const auto move = shogi::parse_usi(text);
    if (move && position_.is_legal(*move)) request.only.push_back(*move);
  }
  request.lines = static_cast<int>(options_.lines);
  const bool black = position_.side() == shogi::Color::kBlack;
  request.draw_value = value_of_centipawns(black ? options_.draw_value_black : options_.draw_value_white);
  request.random = Random(host_.seed, Purpose::kEvaluation, game_, 0, static_cast<std::uint64_t>(position_.ply()));
  return request;
}

void Session::think(const GoCommand& command) {
  const bool has_limit = command.times.any() || command.nodes || command.depth || options_.nodes_limit > 0;
  if (!command.ponder && !command.infinite) {
    allowance_.grant(has_limit ? budget_of(command.times, side_, options_.network_delay_ms)
                               : TimeBudget{kBareGoS, kBareGoS});
  }
  thread_.begin([this, request = request_for(command), options = options_] {
    const shogi::DeclarationState declaration = request.position.declaration(options.declaration);
    const bool wins = declaration.can_declare && declaration.winner == winner_of(request.position.side());
    Thought thought;
    try {
      if (!wins && request.position.has_legal_move())
        thought = thinker_->think(request, allowance_, [&](const ThoughtLine& line) { tell(line, request.lines > 1); });
    } catch (const std::exception& e) {
      write(info_string("error: " + printable_ascii(e.what())));
    }
    wait_for_release();
    const bool gives_up = options.resign_value < kNeverResign && centipawns(thought.value) <= -options.resign_value;
    if (wins) return conclude("bestmove win");
    if (thought.move == shogi::Move() || gives_up) return conclude("bestmove resign");
    const bool ponders = options.ponder && thought.reply != shogi::Move();
    conclude("bestmove " + to_usi(thought.move) + (ponders ? " ponder " + to_usi(thought.reply) : ""));
  });
}

void Session::find_mate(const GoCommand& command) {
  if (command.mate_ms) {
    const double left_s = static_cast<double>(*command.mate_ms) / kMillisecondsPerSecond;
    allowance_.grant({left_s, left_s});
  }
  if (mates_ == nullptr || mates_mib_ != options_.hash_mib) {
    try {
      mates_.reset();
      mates_ = std::make_unique<shogi::MateSearch>(static_cast<std::size_t>(options_.hash_mib));
      mates_mib_ = options_.hash_mib;
    } catch (const std::bad_alloc&) {
      write(info_string("error: no memory for a table of USI_Hash MiB"));
      conclude("checkmate notimplemented");
      return;
    }
  }
  shogi::MateLimits limits;
  limits.most_nodes = options_.nodes_limit > 0 ? static_cast<std::uint64_t>(options_.nodes_limit)
                                               : std::numeric_limits<std::uint64_t>::max();
  limits.stop = [this] { return allowance_.over(); };
  thread_.begin([this, position = position_, limits] {
    const shogi::MateFound found = mates_->search(position, limits);
    const double elapsed_s = allowance_.elapsed_s();
    if (found.verdict == shogi::TsumeVerdict::kMate) {
      tell({.depth = static_cast<int>(found.line.size()),
            .nodes = found.nodes,
            .value = 1,
            .mate_plies = static_cast<int>(found.line.size()),
            .moves = found.line},
           false);
    } else {
      write(info_string("no mate found in " + std::to_string(found.nodes) + " nodes, " +
                        std::to_string(static_cast<std::int64_t>(elapsed_s * kMillisecondsPerSecond)) + " ms"));
    }
    wait_for_release();
    std::string text = found.verdict == shogi::TsumeVerdict::kNoMate ? "checkmate nomate" : "checkmate timeout";
    if (found.verdict == shogi::TsumeVerdict::kMate) {
      text = "checkmate";
      for (const shogi::Move m : found.line) text += " " + to_usi(m);
    }
    conclude(text);
  });
}

void Session::release() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  released_changed_.notify_all();
}

void Session::finish(bool silently) {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
    silent_ = silently;
  }
  allowance_.stop();
  released_changed_.notify_all();
  thread_.wait();
}

void Session::wait_for_release() {
  std::unique_lock lock(mutex_);
  released_changed_.wait(lock, [&] { return released_; });
}

/// The one answer to a go. Once the GUI reads it, it may ask for anything: nothing is owed from before it is written.
void Session::conclude(const std::string& text) {
  {
    const std::lock_guard lock(mutex_);
    owes_ = false;
    if (silent_) return;
  }
  write(text);
}

bool Session::owes_answer() {
  const std::lock_guard lock(mutex_);
  return owes_;
}

void Session::tell(const ThoughtLine& line, bool several) {
  {
    const std::lock_guard lock(mutex_);
    if (silent_) return;
  }
  write(info_line(line, allowance_.elapsed_s(), several));
}

}  // namespace keisei::app::usi
