// Which games become pictures: of the game.sample events those of ended games, at most one every kPictureGap_s by the
// events' own time and kMaxPictures in a run, so that a long run does not fill a disk with boards. Owned by an outlet.
#pragma once

#include <cstdint>
#include <optional>

#include "telemetry/board_picture.h"
#include "telemetry/event.h"

namespace keisei::telemetry {

inline constexpr std::int64_t kPictureGap_s = 300;
inline constexpr int kMaxPictures = 500;

class PictureChoice {
 public:
  /// The board to be shown for this event; nothing for most events.
  [[nodiscard]] std::optional<Picture> take(const Event& event) {
    if (event.kind != "game.sample" || event.text("reason").empty() || taken_ >= kMaxPictures) return std::nullopt;
    if (taken_ > 0 && event.utc_ms - newest_ms_ < 1000 * kPictureGap_s) return std::nullopt;
    auto picture = board_picture(event.text("sfen"), event.text("last_move"));
    if (picture) {
      ++taken_;
      newest_ms_ = event.utc_ms;
    }
    return picture;
  }
  [[nodiscard]] int taken() const { return taken_; }

 private:
  int taken_ = 0;
  std::int64_t newest_ms_ = 0;
};

/// "black won by checkmate", "draw by repetition": what stands below the picture.
[[nodiscard]] inline std::string picture_caption(const Event& event) {
  const std::string winner(event.text("winner"));
  const std::string by = " by " + std::string(event.text("reason"));
  return winner.empty() || winner == "none" ? "draw" + by : winner + " won" + by;
}

}  // namespace keisei::telemetry
