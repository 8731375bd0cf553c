#include <utility>

#include "evaluation/json_fields.h"
#include "evaluation/note_fields.h"
#include "evaluation/report.h"

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMaxWordBytes = 512;
constexpr std::size_t kMaxListed = 1'000'000;  // pairings, cells, cases, ratings
constexpr std::size_t kMaxFaultTextBytes = 4 * kMaxFaultBytes;
constexpr std::size_t kMaxReasons = kEndReasons * 2;
constexpr int kMaxCount = 1'000'000'000;
constexpr double kMaxValue = 1e300;

int count(JsonFields& fields, const char* key) { return static_cast<int>(fields.integer(key, 0, kMaxCount)); }

void read_tally(JsonFields& fields, Tally& tally) {
  tally = {count(fields, "wins"), count(fields, "losses"), count(fields, "draws"), count(fields, "faults")};
  for (const char* derived : {"games", "score"}) fields.ignore(derived);
}

void read_colours(JsonFields& fields, Tally& black, Tally& white) {
  fields.object("by_colour", [&](JsonFields& colours) {
    colours.object("black", [&](JsonFields& tally) { read_tally(tally, black); });
    colours.object("white", [&](JsonFields& tally) { read_tally(tally, white); });
  });
}

PairCounts read_pairs(JsonFields& fields) {
  PairCounts pairs{};
  const std::vector<double> counts = fields.numbers("pairs", pairs.size(), 0, kMaxCount);
  if (counts.size() != pairs.size()) fields.fault("pairs", "five counts");
  for (std::size_t i = 0; i < counts.size(); ++i) pairs[i] = static_cast<int>(counts[i]);
  return pairs;
}

std::map<std::string, int> read_counts(JsonFields& fields, const char* key) {
  std::map<std::string, int> counts;
  for (const auto& [name, value] : fields.table(key, kMaxListed, kMaxFaultTextBytes, 0, kMaxCount)) {
    counts[name] = static_cast<int>(value);
  }
  return counts;
}

void read_ends(JsonFields& fields, const char* key, std::map<std::string, Tally>& ends) {
  fields.members(key, kMaxReasons,
                 [&](const std::string& reason, JsonFields& tally) { read_tally(tally, ends[reason]); });
}

Streaks read_streaks(JsonFields& fields) {
  Streaks streaks;
  streaks.win = count(fields, "win");
  streaks.loss = count(fields, "loss");
  streaks.draw = count(fields, "draw");
  if (!fields.null("current")) {
    streaks.current = fields.take("current", parse_game_result(fields.text("current", kMaxWordBytes)));
    if (streaks.current == GameResult::kFault) fields.fault("current", "null, win, draw or loss");
  }
  streaks.current_length = count(fields, "current_length");
  return streaks;
}

void read_lengths(JsonFields& fields, Summary& summary) {
  if (fields.null("plies")) return;
  fields.object("plies", [&](JsonFields& plies) {
    summary.plies = Lengths{count(plies, "min"), plies.number("median", 0, kMaxCount),
                            plies.number("mean", 0, kMaxCount), count(plies, "max")};
  });
}

PairingSummary read_pairing(JsonFields& fields) {
  PairingSummary pairing;
  pairing.first = fields.text("first", kMaxPlayerTextBytes);
  pairing.second = fields.text("second", kMaxPlayerTextBytes);
  pairing.first_id = fields.text_or_null("first_id", kMaxIdBytes);
  pairing.second_id = fields.text_or_null("second_id", kMaxIdBytes);
  pairing.of_agent = fields.flag("of_agent");
  pairing.games_asked = count(fields, "games_asked");
  fields.object("total", [&](JsonFields& tally) { read_tally(tally, pairing.total); });
  read_colours(fields, pairing.as_black, pairing.as_white);
  pairing.pairs = read_pairs(fields);
  if (!fields.null("stop")) {
    fields.object("stop", [&](JsonFields& stop) {
      pairing.stop = {stop.flag("reached"), stop.text("why", kMaxWordBytes)};
    });
  }
  for (const char* derived : {"score_ci95", "elo", "elo_ci95", "normalised_elo", "normalised_elo_ci95",
                              "score_ci95_anytime", "elo_ci95_anytime"}) {
    fields.ignore(derived);
  }
  return pairing;
}

void read_cross(JsonFields& fields, CrossTable& cross) {
  fields.objects("players", kMaxOpponents + 1, [&](JsonFields& player) {
    std::string name = player.text("name", kMaxPlayerTextBytes);
    cross.players.push_back({std::move(name), player.text_or_null("id", kMaxIdBytes)});
  });
  const auto n = static_cast<std::int64_t>(cross.players.size());
  cross.cells.resize(cross.players.size() * cross.players.size());
  fields.objects("cells", cross.cells.size(), [&](JsonFields& cell) {
    const std::int64_t row = cell.integer("row", 0, n - 1);
    const std::int64_t column = cell.integer("column", 0, n - 1);
    read_tally(cell, cross.cells[static_cast<std::size_t>(row * n + column)]);
  });
}

