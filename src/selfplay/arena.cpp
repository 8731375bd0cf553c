#include "selfplay/arena.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "net/core_hold.h"
#include "net/policy.h"
#include "selfplay/pacer.h"
#include "shogi/notation.h"
#include "shogi/players.h"

namespace keisei::selfplay {
namespace {
using shogi::Color;
using shogi::Move;

double score_for(Color us, shogi::Winner winner) {
  if (winner == shogi::Winner::kNone) return 0.5;
  return (winner == shogi::Winner::kBlack) == (us == Color::kBlack) ? 1.0 : 0.0;
}

float balance(const shogi::Position& position, Color us) {
  return static_cast<float>(shogi::material(position, us) - shogi::material(position, ~us));
}
}  // namespace

void GameStats::add(const GameStats& o) {
  finished += o.finished;
  black_wins += o.black_wins;
  white_wins += o.white_wins;
  draws += o.draws;
  truncated += o.truncated;
  repetitions += o.repetitions;
  plies += o.plies;
  league_games += o.league_games;
  league_score += o.league_score;
}

struct Arena::Slot {
  int number = 0;
  std::uint64_t game = 0;  ///< counts the games of this slot
  shogi::Position position = shogi::Position::start();
  std::vector<Move> moves;                      ///< since the start position
  std::shared_ptr<const net::Network> network;  ///< of the league opponent; none in plain self-play
  std::int64_t opponent = -1;                   ///< its id
  Color learner = Color::kBlack;                ///< the learner's colour in a league game

  [[nodiscard]] bool learner_to_move() const { return !network || position.side() == learner; }

  void make(Move move) {
    position.make(move);
    moves.push_back(move);
  }

  /// A new game: opponent and colour by coin, then 0..opening_plies random plies that do not end the game.
  void restart(const ArenaOptions& options, const League& league) {
    position = shogi::Position::start();
    moves.clear();
    network.reset();
    opponent = -1;
    const auto slot = static_cast<std::uint64_t>(number);
    Random draw(options.seed, Purpose::kOpponent, slot, game);
    if (draw.uniform() < options.opponent_fraction) {
      if (const Opponent* o = league.draw(draw)) {
        network = o->network;
        opponent = o->id;
      }
    }
    learner = draw.below(2) == 0 ? Color::kBlack : Color::kWhite;
    if (options.opening_plies == 0) return;
    Random opening(options.seed, Purpose::kOpening, slot, game);
    const std::uint32_t plies = opening.below(static_cast<std::uint32_t>(options.opening_plies) + 1);
    shogi::MoveList legal;
    for (std::uint32_t i = 0; i < plies; ++i) {
      position.legal_moves(legal);
      make(legal[opening.below(static_cast<std::uint32_t>(legal.size()))]);
      if (position.outcome(options.rules)) {
        position = shogi::Position::start();
        moves.clear();
        return;
      }
    }
  }
};

/// One group of slots and its buffers; used by one thread at a time.
struct Arena::Shard {
  const ArenaOptions& options;
  std::span<Slot> slots;
  int first = 0;  ///< number of the first slot
  GameStats stats;
  std::optional<FinishedGame> finished;  ///< the first of the last play()
  struct Booking {
    int ply;
    int slot;
    std::int64_t opponent;
    double score;
  };
  std::vector<Booking> bookings;

  std::vector<net::Features> features;
  std::vector<float> logits, values, material;
  std::vector<float> log_probabilities;

  Shard(const ArenaOptions& o, std::span<Slot> s, int first_slot) : options(o), slots(s), first(first_slot) {
    const std::size_t n = slots.size();
    features.resize(n);
    logits.resize(n * net::kActions);
    values.resize(n);
    material.resize(n);
    log_probabilities.resize(shogi::MoveList::kCapacity);
  }

  std::span<float> row(std::vector<float>& all, std::size_t i) {
    return {all.data() + i * net::kActions, net::kActions};
  }

  /// Replaces the logits of the slots where a league opponent is to move by that opponent's own.
  void ask_opponents() {
    std::map<std::int64_t, std::vector<std::size_t>> by_opponent;
    for (std::size_t i = 0; i < slots.size(); ++i)
      if (!slots[i].learner_to_move()) by_opponent[slots[i].opponent].push_back(i);
    for (const auto& [id, indices] : by_opponent) {
      std::vector<net::Features> batch;
      for (const std::size_t i : indices) batch.push_back(features[i]);
      std::vector<float> their_logits(indices.size() * net::kActions);
      std::vector<float> unused(indices.size());
      slots[indices.front()].network->evaluate(batch, their_logits, unused, {});
      for (std::size_t k = 0; k < indices.size(); ++k)
        std::ranges::copy(row(their_logits, k), row(logits, indices[k]).begin());
    }
  }

