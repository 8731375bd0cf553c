// JKF, the record format of web boards: one JSON object of header, start and moves. The pieces and ends are CSA's.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "shogi/csa_words.h"
#include "shogi/ki2_steps.h"
#include "shogi/record_words.h"
#include "shogi/start_setup.h"

namespace keisei::shogi {
namespace {

using Json = nlohmann::ordered_json;

Json header(const GameText& game) {
  Json out = Json::object();
  if (!game.event.empty()) out["棋戦"] = one_line(game.event);
  if (game.start_utc_s) out["開始日時"] = date_and_time(*game.start_utc_s);
  if (!game.black_name.empty()) out["先手"] = one_line(game.black_name);
  if (!game.white_name.empty()) out["後手"] = one_line(game.white_name);
  for (const HeaderLine& line : game.headers) {
    const std::string before = out.value(line.key, "");  // an object has a key once
    out[line.key] = before + (before.empty() ? "" : " / ") + one_line(line.value);
  }
  return out;
}

Json initial(const Position& start) {
  if (const Handicap* handicap = handicap_of(start)) return {{"preset", handicap->jkf}};
  const StartSetup setup = StartSetup::of(start);
  Json board = Json::array();
  for (int file = 1; file <= 9; ++file) {
    Json column = Json::array();
    for (int rank = 1; rank <= 9; ++rank) {
      const Piece piece = setup.board[static_cast<std::size_t>(square(file, rank))];
      Json cell = Json::object();
      if (piece.kind != Kind::kNone) cell = {{"color", index(piece.color)}, {"kind", csa_piece(piece.kind)}};
      column.push_back(std::move(cell));
    }
    board.push_back(std::move(column));
  }
  Json hands = Json::array();
  for (const auto& hand : setup.hands) {
    Json counts = Json::object();
    for (int k = 1; k <= kHandKinds; ++k) {
      counts[std::string(csa_piece(static_cast<Kind>(k)))] = hand[static_cast<std::size_t>(k)];
    }
    hands.push_back(std::move(counts));
  }
  return {{"preset", "OTHER"},
          {"data", {{"color", index(setup.side)}, {"board", std::move(board)}, {"hands", std::move(hands)}}}};
}

Json place(Square s) { return {{"x", file_of(s)}, {"y", rank_of(s)}}; }

/// "左上" -> "LU".
std::string relative(const Position& position, Move m) {
  struct Row {
    std::string_view word;
    char letter;
  };
  constexpr std::array<Row, 7> kRows{
      {{"左", 'L'}, {"直", 'C'}, {"右", 'R'}, {"上", 'U'}, {"寄", 'M'}, {"引", 'D'}, {"打", 'H'}}};
  std::string out;
  const std::string words = telling_words(position, m);
  for (std::size_t at = 0; at < words.size(); at += kRows[0].word.size()) {
    for (const Row& row : kRows) {
      if (std::string_view(words).substr(at).starts_with(row.word)) out += row.letter;
    }
  }
  return out;
}

Json move_of(const Position& position, Move m, Move before) {
  const Kind kind = m.is_drop() ? m.dropped() : position.piece_on(m.from()).kind;
  Json out{{"color", index(position.side())}};
  if (!m.is_drop()) out["from"] = place(m.from());
  out["to"] = place(m.to());
  out["piece"] = csa_piece(kind);
  if (before != Move() && before.to() == m.to()) out["same"] = true;
  const bool could_promote = !m.is_drop() && promoted(kind) != kind &&
                             (camp(position.side()).has(m.from()) || camp(position.side()).has(m.to()));
  if (could_promote) out["promote"] = m.promotes();
  const Kind captured = position.piece_on(m.to()).kind;
  if (captured != Kind::kNone) out["capture"] = csa_piece(captured);
  if (std::string words = relative(position, m); !words.empty()) out["relative"] = std::move(words);
  return out;
}

Json time_of(std::int64_t now_s, std::int64_t sum_s) {
  return {{"now", {{"m", now_s / 60}, {"s", now_s % 60}}},
          {"total", {{"h", sum_s / 3600}, {"m", sum_s / 60 % 60}, {"s", sum_s % 60}}}};
}

void add_comment(Json& entry, const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    entry["comments"].push_back(one_line(line));
  }
}

}  // namespace

std::string write_jkf(const GameText& game, const Position& start) {
  Json moves = Json::array();
  Json first = Json::object();
  add_comment(first, comment_at(game, std::nullopt));
  moves.push_back(std::move(first));
  Position position = start;
  std::array<std::int64_t, 2> sums_s{};
  const auto add_time = [&](Json& entry, const std::optional<double>& time_s) {
    if (!time_s) return;
    std::int64_t& sum_s = sums_s[static_cast<std::size_t>(index(position.side()))];
    sum_s += whole_seconds(time_s);
    entry["time"] = time_of(whole_seconds(time_s), sum_s);
  };
  for (std::size_t i = 0; i < game.moves.size(); ++i) {
    const RecordedMove& played = game.moves[i];
    Json entry{{"move", move_of(position, played.move, i == 0 ? Move() : game.moves[i - 1].move)}};
    add_time(entry, played.time_s);
    add_comment(entry, comment_at(game, i));
    moves.push_back(std::move(entry));
    position.make(played.move);
  }
  Json end{{"special", csa_end(game)}};
  add_time(end, game.end_time_s);
  moves.push_back(std::move(end));
  const Json out{{"header", header(game)}, {"initial", initial(start)}, {"moves", std::move(moves)}};
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace keisei::shogi
