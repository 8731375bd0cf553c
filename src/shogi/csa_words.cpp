#include "shogi/csa_words.h"

#include <algorithm>
#include <array>

namespace keisei::shogi {
namespace {

constexpr std::array<std::string_view, kKinds> kNames{"",   "FU", "KY", "KE", "GI", "KA", "HI", "KI",
                                                      "OU", "TO", "NY", "NK", "NG", "UM", "RY"};

struct EndRow {
  std::string_view word;
  EndWord end;
  bool is_said_whole;  ///< nothing is lost by it
};
constexpr std::array<EndRow, 13> kEnds{{{"TORYO", EndWord::kResign, true},
                                        {"TSUMI", EndWord::kCheckmate, true},
                                        {"SENNICHITE", EndWord::kRepetition, true},
                                        {"JISHOGI", EndWord::kImpasse, true},
                                        {"HIKIWAKE", EndWord::kDeclarationDraw, true},
                                        {"KACHI", EndWord::kDeclarationWin, true},
                                        {"TIME_UP", EndWord::kTimeout, true},
                                        {"ILLEGAL_MOVE", EndWord::kFoulOfMover, true},
                                        {"CHUDAN", EndWord::kInterrupted, true},
                                        {"MAX_MOVES", EndWord::kMaxMoves, true},
                                        {"FUZUMI", EndWord::kInterrupted, false},
                                        {"MATTA", EndWord::kInterrupted, false},
                                        {"ERROR", EndWord::kInterrupted, false}}};

struct KeywordRow {
  std::string_view csa;
  std::string_view key;
};
constexpr std::array<KeywordRow, 6> kKeywords{{{"SITE", "場所"},
                                               {"START_TIME", "開始日時"},
                                               {"END_TIME", "終了日時"},
                                               {"OPENING", "戦型"},
                                               {"TIME_LIMIT", "持ち時間"},
                                               {"NOTE", "備考"}}};

}  // namespace

std::string_view csa_piece(Kind k) { return kNames[static_cast<std::size_t>(index(k))]; }

Kind kind_of_csa(std::string_view name) {
  for (std::size_t k = 1; k < kNames.size(); ++k) {
    if (kNames[k] == name) return static_cast<Kind>(k);
  }
  return Kind::kNone;
}

std::string csa_end(const GameText& game) {
  switch (game.end) {
    case RecordEnd::kUnfinished:
    case RecordEnd::kMaxMoves:
      break;
    case RecordEnd::kResign:
    case RecordEnd::kNoLegalMoves:
      return "TORYO";
    case RecordEnd::kCheckmate:
      return "TSUMI";
    case RecordEnd::kRepetition:
      return "SENNICHITE";
    case RecordEnd::kPerpetualCheck:
    case RecordEnd::kFoulBefore:
      return game.winner == Winner::kWhite ? "+ILLEGAL_ACTION" : "-ILLEGAL_ACTION";
    case RecordEnd::kImpasse:
      return "JISHOGI";
    case RecordEnd::kDeclaration:
      return game.winner == Winner::kNone ? "HIKIWAKE" : "KACHI";
    case RecordEnd::kIllegalMove:
    case RecordEnd::kIllegalDeclaration:
      return "ILLEGAL_MOVE";
    case RecordEnd::kTimeout:
      return "TIME_UP";
  }
  return "CHUDAN";
}

bool end_by_csa(GameReader& reader, std::string_view word) {
  if (word == "+ILLEGAL_ACTION" || word == "-ILLEGAL_ACTION") {
    const Color culprit = word.front() == '+' ? Color::kBlack : Color::kWhite;
    reader.end(culprit == reader.side_to_move() ? EndWord::kFoulOfMover : EndWord::kFoulOfOther);
    return true;
  }
  const auto found = std::find_if(kEnds.begin(), kEnds.end(), [&](const EndRow& row) { return row.word == word; });
  if (found == kEnds.end()) return false;
  reader.end(found->end);
  if (!found->is_said_whole) reader.note("the end " + std::string(word) + " is kept as an interruption");
  return true;
}

std::string_view header_of_csa(std::string_view keyword) {
  for (const KeywordRow& row : kKeywords) {
    if (row.csa == keyword) return row.key;
  }
  return keyword;
}

std::string_view csa_keyword(std::string_view key, std::string_view value) {
  for (const KeywordRow& row : kKeywords) {
    const bool is_of_digits = value.find_first_not_of("0123456789/:+. ") == std::string_view::npos;
    if (row.key == key) return is_of_digits || row.csa.find("TIME") == std::string_view::npos ? row.csa : "";
  }
  const bool is_plain = std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
           c == '-';
  });
  const bool is_taken = key == "EVENT" || header_of_csa(key) != key;
  return is_plain && !is_taken ? key : std::string_view();
}

}  // namespace keisei::shogi
