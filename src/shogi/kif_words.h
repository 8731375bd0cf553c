// Reading the words of KIF and KI2: squares, pieces, the header with its board diagram, and how a game ended. Both
// formats share all but their moves. Internal to the readers; record_read.h is the door. One thread at a time.
#pragma once

#include <optional>
#include <string_view>

#include "shogi/game_reader.h"
#include "shogi/record_source.h"
#include "shogi/start_setup.h"

namespace keisei::shogi {

/// "７六", "7六" or "76".
std::optional<Square> take_square(Scan& scan);
/// "歩", "成銀", "全", "竜"; kNone where no piece comes next.
Kind take_piece(Scan& scan);
/// 1-99 as 一, 十八, or digits of both widths.
std::optional<int> take_count(Scan& scan);
/// Whether one of ▲△▽▼☗☖ comes next, and whose it is.
std::optional<Color> take_mark(Scan& scan);

/// Ends the game by the word of KIF's last move line ("投了"); false where it is unknown.
[[nodiscard]] bool end_by_kif(GameReader& reader, std::string_view word);
/// The words that end_by_kif takes, for a message.
inline constexpr std::string_view kKifEnds =
    "投了, 詰み, 千日手, 持将棋, 引き分け, 入玉勝ち, 切れ負け, 反則負け, 反則勝ち, 中断, 最大手数, 封じ手, 不詰, "
    "不戦勝 or "
    "不戦敗";
/// The handicaps that are known by their names, for a message.
inline constexpr std::string_view kKifHandicaps =
    "平手, 香落ち, 右香落ち, 左香落ち, 角落ち, 飛車落ち, 飛落ち, 飛香落ち, 二枚落ち, 三枚落ち, 四枚落ち, 五枚落ち, "
    "左五枚落ち, 六枚落ち, 左七枚落ち, 右七枚落ち, 八枚落ち, 十枚落ち; any other name with a diagram";
/// Ends the game by the closing line, "まで99手で…", if it has not ended; kBadData where it is not understood.
[[nodiscard]] Result<void> end_by_closing_line(GameReader& reader, std::string_view line);

/// The lines before the first move.
class KifHeader {
 public:
  explicit KifHeader(GameReader& reader) : reader_(&reader) {}

  /// Takes the line if it belongs to the header; false where it does not. kBadData for a fault in it.
  [[nodiscard]] Result<bool> take(std::string_view line);
  /// Sets the game's start from what was read. kBadData for half a diagram or a position that cannot be.
  [[nodiscard]] Result<void> finish();
  /// Whether anything was read that only a KIF or KI2 file has.
  [[nodiscard]] bool is_known() const { return is_known_ || rows_ > 0 || has_hand_; }
  /// Where the diagram was made after a move ("手数＝31 ▲７六歩 まで"): its square, for a first 同.
  [[nodiscard]] std::optional<Square> square_before() const { return square_before_; }

 private:
  [[nodiscard]] Result<void> board_row(std::string_view line);
  [[nodiscard]] Result<void> hand(Color c, std::string_view value, std::size_t value_at);
  [[nodiscard]] Result<void> field(std::string_view key, std::string_view value, std::size_t value_at);
  [[nodiscard]] Result<void> move_number(std::string_view line);

  GameReader* reader_;
  StartSetup setup_;
  std::optional<Position> handicap_;
  std::optional<Color> side_;
  std::optional<Square> square_before_;
  std::optional<Error> without_diagram_;  ///< of a handicap that says nothing by its name
  bool has_hand_ = false;
  bool is_known_ = false;
  int rows_ = 0;
};

}  // namespace keisei::shogi
