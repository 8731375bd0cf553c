#include "guard/rollback.h"

#include <cstdint>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace keisei::guard {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

constexpr const char* kSchema = "keisei.rollback/1";

/// Throws what nlohmann throws, or std::out_of_range.
RollbackState read(const nlohmann::json& json) {
  if (json.at("schema") != kSchema) throw std::out_of_range("another schema");
  RollbackState state;
  const auto& counts = json.at("in_a_row");
  if (!counts.is_object()) throw std::out_of_range("in_a_row is no object");
  for (const auto& [clause, row] : counts.items()) {
    if (!row.is_number_integer()) throw std::out_of_range("a count is no whole number");
    const auto violations = row.get<std::int64_t>();
    if (clause.empty() || violations < 0 || violations > std::numeric_limits<int>::max())
      throw std::out_of_range("a count is out of range");
    state.in_a_row.emplace(clause, static_cast<int>(violations));
  }
  if (state.in_a_row.size() > kMaxRollbackClauses) throw std::out_of_range("too many clauses");
  if (const auto& off = json.at("off"); !off.is_null()) {
    const std::string clause = off.at("clause").get<std::string>();
    const auto counted = state.in_a_row.find(clause);
    if (counted == state.in_a_row.end()) throw std::out_of_range("switched off by a clause that was not counted");
    state.reason = RolledBack{clause, counted->second, off.at("sentence").get<std::string>()};
  }
  return state;
}

}  // namespace

std::string encode(const RollbackState& state) {
  nlohmann::json json;
  json["schema"] = kSchema;
  json["in_a_row"] = nlohmann::json::object();
  for (const auto& [clause, row] : state.in_a_row) json["in_a_row"][clause] = row;
  json["off"] = nullptr;
  if (state.reason) json["off"] = {{"clause", state.reason->clause}, {"sentence", state.reason->sentence}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<RollbackState> decode_rollback(std::string_view text) {
  if (text.size() > kMaxRollbackBytes)
    return fail(Code::kBadData, "rollback state: " + std::to_string(text.size()) + " bytes",
                "at most " + std::to_string(kMaxRollbackBytes));
  try {
    return read(nlohmann::json::parse(text));
  } catch (const std::exception& error) {
    return fail(Code::kBadData, std::string("rollback state: ") + error.what());
  }
}

std::optional<RolledBack> Rollback::count(const std::vector<Verdict>& verdicts) {
  if (off()) return std::nullopt;
  for (const Verdict& verdict : verdicts) {
    if (verdict.state == VerdictState::kUnknown) continue;
    int& row = in_a_row_[verdict.clause];
    row = verdict.state == VerdictState::kViolated ? row + 1 : 0;
    if (after_ <= 0 || row < after_ || off()) continue;
    RolledBack reason{verdict.clause, row, {}};
    reason.sentence = "periodic evaluation is off for this run: clause " + verdict.clause + " was violated " +
                      std::to_string(row) + (row == 1 ? " time" : " times in a row");
    if (verdict.value) {
      reason.sentence += ", last with " + number(*verdict.value) + " against a limit of " + number(verdict.threshold);
    }
    reason_ = std::move(reason);
  }
  return reason_;
}

int Rollback::in_a_row(const std::string& clause) const {
  const auto found = in_a_row_.find(clause);
  return found == in_a_row_.end() ? 0 : found->second;
}

void Rollback::restore(RollbackState state) {
  in_a_row_ = std::move(state.in_a_row);
  reason_ = std::move(state.reason);
}

void Rollback::reset() {
  in_a_row_.clear();
  reason_.reset();
}

}  // namespace keisei::guard
