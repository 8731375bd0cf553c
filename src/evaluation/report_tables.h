// The parts of a report that are tables: cross table, pairings, cases, bracket, ladder, ends of games, notes, as cells.
// Text, Markdown and HTML draw the same cells, so that all forms of a report say the same; a cell keeps the exact
// numbers behind its words for the forms that can carry them. Pure; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/match_table.h"
#include "evaluation/report.h"

namespace keisei::evaluation {

struct ReportCell {
  struct Piece {
    std::string text;
    std::optional<double> value;  ///< the number that the text spells
  };
  std::vector<Piece> pieces;

  ReportCell(std::string words) : pieces{{std::move(words), std::nullopt}} {}  // NOLINT: words are a cell
  ReportCell(const char* words) : ReportCell(std::string(words)) {}            // NOLINT
  explicit ReportCell(std::vector<Piece> parts) : pieces(std::move(parts)) {}
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool is_number() const;  ///< it has one
};

struct ReportTable {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<ReportCell>> rows;  ///< as many cells each as `head`; text from outside, not escaped
};

/// Those that the strategy has anything to say in; none for a plain match of two.
[[nodiscard]] std::vector<ReportTable> report_tables(const Summary& summary);

/// Why games ended, by the agent's colour and result; no rows without games.
[[nodiscard]] ReportTable ends_table(const Summary& summary);
/// Why games ended, by the winner's colour.
[[nodiscard]] ReportTable ends_table(const MatchTable& match);

/// What there is to know of the players beside their games; no rows where there is nothing.
[[nodiscard]] ReportTable notes_table(std::span<const PlayerNote> notes);

/// Who stands where before and after, what the games say and why they were played (report_ladder.cpp).
[[nodiscard]] ReportTable ladder_table(const Summary& summary);
inline constexpr std::size_t kMaxLadderRows = 60;  ///< players who neither played nor could have are left out first

/// Cells of numbers; an en dash stands for an unknown one.
[[nodiscard]] ReportCell number_cell(std::optional<double> value, int decimals, bool sign = false);
[[nodiscard]] ReportCell count_cell(int value);
[[nodiscard]] ReportCell percent_cell(std::optional<double> share);
[[nodiscard]] ReportCell interval_cell(const OpenInterval& interval);  ///< of Elo
[[nodiscard]] ReportCell results_cell(const Tally& tally);             ///< wins-draws-losses (faults)

}  // namespace keisei::evaluation
