// The ladder of an evaluation as a table: places and ratings of everybody known, before and after.
#include <algorithm>
#include <map>
#include <vector>

#include "evaluation/markup.h"
#include "evaluation/report_tables.h"

namespace keisei::evaluation {
namespace {

constexpr std::size_t kIdLetters = 24;  // of a player that is known by its id alone

struct Rung {
  std::string key;  ///< what its rating is kept under
  std::string name;
  double before = 0;
  double after = 0;
  bool here = false;                     ///< the agent or a candidate of this evaluation
  const LadderChoice* choice = nullptr;  ///< none for the agent and for those who were not asked
  int place_before = 0;
  int place_after = 0;
};

/// Everybody who has a rating or was a candidate, the agent first.
std::vector<Rung> rungs_of(const Summary& summary) {
  const LadderSummary& ladder = *summary.ladder;
  const auto key_of = [](const std::string& id, const std::string& name) { return id.empty() ? name : id; };
  std::vector<Rung> rungs;
  std::map<std::string, std::size_t> known;
  const auto add = [&](Rung rung) {
    if (known.emplace(rung.key, rungs.size()).second) rungs.push_back(std::move(rung));
  };
  add({.key = key_of(summary.agent_id, summary.agent),
       .name = summary.agent,
       .before = ladder.before,
       .after = ladder.after,
       .here = true});
  for (const LadderChoice& choice : ladder.choices) {
    const std::string key = key_of(choice.id, choice.opponent);
    const auto rated = ladder.ratings.find(key);
    add({.key = key,
         .name = choice.opponent,
         .before = choice.rating,
         .after = rated == ladder.ratings.end() ? choice.rating : rated->second,
         .here = true,
         .choice = &choice});
  }
  for (const auto& [key, rating] : ladder.ratings)
    add({.key = key, .name = shortened_inside(key, kIdLetters), .before = rating, .after = rating});
  return rungs;
}

/// Numbers the places by falling rating and leaves the rungs in the order of the places afterwards.
void take_places(std::vector<Rung>& rungs) {
  const auto number = [&](double Rung::*rating, int Rung::*place) {
    std::stable_sort(rungs.begin(), rungs.end(), [&](const Rung& a, const Rung& b) { return a.*rating > b.*rating; });
    for (std::size_t i = 0; i < rungs.size(); ++i) rungs[i].*place = static_cast<int>(i) + 1;
  };
  number(&Rung::before, &Rung::place_before);
  number(&Rung::after, &Rung::place_after);
}

std::string moved(const Rung& rung) {
  const int up = rung.place_before - rung.place_after;
  if (up == 0) return "=";
  return (up > 0 ? "up " : "down ") + std::to_string(up > 0 ? up : -up);
}

}  // namespace

ReportTable ladder_table(const Summary& summary) {
  const LadderSummary& ladder = *summary.ladder;
  ReportTable table{
      .title = "Ladder: rating " + decimal(ladder.before, 1) + " before, " + decimal(ladder.after, 1) + " after (" +
               decimal(ladder.after - ladder.before, 1, true) + ")",
      .head = {"place", "moved", "player", "rating", "change", "agent's games", "Elo above it, 95 %", "why"},
      .rows = {}};
  std::vector<Rung> rungs = rungs_of(summary);
  take_places(rungs);
  const bool too_many = rungs.size() > kMaxLadderRows;
  for (const Rung& rung : rungs) {
    if (too_many && !rung.here) continue;
    Tally games;
    for (const PairingSummary& pairing : summary.pairings) {
      const std::string& key = pairing.second_id.empty() ? pairing.second : pairing.second_id;
      if (rung.choice != nullptr && pairing.of_agent && key == rung.key) games += pairing.total;
    }
    const bool played = games.games() > 0;
    table.rows.push_back({count_cell(rung.place_after), moved(rung), rung.name, number_cell(rung.after, 1),
                          number_cell(rung.after - rung.before, 1, true), played ? results_cell(games) : "",
                          played ? interval_cell(elo_interval(games)) : "",
                          rung.choice != nullptr ? rung.choice->why
                          : rung.here            ? "the agent"
                                                 : "not asked"});
  }
  return table;
}

}  // namespace keisei::evaluation
