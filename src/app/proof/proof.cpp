#include "app/proof/proof.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

namespace keisei::app::proof {
namespace {

using Json = nlohmann::ordered_json;

/// About three significant digits, no exponent.
std::string number(double value) {
  std::ostringstream out;
  out.setf(std::ios::fixed);
  const double size = value < 0 ? -value : value;
  const bool whole = size == static_cast<double>(static_cast<long long>(size));
  out.precision(whole ? 0 : size < 0.01 ? 4 : size < 1 ? 3 : size < 100 ? 2 : 1);
  out << value;
  return out.str();
}

std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void print(std::ostringstream& out, const std::vector<std::vector<std::string>>& lines) {
  std::vector<std::size_t> widths;
  for (const auto& line : lines) {
    widths.resize(std::max(widths.size(), line.size()));
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], columns(line[i]));
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (i > 0) text += " | ";
      text += line[i];
      if (i + 1 < line.size()) text.append(widths[i] - columns(line[i]), ' ');
    }
    out << text << "\n";
  }
}

std::size_t held_count(const std::vector<Row>& rows) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.outcome.held; }));
}

}  // namespace

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& some : {ending_cases, memory_cases, tensor_cases, wire_cases, crowd_cases, door_cases,
                           endurance_cases, isolation_cases, measurement_cases, impact_cases}) {
    std::vector<Case> theme = some();
    std::move(theme.begin(), theme.end(), std::back_inserter(all));
  }
  return all;
}

Result<std::vector<Case>> choose(const Choice& choice) {
  std::vector<Case> chosen;
  for (Case& one : cases()) {
    if (choice.only.empty() ? one.cost <= choice.most : one.name == choice.only) chosen.push_back(std::move(one));
  }
  if (chosen.empty()) {
    return fail(Code::kUsage, "doctor: there is no case \"" + choice.only + "\"",
                "`keisei doctor --prove-safeguards --list` lists them");
  }
  return chosen;
}

std::vector<Row> prove(const std::vector<Case>& chosen, const Settings& settings,
                       const std::function<void(const Case&)>& before) {
  std::vector<Row> rows;
  for (const Case& one : chosen) {
    before(one);
    Outcome outcome;
    try {
      outcome = one.run(settings);
    } catch (const std::exception& error) {
      outcome.note = std::string("it could not be tried: ") + error.what();
    }
    rows.push_back({one, std::move(outcome)});
  }
  return rows;
}

bool all_held(const std::vector<Row>& rows) { return held_count(rows) == rows.size(); }

std::string proof_table(const std::vector<Row>& rows) {
  std::ostringstream out;
  std::vector<std::vector<std::string>> lines = {{"clause", "fault", "promised", "observed", "verdict"}};
  for (const Row& row : rows) {
    const Outcome& o = row.outcome;
    const std::string unit = " " + row.what.unit;
    lines.push_back({row.what.clause, row.what.fault, number(o.promised) + unit,
                     o.observed ? number(*o.observed) + unit : "not observed",
                     o.held ? "held" : "FAILED: " + (o.note.empty() ? "beyond what is promised" : o.note)});
  }
  print(out, lines);
  const std::size_t held = held_count(rows);
  out << held << " of " << rows.size() << " cases held";
  for (const Row& row : rows) {
    if (!row.outcome.held) out << ", " << row.what.name << " did not";
  }
  out << "\n";
  return out.str();
}

std::string proof_json(const std::vector<Row>& rows, double patience_s) {
  Json out;
  out["schema"] = "keisei.proof/1";
  out["cases"] = Json::array();
  for (const Row& row : rows) {
    const Outcome& o = row.outcome;
    out["cases"].push_back({{"name", row.what.name},
                            {"clause", row.what.clause},
                            {"fault", row.what.fault},
                            {"promised", o.promised},
                            {"observed", o.observed ? Json(*o.observed) : Json(nullptr)},
                            {"unit", row.what.unit},
                            {"held", o.held},
                            {"note", o.note}});
  }
  out["held"] = held_count(rows);
  out["failed"] = rows.size() - held_count(rows);
  out["patience_s"] = patience_s;
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string proof_list(const std::vector<Case>& listed, bool json) {
  if (!json) {
    std::ostringstream out;
    std::vector<std::vector<std::string>> lines = {{"case", "clause", "fault"}};
    for (const Case& one : listed) lines.push_back({one.name, one.clause, one.fault});
    print(out, lines);
    return out.str();
  }
  Json out;
  out["schema"] = "keisei.proof-cases/1";
  out["cases"] = Json::array();
  for (const Case& one : listed)
    out["cases"].push_back({{"name", one.name}, {"clause", one.clause}, {"fault", one.fault}, {"unit", one.unit}});
  return out.dump(2) + "\n";
}

}  // namespace keisei::app::proof
