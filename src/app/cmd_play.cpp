// keisei play: a person against a player, in the terminal. The loop asks one side after the other; what a person types
// is a move or a command. Works as well with lines from a pipe.
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>

#include "app/cli.h"
#include "app/play_command.h"
#include "app/play_text.h"
#include "app/usi/builtin_thinker.h"
#include "app/usi/line_reader.h"
#include "base/clock.h"
#include "base/file.h"
#include "shogi/notation.h"
#include "shogi/record_text.h"

namespace keisei::app {
namespace {

using shogi::Color;
using shogi::Position;

constexpr const char* kHelp =
    "  7g7f, 8h2b+, P*5e     a move (from, to, + promotes; a drop); also ７六歩, 76歩, 同銀, 5五角打\n"
    "  undo                  take back your last move and its answer\n"
    "  hint                  what it would play in your place\n"
    "  moves                 all legal moves\n"
    "  board, flip           show the board; turn it round\n"
    "  save FILE             the game so far: .kifu .ki2u .csa .usi\n"
    "  declare               win as an entering king, where the rule allows it\n"
    "  resign, quit          end the game; leave\n";

void say(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

std::string side_text(Color c) { return c == Color::kBlack ? "Black" : "White"; }

class Game {
 public:
  Game(const PlayArgs& args, Position start, Color person, std::unique_ptr<usi::Thinker> thinker, std::uint64_t seed)
      : args_(args),
        position_(std::move(start)),
        start_sfen_(position_.sfen()),
        person_(person),
        below_(person),
        thinker_(std::move(thinker)),
        seed_(seed),
        allowance_(clock_) {}

  int play() {
    say("You are " + side_text(person_) + ", against " + thinker_->description() + ". `help` lists the commands.\n");
    show();
    while (!over_) {
      if (const auto outcome = position_.outcome({})) {
        say(outcome->winner == shogi::Winner::kNone
                ? "A draw: " + std::string(to_string(outcome->reason)) + ".\n"
                : std::string(outcome->winner == winner_of(person_) ? "You win: " : "You lose: ") +
                      std::string(to_string(outcome->reason)) + ".\n");
        return 0;
      }
      if (position_.side() == person_) {
        ask();
      } else {
        answer();
      }
    }
    return 0;
  }

 private:
  void show() {
    say("\n" + board_text(position_, below_, args_.kanji));
    if (position_.in_check()) say(side_text(position_.side()) + " is in check.\n");
  }

  std::string words(shogi::Move m) const {
    return args_.kanji ? move_text(position_, m) + " (" + to_usi(m) + ")" : to_usi(m);
  }

  bool can_win_by_declaration() const {
    const shogi::DeclarationState state = position_.declaration(shogi::Rules{}.declaration);
    return state.can_declare && state.winner == winner_of(position_.side());
  }

  usi::Thought think() {
    allowance_.restart();
    allowance_.grant({args_.seconds, args_.seconds});
    usi::ThinkRequest request;
    request.position = position_;
    request.random = Random(seed_, Purpose::kEvaluation, 0, 0, static_cast<std::uint64_t>(position_.ply()));
    return thinker_->think(request, allowance_, [](const usi::ThoughtLine&) {});
  }

  void answer() {
    if (can_win_by_declaration()) {
      say(side_text(position_.side()) + " declares and wins.\n");
      over_ = true;
      return;
    }
    const usi::Thought thought = think();
    if (thought.move == shogi::Move()) {
      say(side_text(position_.side()) + " resigns. You win.\n");
      over_ = true;
      return;
    }
    say(side_text(position_.side()) + " plays " + words(thought.move) + "\n");
    position_.make(thought.move);
    show();
  }

  void ask() {
    say(side_text(person_) + "> ");
    const auto line = reader_.next();
    if (!line) {
      say("\n");
      over_ = true;
      return;
    }
    const std::size_t begin = line->find_first_not_of(" \t\r");
    if (begin == std::string::npos) return;
    const std::string typed = line->substr(begin, line->find_last_not_of(" \t\r") - begin + 1);
    if (typed.starts_with("save ")) return save(typed.substr(typed.find_first_not_of(' ', 5)));
    if (typed == "help") return say(kHelp);
    if (typed == "undo") return undo();
    if (typed == "hint") return hint();
    if (typed == "moves") return list_moves();
    if (typed == "board") return show();
    if (typed == "declare") return declare();
    if (typed == "flip") {
      below_ = ~below_;
      return show();
    }
    if (typed == "resign") say("You resign.\n");
    if (typed == "resign" || typed == "quit") {
      over_ = true;
      return;
    }
    const auto move = read_move(position_, typed);
    if (!move) return say(move.error().message + "\n  " + move.error().hint + "\n");
    say("You play " + words(*move) + "\n");
    position_.make(*move);
    show();
  }

  void undo() {
    constexpr int kPair = 2;
    if (position_.plies_played() < kPair) return say("There is no move of yours to take back.\n");
    for (int i = 0; i < kPair; ++i) position_.unmake();
    show();
  }

  void hint() {
    if (can_win_by_declaration()) return say("Declare: it wins.\n");
    const usi::Thought thought = think();
    say("It would play " + words(thought.move) + ", worth " + std::to_string(usi::centipawns(thought.value)) +
        " hundredths of a pawn.\n");
  }

  void list_moves() {
    shogi::MoveList legal;
    position_.legal_moves(legal);
    std::string text;
    for (const shogi::Move m : legal) text += (args_.kanji ? move_text(position_, m) + " " : "") + to_usi(m) + "\n";
    say(text);
  }

  void declare() {
    if (!can_win_by_declaration()) return say("You cannot declare here.\n");
    say("You declare and win.\n");
    over_ = true;
  }

  void save(const std::string& path) {
    shogi::GameText game;
    game.start_sfen = start_sfen_;
    for (int i = 0; i < position_.plies_played(); ++i) game.moves.push_back({.move = position_.move_at(i)});
    game.black_name = person_ == Color::kBlack ? "you" : thinker_->description();
    game.white_name = person_ == Color::kWhite ? "you" : thinker_->description();
    const std::size_t dot = path.rfind('.');
    for (const auto format :
         {shogi::RecordFormat::kKif, shogi::RecordFormat::kKi2, shogi::RecordFormat::kCsa, shogi::RecordFormat::kUsi}) {
      if (dot == std::string::npos || path.substr(dot) != shogi::file_extension(format)) continue;
      const auto text = shogi::export_record(game, format);
      if (!text) return say(text.error().message + "\n");
      const auto written = write_durably(path, *text);
      return say(written ? "Written: " + path + "\n" : written.error().message + "\n");
    }
    say("The file's name must end in .kifu, .ki2u, .csa or .usi.\n");
  }

  const PlayArgs& args_;
  SystemClock clock_;
  Position position_;
  std::string start_sfen_;
  Color person_;
  Color below_;
  std::unique_ptr<usi::Thinker> thinker_;
  std::uint64_t seed_;
  usi::Allowance allowance_;
  usi::LineReader reader_{STDIN_FILENO};
  bool over_ = false;
};

}  // namespace

int run_play(const PlayArgs& args, const PlayHost& host) {
  auto start = Position::from_sfen(args.sfen);
  if (!start) return report(start.error());
  usi::EngineOptions options;
  options.weights = args.player.weights;
  auto thinker = options.weights.empty() ? usi::make_builtin_thinker(args.player.player, {})
                                         : host.load(options, args.player.savedir);
  if (!thinker) return report(thinker.error());
  const std::uint64_t seed = args.player.seed.value_or(static_cast<std::uint64_t>(SystemClock().utc_ms()));
  Color person = args.side == PlayArgs::Side::kWhite ? Color::kWhite : Color::kBlack;
  if (args.side == PlayArgs::Side::kDrawn && Random(seed, Purpose::kPairing).below(2) == 1) person = Color::kWhite;
  return Game(args, std::move(*start), person, std::move(*thinker), seed).play();
}

}  // namespace keisei::app
