#include "evaluation/ratings_report.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "evaluation/json_fields.h"
#include "evaluation/markup.h"
#include "evaluation/svg_chart.h"

namespace keisei::evaluation {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kNameColumns = 40;
constexpr double kDoubtfulP = 0.01;  ///< below it the residual is worth a warning

bool is_engine(std::string_view name) { return name.starts_with("usi:") || name.starts_with("xboard:"); }

std::string name_of(const RatingsReport& report, const std::string& id) {
  const auto found = report.names.find(id);
  if (found == report.names.end() || found->second == id) return id;
  // An engine's name says all; that of a network is a path, which may hold other weights now.
  return is_engine(found->second) ? found->second : found->second + " [" + id + "]";
}

Json number(std::optional<double> value) { return value && std::isfinite(*value) ? Json(*value) : Json(nullptr); }

std::string title_of(const RatingTable& table) {
  return "Protocol " + table.protocol + ", " + table.anchor + " = 0" + (table.anchored ? "" : " (random did not play)");
}

std::string residual_text(const CyclicResidual& residual) {
  if (!residual.p) return {};
  std::string text = "  fit: chi-square " + decimal(residual.chi_square, 1) + " over " +
                     std::to_string(residual.pairs) + " pairs, p " + decimal(residual.p, 3);
  if (*residual.p < kDoubtfulP) text += "; one number a player does not explain these results";
  if (residual.worst && *residual.p < kDoubtfulP)
    text += " (" + printable(residual.worst->first) + " > " + printable(residual.worst->second) + " > " +
            printable(residual.worst->third) + " > " + printable(residual.worst->first) + ", z " +
            decimal(residual.worst->z, 1) + ")";
  return text + "\n";
}

Json residual_json(const CyclicResidual& residual) {
  Json json;
  json["pairs"] = residual.pairs;
  json["degrees"] = residual.degrees;
  json["chi_square"] = number(residual.chi_square);
  json["p"] = number(residual.p);
  json["worst"] = nullptr;
  if (residual.worst) {
    json["worst"] = Json::object();
    json["worst"]["players"] = {residual.worst->first, residual.worst->second, residual.worst->third};
    json["worst"]["elo"] = number(residual.worst->elo);
    json["worst"]["z"] = number(residual.worst->z);
  }
  return json;
}

}  // namespace

void add_names(std::map<std::string, std::string>& names, std::span<const GameRecord> records) {
  for (const GameRecord& record : records) {
    if (!record.agent_id.empty()) names[record.agent_id] = record.agent;
    if (!record.opponent_id.empty()) names[record.opponent_id] = record.opponent;
  }
}

Result<RatingsReport> rating_report(std::vector<RatingsSource> sources, std::span<const RatedGame> games,
                                    std::map<std::string, std::string> names, const std::string& protocol) {
  std::vector<RatedGame> kept;
  std::set<std::string> protocols;
  for (const RatedGame& game : games) {
    protocols.insert(game.protocol);
    if (protocol.empty() || game.protocol == protocol) kept.push_back(game);
  }
  if (!protocol.empty() && !protocols.contains(protocol)) {
    std::string known;
    for (const std::string& one : protocols) known += (known.empty() ? "" : ", ") + one;
    return fail(Code::kUsage, "no rated game was played by protocol " + protocol.substr(0, 64),
                known.empty() ? "there are no rated games" : "there are: " + known.substr(0, 400));
  }
  RatingsReport report;
  report.sources = std::move(sources);
  report.names = std::move(names);
  auto tables = rate(kept);
  if (!tables) return tl::make_unexpected(tables.error());
  report.tables = std::move(*tables);
  for (const RatingTable& table : report.tables) report.residuals.push_back(cyclic_residual(table, kept));
  return report;
}

StoredCheck check_stored(std::span<const StoredRating> stored, std::span<const RatingTable> tables) {
  StoredCheck check;
  for (const StoredRating& one : stored) {
    const Rating* now = nullptr;
    for (const RatingTable& table : tables) {
      if (table.protocol != one.protocol) continue;
      for (const Rating& rating : table.players)
        if (rating.id == one.id) now = &rating;
    }
    if (now == nullptr) {
      ++check.missing;
      continue;
    }
    ++check.compared;
    check.largest_difference_elo = std::max(check.largest_difference_elo, std::abs(now->elo - one.elo));
  }
  return check;
}

