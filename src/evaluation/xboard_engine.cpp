#include "evaluation/xboard_engine.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "evaluation/engine_options.h"
#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

using Kind = XboardLine::Kind;

constexpr std::string_view kGnuShogi = "GNU Shogi";
constexpr double kFeaturesDoneS = 2;  ///< by the protocol: silence after which features that never end are done
constexpr int kGnuShogiPlies = 280;   ///< it holds 300 plies of a game and then falls silent
constexpr int kGnuShogiMovesLeft = 40;
constexpr std::int64_t kMsPerCentisecond = 10;

/// "M:SS"
std::string minutes(std::int64_t seconds) {
  const std::string rest = std::to_string(seconds % 60);
  return std::to_string(seconds / 60) + ":" + (rest.size() < 2 ? "0" : "") + rest;
}

std::int64_t whole_seconds(std::int64_t ms) { return std::max<std::int64_t>(1, ms / kMsPerS); }

}  // namespace

XboardEngine::XboardEngine(EngineStart start, std::unique_ptr<guard::Caged> process, const EngineSpec& spec)
    : Engine(std::move(start), std::move(process)), limits_(effective_limits(spec)), answer_s_(spec.answer_s) {}

Result<std::unique_ptr<XboardEngine>> XboardEngine::start(EngineStart start, const EngineSpec& spec) {
  const std::string program = start.command.argv.front();
  auto process = start.kennel->start(start.command);
  if (!process) return tl::make_unexpected(process.error());
  std::unique_ptr<XboardEngine> engine(new XboardEngine(std::move(start), std::move(*process), spec));
  if (auto ready = engine->handshake(); !ready) {
    const Error error = ready.error();
    if (engine->trouble() == EngineTrouble::kCancelled) return tl::make_unexpected(error);
    engine->kill();  // what does not speak the protocol is not asked to quit
    return fail(Code::kUsage, program + " is no XBoard engine that plays shogi: " + error.message,
                "it has to answer protover with its features, or to be GNU Shogi 1.4");
  }
  return engine;
}

Result<void> XboardEngine::hear_features(double deadline_s, std::string& replies) {
  std::string first_words;
  double silent_s = deadline_s;  // until then the next line is waited for
  while (true) {
    const auto line = lines_.next(silent_s);
    if (!line) {
      if (silent_s < deadline_s && lines_.trouble() == EngineTrouble::kLate) return {};
      Error error = line.error();
      if (!first_words.empty()) error.message += "; it began with: " + first_words;
      return tl::make_unexpected(error);
    }
    if (first_words.empty()) first_words = printable_ascii(*line);
    if (line->starts_with(kGnuShogi)) name_ = printable_ascii(*line);
    const Kind kind = parse_xboard(*line).kind;
    const bool complaint = kind == Kind::kRefusal || kind == Kind::kComplaint;
    if (complaint && line->find("protover") != std::string::npos) {
      gnushogi_ = name_.starts_with(kGnuShogi);
      if (gnushogi_) return {};
      return lines_.failed(EngineTrouble::kBreach, "it does not know protover: " + printable_ascii(*line));
    }
    const auto features = parse_features(*line);
    if (features.empty()) continue;
    for (const XboardFeature& feature : features) {
      const bool known = read_feature(feature, features_);
      replies += (known ? "accepted " : "rejected ") + printable_ascii(feature.name) + "\n";
    }
    if (features_.done == true) return {};
    silent_s = features_.done ? deadline_s : std::min(deadline_s, clock_.monotonic_s() + kFeaturesDoneS);
  }
}

Result<void> XboardEngine::handshake() {
  const double deadline_s = clock_.monotonic_s() + times_.handshake_s;
  lines_.begin_answer();
  if (auto sent = lines_.send("xboard\nprotover 2\n", deadline_s); !sent) return sent;
  std::string replies;
  if (auto heard = hear_features(deadline_s, replies); !heard) return heard;
  if (gnushogi_) {
    squares_ = XboardSquares::kShogi;
    return {};
  }
  name_ = features_.name;
  options_ = features_.options;
  if (!features_.shogi) return lines_.failed(EngineTrouble::kBreach, "it does not list the variant shogi");
  return tell(replies);
}

Result<void> XboardEngine::set_option(std::string_view name, std::string_view value) {
  const EngineOption* option = find_option(options_, name);
  if (option == nullptr) return no_such_option(options_, name);
  if (auto good = check_value(*option, value); !good) return good;
  const bool button = option->type == EngineOption::Type::kButton;
  return tell("option " + option->name + (button ? "" : "=" + xboard_value(*option, value)) + "\n");
}

XboardLine XboardEngine::parse(std::string_view line) const {
  return gnushogi_ ? parse_gnushogi(line) : parse_xboard(line);
}

