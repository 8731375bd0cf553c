// The parts of a report that are tables: cross table, pairings, cases, ladder, bracket, as plain cells. Text, Markdown
// and HTML draw the same cells, so that all forms of a report say the same. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "evaluation/report.h"

namespace keisei::evaluation {

struct ReportTable {
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;  ///< as many cells each as `head`; text from outside, not escaped
};

/// Those that the strategy has anything to say in; none for a plain match of two.
[[nodiscard]] std::vector<ReportTable> report_tables(const Summary& summary);

}  // namespace keisei::evaluation
