#include "shogi/dfpn.h"

#include <algorithm>
#include <bit>

#include "shogi/mate.h"
#include "shogi/movegen.h"

namespace keisei::shogi {
namespace {

constexpr std::uint64_t kFirstLineKey = 0x9E3779B97F4A7C15;
constexpr std::size_t kSampledEntries = 1000;

/// The key of a line that goes on with `position_key`: the order counts.
std::uint64_t extended(std::uint64_t line_key, std::uint64_t position_key) {
  std::uint64_t x = line_key * 0xD1342543DE82EF95 + position_key;
  x ^= x >> 32;
  x *= 0x9FB21C651E98DF25;
  return x ^ (x >> 29);
}

Board after(const Board& board, Move m) {
  Board next = board;
  next.apply(m);
  return next;
}

/// All checks of the attacker, or all answers of the defender.
void list_moves(const Board& board, bool attacking, MoveList& moves) {
  generate_legal(board, moves);
  if (!attacking) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    if (gives_check(board, moves[i])) moves.data()[kept++] = moves[i];
  }
  moves.resize(kept);
}

}  // namespace

MateSearch::MateSearch(std::size_t table_mib) {
  const std::size_t bytes = std::clamp(table_mib, kMinMateTableMib, kMaxMateTableMib) << 20;
  entries_.resize(std::bit_floor(bytes / (sizeof(Entry) * kWays)) * kWays);
}

void MateSearch::clear() { std::fill(entries_.begin(), entries_.end(), Entry{}); }

int MateSearch::permille_full() const {
  const auto full = std::count_if(entries_.begin(), entries_.begin() + kSampledEntries,
                                  [](const Entry& entry) { return entry.work != 0; });
  return static_cast<int>(full);
}

MateSearch::Entry* MateSearch::find(std::uint64_t key) {
  Entry* const ways = &entries_[(key & (entries_.size() / kWays - 1)) * kWays];
  for (std::size_t i = 0; i < kWays; ++i) {
    if (ways[i].work != 0 && ways[i].key == key) return &ways[i];
  }
  return nullptr;
}

void MateSearch::store(std::uint64_t key, const Value& value, std::uint32_t work) {
  Entry* place = find(key);
  std::uint32_t before = 0;
  if (place != nullptr) {
    before = place->work;
  } else {
    Entry* const ways = &entries_[(key & (entries_.size() / kWays - 1)) * kWays];
    place = std::min_element(ways, ways + kWays, [](const Entry& a, const Entry& b) { return a.work < b.work; });
  }
  *place = {key, value, std::min(kInfinite, before + std::min(kInfinite, work))};
}

bool MateSearch::spent() {
  if (nodes_ >= limits_.most_nodes) stopped_ = true;
  if (limits_.stop && nodes_ % kMateNodesBetweenAsks == 0 && limits_.stop()) stopped_ = true;
  ++nodes_;
  return stopped_;
}

/// What one look at the moves tells: a mate in one, no check at all, no answer at all, or how many there are.
MateSearch::Value MateSearch::first_guess(const Board& board, bool attacking) {
  if (attacking && mate_in_one(board)) return {0, kInfinite, 1, kNothing};
  MoveList moves;
  list_moves(board, attacking, moves);
  const auto count = static_cast<Number>(moves.size());
  if (attacking) return count == 0 ? Value{kInfinite, 0, 0, kNothing} : Value{1, count, 0, kNothing};
  return count == 0 ? Value{0, kInfinite, 0, kNothing} : Value{count, 1, 0, kNothing};
}

MateSearch::Value MateSearch::look_up(const Board& board, bool attacking, std::uint64_t line_key) {
  const std::uint64_t key = board.key();
  for (std::size_t i = 0; i < line_.size(); ++i) {
    if (line_[i] == key) return {kInfinite, 0, 0, static_cast<std::uint16_t>(i)};
  }
  const Entry* const known = find(key);
  if (known != nullptr && (known->value.proof == 0 || known->value.disproof == 0)) return known->value;
  if (const Entry* const on_this_line = find(key ^ line_key)) return on_this_line->value;
  if (known != nullptr) return known->value;
  const Value guess = first_guess(board, attacking);
  store(key, guess, 1);
  return guess;
}

std::vector<MateSearch::Child> MateSearch::children_of(const Board& board, bool attacking, std::uint64_t line_key) {
  MoveList moves;
  list_moves(board, attacking, moves);
  std::vector<Child> children;
  children.reserve(moves.size());
  for (const Move m : moves) {
    const Board next = after(board, m);
    children.push_back({m, next.key(), look_up(next, !attacking, line_key)});
  }
  return children;
}

namespace {

/// The side that wants `own` numbers low chooses among children; the other side's numbers of all of them must fall.
/// "Weak" numbers: the greatest of the children's and one for each other child, so that lines which meet again are not
/// counted twice.
struct Combined {
  std::uint32_t own = 0;
  std::uint32_t other = 0;
  std::size_t alive = 0;
};

template <class Children, class Own, class Other>
Combined combine(const Children& children, std::uint32_t infinite, Own own, Other other) {
  Combined all{.own = infinite};
  for (const auto& child : children) {
    all.own = std::min(all.own, own(child));
    all.other = std::max(all.other, other(child));
    if (other(child) != 0) ++all.alive;
  }
  if (all.own == 0) {
    all.other = infinite;
  } else if (all.alive > 0) {
    all.other = std::min(infinite - 1, all.other + static_cast<std::uint32_t>(all.alive - 1));
  }
  return all;
}

}  // namespace

