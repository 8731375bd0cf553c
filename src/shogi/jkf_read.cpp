// Reading JKF as its schema has it, normalised: every move names its origin. Forks are counted and left out.
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "shogi/csa_words.h"
#include "shogi/illegal.h"
#include "shogi/json_places.h"
#include "shogi/notation.h"
#include "shogi/record_formats.h"

namespace keisei::shogi {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxJsonDepth = 8 + 3 * kMaxVariationDepth;
constexpr std::size_t kMaxTextBytes = kMaxRecordLineBytes / 2;  // a line of the other formats can hold it
constexpr std::string_view kMoveAllowed =
    "an object of from {x, y} (not for a drop), to {x, y}, piece such as \"FU\", and promote";

/// The member, or nullptr where it is missing or null.
const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<int> whole(const json* value, int least, int most) {
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  const auto n = value->get<std::int64_t>();
  if (n < least || n > most || (value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t(most))) {
    return std::nullopt;
  }
  return static_cast<int>(n);
}

std::optional<Square> square_of(const json& value) {
  const std::optional<int> x = whole(member(value, "x"), 1, 9);
  const std::optional<int> y = whole(member(value, "y"), 1, 9);
  return x && y ? std::optional(square(*x, *y)) : std::nullopt;
}

Kind kind_of(const json* value) {
  return value != nullptr && value->is_string() ? kind_of_csa(value->get_ref<const std::string&>()) : Kind::kNone;
}

class JkfReader {
 public:
  JkfReader(std::string_view text, std::string_view file) : text_(text), source_(file, text), reader_(source_, 1) {}

