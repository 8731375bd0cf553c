// The Grafana dashboard as shipped: Prometheus understands every query, and each asks for a metric that the page has.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "telemetry/prometheus_text.h"
#include "telemetry/promtool.h"

namespace keisei::telemetry {
namespace {

using nlohmann::json;

const std::filesystem::path kDashboard = KEISEI_SOURCE_DIR "/ops/grafana/keisei.json";

using Grafana = PromtoolTest;

std::vector<std::string> queries() {
  std::vector<std::string> found;
  const json dashboard = json::parse(slurp(kDashboard));
  for (const json& panel : dashboard.at("panels")) {
    for (const json& target : panel.value("targets", json::array())) found.push_back(target.at("expr"));
  }
  return found;
}

/// The page of a run that has published every metric that has a row.
std::string full_page() {
  NewestMetrics newest;
  newest.take({.kind = "run.start", .step = 0, .utc_ms = 5, .metrics = {}, .texts = {}});
  Event all{
      .kind = "update", .step = 1, .utc_ms = 6, .metrics = {{"evaluation/sla/violations/latency", 1}}, .texts = {}};
  for (const PrometheusRow& row : prometheus_rows()) all.metrics.emplace_back(row.metric, 1);
  newest.take(all);
  newest.take({.kind = "checkpoint", .step = 1, .utc_ms = 6, .metrics = {}, .texts = {}});
  return prometheus_text("r", newest);
}

TEST_F(Grafana, AsksForMetricsThatThePageHas) {
  const std::string page = full_page();
  const std::string text = slurp(kDashboard);
  const std::regex form("\\b(keisei_[a-z_]+)");
  std::set<std::string> asked;
  for (std::sregex_iterator it(text.begin(), text.end(), form), end; it != end; ++it) asked.insert((*it)[1]);
  EXPECT_GT(asked.size(), 40U);
  for (const std::string& name : asked) EXPECT_NE(page.find("\n" + name + "{"), std::string::npos) << name;
}

TEST_F(Grafana, QueriesAreUnderstoodByPrometheus) {
  std::string rules = "groups:\n  - name: dashboard\n    rules:\n";
  int number = 0;
  for (std::string query : queries()) {
    EXPECT_NE(query.find("{run=~\"$run\""), std::string::npos) << query << " is of no run";
    query = std::regex_replace(query, std::regex("\\$run"), ".*");
    rules += "      - record: panel:" + std::string(1, static_cast<char>('a' + number / 26)) +
             static_cast<char>('a' + number % 26) + ":query\n        expr: '" + query + "'\n";
    ++number;
  }
  EXPECT_GT(number, 40);
  std::ofstream(directory_ / "rules.yaml") << rules;
  const Ended checked = shell("promtool check rules " + quoted(directory_ / "rules.yaml"));
  EXPECT_EQ(checked.code, 0) << checked.output << "(needs the package prometheus)";
}

TEST_F(Grafana, PanelsHaveNumbersOfTheirOwnAndDoNotOverlap) {
  const json dashboard = json::parse(slurp(kDashboard));
  std::set<int> ids;
  std::set<std::pair<int, int>> cells;
  for (const json& panel : dashboard.at("panels")) {
    EXPECT_TRUE(ids.insert(panel.at("id").get<int>()).second) << panel.at("title");
    const json& place = panel.at("gridPos");
    EXPECT_LE(place.at("x").get<int>() + place.at("w").get<int>(), 24) << panel.at("title");
    for (int x = 0; x < place.at("w").get<int>(); ++x) {
      for (int y = 0; y < place.at("h").get<int>(); ++y) {
        EXPECT_TRUE(cells.emplace(place.at("x").get<int>() + x, place.at("y").get<int>() + y).second)
            << panel.at("title");
      }
    }
  }
}

}  // namespace
}  // namespace keisei::telemetry
