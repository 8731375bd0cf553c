// An XBoard engine for tests: `rogue_xboard BEHAVIOUR TOKEN` plays a few rook moves from the start position and
// resigns, but misbehaves at one point. What it is told it checks by the protocol's letter, and says what it does not
// understand. A behaviour that begins with gnu_ speaks the dialect of GNU Shogi 1.4. TOKEN only marks the process.
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int kMovesBeforeResigning = 3;
constexpr int kPiecesOfAGame = 40;
std::string behaviour;

bool is(const char* name) { return behaviour == name; }
/// It is given a position again for each move that it does not take, in the middle of a game.
bool begins_again() { return behaviour.find("refuses_moves") != std::string::npos || is("gnu_swallows_moves"); }
bool gnu() { return behaviour.rfind("gnu_", 0) == 0; }

void put(const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data() + at, text.size() - at);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) at += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void forever() {
  while (true) ::pause();
}

struct Game {
  bool shogi = false;   ///< after `variant shogi`
  bool forced = false;  ///< in force mode
  bool first_to_move = true;
  int depth = 0;
  int own_moves = 0;
  int heard = 0;  ///< moves
};
Game game;

/// A complaint makes the engine's side lose: the other one has to speak the protocol.
void complain(const std::string& line) { put("tellusererror not understood: " + line + "\n"); }

std::string own_move() {
  const bool black = game.first_to_move;
  if (is("illegal_move")) return "i9a1";
  if (is("no_move")) return "castle";
  if (is("other_side")) return black ? "b8c8" : "h2g2";
  if (game.own_moves >= kMovesBeforeResigning) return "resign";
  const bool out = game.own_moves % 2 == 0;
  if (gnu()) return black ? (out ? "2h3h" : "3h2h") : (out ? "8b7b" : "7b8b");
  return black ? (out ? "h2g2" : "g2h2") : (out ? "b8c8" : "c8b8");
}

