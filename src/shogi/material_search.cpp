#include "shogi/material_search.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "shogi/players.h"

namespace keisei::shogi {
namespace {

constexpr int kInfinite = 2 * MaterialSearch::kMateScore;
constexpr int kMostQuietPlies = 16;  ///< of quiescence in one line
constexpr int kDeltaMargin = 300;    ///< what a capture may gain beyond the piece itself and still be worth a look
constexpr std::int32_t kFirstRank = 1 << 30;
constexpr std::int32_t kTacticalRank = 1 << 28;
constexpr std::int32_t kKillerRank = 1 << 27;
constexpr std::int32_t kMostHistory = 1 << 26;
static_assert(kMaxRootDepth + kMostQuietPlies < MaterialSearch::kMostPlies);

/// Values are multiples of a quarter pawn, so nothing is rounded.
int hundredths(double pawns) { return static_cast<int>(100 * pawns); }

bool is_mate(int score) { return std::abs(score) > MaterialSearch::kMateScore - MaterialSearch::kMostPlies; }

/// A mate's score counts plies from the root; in the table it counts them from the position.
int to_table(int score, int ply) { return is_mate(score) ? (score > 0 ? score + ply : score - ply) : score; }
int from_table(int score, int ply) {
  if (std::abs(score) <= MaterialSearch::kMateScore - MaterialSearch::kMostPlies) return score;
  return score > 0 ? score - ply : score + ply;
}

std::size_t origin(Move m) { return static_cast<std::size_t>((m.raw() >> 7) & 0x7F); }

/// Brings the highest of the moves from `i` on to place `i`.
template <class Ranked>
void select(std::vector<Ranked>& ranked, std::size_t i) {
  std::size_t best = i;
  for (std::size_t j = i + 1; j < ranked.size(); ++j) {
    if (ranked[j].rank > ranked[best].rank) best = j;
  }
  std::swap(ranked[i], ranked[best]);
}

}  // namespace

MaterialSearch::MaterialSearch(const Rules& rules) : rules_(rules), entries_(kEntries), buffers_(kMostPlies) {}

int MaterialSearch::plies_to_mate(int score) { return is_mate(score) ? kMateScore - std::abs(score) : 0; }

void MaterialSearch::forget() {
  std::fill(entries_.begin(), entries_.end(), Entry{});
  killers_ = {};
  history_ = {};
  nodes_ = 0;
  stopped_ = false;
}

bool MaterialSearch::spent() {
  if (++nodes_ > most_nodes_) stopped_ = true;
  if (stop_ && nodes_ % kNodesBetweenAsks == 0 && stop_()) stopped_ = true;
  return stopped_;
}

bool MaterialSearch::can_win_by_declaration() const {
  const Color us = position_.side();
  if (!camp(us).has(position_.king(us))) return false;
  const DeclarationState d = position_.declaration(rules_.declaration);
  return d.can_declare && d.winner == winner_of(us);
}

int MaterialSearch::gain(Move m) const { return hundredths(material_gain(position_, m)); }

std::int32_t MaterialSearch::capture_rank(Move m) const {
  // The most valuable victim first, and of its attackers the least valuable.
  return kTacticalRank + 64 * gain(m) - hundredths(material_value(position_.piece_on(m.from()).kind));
}

std::vector<MaterialSearch::Ranked>& MaterialSearch::buffer(int ply) {
  std::vector<Ranked>& ranked = buffers_[static_cast<std::size_t>(ply)];
  ranked.clear();
  return ranked;
}

void MaterialSearch::rank_all(const MoveList& moves, Move first, int ply, std::vector<Ranked>& ranked) const {
  const Killers& killers = killers_[static_cast<std::size_t>(ply)];
  const auto& history = history_[static_cast<std::size_t>(index(position_.side()))];
  for (const Move m : moves) {
    std::int32_t rank = 0;
    if (m == first) {
      rank = kFirstRank;
    } else if (gain(m) > 0) {
      rank = capture_rank(m);
    } else if (m == killers[0] || m == killers[1]) {
      rank = kKillerRank + (m == killers[0] ? 1 : 0);
    } else {
      rank = history[origin(m)][static_cast<std::size_t>(m.to())];
    }
    ranked.push_back({m, rank});
  }
}

void MaterialSearch::rank_tactical(const MoveList& moves, std::vector<Ranked>& ranked) const {
  for (const Move m : moves) {
    if (gain(m) > 0) ranked.push_back({m, capture_rank(m)});
  }
}

void MaterialSearch::reward(Move m, int ply, int depth) {
  if (gain(m) > 0) return;
  Killers& killers = killers_[static_cast<std::size_t>(ply)];
  if (killers[0] != m) {
    killers[1] = killers[0];
    killers[0] = m;
  }
  auto& history = history_[static_cast<std::size_t>(index(position_.side()))];
  std::int32_t& count = history[origin(m)][static_cast<std::size_t>(m.to())];
  count = std::min(kMostHistory, count + depth * depth);
}

SearchResult MaterialSearch::search(const Position& position, const SearchLimits& limits, Random random) {
  forget();
  position_ = position;
  most_nodes_ = limits.most_nodes;
  stop_ = limits.stop;
  SearchResult result;
  MoveList list;
  position_.legal_moves(list);
  std::vector<Move> moves = limits.only;
  if (moves.empty()) moves.assign(list.begin(), list.end());
  if (list.empty()) return result;
  for (std::size_t i = moves.size() - 1; i > 0; --i) {
    std::swap(moves[i], moves[random.below(static_cast<std::uint32_t>(i + 1))]);
  }
  result.best = moves.front();
  const int deepest = std::clamp(limits.depth, 1, kMaxRootDepth);
  for (int depth = 1; depth <= deepest; ++depth) {
    Move best = result.best;
    const int score = root(depth, moves, best);
    if (depth == 1 || !stopped_) result.best = best;
    if (stopped_) break;
    result.score = score;
    result.depth = depth;
    result.reply = expected_reply(best);
    result.nodes = nodes_;
    if (limits.finished) limits.finished(result);
    const auto found = std::find(moves.begin(), moves.end(), best);
    std::rotate(moves.begin(), found, found + 1);
    // All mates of up to depth + 1 plies are seen: no deeper search finds a shorter one.
    if (score > 0 && is_mate(score) && plies_to_mate(score) <= depth + 1) break;
  }
  result.nodes = nodes_;
  return result;
}

Move MaterialSearch::expected_reply(Move m) {
  position_.make(m);
  const Entry& entry = entry_of(table_key());
  const Move reply = Move::from_raw(entry.move);
  const bool known = entry.bound != Bound::kNone && entry.key == table_key() && position_.is_legal(reply);
  position_.unmake();
  return known ? reply : Move();
}

std::uint64_t MaterialSearch::table_key() const {
  return position_.hash() + static_cast<std::uint64_t>(position_.repetition() - 1) * 0x9E3779B97F4A7C15;
}

int MaterialSearch::root(int depth, std::vector<Move>& moves, Move& best) {
  const Color us = position_.side();
  const int balance = hundredths(material(position_, us) - material(position_, ~us));
  int alpha = -kInfinite;
  for (const Move m : moves) {
    const int after = balance + gain(m);
    position_.make(m);
    int score = 0;
    if (alpha == -kInfinite) {
      score = -full_width(depth - 1, 1, -kInfinite, kInfinite, -after);
    } else {
      score = -full_width(depth - 1, 1, -alpha - 1, -alpha, -after);
      if (score > alpha && !stopped_) score = -full_width(depth - 1, 1, -kInfinite, -alpha, -after);
    }
    position_.unmake();
    if (stopped_) break;
    if (score > alpha) {
      alpha = score;
      best = m;
    }
  }
  return alpha;
}

int MaterialSearch::full_width(int depth, int ply, int alpha, int beta, int balance) {
  if (position_.repetition() > 1) {
    if (const auto outcome = position_.outcome({})) {
      if (outcome->winner == Winner::kNone) return 0;
      return outcome->winner == winner_of(position_.side()) ? kMateScore - ply : ply - kMateScore;
    }
  }
  if (can_win_by_declaration()) return kMateScore - ply - 1;
  if (depth <= 0) return quiesce(0, ply, alpha, beta, balance);
  if (spent()) return 0;
  alpha = std::max(alpha, ply - kMateScore);
  beta = std::min(beta, kMateScore - ply - 1);
  if (alpha >= beta) return alpha;

  const std::uint64_t key = table_key();
  Move first;
  if (const Entry& entry = entry_of(key); entry.bound != Bound::kNone && entry.key == key) {
    first = Move::from_raw(entry.move);
    const int score = from_table(entry.score, ply);
    if (entry.depth >= depth && (entry.bound == Bound::kExact || (entry.bound == Bound::kLower && score >= beta) ||
                                 (entry.bound == Bound::kUpper && score <= alpha))) {
      return score;
    }
  }
  if (position_.mate_in_one()) return kMateScore - ply - 1;

  MoveList moves;
  position_.legal_moves(moves);
  if (moves.empty()) return ply - kMateScore;
  std::vector<Ranked>& ranked = buffer(ply);
  rank_all(moves, first, ply, ranked);
  const int alpha_before = alpha;
  int best = -kInfinite;
  Move best_move;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    select(ranked, i);
    const Move m = ranked[i].move;
    const int after = balance + gain(m);
    position_.make(m);
    int score = 0;
    if (i == 0) {
      score = -full_width(depth - 1, ply + 1, -beta, -alpha, -after);
    } else {
      score = -full_width(depth - 1, ply + 1, -alpha - 1, -alpha, -after);
      if (score > alpha && score < beta && !stopped_) score = -full_width(depth - 1, ply + 1, -beta, -alpha, -after);
    }
    position_.unmake();
    if (stopped_) return 0;
    if (score <= best) continue;
    best = score;
    best_move = m;
    alpha = std::max(alpha, score);
    if (alpha >= beta) {
      reward(m, ply, depth);
      break;
    }
  }
  const Bound bound = best >= beta ? Bound::kLower : best > alpha_before ? Bound::kExact : Bound::kUpper;
  entry_of(key) = Entry{key, to_table(best, ply), best_move.raw(), static_cast<std::int8_t>(depth), bound};
  return best;
}

