// ./keisei in a small project of its own: set-up, staleness, arguments, exit codes, two at once.
// The project's path has a blank in it, its program prints its arguments, one a line, and ends with code $CODE.
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidy/tree.h"

namespace keisei::tidy {
namespace {

class Launcher : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::path(testing::TempDir()) / ("keisei launcher " + std::to_string(::getpid()));
    fs::remove_all(dir_);
    fs::create_directories(dir_ / "project/scripts");
    fs::create_directories(dir_ / "project/src");
    for (const char* name : {"keisei", "scripts/setup.sh"}) fs::copy_file(source_dir() / name, dir_ / "project" / name);
    write("packages.txt", "# none\n");
    write("CMakePresets.json",
          R"({"version": 6, "configurePresets": [{"name": "release", "generator": "Ninja",
              "binaryDir": "${sourceDir}/build/release"}]})");
    write("CMakeLists.txt",
          "cmake_minimum_required(VERSION 3.25)\nproject(small LANGUAGES CXX)\n"
          "add_executable(keisei src/main.cpp)\nadd_executable(keisei-torch src/main.cpp)\n");
    write_program("first");
  }

  void TearDown() override { fs::remove_all(dir_); }

  void write(const fs::path& name, const std::string& text) { std::ofstream(dir_ / "project" / name) << text; }

  void write_program(const std::string& word) {
    write("src/main.cpp", "#include <cstdio>\n#include <cstdlib>\nint main(int argc, char** argv) {\n  std::puts(\"" +
                              word +
                              "\");\n  for (int i = 1; i < argc; ++i) std::puts(argv[i]);\n"
                              "  const char* code = std::getenv(\"CODE\");\n  return code ? std::atoi(code) : 0;\n}\n");
  }

  /// Runs the launcher at `path` (below the fixture's folder) from the folder above it.
  Ended launch(const std::string& arguments, const std::string& environment = "", const std::string& redirect = "",
               const std::string& path = "project/keisei") {
    return run("cd " + quoted(dir_.string()) + " && KEISEI_SKIP_PACKAGES=1 " + environment + " " + quoted("./" + path) +
               " " + arguments + " " + redirect);
  }

  fs::path dir_;
};

TEST_F(Launcher, BuildsOnceThenStaysOutOfTheWay) {
  const Ended first = launch("'two words' '' '*'", "CODE=7", "2>/dev/null");
  EXPECT_EQ(first.output, "first\ntwo words\n\n*\n");
  EXPECT_EQ(first.exit_code, 7);
  EXPECT_NE(read(dir_ / "project/build/release/build.log").find("[2/4]"), std::string::npos);

  // Nothing is stale: no word on stderr, and neither cmake nor ninja is looked for.
  fs::create_directories(dir_ / "bin");
  for (const char* tool : {"cmake", "ninja", "apt-get", "dpkg-query"}) {
    std::ofstream(dir_ / "bin" / tool) << "#!/bin/sh\necho called " << tool << "\nexit 1\n";
    fs::permissions(dir_ / "bin" / tool, fs::perms::owner_all);
  }
  const std::string guarded = "PATH=" + quoted((dir_ / "bin").string()) + ":\"$PATH\"";
  const Ended second = launch("x", guarded, "2>&1");
  EXPECT_EQ(second.output, "first\nx\n");
  EXPECT_EQ(second.exit_code, 0);

  // Through a symbolic link elsewhere, the same program.
  fs::create_symlink(dir_ / "project/keisei", dir_ / "bin/k");
  EXPECT_EQ(launch("y", guarded, "2>&1", "bin/k").output, "first\ny\n");
}

TEST_F(Launcher, BuildsAgainWhenASourceChangesComesOrGoes) {
  ASSERT_EQ(launch("", "", "2>/dev/null").output, "first\n");
  write_program("second");
  EXPECT_EQ(launch("", "", "2>/dev/null").output, "second\n");
  write("src/extra.cpp", "// nothing\n");
  EXPECT_NE(launch("", "", "2>&1").output.find("building"), std::string::npos);
  fs::remove(dir_ / "project/src/extra.cpp");
  EXPECT_NE(launch("", "", "2>&1").output.find("building"), std::string::npos);
  EXPECT_EQ(launch("", "", "2>&1").output, "second\n");
}

TEST_F(Launcher, BuildsAnewAfterTheFolderMoved) {
  ASSERT_EQ(launch("", "", "2>/dev/null").output, "first\n");
  fs::rename(dir_ / "project", dir_ / "moved");
  EXPECT_EQ(launch("z", "", "2>/dev/null", "moved/keisei").output, "first\nz\n");
}

TEST_F(Launcher, SaysWhatBrokeWhenTheBuildFails) {
  write("src/main.cpp", "int main() { return nothing; }\n");
  const Ended ended = launch("", "", "2>&1");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.output.find("keisei: the build failed (whole output: build/release/build.log)"), std::string::npos)
      << ended.output;
  EXPECT_NE(ended.output.find("hint: "), std::string::npos);
  write_program("mended");
  EXPECT_EQ(launch("", "", "2>/dev/null").output, "mended\n");
}