  [[nodiscard]] ReadGames read() {
    places_ = find_places(text_, kMaxJsonDepth);
    if (places_.too_deep) {
      return fault(*places_.too_deep, "the brackets nest too deep",
                   "at most " + std::to_string(kMaxJsonDepth) + " levels");
    }
    json whole_text;
    try {
      whole_text = json::parse(text_);
    } catch (const json::parse_error& error) {
      return fault(error.byte == 0 ? 0 : error.byte - 1, "the text is no JSON", "one JSON object");
    } catch (const json::exception&) {
      return fault(0, "the text is no JSON", "one JSON object");
    }
    if (!whole_text.is_object())
      return fault(0, "the text is no JSON object", "an object of header, initial and moves");
    if (auto ok = header(whole_text); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = initial(whole_text); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = moves(whole_text); !ok) return tl::make_unexpected(ok.error());
    std::vector<ReadGame> games;
    Result<ReadGame> game = reader_.take();
    if (!game) return tl::make_unexpected(game.error());
    games.push_back(std::move(*game));
    return games;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> fault(std::size_t byte, const std::string& what, std::string_view allowed) {
    byte = std::min(byte, text_.size());
    const std::size_t at = source_.go_to(text_.data() + byte);
    return source_.fault(at, 0, 0, what, allowed);
  }

  [[nodiscard]] Result<void> header(const json& all) {
    const json* header = member(all, "header");
    if (header == nullptr) return {};
    if (!header->is_object()) return fault(0, "header is no object", "an object of texts");
    for (const auto& [key, value] : header->items()) {
      if (key == "手合割") continue;  // initial says it
      if (!value.is_string()) return fault(0, "header: " + quoted_part(key) + " is no text", "an object of texts");
      if (value.get_ref<const std::string&>().size() > kMaxTextBytes) {
        return fault(0, "header: a text is too long", "at most " + std::to_string(kMaxTextBytes) + " bytes");
      }
      if (auto ok = reader_.header(key, value.get_ref<const std::string&>(), 0); !ok) return ok;
    }
    return {};
  }

  [[nodiscard]] Result<void> initial(const json& all) {
    const json* initial = member(all, "initial");
    if (initial == nullptr) return {};
    const json* preset = member(*initial, "preset");
    const std::string name = preset != nullptr && preset->is_string() ? preset->get<std::string>() : "";
    if (name == "OTHER") return setup(member(*initial, "data"));
    const Handicap* handicap = handicap_named(name);
    if (handicap == nullptr || handicap->jkf != name) {
      return fault(0, "initial: the preset " + quoted_part(name) + " is unknown",
                   "HIRATE, KY, KY_R, KA, HI, HIKY, 2, 3, 4, 5, 5_L, 6, 7_L, 7_R, 8, 10, or OTHER with data");
    }
    const Result<Position> start = Position::from_sfen(handicap->sfen);
    if (!start) return tl::make_unexpected(start.error());
    reader_.start_from(*start);
    return {};
  }

  [[nodiscard]] Result<void> setup(const json* data) {
    constexpr std::string_view kAllowed = "data of color (0 or 1), board (nine files of nine squares) and hands (two)";
    constexpr int kMostOfAKind = 18;
    StartSetup setup;
    const json* board = data == nullptr ? nullptr : member(*data, "board");
    const json* hands = data == nullptr ? nullptr : member(*data, "hands");
    const std::optional<int> color = data == nullptr ? std::nullopt : whole(member(*data, "color"), 0, 1);
    if (!color || board == nullptr || !board->is_array() || board->size() != 9) {
      return fault(0, "initial: OTHER without a whole position", kAllowed);
    }
    setup.side = *color == 0 ? Color::kBlack : Color::kWhite;
    for (int file = 1; file <= 9; ++file) {
      const json& column = (*board)[static_cast<std::size_t>(file - 1)];
      if (!column.is_array() || column.size() != 9) return fault(0, "initial: a file is not nine squares", kAllowed);
      for (int rank = 1; rank <= 9; ++rank) {
        const json& cell = column[static_cast<std::size_t>(rank - 1)];
        if (member(cell, "kind") == nullptr) continue;
        const Kind kind = kind_of(member(cell, "kind"));
        const std::optional<int> whose = whole(member(cell, "color"), 0, 1);
        if (kind == Kind::kNone || !whose) {
          return fault(0, "initial: square " + to_usi(square(file, rank)) + " is not understood", kAllowed);
        }
        setup.board[static_cast<std::size_t>(square(file, rank))] = {kind, *whose == 0 ? Color::kBlack : Color::kWhite};
      }
    }
    if (hands != nullptr && (!hands->is_array() || hands->size() != 2)) {
      return fault(0, "initial: hands are not two", kAllowed);
    }
    for (std::size_t c = 0; hands != nullptr && c < 2; ++c) {
      if (!(*hands)[c].is_object()) return fault(0, "initial: a hand is no object", kAllowed);
      for (const auto& [name, count] : (*hands)[c].items()) {
        const Kind kind = kind_of_csa(name);
        const std::optional<int> n = whole(&count, 0, kMostOfAKind);
        if (n == 0) continue;
        if (!n || kind == Kind::kNone || index(kind) > kHandKinds) {
          return fault(0, "initial: hands: " + quoted_part(name) + " is not understood", kAllowed);
        }
        setup.hands[c][static_cast<std::size_t>(index(kind))] = *n;
      }
    }
    const Result<Position> start = setup.position();
    if (!start) return fault(0, "the start position: " + start.error().message, start.error().hint);
    reader_.start_from(*start);
    return {};
  }

  [[nodiscard]] Result<void> moves(const json& all) {
    const json* moves = member(all, "moves");
    if (moves == nullptr || !moves->is_array()) return fault(0, "moves are missing", "an array of moves");
    for (std::size_t i = 0; i < moves->size(); ++i) {
      const std::size_t byte = i < places_.moves.size() ? places_.moves[i] : 0;
      at_ = source_.go_to(text_.data() + byte);
      if (auto ok = entry((*moves)[i]); !ok) return ok;
    }
    return {};
  }

  [[nodiscard]] Result<void> entry(const json& entry) {
    if (!entry.is_object()) return reader_.move_fault(at_, "an element of moves is no object", kMoveAllowed);
    const json* move = member(entry, "move");
    const json* special = member(entry, "special");
    if (special != nullptr && reader_.ended()) {
      return reader_.move_fault(at_, "the game ends twice", "the end last");
    }
    if (move != nullptr) {
      if (auto ok = reader_.expect_move(at_, "the end last"); !ok) return ok;
      if (auto ok = play(*move); !ok) return ok;
    }
    if (special != nullptr) {
      const std::string word = special->is_string() ? special->get<std::string>() : "";
      if (!end_by_csa(reader_, word)) {
        return reader_.move_fault(at_, "there is no end " + quoted_part(word), kCsaEnds);
      }
    }
    if (const json* time = member(entry, "time")) {
      if (auto ok = spent(*time); !ok) return ok;
    }
    if (const json* comments = member(entry, "comments")) {
      if (!comments->is_array()) return reader_.last_fault(at_, "comments are no array", "an array of texts");
      for (const json& line : *comments) {
        if (!line.is_string()) return reader_.last_fault(at_, "a comment is no text", "an array of texts");
        if (line.get_ref<const std::string&>().size() > kMaxTextBytes) {
          return reader_.last_fault(at_, "a comment is too long",
                                    "at most " + std::to_string(kMaxTextBytes) + " bytes");
        }
        add_comment(line.get_ref<const std::string&>());
      }
    }
    if (const json* forks = member(entry, "forks")) return count(*forks);
    return {};
  }

  void add_comment(std::string_view text) {
    for (;;) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      reader_.comment(text.substr(0, end));
      if (end == text.size()) return;
      text.remove_prefix(end + 1);
    }
  }