void feature_lines() {
  if (is("no_shogi")) {
    put("feature variants=\"normal,suicide\" done=1\n");
  } else if (is("never_done")) {
    while (true) {
      put("feature done=0\n");
      ::usleep(20'000);
    }
  } else if (is("few_features")) {
    put("feature myname=\"Old\" variants=\"shogi\" colors=0\n");  // and silence: it is an old habit not to say done
  } else {
    put("Rogue, an engine\nfeature done=0\nfeature ping=1 setboard=1 usermove=1 sigterm=0 unheard=1\nfeature "
        "myname=\"Rogue " +
        behaviour +
        "\" variants=\"normal,shogi\" option=\"Style -combo *calm /// wild\" option=\"Level -spin 3 1 9\" " +
        "option=\"Book -check 0\" option=\"Clear -button\" done=1\n");
  }
}

void think() {
  if (is("hangs_at_go")) forever();
  if (is("hangs_until_asked") || is("hangs_although_asked")) {
    std::string line;
    while (std::getline(std::cin, line) && line != "?") {
    }
    if (is("hangs_although_asked")) forever();
  }
  if (is("floods")) {
    while (true) put("1 20 0 30 h2g2\n");
  }
  if (is("crashes")) {
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(SIGSEGV);
  }
  if (is("ends_in_the_middle")) {
    put("move h2");
    ::_exit(0);
  }
  if (is("claims_win")) put(game.first_to_move ? "1-0 {mine}\n" : "0-1 {mine}\n");
  if (is("claims_draw")) {
    put("1/2-1/2 {a draw}\noffer draw\n");
    forever();
  }
  if (is("gnu_mated")) {
    put(game.first_to_move ? "White mates!\n" : "Black mates!\n");
    return;
  }
  if (is("claims_loss")) {
    put(game.first_to_move ? "0-1 {yours}\n" : "1-0 {yours}\n");
    return;
  }
  const std::string move = own_move();
  if (gnu()) {
    put(move == "resign" ? (game.first_to_move ? "White mates!\n" : "Black mates!\n")
                         : std::to_string(game.own_moves + 1) + ". ... " + move + " 300000\n");
  } else if (move == "resign") {
    put(is("resigns_to_ics") ? "tellics resign\n" : "resign\n");
  } else {
    put("# thinking\n2\t120\t10\t44\t" + move + " a1a2\n" + "move " + move + "\n");
  }
  if (is("moves_twice")) put("move " + move + "\n");
  game.own_moves = move == "resign" ? 0 : game.own_moves + 1;
  game.first_to_move = !game.first_to_move;
  game.forced = false;
}

/// The lines behind `edit` up to the dot; a complaint for one that is none.
void edit() {
  std::string line;
  int pieces = 0;
  while (std::getline(std::cin, line) && line != ".") {
    if (line == "#" || line == "c") continue;
    if (line.size() < 2 || std::string("PLNSGBRK").find(line[0]) == std::string::npos) return complain(line);
    ++pieces;
  }
  if (pieces != kPiecesOfAGame) complain("edit");
}

void hear_move(const std::string& move) {
  if (!game.forced || move.size() < 4) return complain(move);
  if (is("refuses_moves") || is("refuses_all") || is("gnu_refuses_moves")) {
    put((gnu() ? "Illegal move (no match) " : "Illegal move: ") + move + "\n");
    return;
  }
  ++game.heard;
  game.first_to_move = !game.first_to_move;
  if (gnu() && !is("gnu_swallows_moves")) put(std::to_string(game.heard) + ". " + move + " 300000\n");
  if (is("moves_unasked")) put("move h2g2\n");
}

void begin() {
  const Game before = game;
  game = Game{};
  if (gnu()) game.depth = before.depth;  // it outlasts `new` there
  if (begins_again()) game.own_moves = before.own_moves;
}

/// A command of both generations. False when it is none.
bool obey_common(const std::string& word, std::istringstream& words) {
  if (word == "force") {
    game.forced = true;
  } else if (word == "new") {
    begin();
  } else if (word == "edit") {
    edit();
  } else if (word == "white" || word == "black") {
    game.first_to_move = (word == "black") == gnu();
    game.forced = false;
  } else if (word == "level") {
    std::string moves;
    std::string time;
    if (!(words >> moves >> time)) complain(word);
    if (gnu()) put("Clocks: 0 0\n");
  } else if (word == "go") {
    if (!game.forced || game.depth != 1) complain("go");
    think();
  } else if (word == "?") {
  } else if (word == "quit") {
    ::_exit(0);
  } else {
    return false;
  }
  return true;
}

void obey_gnu(const std::string& word, std::istringstream& words) {
  if (word == "otime") {
    long time = 0;
    long moves = 0;
    words >> time >> moves;
    put("otime " + std::to_string(time) + " " + std::to_string(moves) + "\n");
  } else if (word == "depth") {
    put("depth = ");
    std::cin >> game.depth;
    std::cin.ignore();
  } else if (!obey_common(word, words)) {
    if (word == "xboard" || word == "protover") {
      put("Illegal move (no match) " + word + "\n");
    } else {
      hear_move(word);
    }
  }
}

void obey(const std::string& word, std::istringstream& words) {
  std::string value;
  if (word == "protover") {
    if (is("hangs_at_protover")) forever();
    if (is("no_xboard")) {
      put("Error (unknown command): protover\n");
      ::_exit(0);
    }
    feature_lines();
  } else if (word == "ping") {
    words >> value;
    if (is("hangs_at_ping")) forever();
    put("pong " + value + "\n");
  } else if (word == "variant") {
    words >> value;
    game.shogi = value == "shogi";
  } else if (word == "setboard") {
    std::string side;
    words >> value >> side;
    if (value.find('[') == std::string::npos || (side != "w" && side != "b") || is("refuses_all")) complain(value);
    game.first_to_move = side == "w";
  } else if (word == "sd") {
    words >> game.depth;
  } else if (word == "usermove") {
    words >> value;
    hear_move(value);
  } else if (word == "rejected") {
    words >> value;
    if (value != "unheard") complain(value);
  } else if (!obey_common(word, words)) {
    const bool known = word == "xboard" || word == "accepted" || word == "st" || word == "easy" || word == "post" ||
                       word == "result" || word == "option" || word == "time" || word == "otim";
    if (is("few_features")) {
      if (!known) hear_move(word);
    } else if (!known) {
      complain(word);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  behaviour = argc > 1 ? argv[1] : "polite";
  if (is("exits_at_once")) return 7;
  if (gnu()) put("GNU Shogi 1.4.2\n");
  std::string line;
  while (!std::cin.fail() && std::getline(std::cin, line)) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word.empty()) continue;
    gnu() ? obey_gnu(word, words) : obey(word, words);
  }
  return 0;
}
