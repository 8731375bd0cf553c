#include "shogi/start_setup.h"

#include <algorithm>
#include <string>

namespace keisei::shogi {
namespace {

constexpr std::string_view kLetters = ".PLNSBRGKPLNSBR";  // by kind

// White gives the handicap and moves first; the squares are White's back ranks.
constexpr std::array<Handicap, 18> kHandicaps{{
    {"平手", "HIRATE", "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1", true},
    {"香落ち", "KY", "lnsgkgsn1/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"右香落ち", "KY_R", "1nsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"角落ち", "KA", "lnsgkgsnl/1r7/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"飛車落ち", "HI", "lnsgkgsnl/7b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"飛香落ち", "HIKY", "lnsgkgsn1/7b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"二枚落ち", "2", "lnsgkgsnl/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"三枚落ち", "3", "lnsgkgsn1/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", false},
    {"四枚落ち", "4", "1nsgkgsn1/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"五枚落ち", "5", "2sgkgsn1/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", false},
    {"左五枚落ち", "5_L", "1nsgkgs2/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", false},
    {"六枚落ち", "6", "2sgkgs2/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"左七枚落ち", "7_L", "2sgkg3/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", false},
    {"右七枚落ち", "7_R", "3gkgs2/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", false},
    {"八枚落ち", "8", "3gkg3/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"十枚落ち", "10", "4k4/9/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", true},
    {"飛落ち", "HI", "lnsgkgsnl/7b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", false},
    {"左香落ち", "KY", "lnsgkgsn1/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL w - 1", false},
}};

char letter(Kind k, Color c) {
  const char upper = kLetters[static_cast<std::size_t>(index(k))];
  return c == Color::kBlack ? upper : static_cast<char>(upper - 'A' + 'a');
}

}  // namespace

StartSetup StartSetup::of(const Position& position) {
  StartSetup setup;
  position.for_each_piece([&](Square s, Piece p) { setup.board[static_cast<std::size_t>(s)] = p; });
  for (const Color c : {Color::kBlack, Color::kWhite}) {
    for (int k = 1; k <= kHandKinds; ++k) {
      setup.hands[static_cast<std::size_t>(index(c))][static_cast<std::size_t>(k)] =
          position.hand(c, static_cast<Kind>(k));
    }
  }
  setup.side = position.side();
  setup.move_number = position.ply();
  return setup;
}

Result<Position> StartSetup::position() const {
  std::string sfen;
  for (int rank = 1; rank <= 9; ++rank) {
    for (int file = 9; file >= 1; --file) {
      const Piece piece = board[static_cast<std::size_t>(square(file, rank))];
      if (piece.kind == Kind::kNone) {
        const bool goes_on = !sfen.empty() && sfen.back() >= '1' && sfen.back() <= '8';
        if (goes_on) {
          ++sfen.back();
        } else {
          sfen += '1';
        }
        continue;
      }
      if (is_promoted(piece.kind)) sfen += '+';
      sfen += letter(piece.kind, piece.color);
    }
    if (rank < 9) sfen += '/';
  }
  sfen += side == Color::kBlack ? " b " : " w ";
  std::string in_hand;
  for (const Color c : {Color::kBlack, Color::kWhite}) {
    for (int k = kHandKinds; k >= 1; --k) {
      const int n = hands[static_cast<std::size_t>(index(c))][static_cast<std::size_t>(k)];
      if (n > 0) in_hand += std::to_string(n) + letter(static_cast<Kind>(k), c);
    }
  }
  return Position::from_sfen(sfen + (in_hand.empty() ? "-" : in_hand) + " " + std::to_string(move_number));
}

const Handicap* handicap_named(std::string_view name) {
  const auto found = std::find_if(kHandicaps.begin(), kHandicaps.end(),
                                  [&](const Handicap& h) { return h.kif == name || h.jkf == name; });
  return found == kHandicaps.end() ? nullptr : &*found;
}

const Handicap* handicap_of(const Position& start) {
  for (const Handicap& h : kHandicaps) {
    if (!h.is_written) continue;
    const Result<Position> known = Position::from_sfen(h.sfen);
    if (known && known->board().same_position(start.board())) return &h;
  }
  return nullptr;
}

}  // namespace keisei::shogi