  void play(const net::Evaluator& learner, const League& league, Rollout& out, int shard_number, Pacer& pacer) {
    stats = {};
    finished.reset();
    bookings.clear();
    auto& legal_pool = out.legal[static_cast<std::size_t>(shard_number)];
    legal_pool.clear();
    for (int t = 0; t < out.plies; ++t) {
      for (std::size_t i = 0; i < slots.size(); ++i) features[i] = net::encode(slots[i].position);
      learner.evaluate(features, logits, values, material);
      ask_opponents();
      std::vector<std::pair<std::size_t, std::size_t>> cut;  // (sample, slot index)
      std::vector<net::Features> cut_features;
      for (std::size_t i = 0; i < slots.size(); ++i) {
        const std::size_t sample = out.at(t, first + static_cast<int>(i));
        out.features[sample] = features[i];
        out.value[sample] = values[i];
        out.material_value[sample] = material[i];
        step(slots[i], row(logits, i), out, sample, legal_pool);
        const auto outcome = slots[i].position.outcome(options.rules);
        if (!outcome) continue;
        finish(slots[i], *outcome, out, sample, t);
        if (outcome->truncated) {
          cut.emplace_back(sample, i);
          cut_features.push_back(net::encode(slots[i].position));
        }
        ++slots[i].game;
        slots[i].restart(options, league);
      }
      value_cut(learner, cut, cut_features, out);
      pacer.tick(static_cast<std::int64_t>(slots.size()));
    }
    for (std::size_t i = 0; i < slots.size(); ++i) features[i] = net::encode(slots[i].position);
    learner.evaluate(features, logits, values, material);
    std::ranges::copy(values, out.last_value.begin() + first);
    std::ranges::copy(material, out.last_material.begin() + first);
  }

  /// Values the positions in which a game was cut: (sample, slot index) and features of each.
  static void value_cut(const net::Evaluator& learner, std::span<const std::pair<std::size_t, std::size_t>> cut,
                        std::span<const net::Features> cut_features, Rollout& out) {
    if (cut.empty()) return;
    std::vector<float> logits(cut.size() * net::kActions);
    std::vector<float> values(cut.size());
    std::vector<float> material(cut.size());
    learner.evaluate(cut_features, logits, values, material);
    for (std::size_t k = 0; k < cut.size(); ++k) {
      out.cut_value[cut[k].first] = values[k];
      out.cut_material[cut[k].first] = material[k];
    }
  }

  /// Chooses and makes one move, and writes the sample.
  void step(Slot& slot, std::span<const float> logit_row, Rollout& out, std::size_t sample,
            std::vector<net::Action>& legal_pool) {
    const Color us = slot.position.side();
    out.reward[sample] = 0;  // the rollout is reused: nothing of the last one may stay
    out.end[sample] = Ply::kContinues;
    out.cut_value[sample] = 0;
    out.cut_material[sample] = 0;
    shogi::MoveList legal;
    slot.position.legal_moves(legal);
    out.legal_begin[sample] = static_cast<std::uint32_t>(legal_pool.size());
    out.legal_count[sample] = static_cast<std::uint16_t>(legal.size());
    legal_pool.resize(legal_pool.size() + legal.size());
    net::write_actions({legal.begin(), legal.end()}, us, legal_pool.data() + out.legal_begin[sample]);
    const std::span<const net::Action> actions{legal_pool.data() + out.legal_begin[sample], legal.size()};
    const std::span<float> log_p{log_probabilities.data(), legal.size()};
    out.entropy[sample] = static_cast<float>(net::log_probabilities(logit_row, actions, log_p));
    Random random(options.seed, Purpose::kSelfPlay, static_cast<std::uint64_t>(slot.number), slot.game,
                  static_cast<std::uint64_t>(slot.position.plies_played()));
    std::size_t choice = net::sample(log_p, random.uniform());
    const auto mate = options.mate_in_one ? slot.position.mate_in_one() : std::nullopt;
    if (mate) choice = static_cast<std::size_t>(std::find(legal.begin(), legal.end(), *mate) - legal.begin());
    out.forced[sample] = mate ? 1 : 0;
    out.chosen[sample] = static_cast<std::uint16_t>(choice);
    out.log_probability[sample] = log_p[choice];
    out.learner_moved[sample] = slot.learner_to_move() ? 1 : 0;
    const float before = balance(slot.position, us);
    slot.make(legal[choice]);
    out.material_reward[sample] = balance(slot.position, us) - before;
  }

