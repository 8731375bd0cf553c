// One gate is only worth something when there is one door: no other source file may create a process.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace keisei::guard {
namespace {

namespace fs = std::filesystem;

std::set<std::string> files_that_call(const std::string& calls) {
  const std::regex pattern("(^|[^A-Za-z0-9_.>\"])(" + calls + ")[ ]*\\(");
  const fs::path source = fs::path(KEISEI_SOURCE_DIR) / "src";
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    const std::string extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".h") continue;
    std::ifstream file(entry.path());
    std::string line;
    while (std::getline(file, line)) {
      const std::string code = line.substr(0, line.find("//"));
      if (std::regex_search(code, pattern)) found.insert(fs::relative(entry.path(), source).string());
    }
  }
  return found;
}

TEST(SingleSpawner, OneFileCreatesProcesses) {
  EXPECT_EQ(files_that_call("posix_spawnp?|v?fork|clone3?|popen|system"), std::set<std::string>{"guard/spawn.cpp"});
}

// The launcher becomes the worker; the program without libtorch becomes the one with it. Neither adds a process.
TEST(SingleSpawner, OnlyTheTwoLaunchersReplaceTheirProcess) {
  for (const std::string& file : files_that_call("execv?p?e?|execl[pe]?|fexecve|execveat")) {
    EXPECT_TRUE(file == "guard/launch.cpp" || file == "app/launch_torch.cpp") << file;
  }
}

}  // namespace
}  // namespace keisei::guard
