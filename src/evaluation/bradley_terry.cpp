#include "evaluation/bradley_terry.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "evaluation/sparse_cholesky.h"

namespace keisei::evaluation {
namespace {

constexpr int kMaxNewtonSteps = 100;
constexpr int kMaxHalvings = 60;
constexpr double kStepTolerance = 1e-10;  // natural log-odds
constexpr double kRounding = 1e-12;       // relative: near the maximum a full step must not fail on rounding

double log_sigmoid(double x) { return x >= 0 ? -std::log1p(std::exp(-x)) : x - std::log1p(std::exp(x)); }
double sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

/// One term of the likelihood: `points` of `games` for `a` against `b`; Black's advantage counts `side` times.
struct Term {
  std::size_t a;
  std::size_t b;
  double games;
  double points;
  double side;       ///< 1 for real games, 0 for virtual ones
  std::size_t edge;  ///< of (a, b) in the matrix, or kNoEdge where one of them is the anchor
};
constexpr std::size_t kNoEdge = static_cast<std::size_t>(-1);

/// Variables: one a player (the anchor's is held at 0 by leaving it out), then the side advantage.
class Problem {
 public:
  Problem(std::size_t players, std::size_t anchor, std::span<const MatchCount> matches, const FitOptions& options)
      : anchor_(anchor), side_(players), side_precision_(1 / (options.side_sd * options.side_sd)) {
    std::vector<double> games(players, 0.0);
    for (const MatchCount& match : matches) {
      games[match.black] += match.games;
      games[match.white] += match.games;
    }
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> edge_of;
    for (const MatchCount& match : matches) {
      const auto [low, high] = std::minmax(match.black, match.white);
      std::size_t edge = kNoEdge;
      if (low != anchor && high != anchor) {
        const auto [found, added] = edge_of.try_emplace({low, high}, edges_.size());
        if (added) edges_.emplace_back(low, high);
        edge = found->second;
      }
      const double virtual_games =
          options.prior_games * match.games * (1 / games[match.black] + 1 / games[match.white]);
      terms_.push_back({match.black, match.white, match.games, match.points, 1.0, edge});
      terms_.push_back({match.black, match.white, virtual_games, 0.5 * virtual_games, 0.0, edge});
    }
    first_side_edge_ = edges_.size();
    for (std::size_t i = 0; i < players; ++i) edges_.emplace_back(i, side_);
  }

  [[nodiscard]] std::span<const SparseCholesky::Edge> edges() const { return edges_; }

  [[nodiscard]] double objective(std::span<const double> x) const {
    double sum = -0.5 * side_precision_ * x[side_] * x[side_];
    for (const Term& term : terms_) {
      const double d = x[term.a] - x[term.b] + term.side * x[side_];
      sum += term.points * log_sigmoid(d) + (term.games - term.points) * log_sigmoid(-d);
    }
    return sum;
  }

  /// Gradient of the objective and its negated second derivatives.
  void derivatives(std::span<const double> x, std::span<double> gradient, std::span<double> diagonal,
                   std::span<double> edges) const {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    std::fill(diagonal.begin(), diagonal.end(), 0.0);
    std::fill(edges.begin(), edges.end(), 0.0);
    gradient[side_] = -side_precision_ * x[side_];
    diagonal[side_] = side_precision_;
    for (const Term& term : terms_) {
      const double p = sigmoid(x[term.a] - x[term.b] + term.side * x[side_]);
      const double slope = term.points - term.games * p;
      const double weight = term.games * p * (1 - p);
      gradient[term.a] += slope;
      gradient[term.b] -= slope;
      gradient[side_] += term.side * slope;
      diagonal[term.a] += weight;
      diagonal[term.b] += weight;
      diagonal[side_] += term.side * term.side * weight;
      if (term.edge != kNoEdge) edges[term.edge] -= weight;
      edges[first_side_edge_ + term.a] += term.side * weight;
      edges[first_side_edge_ + term.b] -= term.side * weight;
    }
    gradient[anchor_] = 0;  // its row is the identity's: it never moves
    diagonal[anchor_] = 1;
    edges[first_side_edge_ + anchor_] = 0;
  }

 private:
  std::size_t anchor_;
  std::size_t side_;
  double side_precision_;
  std::vector<Term> terms_;
  std::vector<SparseCholesky::Edge> edges_;
  std::size_t first_side_edge_ = 0;
};

}  // namespace

Fit fit_bradley_terry(std::size_t players, std::size_t anchor, std::span<const MatchCount> matches,
                      const FitOptions& options) {
  const std::size_t n = players + 1;
  const Problem problem(players, anchor, matches, options);
  SparseCholesky cholesky(n, problem.edges());
  std::vector<double> x(n, 0.0);
  std::vector<double> step(n);
  std::vector<double> diagonal(n);
  std::vector<double> trial(n);
  std::vector<double> edges(problem.edges().size());
  Fit fit;
  double value = problem.objective(x);
  for (int i = 0; i < kMaxNewtonSteps && !fit.converged; ++i) {
    problem.derivatives(x, step, diagonal, edges);
    if (!cholesky.factor(diagonal, edges)) break;
    cholesky.solve(step);
    double largest = 0;
    for (const double s : step) largest = std::max(largest, std::abs(s));
    fit.converged = largest < kStepTolerance;
    double scale = 1;
    double trial_value = value;
    int halvings = 0;
    for (; halvings < kMaxHalvings; ++halvings, scale *= 0.5) {
      for (std::size_t k = 0; k < n; ++k) trial[k] = x[k] + scale * step[k];
      trial_value = problem.objective(trial);
      if (trial_value >= value - kRounding * (1 + std::abs(value)) || fit.converged) break;
    }
    if (halvings == kMaxHalvings) break;
    x = trial;
    value = trial_value;
  }
  problem.derivatives(x, step, diagonal, edges);
  const bool factored = cholesky.factor(diagonal, edges);
  fit.converged = fit.converged && factored;
  fit.strength.assign(x.begin(), x.end() - 1);
  fit.side = x[players];
  fit.variance.assign(players, 0.0);
  if (!factored) return fit;
  if (players <= options.max_covariance) fit.covariance.assign(players * players, 0.0);
  std::vector<double> unit(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (i == anchor) continue;
    std::fill(unit.begin(), unit.end(), 0.0);
    unit[i] = 1;
    cholesky.solve(unit);
    if (i == players) {
      fit.side_variance = unit[i];
      break;
    }
    fit.variance[i] = unit[i];
    if (!fit.covariance.empty()) {
      std::copy(unit.begin(), unit.end() - 1, fit.covariance.begin() + static_cast<std::ptrdiff_t>(i * players));
    }
  }
  return fit;
}

}  // namespace keisei::evaluation
