#include "evaluation/html_parts.h"

#include <algorithm>

#include "evaluation/markup.h"

namespace keisei::evaluation::html {
namespace {

constexpr std::size_t kLongWords = 18;  ///< from here a cell of words may break

std::string interval_text(std::optional<double> low, std::optional<double> high, const std::string& unit, double scale,
                          bool sign) {
  const auto scaled = [&](std::optional<double> v) {
    return decimal(v ? std::optional(*v * scale) : v, 1, sign) + unit;
  };
  if (low && high) return "95 %: " + scaled(low) + " to " + scaled(high);
  if (low) return "95 %: above " + scaled(low);
  if (high) return "95 %: below " + scaled(high);
  return "no interval";
}

std::string tile(const std::string& label, const std::string& value, const std::string& more) {
  return "<div class=\"tile\"><dt>" + markup(label) + "</dt><dd class=\"large\">" + value + "</dd><dd class=\"more\">" +
         markup(more) + "</dd></div>";
}

/// Whether the column holds numbers, but for empty cells and signs for them.
bool is_of_numbers(const ReportTable& report, std::size_t column) {
  bool any = false;
  for (const auto& row : report.rows) {
    if (row[column].is_number()) any = true;
    if (!row[column].is_number() && columns_of(row[column].text()) > 1) return false;
  }
  return any;
}

std::string cell(const ReportCell& content, bool of_numbers) {
  if (!of_numbers && !content.is_number()) {
    const std::string words = content.text();
    return columns_of(words) >= kLongWords ? words_cell(words) : "<td class=\"word\">" + markup(words) + "</td>";
  }
  std::string out;
  for (const ReportCell::Piece& piece : content.pieces)
    out += piece.value ? number(piece.value, markup(piece.text)) : markup(piece.text);
  return number_cell(out);
}

}  // namespace

std::string number(std::optional<double> value, const std::string& text) {
  if (!value) return "<span>" + text + "</span>";
  return "<data value=\"" + exact(value) + "\">" + text + "</data>";
}
std::string count(int value) { return number(value, std::to_string(value)); }
std::string percent(std::optional<double> share) {
  return number(share, share ? decimal(100 * *share, 1) + " %" : decimal(share, 1));
}

std::string tiles(const Tally& total, int asked) {
  const auto interval = score_interval(total);
  const OpenInterval elos = elo_interval(total);
  const auto difference = elo(total);
  const auto superior = los(total);
  std::string out = "<dl class=\"tiles\">";
  out += tile("Score", percent(score(total)),
              interval_text(interval ? std::optional(interval->low) : std::nullopt,
                            interval ? std::optional(interval->high) : std::nullopt, " %", 100, false));
  out += tile("Elo difference", number(difference, decimal(difference, 1, true)),
              interval_text(elos.low, elos.high, "", 1, true));
  out += tile("Likelihood of superiority", percent(superior), "that the first is the stronger");
  out += tile("Games", count(total.games()), std::to_string(total.valid()) + " valid of " + std::to_string(asked));
  return out +
         tile("Won, drawn, lost", count(total.wins) + " / " + count(total.draws) + " / " + count(total.losses),
              std::to_string(total.faults) + (total.faults == 1 ? " fault" : " faults")) +
         "</dl>";
}

std::string section(const std::string& title, const std::string& body) {
  return body.empty() ? "" : "<section><h2>" + markup(title) + "</h2>" + body + "</section>\n";
}

std::string table(const std::string& caption, const std::string& head, const std::string& rows, bool show_caption) {
  const std::string label = markup(caption);
  return (show_caption ? "<p class=\"caption\">" + label + "</p>" : "") +
         "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + label + "\"><table aria-label=\"" +
         label + "\">" + (head.empty() ? "" : "<thead><tr>" + head + "</tr></thead>") + "<tbody>" + rows +
         "</tbody></table></div>";
}

std::string table(const ReportTable& report, const std::string& heading) {
  if (report.rows.empty()) return {};
  std::vector<bool> of_numbers;
  std::string head;
  for (std::size_t column = 0; column < report.head.size(); ++column) {
    of_numbers.push_back(is_of_numbers(report, column));
    head += head_cell(report.head[column], of_numbers.back());
  }
  std::string rows;
  for (const auto& row : report.rows) {
    rows += "<tr>";
    for (std::size_t column = 0; column < row.size(); ++column) rows += cell(row[column], of_numbers[column]);
    rows += "</tr>";
  }
  return table(report.title, head, rows, report.title != heading);
}

std::string pairs_table(const std::string& caption, const std::vector<std::pair<std::string, std::string>>& rows) {
  if (rows.empty()) return {};
  std::string body;
  for (const auto& [label, value] : rows) body += "<tr>" + row_head(label) + words_cell(value) + "</tr>";
  return table(caption, "", body);
}

std::string head_cell(const std::string& text, bool is_number) {
  return std::string("<th scope=\"col\"") + (is_number ? " class=\"n\">" : ">") + markup(text) + "</th>";
}
std::string row_head(const std::string& text) { return "<th scope=\"row\">" + markup(text) + "</th>"; }
std::string number_cell(const std::string& content) { return "<td class=\"n\">" + content + "</td>"; }
std::string words_cell(const std::string& text) { return "<td class=\"long\">" + markup(text) + "</td>"; }

std::string result_cells(const Tally& t) {
  return number_cell(count(t.games())) + number_cell(count(t.wins)) + number_cell(count(t.draws)) +
         number_cell(count(t.losses)) + number_cell(count(t.faults)) + number_cell(percent(score(t)));
}

}  // namespace keisei::evaluation::html
