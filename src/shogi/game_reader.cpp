#include "shogi/game_reader.h"

#include <utility>

#include "shogi/illegal.h"
#include "shogi/notation.h"
#include "shogi/record_words.h"

namespace keisei::shogi {

void GameReader::start_from(const Position& start) {
  position_ = start;
  const bool is_plain = is_usual_start(start) && start.ply() == 1;
  read_.game.start_sfen = is_plain ? "startpos" : start.sfen();
}

Result<void> GameReader::expect_move(std::size_t at, std::string_view allowed_after_end) const {
  if (foul_) return tl::make_unexpected(*foul_);
  if (ended_) return move_fault(at, "a move after the end of the game", allowed_after_end);
  return {};
}

Result<void> GameReader::play(Move m, std::size_t at) {
  if (plies() >= kMaxRecordMoves) {
    return move_fault(at, "the game is too long", "at most " + std::to_string(kMaxRecordMoves) + " moves");
  }
  ++recorded_plies_;
  if (const std::string why = why_illegal(position_, m); !why.empty()) {
    foul_ =
        move_fault(at, to_usi(m) + " is illegal: " + why, "a legal move in the position " + position_.sfen()).value();
    return {};
  }
  read_.game.moves.push_back({.move = m, .time_s = std::nullopt, .comment = {}});
  position_.make(m);
  has_comment_ = false;
  return {};
}

void GameReader::spent(double time_s) {
  if (ended_ || foul_) {
    read_.game.end_time_s = time_s;
  } else if (!read_.game.moves.empty()) {
    read_.game.moves.back().time_s = time_s;
  }
}

void GameReader::comment(std::string_view line) {
  std::string& text = read_.game.moves.empty() ? read_.game.comment : read_.game.moves.back().comment;
  if (has_comment_) text += '\n';
  text += one_line(line);
  has_comment_ = true;
}

Result<void> GameReader::header(std::string_view key, std::string_view value, std::size_t at) {
  const std::string clean_text = one_line(value);
  const std::string clean(trimmed(clean_text));
  GameText& game = read_.game;
  if (key == "先手" || key == "下手") {
    game.black_name = clean;
  } else if (key == "後手" || key == "上手") {
    game.white_name = clean;
  } else if (key == "棋戦") {
    game.event = clean;
  } else if (const auto when = key == "開始日時" ? seconds_of(clean) : std::nullopt) {
    game.start_utc_s = when;
  } else if (!is_header_key(key)) {
    note("the header " + quoted_part(key) + " is left out: no format could write it");
  } else if (game.headers.size() >= kMaxHeaderLines) {
    return fault(at, "there are too many header lines", "at most " + std::to_string(kMaxHeaderLines));
  } else if (!clean.empty()) {
    game.headers.push_back({std::string(key), clean});
  }
  return {};
}

void GameReader::note(std::string sentence) { read_.notes.push_back(std::move(sentence)); }

void GameReader::end(EndWord word) {
  const Winner us = winner_of(position_.side());
  const Winner them = winner_of(~position_.side());
  GameText& game = read_.game;
  ended_ = true;
  game.winner = Winner::kNone;
  if (foul_ && word == EndWord::kFoulOfOther) {
    note("the foul that ended the game is left out: " + foul_->message);
    foul_.reset();
    game.end = RecordEnd::kIllegalMove;
    game.winner = them;
    return;
  }
  switch (word) {
    case EndWord::kInterrupted:
      game.end = RecordEnd::kUnfinished;
      return;
    case EndWord::kRepetition:
      game.end = RecordEnd::kRepetition;
      return;
    case EndWord::kImpasse:
      game.end = RecordEnd::kImpasse;
      return;
    case EndWord::kDeclarationDraw:
      game.end = RecordEnd::kDeclaration;
      return;
    case EndWord::kMaxMoves:
      game.end = RecordEnd::kMaxMoves;
      return;
    case EndWord::kDeclarationWin:
      game.end = RecordEnd::kDeclaration;
      game.winner = us;
      return;
    case EndWord::kResign:
      game.end = RecordEnd::kResign;
      break;
    case EndWord::kCheckmate:
      game.end = RecordEnd::kCheckmate;
      break;
    case EndWord::kTimeout:
      game.end = RecordEnd::kTimeout;
      break;
    case EndWord::kFoulOfMover:
    case EndWord::kFoulOfOther:
      game.winner = word == EndWord::kFoulOfOther ? us : them;
      game.end = word == EndWord::kFoulOfOther ? RecordEnd::kFoulBefore : RecordEnd::kIllegalMove;
      if (position_.outcome({}) == Outcome{game.winner, Reason::kPerpetualCheck, false}) {
        game.end = RecordEnd::kPerpetualCheck;
      }
      return;
  }
  game.winner = them;
}

Result<ReadGame> GameReader::take() {
  if (foul_) return tl::make_unexpected(*foul_);
  take_remark(read_.game);
  if (variations_ > 0) {
    note(std::to_string(variations_) + (variations_ == 1 ? " variation is" : " variations are") + " left out");
  }
  return std::move(read_);
}

}  // namespace keisei::shogi
