#include "evaluation/usi_engine.h"

#include <algorithm>
#include <array>
#include <utility>

#include "evaluation/engine_options.h"
#include "evaluation/usi_protocol.h"
#include "shogi/notation.h"

namespace keisei::evaluation {
namespace {

constexpr std::array<std::string_view, 2> kAlwaysThere = {"USI_Hash", "USI_Ponder"};
constexpr std::array<std::string_view, 2> kVariantOptions = {"UCI_Variant", "USI_Variant"};

bool is_word(std::string_view line, std::string_view word) {
  return take_word(line) == word && take_word(line).empty();
}

/// "startpos moves ..." or "sfen ... moves ..."
std::string position_text(std::string_view start_sfen, const shogi::Position& position) {
  std::string text = start_sfen == shogi::Position::kStartSfen ? "startpos" : "sfen " + std::string(start_sfen);
  if (position.plies_played() > 0) text += " moves";
  for (int i = 0; i < position.plies_played(); ++i) text += " " + shogi::to_usi(position.move_at(i));
  return text;
}

}  // namespace

UsiEngine::UsiEngine(EngineStart start, std::unique_ptr<guard::Caged> process)
    : Engine(std::move(start), std::move(process)) {}

Result<std::unique_ptr<UsiEngine>> UsiEngine::start(EngineStart start) {
  const std::string program = start.command.argv.front();
  auto process = start.kennel->start(start.command);
  if (!process) return tl::make_unexpected(process.error());
  std::unique_ptr<UsiEngine> engine(new UsiEngine(std::move(start), std::move(*process)));
  if (auto ready = engine->handshake(); !ready) {
    const Error error = ready.error();
    if (engine->trouble() == EngineTrouble::kCancelled) return tl::make_unexpected(error);
    engine->kill();  // what does not speak the protocol is not asked to quit
    return fail(Code::kUsage, program + " is no USI engine that answers: " + error.message,
                "it has to answer usi with usiok");
  }
  return engine;
}

void UsiEngine::note_identity(std::string_view line) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  if (first == "id") {
    const std::string_view what = take_word(rest);
    if (what == "name") name_ = printable_ascii(rest);
    if (what == "author") author_ = printable_ascii(rest);
  } else if (first == "option" && options_.size() < kMaxOptionLines) {
    if (auto option = parse_option(line)) options_.push_back(std::move(*option));
  }
}

Result<void> UsiEngine::handshake() {
  const double deadline_s = clock_.monotonic_s() + times_.handshake_s;
  lines_.begin_answer();
  if (auto sent = lines_.send("usi\n", deadline_s); !sent) return sent;
  std::string first_words;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) {
      Error error = line.error();
      if (!first_words.empty()) error.message += "; it began with: " + first_words;
      return tl::make_unexpected(error);
    }
    if (first_words.empty()) first_words = printable_ascii(*line);
    if (is_word(*line, "usiok")) break;
    note_identity(*line);
  }
  for (const std::string_view name : kVariantOptions) {
    const EngineOption* option = find_option(options_, name);
    if (option == nullptr || option->default_value == "shogi") continue;
    if (std::find(option->values.begin(), option->values.end(), "shogi") == option->values.end()) continue;
    if (auto set = set_option(name, "shogi"); !set) return set;
  }
  return {};
}

Result<void> UsiEngine::set_option(std::string_view name, std::string_view value) {
  const EngineOption* option = find_option(options_, name);
  const bool always = std::any_of(kAlwaysThere.begin(), kAlwaysThere.end(),
                                  [&](std::string_view known) { return equal_ignoring_case(known, name); });
  if (option == nullptr && !always) return no_such_option(options_, name);
  if (option != nullptr) {
    if (auto good = check_value(*option, value); !good) return good;
  }
  std::string line = "setoption name " + std::string(option != nullptr ? option->name : name);
  if (option == nullptr || option->type != EngineOption::Type::kButton) line += " value " + std::string(value);
  return tell(line + "\n");
}

Result<void> UsiEngine::ready() {
  const double deadline_s = clock_.monotonic_s() + times_.ready_s;
  lines_.begin_answer();
  if (auto sent = lines_.send("isready\n", deadline_s); !sent) return sent;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) return tl::make_unexpected(line.error());
    if (is_word(*line, "readyok")) return {};
  }
}

Result<void> UsiEngine::new_game() {
  if (auto is_ready = ready(); !is_ready) return is_ready;
  return lines_.send("usinewgame\n", clock_.monotonic_s() + times_.ready_s);
}

Result<EngineAnswer> UsiEngine::think(const EngineTurn& turn) {
  lines_.begin_answer();
  const auto before = lines_.pending();
  if (!before) return tl::make_unexpected(before.error());
  for (const std::string& line : *before) {
    if (parse_bestmove(line)) {
      return lines_.failed(EngineTrouble::kBreach,
                           "the engine said \"" + printable_ascii(line) + "\" without being asked");
    }
  }
  const double start_s = clock_.monotonic_s();
  const double deadline_s = start_s + turn.longest_s;
  const std::string arguments = turn.clock->go_arguments(turn.position->side());
  const std::string position = position_text(turn.start_sfen, *turn.position);
  const std::string go = arguments.empty() ? "go" : "go " + arguments;
  if (auto sent = lines_.send("position " + position + "\n" + go + "\n", deadline_s); !sent) {
    return tl::make_unexpected(sent.error());
  }
  EngineInfo info;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) return tl::make_unexpected(line.error());
    if (auto answer = parse_bestmove(*line)) {
      answer->info = std::move(info);
      answer->seconds = std::max(0.0, clock_.monotonic_s() - start_s);
      return std::move(*answer);
    }
    read_info(*line, info);
  }
}

void UsiEngine::game_over(GameResult result) {
  if (result == GameResult::kFault) return;
  const std::string word = result == GameResult::kWin ? "win" : result == GameResult::kLoss ? "lose" : "draw";
  lines_.begin_answer();
  (void)lines_.send("gameover " + word + "\n", clock_.monotonic_s() + times_.stop_s);
}

bool UsiEngine::stop() {
  const double deadline_s = clock_.monotonic_s() + times_.stop_s;
  lines_.begin_answer();
  if (!lines_.send("stop\n", deadline_s)) return false;
  while (true) {
    const auto line = lines_.next(deadline_s);
    if (!line) return false;
    if (parse_bestmove(*line)) return true;
  }
}

}  // namespace keisei::evaluation