Result<bool> XboardEngine::settle(std::size_t moves, double deadline_s) {
  if (!gnushogi_ && !features_.ping) return true;
  // GNU Shogi knows no ping, but it repeats a clock that it is told; none is left as it is.
  const std::string number = gnushogi_ ? "0" : std::to_string(++pings_);
  if (auto sent = lines_.send((gnushogi_ ? "otime " : "ping ") + number + "\n", deadline_s); !sent) {
    return tl::make_unexpected(sent.error());
  }
  std::size_t repeated = 0;
  bool refused = false;
  while (true) {
    const auto text = lines_.next(deadline_s);
    if (!text) return tl::make_unexpected(text.error());
    const XboardLine line = parse(*text);
    if (line.kind == Kind::kPong && line.text == number) return !refused && (!gnushogi_ || repeated >= moves);
    if (line.kind == Kind::kEcho) ++repeated;
    if (line.kind == Kind::kRefusal) refused = true;
    if (line.kind == Kind::kMove) {
      return lines_.failed(EngineTrouble::kBreach,
                           "the engine said \"" + printable_ascii(*text) + "\" without being asked");
    }
  }
}

Result<void> XboardEngine::ready() {
  lines_.begin_answer();
  const auto settled = settle(0, clock_.monotonic_s() + times_.ready_s);
  return settled ? Result<void>() : tl::make_unexpected(settled.error());
}

Result<void> XboardEngine::new_game() {
  game_known_ = false;  // the next turn begins with `new`
  return ready();
}

std::string XboardEngine::limits_text() const {
  const std::int64_t move_ms = std::max(limits_.movetime_ms, limits_.byoyomi_ms);
  const std::int64_t longest_s =
      move_ms > 0 ? whole_seconds(move_ms) : whole_seconds(std::llround(answer_s_ * static_cast<double>(kMsPerS)));
  const std::string depth = std::to_string(limits_.depth);
  std::string text;
  if (gnushogi_) {
    if (limits_.depth > 0) text += "depth\n" + depth + "\n";
    if (limits_.time_ms > 0) {
      text += "level " + std::to_string(kGnuShogiMovesLeft) + " " + minutes(whole_seconds(limits_.time_ms)) + "\n";
    } else {
      text += "level 0 " + minutes(longest_s) + "\n";
    }
    return text;
  }
  if (limits_.time_ms > 0) {
    text += "level 0 " + minutes(whole_seconds(limits_.time_ms)) + " " +
            std::to_string(limits_.increment_ms / kMsPerS) + "\n";
  } else {
    text += "st " + std::to_string(longest_s) + "\n";
  }
  if (limits_.depth > 0) text += "sd " + depth + "\n";
  return text;
}

std::string XboardEngine::begin_text(std::string_view sfen) const {
  std::string text = "new\n";
  if (!gnushogi_) text += "variant shogi\neasy\npost\n";
  text += limits_text() + "force\n";
  if (sfen == shogi::Position::kStartSfen) return text;
  if (features_.setboard) return text + "setboard " + xboard_fen(sfen) + "\n";
  text += "edit\n";
  for (const std::string& line : xboard_edit(sfen, squares_)) text += line + "\n";
  const bool black = sfen.find(" b ") != std::string_view::npos;
  const shogi::Color side = black ? shogi::Color::kBlack : shogi::Color::kWhite;
  return text + std::string(xboard_side(side, squares_)) + "\nforce\n";
}

std::string XboardEngine::clock_text(const GameClock& clock) const {
  if (limits_.time_ms == 0 || (!gnushogi_ && !features_.time)) return {};
  const std::string own = std::to_string(clock.left_ms() / kMsPerCentisecond);
  const std::string other = std::to_string(limits_.time_ms / kMsPerCentisecond);
  // In force mode GNU Shogi takes the side to move for the opponent.
  const std::string moves = " " + std::to_string(kGnuShogiMovesLeft) + "\n";
  if (gnushogi_) return "otime " + own + moves + "time " + other + moves;
  return "time " + own + "\notim " + other + "\n";
}

bool XboardEngine::knows(const EngineTurn& turn) const {
  const std::size_t plies = static_cast<std::size_t>(turn.position->plies_played());
  if (!game_known_ || start_sfen_ != turn.start_sfen || moves_.size() > plies) return false;
  for (std::size_t i = 0; i < moves_.size(); ++i) {
    if (!(moves_[i] == turn.position->move_at(static_cast<int>(i)))) return false;
  }
  return true;
}

Result<void> XboardEngine::set_up(const EngineTurn& turn, int ply, double deadline_s) {
  game_known_ = false;
  const std::string sfen = ply == 0 ? std::string(turn.start_sfen) : turn.position->sfen();
  if (auto sent = lines_.send(begin_text(sfen), deadline_s); !sent) return sent;
  const auto settled = settle(0, deadline_s);
  if (!settled) return tl::make_unexpected(settled.error());
  if (!*settled) return lines_.failed(EngineTrouble::kBreach, "the engine refuses the position " + sfen);
  game_known_ = true;
  start_sfen_ = turn.start_sfen;
  set_up_ply_ = ply;
  moves_.clear();
  for (int i = 0; i < ply; ++i) moves_.push_back(turn.position->move_at(i));
  return {};
}

