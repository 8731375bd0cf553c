#include "evaluation/sparse_cholesky.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace keisei::evaluation {
namespace {

constexpr std::size_t kBits = 64;

/// Symmetric 0/1 matrix, one row of bits a variable.
class Graph {
 public:
  explicit Graph(std::size_t n) : words_((n + kBits - 1) / kBits), bits_(n * words_, 0) {}
  void connect(std::size_t i, std::size_t j) {
    set(i, j);
    set(j, i);
  }
  [[nodiscard]] std::size_t degree(std::size_t i) const {
    std::size_t count = 0;
    for (std::size_t w = 0; w < words_; ++w) count += static_cast<std::size_t>(std::popcount(bits_[i * words_ + w]));
    return count;
  }
  [[nodiscard]] std::vector<std::size_t> neighbours(std::size_t i) const {
    std::vector<std::size_t> found;
    for (std::size_t w = 0; w < words_; ++w) {
      for (std::uint64_t rest = bits_[i * words_ + w]; rest != 0; rest &= rest - 1) {
        found.push_back(w * kBits + static_cast<std::size_t>(std::countr_zero(rest)));
      }
    }
    return found;
  }
  /// Removes `i`; its neighbours become neighbours of each other.
  void eliminate(std::size_t i, std::span<const std::size_t> neighbours) {
    for (const std::size_t j : neighbours) {
      for (std::size_t w = 0; w < words_; ++w) bits_[j * words_ + w] |= bits_[i * words_ + w];
      clear(j, j);
      clear(j, i);
    }
  }

 private:
  void set(std::size_t i, std::size_t j) { bits_[i * words_ + j / kBits] |= std::uint64_t{1} << (j % kBits); }
  void clear(std::size_t i, std::size_t j) { bits_[i * words_ + j / kBits] &= ~(std::uint64_t{1} << (j % kBits)); }
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

}  // namespace

SparseCholesky::SparseCholesky(std::size_t n, std::span<const Edge> edges)
    : n_(n), place_of_(n), columns_(n), sources_(n), input_(n), pivots_(n), work_(n, 0.0) {
  Graph graph(n);
  for (const auto& [i, j] : edges) graph.connect(i, j);
  std::vector<std::size_t> degrees(n);
  for (std::size_t i = 0; i < n; ++i) degrees[i] = graph.degree(i);
  std::vector<bool> done(n, false);
  std::vector<std::vector<std::size_t>> below(n);  // by step: variables eliminated later that this column reaches
  for (std::size_t step = 0; step < n; ++step) {
    std::size_t best = n;
    for (std::size_t i = 0; i < n; ++i) {
      if (!done[i] && (best == n || degrees[i] < degrees[best])) best = i;
    }
    done[best] = true;
    place_of_[best] = step;
    below[step] = graph.neighbours(best);
    graph.eliminate(best, below[step]);
    for (const std::size_t j : below[step]) degrees[j] = graph.degree(j);
  }
  for (std::size_t column = 0; column < n; ++column) {
    for (const std::size_t variable : below[column]) columns_[column].push_back({place_of_[variable], 0.0});
    std::sort(columns_[column].begin(), columns_[column].end(),
              [](const Entry& a, const Entry& b) { return a.row < b.row; });
    for (std::size_t at = 0; at < columns_[column].size(); ++at) {
      sources_[columns_[column][at].row].push_back({column, at});
    }
  }
  for (std::size_t edge = 0; edge < edges.size(); ++edge) {
    const auto [low, high] = std::minmax(place_of_[edges[edge].first], place_of_[edges[edge].second]);
    input_[low].push_back({high, edge});
  }
}

bool SparseCholesky::factor(std::span<const double> diagonal, std::span<const double> edge_values) {
  std::vector<double>& column = work_;  // all zero between columns
  for (std::size_t i = 0; i < n_; ++i) pivots_[place_of_[i]] = diagonal[i];
  for (std::size_t j = 0; j < n_; ++j) {
    for (const Place& place : input_[j]) column[place.row] += edge_values[place.edge];
    double pivot = pivots_[j];
    for (const Source& source : sources_[j]) {
      const std::vector<Entry>& earlier = columns_[source.column];
      const double factor = earlier[source.at].value * pivots_[source.column];
      pivot -= factor * earlier[source.at].value;
      for (std::size_t at = source.at + 1; at < earlier.size(); ++at) {
        column[earlier[at].row] -= factor * earlier[at].value;
      }
    }
    pivots_[j] = pivot;
    const bool positive = pivot > 0;
    for (Entry& entry : columns_[j]) {
      entry.value = positive ? column[entry.row] / pivot : 0.0;
      column[entry.row] = 0.0;
    }
    if (!positive) return false;
  }
  return true;
}

void SparseCholesky::solve(std::span<double> b) const {
  std::vector<double>& x = work_;
  for (std::size_t i = 0; i < n_; ++i) x[place_of_[i]] = b[i];
  for (std::size_t j = 0; j < n_; ++j) {
    for (const Entry& entry : columns_[j]) x[entry.row] -= entry.value * x[j];
  }
  for (std::size_t j = 0; j < n_; ++j) x[j] /= pivots_[j];
  for (std::size_t j = n_; j-- > 0;) {
    for (const Entry& entry : columns_[j]) x[j] -= entry.value * x[entry.row];
  }
  for (std::size_t i = 0; i < n_; ++i) b[i] = x[place_of_[i]];
  std::fill(x.begin(), x.end(), 0.0);
}

}  // namespace keisei::evaluation
