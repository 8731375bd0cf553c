// keisei convert as a program: files in, files out, or nothing at all.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/cli.h"
#include "app/program.h"

namespace keisei::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKif =
    "先手：甲\n後手：乙\n*始め\n"
    "   1 ７六歩(77)    ( 1:05/00:01:05)\n"
    "   2 ３四歩(33)    ( 0:03/00:00:03)\n"
    "   3 ２二角成(88)  ( 0:01/00:01:06)\n"
    "   4 同　銀(31)    ( 0:00/00:00:03)\n"
    "   5 ４五角打      ( 0:00/00:01:06)\n"
    "   6 投了          ( 0:00/00:00:03)\n";

class Convert : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("keisei_convert_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string at(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(at(name), std::ios::binary) << bytes;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(at(name), std::ios::binary).rdbuf();
    return text.str();
  }

  fs::path folder_;
};

TEST_F(Convert, GoesThroughEveryFormatAndComesBack) {
  write("a.kifu", kKif);
  const Ran first = run_keisei({"convert", at("a.kifu"), at("a.csa")});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.err, "");
  EXPECT_EQ(first.out, at("a.csa") + ": 1 game, 5 moves (kif, utf-8 -> csa, utf-8)\n");
  EXPECT_EQ(read("a.csa"),
            "V2.2\nN+甲\nN-乙\nPI\n+\n'*始め\n+7776FU\nT65\n-3334FU\nT3\n+8822UM\nT1\n-3122GI\nT0\n+0045KA\nT0\n"
            "%TORYO\nT0\n");
  for (const auto& [from, to] :
       {std::pair("a.csa", "b.jkf"), std::pair("b.jkf", "b.kif"), std::pair("b.kif", "c.csa")}) {
    const Ran ran = run_keisei({"convert", at(from), at(to)});
    EXPECT_EQ(ran.code, 0) << ran.err;
  }
  EXPECT_EQ(read("c.csa"), read("a.csa"));
  // A .kif is for Windows.
  EXPECT_TRUE(read("b.kif").starts_with("# KIF version=2.0 encoding=Shift_JIS\n"));
  EXPECT_NE(read("b.kif").find("\x90\xE6\x8E\xE8\x81\x46\x8D\x62\n"), std::string::npos);
}

