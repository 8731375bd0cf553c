#include "dashboard/cells.h"

#include <gtest/gtest.h>
#include <locale.h>
#include <wchar.h>

namespace keisei::dashboard {
namespace {

TEST(CellWidth, CountsCellsNotBytes) {
  EXPECT_EQ(cell_width("abc"), 3);
  EXPECT_EQ(cell_width("─│╭●█░▁▇±–−…┄└"), 14);
  EXPECT_EQ(cell_width("王手歩ａ"), 8);
  EXPECT_EQ(cell_width("e\xCC\x81"), 1) << "combining accent";
  EXPECT_EQ(cell_width("か\xE3\x82\x99"), 2) << "combining voiced sound mark";
  EXPECT_EQ(cell_width("☗☖"), 2) << "shogi pieces are ambiguous, drawn in one cell";
  EXPECT_EQ(cell_width("\xFF\xC3("), 3) << "each broken byte is one cell";
  EXPECT_EQ(cell_width(""), 0);
}

TEST(CellWidth, AgreesWithTheSystemWhereItMatters) {
  const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (utf8 == nullptr) GTEST_SKIP() << "no C.UTF-8 locale";
  const locale_t before = ::uselocale(utf8);
  const auto same = [](char32_t first, char32_t last) {
    for (char32_t c = first; c <= last; ++c) {
      const int theirs = ::wcwidth(static_cast<wchar_t>(c));
      if (theirs >= 0) {
        EXPECT_EQ(cell_width(c), theirs) << std::hex << static_cast<std::uint32_t>(c);
      }
    }
  };
  same(0x20, 0x7E);
  same(0x2500, 0x25FC);  // box drawing, blocks, shapes
  same(0x3041, 0x3096);  // hiragana
  same(0x30A1, 0x30FF);  // katakana
  same(0x4E00, 0x9FA5);  // kanji
  same(0xFF01, 0xFF5E);  // full-width forms
  ::uselocale(before);
  ::freelocale(utf8);
}

TEST(Cut, NeverSplitsACharacterOrExceedsTheWidth) {
  const std::string text = "王手 check ±45";
  for (int columns = 0; columns <= 20; ++columns) {
    const std::string shown = cut(text, columns);
    EXPECT_LE(cell_width(shown), columns);
    EXPECT_EQ(printable(shown), shown) << "valid UTF-8";
  }
  EXPECT_EQ(cut("abcdef", 4), "abc…");
  EXPECT_EQ(cut("abcdef", 4, false), "abc~");
  EXPECT_EQ(cut("abcd", 4), "abcd");
  EXPECT_EQ(cut("王手飛車", 4), "王…") << "a wide character is not halved";
  EXPECT_EQ(pad_right("王", 4), "王  ");
  EXPECT_EQ(pad_left("±4", 4), "  ±4");
}

TEST(Printable, DisarmsControls) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n\tc\x7f"), "a [2Jb   c ");
  EXPECT_EQ(printable("\xC2\x9b"
                      "31m"),
            " 31m")
      << "C1 control sequence introducer";
  EXPECT_EQ(printable("\xF0\x9Fok\xC0\xAF"), "??ok??");
  EXPECT_EQ(printable("歩"), "歩");
}

TEST(ToText, CutsPaintsAndTranslates) {
  const Line line{{"name ", Tone::kDim}, {"value", Tone::kBad}, {" rest", Tone::kNormal}};
  EXPECT_EQ(to_text(line, 80, {}), "name value rest");
  EXPECT_EQ(to_text(line, 8, {}), "name va…");
  EXPECT_EQ(to_text(line, 10, {}), "name valu…") << "what is cut is marked";
  EXPECT_EQ(to_text(line, 8, {true, true}), "\x1b[2mname \x1b[0m\x1b[31mva…\x1b[0m");
  EXPECT_EQ(to_text({{"a ± b  "}}, 80, {}), "a ± b") << "no blanks at the end";
  EXPECT_EQ(to_text({{"├─ █▌░ ± 王"}}, 80, {false, false}), "+- #=. ~ ??");
}

}  // namespace
}  // namespace keisei::dashboard