  /// Books a finished game: the mover's reward, the statistics, the league's result.
  void finish(Slot& slot, const shogi::Outcome& outcome, Rollout& out, std::size_t sample, int ply) {
    const Color mover = ~slot.position.side();
    out.end[sample] = outcome.truncated ? Ply::kTruncated : Ply::kTerminated;
    ++stats.finished;
    stats.plies += slot.position.plies_played();
    if (!finished) {
      finished = {slot.position.sfen(), shogi::to_usi(slot.position.last_move()), outcome,
                  slot.network ? slot.opponent : -1, slot.learner};
    }
    if (outcome.truncated) {
      ++stats.truncated;
      return;
    }
    out.reward[sample] = static_cast<float>(2.0 * score_for(mover, outcome.winner) - 1.0);
    stats.black_wins += outcome.winner == shogi::Winner::kBlack ? 1 : 0;
    stats.white_wins += outcome.winner == shogi::Winner::kWhite ? 1 : 0;
    stats.draws += outcome.winner == shogi::Winner::kNone ? 1 : 0;
    stats.repetitions +=
        outcome.reason == shogi::Reason::kRepetition || outcome.reason == shogi::Reason::kPerpetualCheck ? 1 : 0;
    if (slot.network) {
      const double score = score_for(slot.learner, outcome.winner);
      ++stats.league_games;
      stats.league_score += score;
      bookings.push_back({ply, slot.number, slot.opponent, score});
    }
  }
};

Arena::Arena(const ArenaOptions& options) : options_(options), slots_(static_cast<std::size_t>(options.games)) {
  const League nobody(0);
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    slots_[i].number = static_cast<int>(i);
    slots_[i].restart(options_, nobody);
  }
  for (int s = 0; s < options_.shards; ++s) {
    const int begin = s * options_.games / options_.shards;
    const int end = (s + 1) * options_.games / options_.shards;
    shards_.push_back(std::make_unique<Shard>(
        options_, std::span(slots_).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
        begin));
  }
}

Arena::~Arena() = default;

GameStats Arena::play(const net::Evaluator& learner, League& league, Rollout& rollout, const Between& between) {
  const int players = std::min(options_.threads, options_.shards);
  std::atomic<int> next{0};
  Pacer pacer(players);
  const auto work = [&](int player) {
    const net::CoreHold hold(player, players);
    net::set_compute_threads(1);
    for (int s = next++; s < options_.shards; s = next++)
      shards_[static_cast<std::size_t>(s)]->play(learner, league, rollout, s, pacer);
    pacer.leave();
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < players; ++i) threads.emplace_back(work, i);
    if (between.step) pacer.watch(options_.games, between.wants_rest, between.step);
  }
  GameStats stats;
  std::vector<Shard::Booking> bookings;
  for (const auto& shard : shards_) {
    stats.add(shard->stats);
    bookings.insert(bookings.end(), shard->bookings.begin(), shard->bookings.end());
  }
  std::ranges::sort(bookings, {}, [](const Shard::Booking& b) { return std::pair(b.ply, b.slot); });
  for (const auto& b : bookings) league.book(b.opponent, b.score);
  return stats;
}

const FinishedGame* Arena::finished() const {
  for (const auto& shard : shards_) {
    if (shard->finished) return &*shard->finished;
  }
  return nullptr;
}

const shogi::Position& Arena::position(int index) const { return slots_[static_cast<std::size_t>(index)].position; }

std::string Arena::state() const {
  nlohmann::json slots = nlohmann::json::array();
  for (const Slot& slot : slots_) {
    nlohmann::json moves = nlohmann::json::array();
    for (const Move m : slot.moves) moves.push_back(m.raw());
    slots.push_back(
        {{"game", slot.game}, {"moves", moves}, {"opponent", slot.opponent}, {"learner", index(slot.learner)}});
  }
  return slots.dump();
}

std::vector<Opponent> Arena::opponents_in_play() const {
  std::map<std::int64_t, Opponent> all;
  for (const Slot& slot : slots_)
    if (slot.network) all[slot.opponent] = {slot.opponent, slot.network, 0, 0.0};
  std::vector<Opponent> list;
  for (auto& [id, opponent] : all) list.push_back(std::move(opponent));
  return list;
}

Result<void> Arena::restore(const std::string& state, const std::vector<Opponent>& opponents) {
  const auto parsed = nlohmann::json::parse(state, nullptr, false);
  if (!parsed.is_array() || parsed.size() != slots_.size())
    return fail(Code::kBadData,
                "the running games do not fit: " + std::to_string(slots_.size()) + " games are configured",
                "resume with the configuration that the run was started with");
  try {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const auto& from = parsed[i];
      Slot& slot = slots_[i];
      slot.game = from.at("game").get<std::uint64_t>();
      slot.opponent = from.at("opponent").get<std::int64_t>();
      slot.learner = from.at("learner").get<int>() == 0 ? Color::kBlack : Color::kWhite;
      slot.network.reset();
      for (const Opponent& o : opponents)
        if (o.id == slot.opponent) slot.network = o.network;
      if (slot.opponent >= 0 && !slot.network)
        return fail(Code::kBadData, "running game " + std::to_string(i) + " needs snapshot " +
                                        std::to_string(slot.opponent) + ", which is missing");
      slot.position = shogi::Position::start();
      slot.moves.clear();
      for (const auto& raw : from.at("moves")) {
        const Move move = Move::from_raw(raw.get<std::uint16_t>());
        if (auto played = slot.position.play(move); !played) return tl::make_unexpected(played.error());
        slot.moves.push_back(move);
      }
    }
  } catch (const nlohmann::json::exception& e) {
    return fail(Code::kBadData, std::string("the running games cannot be read: ") + e.what());
  }
  return {};
}

}  // namespace keisei::selfplay