TEST_F(Convert, SaysAsJsonWhatItDidAndWhatIsLeftOut) {
  write("a.kifu", std::string(kKif) + "変化：3手\n   3 ２六歩(27)\n");
  const Ran ran = run_keisei({"convert", at("a.kifu"), at("a.sfen"), "--json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const auto json = nlohmann::json::parse(ran.out);
  EXPECT_EQ(json["schema"], "keisei.convert/1");
  EXPECT_EQ(json["games"], 1);
  EXPECT_EQ(json["moves"], 5);
  EXPECT_EQ(json["encoding_out"], "utf-8");
  const nlohmann::json notes = {"game 1: 1 variation is left out",
                                "game 1: usi has no place for: names, comments, how it ended, times"};
  EXPECT_EQ(json["notes"], notes);
  EXPECT_EQ(read("a.sfen"), "startpos moves 7g7f 3c3d 8h2b+ 3a2b B*4e\n");
}

TEST_F(Convert, RefusesBadRecordsAndLeavesTheOldFile) {
  write("bad.kifu", "1 ７六歩(77)\n2 ３五歩(33)\n");
  write("out.csa", "old");
  const Ran ran = run_keisei({"convert", at("bad.kifu"), at("out.csa")});
  EXPECT_EQ(ran.code, 3);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find(at("bad.kifu") + ":2:3: game 1, ply 2: 3c3e is illegal: a pawn does not get from 3c to 3e\n"),
            std::string::npos)
      << ran.err;
  EXPECT_EQ(read("out.csa"), "old");
  write("two.sfen", "startpos\nstartpos\n");
  EXPECT_EQ(run_keisei({"convert", at("two.sfen"), at("two.kif")}).code, 3);
  EXPECT_FALSE(fs::exists(at("two.kif")));
  EXPECT_EQ(run_keisei({"convert", at("two.sfen"), at("two.csa")}).code, 0);
  // A character that the code page has not.
  write("emoji.kifu", "先手：♟\n");
  const Ran emoji = run_keisei({"convert", at("emoji.kifu"), at("emoji.kif")});
  EXPECT_EQ(emoji.code, 3);
  EXPECT_NE(emoji.err.find("Shift_JIS has no character '♟'"), std::string::npos) << emoji.err;
  EXPECT_FALSE(fs::exists(at("emoji.kif")));
  EXPECT_EQ(run_keisei({"convert", at("emoji.kifu"), at("emoji.kif"), "--encoding", "utf-8"}).code, 0);
  EXPECT_EQ(run_keisei({"convert", at("absent.kif"), at("x.csa")}).code, 1);
  // No temporary file is left beside them.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 6);
}

TEST_F(Convert, ReadsStdinAndWritesStdout) {
  write("a.kifu", kKif);
  const std::string line = std::string(KEISEI_BINARY_DIR "/keisei convert - - --from kif --to usi < '") + at("a.kifu") +
                           "' > '" + at("out") + "' 2> '" + at("err") + "'";
  EXPECT_EQ(WEXITSTATUS(std::system(line.c_str())), 0);
  EXPECT_EQ(read("out"), "startpos moves 7g7f 3c3d 8h2b+ 3a2b B*4e\n");
  EXPECT_EQ(read("err"), "note: game 1: usi has no place for: names, comments, how it ended, times\n");
  EXPECT_EQ(run_keisei({"convert", "-", "-", "--from", "usi", "--to", "kif"}).code, 3);  // stdin is empty
}

TEST(ConvertArgs, FormatsComeFromFlagsOrNames) {
  const auto parsed = [](std::vector<std::string> words) {
    words.insert(words.begin(), "convert");
    return parse(words, {});
  };
  const auto refused = [&](const std::vector<std::string>& words) {
    const auto command = parsed(words);
    EXPECT_FALSE(command.has_value());
    EXPECT_TRUE(command || command.error().code == Code::kUsage);
    return command ? "" : command.error().message;
  };
  const auto command = parsed({"A.KIF", "-", "--to", "jkf"});
  ASSERT_TRUE(command.has_value());
  EXPECT_EQ(std::get<ConvertArgs>(*command).from, shogi::RecordFormat::kKif);
  EXPECT_EQ(std::get<ConvertArgs>(*command).to, shogi::RecordFormat::kJkf);
  EXPECT_EQ(refused({}), "convert: IN and OUT are missing");
  EXPECT_EQ(refused({"a.kif"}), "convert: OUT is missing");
  EXPECT_EQ(
      refused({"a.kif", "b.txt"}),
      "convert: the name b.txt does not tell its format; use .kif .kifu .ki2 .ki2u .csa .jkf .json .sfen .usi, or "
      "--to");
  EXPECT_EQ(refused({"-", "b.kif"}), "convert: '-' has no extension that tells its format; --from is needed");
  EXPECT_EQ(refused({"a.kif", "b.kif", "--from", "psn"}),
            "convert: --from: unknown record format 'psn' (allowed: kif, ki2, csa, usi or jkf)");
  EXPECT_EQ(refused({"a.kif", "b.csa", "--encoding", "ebcdic"}),
            "convert: --encoding: unknown encoding 'ebcdic' (allowed: utf-8, shift_jis)");
  EXPECT_EQ(refused({"a.kif", "b.jkf", "--encoding", "shift_jis"}),
            "convert: --encoding: JSON is in utf-8 (allowed: utf-8)");
  EXPECT_EQ(refused({"a.kif", "-", "--to", "csa", "--json"}), "convert: --json and OUT '-' would both write to stdout");
}

}  // namespace
}  // namespace keisei::app
