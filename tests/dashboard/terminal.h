// A small terminal for tests: rows of cells, a cursor, scrolling, and the few sequences the repainter may use. Anything
// else is a failure, so that a sequence no plain terminal knows cannot slip in. Wide characters take two cells.
#pragma once

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "dashboard/cells.h"

namespace keisei::dashboard {

class TestTerminal {
 public:
  explicit TestTerminal(Size size)
      : size_(size), rows_(static_cast<std::size_t>(size.rows), Row(static_cast<std::size_t>(size.columns), " ")) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty()) {
      if (bytes.starts_with("\x1b[")) {
        bytes.remove_prefix(2);
        escape(bytes);
      } else if (bytes[0] == '\r') {
        column_ = 0;
        bytes.remove_prefix(1);
      } else if (bytes[0] == '\n') {
        line_feed();
        bytes.remove_prefix(1);
      } else {
        const unsigned char first = static_cast<unsigned char>(bytes[0]);
        const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        put(std::string(bytes.substr(0, length)));
        bytes.remove_prefix(length);
      }
    }
  }

  /// The screen's rows without blanks at their ends.
  [[nodiscard]] std::vector<std::string> screen() const {
    std::vector<std::string> text;
    for (const Row& row : rows_) {
      std::string line;
      for (const auto& cell : row) line += cell;
      line.erase(line.find_last_not_of(' ') + 1);
      text.push_back(line);
    }
    return text;
  }
  [[nodiscard]] int row() const { return row_; }
  [[nodiscard]] int column() const { return column_; }
  [[nodiscard]] bool cursor_shown() const { return cursor_shown_; }
  [[nodiscard]] bool wraps() const { return wraps_; }

 private:
  using Row = std::vector<std::string>;

  void line_feed() {
    if (row_ + 1 < size_.rows) {
      ++row_;
      return;
    }
    rows_.erase(rows_.begin());
    rows_.emplace_back(static_cast<std::size_t>(size_.columns), " ");
  }
  void put(const std::string& character) {
    const int width = cell_width(character);
    if (column_ + width > size_.columns) {
      if (wraps_) {
        column_ = 0;
        line_feed();
      } else {
        column_ = size_.columns - width;
      }
    }
    at(row_)[static_cast<std::size_t>(column_)] = character;
    if (width == 2) at(row_)[static_cast<std::size_t>(column_ + 1)] = "";
    column_ += width;
  }
  void escape(std::string_view& bytes) {
    std::size_t end = 0;
    while (end < bytes.size() && std::isalpha(static_cast<unsigned char>(bytes[end])) == 0) ++end;
    if (end == bytes.size()) throw std::runtime_error("unfinished escape sequence");
    const std::string sequence(bytes.substr(0, end + 1));
    bytes.remove_prefix(end + 1);
    if (sequence == "?25l" || sequence == "?25h") {
      cursor_shown_ = sequence.back() == 'h';
    } else if (sequence == "?7l" || sequence == "?7h") {
      wraps_ = sequence.back() == 'h';
    } else if (sequence == "K") {
      clear(row_, column_);
    } else if (sequence == "J") {
      clear(row_, column_);
      for (int r = row_ + 1; r < size_.rows; ++r) clear(r, 0);
    } else if (sequence.back() == 'A') {
      row_ = std::max(0, row_ - std::stoi(sequence));
    } else if (sequence.back() != 'm') {
      throw std::runtime_error("unexpected escape sequence " + sequence);
    }
  }
  void clear(int row, int from) {
    for (int c = from; c < size_.columns; ++c) at(row)[static_cast<std::size_t>(c)] = " ";
  }
  Row& at(int row) { return rows_[static_cast<std::size_t>(row)]; }

  Size size_;
  std::vector<Row> rows_;
  int row_ = 0;
  int column_ = 0;
  bool cursor_shown_ = true;
  bool wraps_ = true;
};

}  // namespace keisei::dashboard