CaseSummary read_case_summary(JsonFields& fields) {
  CaseSummary found;
  found.id = fields.text("id", kMaxCaseIdBytes);
  found.kind = fields.text("kind", kMaxWordBytes);
  found.opponent = fields.text("opponent", kMaxPlayerTextBytes);
  if (!fields.null("mate_in")) found.mate_in = static_cast<int>(fields.integer("mate_in", 1, kMaxMateIn));
  found.pass_score = fields.number("pass_score", 0, 1);
  found.games_asked = count(fields, "games_asked");
  fields.object("total", [&](JsonFields& tally) { read_tally(tally, found.total); });
  found.passed = fields.flag("passed");
  return found;
}

void read_elimination(JsonFields& fields, Summary& summary) {
  if (fields.null("elimination")) return;
  fields.object("elimination", [&](JsonFields& elimination) {
    EliminationSummary found;
    found.passed = count(elimination, "passed");
    if (!elimination.null("lost_pairing")) found.lost_pairing = count(elimination, "lost_pairing");
    if (!elimination.null("lost_game")) found.lost_game = elimination.word("lost_game");
    summary.elimination = found;
  });
}

void read_ladder(JsonFields& fields, Summary& summary) {
  if (fields.null("ladder")) return;
  fields.object("ladder", [&](JsonFields& ladder) {
    LadderSummary found;
    found.before = ladder.number("before", -kMaxValue, kMaxValue);
    found.after = ladder.number("after", -kMaxValue, kMaxValue);
    ladder.ignore("change");
    ladder.objects("choices", kMaxOpponents, [&](JsonFields& choice) {
      LadderChoice entry;
      entry.opponent = choice.text("opponent", kMaxPlayerTextBytes);
      entry.id = choice.text_or_null("id", kMaxIdBytes);
      entry.rating = choice.number("rating", -kMaxValue, kMaxValue);
      entry.chosen = choice.flag("chosen");
      entry.why = choice.text("why", kMaxWordBytes);
      found.choices.push_back(std::move(entry));
    });
    found.ratings = ladder.table("ratings", kMaxListed, kMaxPlayerTextBytes, -kMaxValue, kMaxValue);
    summary.ladder = std::move(found);
  });
}

}  // namespace

Result<Summary> read_summary(std::string_view json) {
  JsonFields fields(json, kMaxSummaryBytes, "evaluation summary");
  Summary summary;
  if (fields.text("schema", kMaxWordBytes) != "keisei.evaluation/1") fields.fault("schema", "keisei.evaluation/1");
  summary.status = fields.text("status", kMaxWordBytes);
  summary.strategy = fields.text("strategy", kMaxWordBytes);
  summary.plan = fields.text_or_null("plan", kMaxWordBytes);
  summary.agent = fields.text("agent", kMaxPlayerTextBytes);
  summary.opponent = fields.text("opponent", kMaxPlayerTextBytes);
  summary.agent_id = fields.text_or_null("agent_id", kMaxIdBytes);
  summary.opponent_id = fields.text_or_null("opponent_id", kMaxIdBytes);
  summary.protocol = fields.text("protocol", kMaxWordBytes);
  summary.stop_when = fields.text_or_null("stop_when", kMaxWordBytes);
  summary.seed = fields.word("seed");
  summary.games_asked = count(fields, "games_asked");
  read_tally(fields, summary.total);
  read_colours(fields, summary.as_black, summary.as_white);
  summary.end_reasons = read_counts(fields, "end_reasons");
  read_ends(fields, "results_by_end_reason", summary.by_end_reason);
  fields.object("end_reasons_by_colour", [&](JsonFields& colours) {
    read_ends(colours, "black", summary.ends_as_black);
    read_ends(colours, "white", summary.ends_as_white);
  });
  summary.faults_by_text = read_counts(fields, "fault_texts");
  summary.pairs = read_pairs(fields);
  read_lengths(fields, summary);
  fields.object("streaks", [&](JsonFields& streaks) { summary.streaks = read_streaks(streaks); });
  summary.game_seconds = fields.number("game_seconds", 0, kMaxValue);
  fields.objects("pairings", kMaxListed, [&](JsonFields& p) { summary.pairings.push_back(read_pairing(p)); });
  fields.object("cross_table", [&](JsonFields& cross) { read_cross(cross, summary.cross); });
  fields.objects("cases", kMaxSuiteCases, [&](JsonFields& c) { summary.cases.push_back(read_case_summary(c)); });
  read_elimination(fields, summary);
  read_ladder(fields, summary);
  fields.objects("notes", kMaxNotes, [&](JsonFields& note) { summary.notes.push_back(read_note(note)); });
  for (const char* derived :
       {"score_ci95", "score_ci95_pairs", "elo", "elo_ci95", "los", "mean_plies", "normalised_elo",
        "normalised_elo_ci95", "score_ci95_anytime", "elo_ci95_anytime", "pass_rate", "wall_s", "performance", "sla"}) {
    fields.ignore(derived);
  }
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  return summary;
}

}  // namespace keisei::evaluation