  /// Forks and those inside them; the depth is bounded by that of the JSON.
  [[nodiscard]] Result<void> count(const json& forks) {
    if (!forks.is_array()) return reader_.last_fault(at_, "forks are no array", "an array of variations");
    for (const json& fork : forks) {
      if (!reader_.count_variation()) {
        return reader_.last_fault(at_, "there are too many variations", "at most " + std::to_string(kMaxVariations));
      }
      if (!fork.is_array()) continue;
      for (const json& one : fork) {
        if (const json* inner = member(one, "forks")) {
          if (auto ok = count(*inner); !ok) return ok;
        }
      }
    }
    return {};
  }

  [[nodiscard]] Result<void> spent(const json& time) {
    const json* now = member(time, "now");
    double time_s = 0;
    for (const char* unit : {"h", "m", "s"}) {
      time_s *= 60;
      const json* value = now == nullptr ? nullptr : member(*now, unit);
      if (value == nullptr) continue;
      const double part = value->is_number() ? value->get<double>() : -1;
      if (!(part >= 0 && part <= kMaxMoveSeconds)) time_s = -kMaxMoveSeconds * kMaxMoveSeconds;
      time_s += part;
    }
    if (now == nullptr || !(time_s >= 0 && time_s <= kMaxMoveSeconds)) {
      return reader_.last_fault(at_, "the time is not understood", "time of now {h, m, s}, at most 10,000,000 seconds");
    }
    reader_.spent(time_s);
    return {};
  }

  [[nodiscard]] Result<void> play(const json& move) {
    const Position& position = reader_.position();
    const Kind kind = kind_of(member(move, "piece"));
    std::optional<Square> to;
    if (const json* place = member(move, "to")) {
      to = square_of(*place);
    } else if (member(move, "same") != nullptr && reader_.plies() > 0) {
      to = reader_.last_move().to();
    }
    if (kind == Kind::kNone || !to) return reader_.move_fault(at_, "the move is not understood", kMoveAllowed);
    if (const json* color = member(move, "color"); color != nullptr && whole(color, 0, 1) != index(position.side())) {
      return reader_.move_fault(at_, "the color of the move is not that of the side to move", "0 Black, 1 White");
    }
    const json* promote = member(move, "promote");
    if (promote != nullptr && !promote->is_boolean()) {
      return reader_.move_fault(at_, "promote is neither true nor false", kMoveAllowed);
    }
    const bool promotes = promote != nullptr && promote->get<bool>();
    const json* origin = member(move, "from");
    if (origin == nullptr) {
      const json* relative = member(move, "relative");
      if (relative != nullptr && *relative != "H") {
        return reader_.move_fault(at_, "the move has words instead of its origin", "normalised JKF, with from");
      }
      if (index(kind) > kHandKinds || promotes) {
        return reader_.move_fault(at_, "a " + std::string(kind_name(kind)) + " cannot be dropped like this",
                                  kMoveAllowed);
      }
      return reader_.play(Move::drop(kind, *to), at_);
    }
    const std::optional<Square> from = square_of(*origin);
    if (!from || *from == *to) return reader_.move_fault(at_, "the origin is not understood", kMoveAllowed);
    const Kind stands = position.piece_on(*from).kind;
    if (stands != Kind::kNone && stands != kind) {
      return reader_.move_fault(at_,
                                "the record moves a " + std::string(kind_name(kind)) + ", but " + to_usi(*from) +
                                    " holds a " + std::string(kind_name(stands)),
                                "the piece's name before the move");
    }
    return reader_.play(Move::board(*from, *to, promotes), at_);
  }

  std::string_view text_;
  RecordSource source_;
  GameReader reader_;
  JsonPlaces places_;
  std::size_t at_ = 0;  ///< of the move at hand, in its line
};

}  // namespace

ReadGames read_jkf(std::string_view utf8, std::string_view file) { return JkfReader(utf8, file).read(); }

}  // namespace keisei::shogi
