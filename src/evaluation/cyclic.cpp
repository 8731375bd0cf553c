#include "evaluation/cyclic.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace keisei::evaluation {
namespace {

const double kEloPerNat = 400 / std::log(10.0);
constexpr int kMaxTerms = 10'000;
constexpr double kPrecision = 1e-15;

/// All games of two players of the table, seen from the first (the smaller number).
struct Meeting {
  double points = 0;
  double expected = 0;
  double information = 0;  ///< sum of p (1 - p)
};
using Edge = std::pair<std::size_t, std::size_t>;

/// What the scores of a pair say beyond the ratings, seen from the first.
struct Residual {
  double elo = 0;
  double variance = 0;  ///< Elo^2
};

std::map<Edge, Meeting> meetings(const RatingTable& table, std::span<const RatedGame> games, double& draws) {
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < table.players.size(); ++i) place.emplace(table.players[i].id, i);
  std::map<Edge, Meeting> found;
  double drawn = 0;
  double even = 0;  // draws to expect if every game of two equals were drawn
  for (const RatedGame& game : games) {
    if (game.protocol != table.protocol || game.black == game.white) continue;
    const auto black = place.find(game.black);
    const auto white = place.find(game.white);
    if (black == place.end() || white == place.end()) continue;
    const double difference =
        table.players[black->second].elo - table.players[white->second].elo + table.side_advantage_elo;
    const double p = 1 / (1 + std::exp(-difference / kEloPerNat));
    const bool in_order = black->second < white->second;
    Meeting& meeting = found[in_order ? Edge{black->second, white->second} : Edge{white->second, black->second}];
    meeting.points += in_order ? game.black_score : 1 - game.black_score;
    meeting.expected += in_order ? p : 1 - p;
    meeting.information += p * (1 - p);
    drawn += game.black_score > 0 && game.black_score < 1 ? 1 : 0;
    even += 4 * p * (1 - p);
  }
  draws = even > 0 ? std::min(drawn / even, 1.0) : 0.0;
  return found;
}

std::optional<Triangle> worst_triangle(const RatingTable& table, const std::map<Edge, Residual>& residuals) {
  std::vector<std::vector<std::size_t>> neighbours(table.players.size());
  for (const auto& [edge, residual] : residuals) neighbours[edge.first].push_back(edge.second);
  std::optional<Triangle> worst;
  for (const auto& [edge, first] : residuals) {
    const auto [a, b] = edge;
    for (const std::size_t c : neighbours[b]) {  // a < b < c
      const auto across = residuals.find({a, c});
      if (across == residuals.end()) continue;
      const Residual& second = residuals.at({b, c});
      const double curl = first.elo + second.elo - across->second.elo;
      const double z = std::abs(curl) / std::sqrt(first.variance + second.variance + across->second.variance);
      if (worst && z <= worst->z) continue;
      const auto& ids = table.players;
      worst = curl >= 0 ? Triangle{ids[a].id, ids[b].id, ids[c].id, curl, z}
                        : Triangle{ids[c].id, ids[b].id, ids[a].id, -curl, z};
    }
  }
  return worst;
}

}  // namespace

CyclicResidual cyclic_residual(const RatingTable& table, std::span<const RatedGame> games) {
  CyclicResidual result;
  double draws = 0;
  std::map<Edge, Residual> residuals;
  for (const auto& [edge, meeting] : meetings(table, games, draws)) {
    if (meeting.information < kMinPairInformation) continue;
    // A drawn game varies less than a decided one: the variance shrinks by the share of draws between equals.
    const double variance = meeting.information * std::max(1 - draws, 0.05);
    const double surplus = meeting.points - meeting.expected;
    result.chi_square += surplus * surplus / variance;
    ++result.pairs;
    const double slope = kEloPerNat / meeting.information;  // Elo of one point
    residuals[edge] = {surplus * slope, variance * slope * slope};
  }
  // One number is fitted for each player but the anchor, and one for the side.
  result.degrees = std::max(0, result.pairs - static_cast<int>(table.players.size()));
  if (result.degrees > 0) result.p = chi_square_tail(result.chi_square, result.degrees);
  result.worst = worst_triangle(table, residuals);
  return result;
}

double chi_square_tail(double x, int degrees) {
  if (!(x > 0)) return 1;
  const double a = 0.5 * degrees;
  const double h = 0.5 * x;
  const double scale = std::exp(a * std::log(h) - h - std::lgamma(a));
  if (h < a + 1) {  // the series of the lower incomplete gamma function
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < kMaxTerms && term > sum * kPrecision; ++n) {
      term *= h / (a + n);
      sum += term;
    }
    return std::clamp(1 - sum * scale, 0.0, 1.0);
  }
  double b = h + 1 - a;  // the continued fraction of the upper one, by Lentz's method
  double c = 1e300;
  double d = 1 / b;
  double fraction = d;
  for (int n = 1; n < kMaxTerms; ++n) {
    const double numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const double delta = c * d;
    fraction *= delta;
    if (std::abs(delta - 1) < kPrecision) break;
  }
  return std::clamp(scale * fraction, 0.0, 1.0);
}

}  // namespace keisei::evaluation
