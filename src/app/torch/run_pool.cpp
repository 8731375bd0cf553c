#include "app/torch/run_pool.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "base/file.h"
#include "store/checkpoint.h"

namespace keisei::app {
namespace {

std::set<std::int64_t> steps_of(const std::vector<evaluation::PoolEntry>& entries) {
  std::set<std::int64_t> steps;
  for (const evaluation::PoolEntry& entry : entries) steps.insert(entry.step);
  return steps;
}

}  // namespace

Result<RunPool> RunPool::open(std::filesystem::path folder, const evaluation::PoolOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Code::kFailure, "cannot make " + folder.string() + ": " + error.message());
  const auto state = folder / "pool.json";
  if (!std::filesystem::exists(state, error)) {
    auto pool = evaluation::OpponentPool::make(options);
    if (!pool) return tl::make_unexpected(pool.error());
    return RunPool(std::move(folder), std::move(*pool));
  }
  auto text = read_text(state, evaluation::kMaxPoolBytes);
  if (!text) return tl::make_unexpected(text.error());
  auto pool = evaluation::OpponentPool::decode(*text, options);
  if (!pool) return fail(pool.error().code, state.string() + ": " + pool.error().message, pool.error().hint);
  return RunPool(std::move(folder), std::move(*pool));
}

Result<PoolChange> RunPool::add(std::int64_t step, std::span<const std::byte> weights, const std::string& id) {
  const auto path = folder_ / store::checkpoint_name(step);
  if (auto written = write_durably(path, weights); !written) return tl::make_unexpected(written.error());
  const std::set<std::int64_t> before = steps_of(pool_.entries());
  const std::set<std::int64_t> before_for_good = steps_of(pool_.milestones());
  pool_.add({path.string(), id, step, {}});
  if (auto saved = save(); !saved) return tl::make_unexpected(saved.error());
  std::set<std::filesystem::path> members;
  for (const evaluation::PoolEntry& entry : pool_.entries()) members.insert(entry.path);
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder_, error))
    if (file.path().extension() == ".safetensors" && !members.contains(file.path()))
      std::filesystem::remove(file.path(), error);
  const std::set<std::int64_t> now = steps_of(pool_.entries());
  PoolChange change;
  change.members = now.size();
  std::ranges::set_difference(before, now, std::back_inserter(change.left));
  std::ranges::set_difference(steps_of(pool_.milestones()), before_for_good, std::back_inserter(change.milestones));
  return change;
}

Result<void> RunPool::record(std::span<const evaluation::GameRecord> games) {
  std::map<std::string, evaluation::Tally> results;
  for (const evaluation::GameRecord& game : games) results[game.opponent_id].add(game.result());
  for (const auto& [id, tally] : results) pool_.record(id, tally);
  return save();
}

Result<void> RunPool::save() const { return write_durably(folder_ / "pool.json", pool_.encode() + "\n"); }

}  // namespace keisei::app