TEST_F(Launcher, BuildsOnceForTwoAtOnce) {
  const std::string start = "KEISEI_SKIP_PACKAGES=1 ./project/keisei 2>";
  const Ended ended = run("cd " + quoted(dir_.string()) + " && { " + start + "one & " + start + "two & wait; } && " +
                          "cat one two | grep -c 'building release'");
  EXPECT_EQ(ended.output, "first\nfirst\n1\n");
}

TEST_F(Launcher, RefusesAWrongNumberOfJobs) {
  for (const char* jobs : {"0", "-1", "many", "2x"}) {
    const Ended ended = launch("", "KEISEI_JOBS=" + std::string(jobs), "2>&1");
    EXPECT_EQ(ended.exit_code, 1) << jobs;
    EXPECT_NE(ended.output.find("allowed: a whole number from 1 on"), std::string::npos) << ended.output;
  }
}

TEST_F(Launcher, TellsWhoMayNotInstallWhatToType) {
  // dpkg-query says that nothing is installed; id says that this is not root; sudo is not there.
  fs::create_directories(dir_ / "bin");
  const auto tool = [&](const std::string& name, const std::string& body) {
    std::ofstream(dir_ / "bin" / name) << "#!/bin/sh\n" << body << "\n";
    fs::permissions(dir_ / "bin" / name, fs::perms::owner_all);
  };
  tool("dpkg-query", "exit 0");
  tool("apt-get", "echo apt-get was called >&2; exit 1");
  tool("id", "echo 1000");
  for (const char* name : {"sh", "readlink", "find", "flock", "mkdir", "sed", "basename", "tr"}) {
    const std::string real = run("command -v " + std::string(name)).output;
    fs::create_symlink(real.substr(0, real.find('\n')), dir_ / "bin" / name);
  }
  write("packages.txt", "# a comment\ng++\nlibsomething-dev\n");
  const Ended ended =
      run("cd " + quoted(dir_.string()) + " && PATH=" + quoted((dir_ / "bin").string()) + " ./project/keisei 2>&1");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.output.find("apt-get install -y --no-install-recommends g++ libsomething-dev"), std::string::npos)
      << ended.output;
  EXPECT_EQ(ended.output.find("was called"), std::string::npos);
}

// Whoever asks for the web page gets npm and a build with the page; who does not, or cannot, gets neither.
TEST_F(Launcher, InstallsNpmForWhoeverAsksForThePage) {
  fs::create_directories(dir_ / "bin");
  for (const auto& entry : fs::directory_iterator("/usr/bin"))
    if (entry.path().filename() != "npm") fs::create_symlink(entry.path(), dir_ / "bin" / entry.path().filename());
  const auto tool = [&](const std::string& name, const std::string& body) {
    fs::remove(dir_ / "bin" / name);
    std::ofstream(dir_ / "bin" / name) << "#!/bin/sh\n" << body << "\n";
    fs::permissions(dir_ / "bin" / name, fs::perms::owner_all);
  };
  tool("id", "echo 0");
  tool("dpkg-query", "exit 0");
  tool("apt-get", "exit 100");
  write("packages-node.txt", "npm\n");
  write("CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.25)\nproject(small LANGUAGES CXX)\n"
        "add_executable(keisei src/main.cpp)\nadd_executable(keisei-torch src/main.cpp)\n"
        "find_program(KEISEI_NPM npm NO_CMAKE_SYSTEM_PATH)\n"
        "target_compile_definitions(keisei PRIVATE WORD=\"$<IF:$<BOOL:${KEISEI_NPM}>,page,none>\")\n");
  write("src/main.cpp",
        "#include <cstdio>\n#ifndef WORD\n#define WORD \"\"\n#endif\nint main() { std::puts(WORD); }\n");
  const auto launch_with_apt = [&](const std::string& arguments, const std::string& redirect) {
    return run("cd " + quoted(dir_.string()) + " && PATH=" + quoted((dir_ / "bin").string()) + " ./project/keisei " +
               arguments + " " + redirect);
  };
  EXPECT_EQ(launch_with_apt("train", "2>/dev/null").output, "none\n");
  const Ended offline = launch_with_apt("train --serve", "2>&1");
  EXPECT_NE(offline.output.find("going on without the web page"), std::string::npos) << offline.output;
  EXPECT_NE(offline.output.find("\nnone\n"), std::string::npos) << offline.output;
  EXPECT_EQ(offline.exit_code, 0);

  tool("apt-get", "for word; do :; done; [ $word != npm ] || ln -s /bin/true " + quoted((dir_ / "bin/npm").string()));
  EXPECT_EQ(launch_with_apt("runs list", "2>&1").output, "none\n");
  EXPECT_EQ(launch_with_apt("serve", "2>/dev/null").output, "page\n");
  EXPECT_EQ(launch_with_apt("train --serve", "2>&1").output, "page\n");
}

}  // namespace
}  // namespace keisei::tidy
