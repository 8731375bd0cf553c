// L D L^T factorisation of a sparse symmetric positive definite matrix, whose pattern is fixed and whose values change
// (Newton steps of a rating fit: most players met few others, so the matrix is nearly empty). Minimum-degree order,
// then left-looking columns. Owned by one fit; one thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace keisei::evaluation {

class SparseCholesky {
 public:
  using Edge = std::pair<std::size_t, std::size_t>;

  /// `edges`: the off-diagonal places (i, j), i != j, of an n x n matrix, each once. O(n^2) bits while ordering.
  SparseCholesky(std::size_t n, std::span<const Edge> edges);

  /// Factors the matrix with this diagonal and with edge_values[k] at edges[k]; false when it is not positive definite.
  [[nodiscard]] bool factor(std::span<const double> diagonal, std::span<const double> edge_values);

  /// Solves A x = b in place, after a successful factor().
  void solve(std::span<double> b) const;

 private:
  struct Entry {
    std::size_t row;  ///< in elimination order
    double value;
  };
  struct Source {
    std::size_t column;  ///< earlier column with an entry in this row
    std::size_t at;      ///< where in that column
  };
  struct Place {
    std::size_t row;
    std::size_t edge;
  };

  std::size_t n_;
  std::vector<std::size_t> place_of_;         ///< variable -> elimination step
  std::vector<std::vector<Entry>> columns_;   ///< L below its unit diagonal, rows ascending
  std::vector<std::vector<Source>> sources_;  ///< by row
  std::vector<std::vector<Place>> input_;     ///< by column: which edges land below its diagonal
  std::vector<double> pivots_;                ///< D
  mutable std::vector<double> work_;
};

}  // namespace keisei::evaluation