Result<bool> XboardEngine::send_moves(const EngineTurn& turn, double deadline_s) {
  const int plies = turn.position->plies_played();
  const int known = static_cast<int>(moves_.size());
  if (known == plies) return true;
  std::string text;
  for (int i = known; i < plies; ++i) {
    const shogi::Move move = turn.position->move_at(i);
    text += (features_.usermove ? "usermove " : "") + xboard_move(shogi::to_usi(move), squares_) + "\n";
    moves_.push_back(move);
  }
  if (auto sent = lines_.send(text, deadline_s); !sent) return tl::make_unexpected(sent.error());
  return settle(static_cast<std::size_t>(plies - known), deadline_s);
}

Result<void> XboardEngine::catch_up(const EngineTurn& turn, double deadline_s) {
  const int plies = turn.position->plies_played();
  const bool known = knows(turn);
  const bool too_long = gnushogi_ && plies - (known ? set_up_ply_ : 0) >= kGnuShogiPlies;
  if (!known || too_long) {
    if (auto done = set_up(turn, too_long ? plies : 0, deadline_s); !done) return done;
  }
  const auto taken = send_moves(turn, deadline_s);
  if (!taken) return tl::make_unexpected(taken.error());
  return *taken ? Result<void>() : set_up(turn, plies, deadline_s);
}

EngineAnswer XboardEngine::moved(const std::string& move) {
  EngineAnswer answer;
  answer.kind = EngineAnswer::Kind::kMove;
  answer.move = move;
  if (const auto parsed = shogi::parse_usi(move)) {
    moves_.push_back(*parsed);
  } else {
    game_known_ = false;
  }
  return answer;
}

Result<EngineAnswer> XboardEngine::think(const EngineTurn& turn) {
  lines_.begin_answer();
  const auto before = lines_.pending();
  if (!before) return tl::make_unexpected(before.error());
  for (const std::string& line : *before) {
    if (parse(line).kind == Kind::kMove) {
      return lines_.failed(EngineTrouble::kBreach,
                           "the engine said \"" + printable_ascii(line) + "\" without being asked");
    }
  }
  side_ = turn.position->side();
  const auto own_loss = side_ == shogi::Color::kBlack ? XboardLine::Winner::kSecond : XboardLine::Winner::kFirst;
  const double start_s = clock_.monotonic_s();
  const double deadline_s = start_s + turn.longest_s;
  if (auto ready = catch_up(turn, deadline_s); !ready) return tl::make_unexpected(ready.error());
  if (auto sent = lines_.send(clock_text(*turn.clock) + "go\n", deadline_s); !sent) {
    return tl::make_unexpected(sent.error());
  }
  EngineInfo info;
  while (true) {
    const auto text = lines_.next(deadline_s);
    if (!text) return tl::make_unexpected(text.error());
    const XboardLine line = parse(*text);
    if (line.kind == Kind::kThinking) read_thinking(*text, info);
    if (line.kind == Kind::kRefusal)
      return lines_.failed(EngineTrouble::kBreach, "the engine said \"" + line.text + "\"");
    EngineAnswer answer;
    if (line.kind == Kind::kMove) {
      answer = moved(line.text);
    } else if (line.kind == Kind::kResign && (line.winner == XboardLine::Winner::kNone || line.winner == own_loss)) {
      answer.kind = EngineAnswer::Kind::kResign;
    } else {
      continue;  // claims of a win or a draw decide nothing: the rules do
    }
    answer.info = std::move(info);
    answer.seconds = std::max(0.0, clock_.monotonic_s() - start_s);
    if (auto sent = lines_.send("force\n", deadline_s + times_.stop_s); !sent) game_known_ = false;
    return answer;
  }
}

void XboardEngine::game_over(GameResult result) {
  const bool known = std::exchange(game_known_, false);
  if (gnushogi_ || !known || result == GameResult::kFault) return;
  const bool first_wins = (result == GameResult::kWin) == (side_ == shogi::Color::kBlack);
  const std::string_view text = result == GameResult::kDraw ? "1/2-1/2" : first_wins ? "1-0" : "0-1";
  lines_.begin_answer();
  (void)lines_.send("result " + std::string(text) + " {game over}\n", clock_.monotonic_s() + times_.stop_s);
}

bool XboardEngine::stop() {
  game_known_ = false;
  const double deadline_s = clock_.monotonic_s() + times_.stop_s;
  lines_.begin_answer();
  if (!lines_.send("?\n", deadline_s)) return false;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) return false;
    const Kind kind = parse(*line).kind;
    if (kind == Kind::kMove || kind == Kind::kResign) return true;
  }
}

}  // namespace keisei::evaluation