MateSearch::Value MateSearch::open(const Board& board, bool attacking, Number most_proof, Number most_disproof,
                                   std::uint64_t line_key) {
  const std::uint64_t begun = nodes_;
  const auto ply = static_cast<std::uint16_t>(line_.size());
  if (ply >= kMaxMatePlies) {
    too_deep_ = true;
    return {kInfinite, 0, 0, 0};
  }
  line_.push_back(board.key());
  const std::uint64_t below_key = extended(line_key, board.key());
  std::vector<Child> children = children_of(board, attacking, below_key);
  const auto proof_of = [](const Child& c) { return c.value.proof; };
  const auto disproof_of = [](const Child& c) { return c.value.disproof; };
  Value now;
  for (;;) {
    const Combined all = attacking ? combine(children, kInfinite, proof_of, disproof_of)
                                   : combine(children, kInfinite, disproof_of, proof_of);
    now = attacking ? Value{all.own, all.other, 0, kNothing} : Value{all.other, all.own, 0, kNothing};
    if (now.proof == 0 || now.disproof == 0 || now.proof >= most_proof || now.disproof >= most_disproof || spent())
      break;

    // The most promising child, until another one promises more by a margin: without it two equals would take turns.
    Child* best = nullptr;
    Number second = kInfinite;
    for (Child& child : children) {
      const Number own = attacking ? child.value.proof : child.value.disproof;
      const Number best_own = best == nullptr ? kInfinite : attacking ? best->value.proof : best->value.disproof;
      if (best == nullptr || own < best_own) {
        if (best != nullptr) second = best_own;
        best = &child;
      } else {
        second = std::min(second, own);
      }
    }
    const Board next = after(board, best->move);
    const Value known = look_up(next, !attacking, below_key);
    if ((known.proof == 0 || known.disproof == 0) &&
        (known.proof != best->value.proof || known.disproof != best->value.disproof)) {
      best->value = known;
      continue;
    }
    const auto siblings = static_cast<Number>(all.alive - 1);
    const Number with_margin = second >= kInfinite ? kInfinite : second + second / 4 + 1;
    const auto less_siblings = [&](Number most) { return most >= kInfinite ? kInfinite : most - siblings; };
    best->value = attacking
                      ? open(next, false, std::min(most_proof, with_margin), less_siblings(most_disproof), below_key)
                      : open(next, true, less_siblings(most_proof), std::min(most_disproof, with_margin), below_key);
  }
  line_.pop_back();

  if (now.proof == 0) {
    int plies = attacking ? kMaxMatePlies : -1;
    for (const Child& child : children) {
      if (child.value.proof != 0) continue;
      plies = attacking ? std::min<int>(plies, child.value.plies) : std::max<int>(plies, child.value.plies);
    }
    now.plies = static_cast<std::uint16_t>(plies + 1);
  } else if (now.disproof == 0) {
    // The attacker lacks all of its moves, so all their reasons count; the defender needs one and takes the best.
    std::uint16_t rests_on = attacking ? kNothing : std::uint16_t{0};
    for (const Child& child : children) {
      if (child.value.disproof != 0) continue;
      rests_on = attacking ? std::min(rests_on, child.value.rests_on) : std::max(rests_on, child.value.rests_on);
    }
    now.rests_on = rests_on >= ply ? kNothing : rests_on;
  }
  const auto work = static_cast<std::uint32_t>(std::min<std::uint64_t>(kInfinite, nodes_ - begun + 1));
  const bool only_on_this_line = now.disproof == 0 && now.rests_on != kNothing;
  store(only_on_this_line ? board.key() ^ line_key : board.key(), now, work);
  return now;
}

bool MateSearch::write_line(const Board& board, std::vector<Move>& line) {
  Board now = board;
  std::vector<std::uint64_t> seen;
  for (bool attacking = true;; attacking = !attacking) {
    if (std::find(seen.begin(), seen.end(), now.key()) != seen.end() || seen.size() >= kMaxMatePlies) return false;
    seen.push_back(now.key());
    MoveList moves;
    list_moves(now, attacking, moves);
    if (!attacking && moves.empty()) return true;
    line_.clear();
    std::vector<Child> children = children_of(now, attacking, kFirstLineKey);
    const auto proved = [](const Child& c) { return c.value.proof == 0; };
    const auto missing = [&] {
      return attacking ? std::none_of(children.begin(), children.end(), proved)
                       : !std::all_of(children.begin(), children.end(), proved);
    };
    if (missing()) {  // the table has forgotten a part of the proof
      if (open(now, attacking, kInfinite, kInfinite, kFirstLineKey).proof != 0) return false;
      children = children_of(now, attacking, kFirstLineKey);
      if (missing()) return false;
    }
    const Child* next = nullptr;
    for (const Child& child : children) {
      if (child.value.proof != 0) continue;
      const bool better = next == nullptr ||
                          (attacking ? child.value.plies < next->value.plies : child.value.plies > next->value.plies);
      if (better) next = &child;
    }
    line.push_back(next->move);
    now.apply(next->move);
  }
}

MateFound MateSearch::search(const Position& position, const MateLimits& limits) {
  MateFound found;
  limits_ = limits;
  nodes_ = 0;
  stopped_ = too_deep_ = false;
  line_.clear();
  const Board& board = position.board();
  Value value = look_up(board, true, kFirstLineKey);
  if (value.proof != 0 && value.disproof != 0) value = open(board, true, kInfinite, kInfinite, kFirstLineKey);
  const bool line_found = value.proof == 0 && write_line(board, found.line);
  found.nodes = nodes_;
  if (line_found) {
    found.verdict = TsumeVerdict::kMate;
  } else {
    found.line.clear();
    if (value.disproof == 0 && !too_deep_) found.verdict = TsumeVerdict::kNoMate;
  }
  if (too_deep_) clear();
  return found;
}

}  // namespace keisei::shogi
