// Board diagrams: what is drawn for a position, and that no text whatever makes it draw outside its picture.
#include "telemetry/board_picture.h"

#include <fstream>

#include "telemetry/foreign_reader.h"
#include "telemetry/picture_choice.h"

namespace keisei::telemetry {
namespace {

using nlohmann::json;

class BoardPicture : public ForeignReaderTest {
 protected:
  json seen(const std::string& sfen, const std::string& move = {}) const {
    const auto picture = board_picture(sfen, move);
    if (!picture) return nullptr;
    std::ofstream(directory_ / "board.png", std::ios::binary | std::ios::trunc) << png(*picture);
    return read("read_png.py", directory_ / "board.png");
  }
};

TEST_F(BoardPicture, IsAPngOfTheWholeBoard) {
  const json start = seen(kStartSfen);
  EXPECT_EQ(start.at("colours")[2], 0) << "nothing promoted, no move: no red";
  EXPECT_GT(start.at("colours")[3].get<int>(), 40 * 200) << "forty pale pieces";
  EXPECT_GT(seen(kStartSfen, "7g7f").at("colours")[2].get<int>(), 200) << "the last move's square is red";
  EXPECT_EQ(seen(kStartSfen, "7g7z").at("colours")[2], 0) << "no such square";
  EXPECT_GT(seen(kLateSfen).at("colours")[2].get<int>(), 0) << "a promoted piece has a red letter";
}

TEST_F(BoardPicture, ShowsBothHands) {
  const int without = seen("4k4/9/9/9/9/9/9/9/4K4 b - 1").at("colours")[3];
  const int one = seen("4k4/9/9/9/9/9/9/9/4K4 b P 1").at("colours")[3];
  const int both = seen("4k4/9/9/9/9/9/9/9/4K4 b Pp 1").at("colours")[3];
  EXPECT_GT(one, without);
  EXPECT_EQ(both - one, one - without) << "White's piece stands on its head and is as large";
  EXPECT_FALSE(seen("4k4/9/9/9/9/9/9/9/4K4 b RBGSNLP2r2b4g4s4n4l18p 1").is_null());
}

TEST_F(BoardPicture, RefusesWhatIsNoPosition) {
  for (const char* bad :
       {"", " ", "startpos", "9/9/9/9/9/9/9/9 b - 1", "9/9/9/9/9/9/9/9/9/9 b - 1", "9/9/9/9/9/9/9/9/8 b - 1",
        "9/9/9/9/9/9/9/9/91 b - 1", "9/9/9/9/9/9/9/9/8X b - 1", "9/9/9/9/9/9/9/9/8+ b - 1",
        "9/9/9/9/9/9/9/9/++p7 b - 1", "9/9/9/9/9/9/9/9/9 x - 1", "9/9/9/9/9/9/9/9/9 b K 1", "9/9/9/9/9/9/9/9/9 b 99P 1",
        "9/9/9/9/9/9/9/9/9 b 2 1", "9/9/9/9/9/9/9/9/9 b PPPPPPPP 1", "9/9/9/9/9/9/9/9/9 b"}) {
    EXPECT_FALSE(board_picture(bad, "")) << bad;
  }
}

TEST(PictureChoice, TakesEndedGamesAndNotTooMany) {
  PictureChoice choice;
  Event game = at("game.sample", 1, 0);
  game.texts = {{"sfen", kStartSfen}};
  EXPECT_FALSE(choice.take(game)) << "it goes on";
  game.texts.emplace_back("reason", "checkmate");
  EXPECT_TRUE(choice.take(game));
  game.utc_ms += 1000 * kPictureGap_s - 1;
  EXPECT_FALSE(choice.take(game));
  game.utc_ms += 1;
  EXPECT_TRUE(choice.take(game));
  for (int i = 0; i < 2 * kMaxPictures; ++i) {
    game.utc_ms += 1000 * kPictureGap_s;
    (void)choice.take(game);
  }
  EXPECT_EQ(choice.taken(), kMaxPictures);
}

TEST(DistributionOf, CountsEveryFiniteNumberOnce) {
  const std::vector<float> values = {1, 2, 3, 4, 100, -5, std::numeric_limits<float>::infinity()};
  const Distribution d = distribution_of(std::span<const float>(values));
  EXPECT_EQ(d.number(), 6);
  EXPECT_EQ(d.least, -5);
  EXPECT_EQ(d.greatest, 100);
  EXPECT_EQ(d.edges.front(), -5);
  EXPECT_EQ(d.edges.back(), 100);
  EXPECT_EQ(d.sum, 105);
  const std::vector<double> same = {7, 7};
  EXPECT_EQ(distribution_of(std::span<const double>(same)).counts, std::vector<double>{2});
  EXPECT_TRUE(distribution_of(std::span<const double>()).counts.empty());
}

}  // namespace
}  // namespace keisei::telemetry