std::string to_text(const RatingsReport& report) {
  std::string text;
  for (const RatingsSource& source : report.sources)
    text += printable(source.path) + " (" + source.kind + "): " + std::to_string(source.games) + " games, " +
            std::to_string(source.rated) + " rated\n";
  if (report.tables.empty()) return text + "No rated games.\n";
  for (std::size_t t = 0; t < report.tables.size(); ++t) {
    const RatingTable& table = report.tables[t];
    text += "\n" + printable(title_of(table)) + ", " + std::to_string(table.games) + " games\n";
    std::size_t width = 6;
    for (const Rating& r : table.players)
      width = std::max(width, columns_of(shortened(printable(name_of(report, r.id)), kNameColumns)));
    int place = 0;
    for (const Rating& r : table.players) {
      const std::string name = shortened(printable(name_of(report, r.id)), kNameColumns);
      std::string rank = std::to_string(++place);
      std::string elo = decimal(r.elo, 1, true);
      std::string error = r.error_elo ? "± " + decimal(r.error_elo, 1) : "";
      text += "  " + std::string(rank.size() < 4 ? 4 - rank.size() : 0, ' ') + rank + "  " + name +
              std::string(width - columns_of(name), ' ') + "  " +
              std::string(elo.size() < 8 ? 8 - elo.size() : 0, ' ') + elo + " " + error +
              std::string(columns_of(error) < 9 ? 9 - columns_of(error) : 0, ' ') + "  " + std::to_string(r.games) +
              " games, " + decimal(100 * r.score, 1) + " %\n";
    }
    text += "  moving first is worth " + decimal(table.side_advantage_elo, 1, true) +
            (table.side_advantage_error_elo ? " ± " + decimal(table.side_advantage_error_elo, 1) : "") + " Elo\n";
    if (table.self_games > 0)
      text += "  " + std::to_string(table.self_games) + " games of a player against itself are left out\n";
    if (!table.converged) text += "  the fit did not converge: read these numbers with care\n";
    text += residual_text(report.residuals[t]);
  }
  if (report.stored) {
    text += "\nStored with the last evaluation: " + std::to_string(report.stored->compared) + " ratings, ";
    text += report.stored->compared == 0
                ? "none to compare"
                : "at most " + decimal(report.stored->largest_difference_elo, 3) + " Elo from these";
    if (report.stored->missing > 0) text += ", " + std::to_string(report.stored->missing) + " without games";
    text += "\n";
  }
  return text;
}

std::string to_json(const RatingsReport& report) {
  Json json;
  json["schema"] = "keisei.ratings/1";
  json["sources"] = Json::array();
  for (const RatingsSource& source : report.sources)
    json["sources"].push_back(
        {{"path", source.path}, {"kind", source.kind}, {"games", source.games}, {"rated", source.rated}});
  json["tables"] = Json::array();
  for (std::size_t t = 0; t < report.tables.size(); ++t) {
    const RatingTable& table = report.tables[t];
    Json one;
    one["protocol"] = table.protocol;
    one["anchor"] = table.anchor;
    one["anchored"] = table.anchored;
    one["games"] = table.games;
    one["self_games"] = table.self_games;
    one["converged"] = table.converged;
    one["side_advantage_elo"] = number(table.side_advantage_elo);
    one["side_advantage_error95"] = number(table.side_advantage_error_elo);
    one["players"] = Json::array();
    for (const Rating& r : table.players) {
      Json player;
      player["id"] = r.id;
      const auto name = report.names.find(r.id);
      player["name"] = name == report.names.end() ? Json(nullptr) : Json(name->second);
      player["elo"] = number(r.elo);
      player["elo_ci95"] = r.error_elo ? Json::array({r.elo - *r.error_elo, r.elo + *r.error_elo}) : Json(nullptr);
      player["games"] = r.games;
      player["score"] = number(r.score);
      one["players"].push_back(std::move(player));
    }
    one["covariance_elo2"] = table.covariance_elo2.empty() ? Json(nullptr) : Json(table.covariance_elo2);
    one["cyclic_residual"] = residual_json(report.residuals[t]);
    json["tables"].push_back(std::move(one));
  }
  json["stored"] = nullptr;
  if (report.stored)
    json["stored"] = {{"compared", report.stored->compared},
                      {"missing", report.stored->missing},
                      {"largest_difference_elo", report.stored->largest_difference_elo}};
  return dump(json);
}

std::string to_svg(const RatingsReport& report) {
  double height = 0;
  std::string body;
  for (const RatingTable& table : report.tables) {
    std::vector<ChartInterval> rows;
    for (const Rating& r : table.players) {
      const auto name = report.names.find(r.id);
      ChartInterval row{name == report.names.end() ? r.id : name->second, r.elo, std::nullopt, std::nullopt};
      if (name != report.names.end() && name->second != r.id && !is_engine(name->second))
        row.label = shortened(r.id, 8) + " " + row.label;
      if (r.error_elo) {
        row.low = r.elo - *r.error_elo;
        row.high = r.elo + *r.error_elo;
      }
      rows.push_back(std::move(row));
    }
    const std::string chart =
        interval_chart({"Ratings, 95 %, protocol " + table.protocol, "Elo against " + table.anchor, ""}, rows);
    const double own = chart_height(chart);
    // The chart's inside, moved down.
    const std::size_t inside = chart.find('>') + 1;
    body += "<g transform=\"translate(0 " + decimal(height, 1) + ")\">" +
            chart.substr(inside, chart.rfind("</svg>") - inside) + "</g>";
    height += own;
  }
  if (body.empty()) return svg_document(interval_chart({"Ratings", "", ""}, {}));
  return svg_document("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" viewBox=\"0 0 " +
                      std::to_string(kChartWidth) + " " + decimal(height, 1) + "\">" + body + "</svg>");
}

}  // namespace keisei::evaluation
