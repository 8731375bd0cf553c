// The pieces that an HTML report is put together from: numbers with their exact value, tiles, tables, sections. All
// words are escaped here, once. For the .cpp files of html_report. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluation/report_tables.h"
#include "evaluation/statistics.h"

namespace keisei::evaluation::html {

/// `text` (already safe) as people read it, with the exact value for programs.
[[nodiscard]] std::string number(std::optional<double> value, const std::string& text);
[[nodiscard]] std::string count(int value);
[[nodiscard]] std::string percent(std::optional<double> share);

/// What is to be seen at a glance: score, Elo difference, superiority, games, results.
[[nodiscard]] std::string tiles(const Tally& total, int asked);

/// "" for an empty body.
[[nodiscard]] std::string section(const std::string& title, const std::string& body);
/// A table that scrolls sideways where it is too wide; `head` and `rows` are markup. A caption that is not shown is
/// still told to who does not see the page.
[[nodiscard]] std::string table(const std::string& caption, const std::string& head, const std::string& rows,
                                bool show_caption = true);
/// The table of a report; "" without rows. Its title is not said again under a `heading` of the same words.
[[nodiscard]] std::string table(const ReportTable& report, const std::string& heading = {});
/// Labels and values; "" without rows.
[[nodiscard]] std::string pairs_table(const std::string& caption,
                                      const std::vector<std::pair<std::string, std::string>>& rows);

[[nodiscard]] std::string head_cell(const std::string& text, bool is_number = true);
[[nodiscard]] std::string row_head(const std::string& text);
[[nodiscard]] std::string number_cell(const std::string& content);  ///< content is markup
[[nodiscard]] std::string words_cell(const std::string& text);
[[nodiscard]] std::string result_cells(const Tally& tally);  ///< games, won, drawn, lost, faults, score

}  // namespace keisei::evaluation::html
