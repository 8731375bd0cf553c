#include "evaluation/opponent_pool.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "evaluation/json_fields.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSchema = "keisei.opponent_pool/1";
constexpr std::size_t kMaxWordBytes = 64;
constexpr std::int64_t kMaxStep = 9'007'199'254'740'991;  // exact in every JSON reader
constexpr int kMaxResults = 1'000'000'000;
constexpr double kPriorGames = 2;  // drawn games that every opponent starts with

/// How much an opponent is wanted: those that the agent does not beat yet.
double weight_of(const PoolEntry& entry) {
  const Tally& t = entry.results;
  const double rate = (t.wins + 0.5 * t.draws + 0.5 * kPriorGames) / (t.valid() + kPriorGames);
  return (1 - rate) * (1 - rate);
}

nlohmann::ordered_json json_of(const std::vector<PoolEntry>& entries) {
  auto list = nlohmann::ordered_json::array();
  for (const PoolEntry& entry : entries) {
    list.push_back({{"path", entry.path},
                    {"id", entry.id},
                    {"step", entry.step},
                    {"wins", entry.results.wins},
                    {"losses", entry.results.losses},
                    {"draws", entry.results.draws},
                    {"faults", entry.results.faults}});
  }
  return list;
}

PoolEntry read_entry(JsonFields& fields) {
  PoolEntry entry;
  entry.path = fields.text("path", kMaxPlayerTextBytes);
  entry.id = fields.text("id", kMaxIdBytes);
  entry.step = fields.integer("step", 0, kMaxStep);
  const auto count = [&](const char* key) { return static_cast<int>(fields.integer(key, 0, kMaxResults)); };
  entry.results = {count("wins"), count("losses"), count("draws"), count("faults")};
  if (entry.id.empty()) fields.fault("id", "the identity of the weights");
  return entry;
}

}  // namespace

std::string_view to_string(PoolSampling sampling) {
  return sampling == PoolSampling::kUniform ? "uniform" : "prioritised";
}

Result<PoolSampling> parse_pool_sampling(std::string_view text) {
  if (text == "uniform") return PoolSampling::kUniform;
  if (text == "prioritised") return PoolSampling::kPrioritised;
  return fail(Code::kUsage, "unknown way to sample opponents \"" + std::string(text.substr(0, kMaxWordBytes)) + "\"",
              "allowed: uniform, prioritised");
}

Result<OpponentPool> OpponentPool::make(const PoolOptions& options) {
  if (options.size < 1 || options.size > kMaxPoolSize) {
    return fail(Code::kUsage,
                "evaluation: previous_model_pool_size " + std::to_string(options.size) + " is not allowed",
                "allowed: 1 to " + std::to_string(kMaxPoolSize));
  }
  const double ratio = options.milestone_ratio;
  if (ratio != 0 && (!(ratio > 1) || !(ratio <= kMaxMilestoneRatio))) {
    return fail(Code::kUsage, "evaluation: the ratio of the pool's milestones is not allowed",
                "allowed: 0 (none), or above 1 and at most 1000");
  }
  return OpponentPool(options);
}

void OpponentPool::add(PoolEntry entry) {
  for (auto* list : {&recent_, &milestones_}) {
    for (const PoolEntry& known : *list) {
      if (known.id == entry.id) entry.results += known.results;
    }
    std::erase_if(*list, [&](const PoolEntry& known) { return known.id == entry.id; });
  }
  recent_.push_back(std::move(entry));
  trim();
}

/// What leaves the recent ones stays as a milestone where its steps are far enough beyond the last milestone's.
void OpponentPool::trim() {
  while (recent_.size() > static_cast<std::size_t>(options_.size)) {
    PoolEntry oldest = std::move(recent_.front());
    recent_.erase(recent_.begin());
    if (options_.milestone_ratio == 0 || milestones_.size() >= static_cast<std::size_t>(kMaxMilestones)) continue;
    const auto reach = [&](const PoolEntry& last) {
      return static_cast<double>(oldest.step) >= options_.milestone_ratio * static_cast<double>(last.step) &&
             oldest.step > last.step;
    };
    if (milestones_.empty() || reach(milestones_.back())) milestones_.push_back(std::move(oldest));
  }
}

void OpponentPool::record(const std::string& id, const Tally& results) {
  for (auto* list : {&recent_, &milestones_}) {
    for (PoolEntry& entry : *list) {
      if (entry.id == id) entry.results += results;
    }
  }
}

std::vector<PoolEntry> OpponentPool::entries() const {
  std::vector<PoolEntry> all = milestones_;
  all.insert(all.end(), recent_.begin(), recent_.end());
  return all;
}

std::vector<PoolEntry> OpponentPool::sample(std::uint64_t seed, std::uint64_t draw, int count) const {
  std::vector<PoolEntry> left = entries();
  std::vector<PoolEntry> drawn;
  Random random(seed, Purpose::kPairing, draw);
  while (!left.empty() && static_cast<int>(drawn.size()) < count) {
    const auto weight = [&](const PoolEntry& entry) {
      return options_.sampling == PoolSampling::kUniform ? 1.0 : weight_of(entry);
    };
    double sum = 0;
    for (const PoolEntry& entry : left) sum += weight(entry);
    double u = random.uniform() * sum;
    std::size_t chosen = 0;
    while (chosen + 1 < left.size() && (u -= weight(left[chosen])) >= 0) ++chosen;
    drawn.push_back(std::move(left[chosen]));
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
  return drawn;
}

std::string OpponentPool::encode() const {
  nlohmann::ordered_json json;
  json["schema"] = kSchema;
  json["recent"] = json_of(recent_);
  json["milestones"] = json_of(milestones_);
  return dump(json);
}

Result<OpponentPool> OpponentPool::decode(std::string_view json, const PoolOptions& options) {
  auto pool = make(options);
  if (!pool) return pool;
  JsonFields fields(json, kMaxPoolBytes, "opponent pool");
  if (fields.text("schema", kMaxWordBytes) != kSchema) fields.fault("schema", std::string(kSchema));
  fields.objects("recent", kMaxPoolSize, [&](JsonFields& entry) { pool->recent_.push_back(read_entry(entry)); });
  fields.objects("milestones", kMaxMilestones,
                 [&](JsonFields& entry) { pool->milestones_.push_back(read_entry(entry)); });
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  pool->trim();
  return pool;
}

std::vector<Opponent> pool_opponents(const OpponentPool& pool, const Opponent& baseline, std::uint64_t seed,
                                     std::uint64_t draw, int count) {
  if (pool.empty()) return {baseline};
  std::vector<Opponent> opponents;
  for (const PoolEntry& entry : pool.sample(seed, draw, count)) {
    Opponent opponent{.spec = {}, .id = entry.id};
    opponent.spec.kind = PlayerKind::kCheckpoint;
    opponent.spec.path = entry.path;
    opponents.push_back(std::move(opponent));
  }
  return opponents;
}

}  // namespace keisei::evaluation