int MaterialSearch::quiesce(int quiet_ply, int ply, int alpha, int beta, int balance) {
  if (spent()) return 0;
  if (quiet_ply == 0 && position_.mate_in_one()) return kMateScore - ply - 1;
  if (!position_.has_legal_move()) return ply - kMateScore;
  if (quiet_ply >= kMostQuietPlies) return balance;
  const bool in_check = position_.in_check();
  int best = -kInfinite;
  if (!in_check) {
    best = balance;
    if (best >= beta) return best;
    alpha = std::max(alpha, best);
  }
  MoveList moves;
  position_.legal_moves(moves);
  std::vector<Ranked>& ranked = buffer(ply);
  if (in_check) {
    rank_all(moves, Move(), ply, ranked);
  } else {
    rank_tactical(moves, ranked);
  }
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    select(ranked, i);
    const Move m = ranked[i].move;
    const int after = balance + gain(m);
    if (!in_check && after + kDeltaMargin <= alpha) continue;
    position_.make(m);
    const int score = -quiesce(quiet_ply + 1, ply + 1, -beta, -alpha, -after);
    position_.unmake();
    if (stopped_) return 0;
    best = std::max(best, score);
    alpha = std::max(alpha, score);
    if (alpha >= beta) break;
  }
  return best;
}

}  // namespace keisei::shogi
