// A dependency that was missing showed only when training was imported: the program finds everything it needs with an
// empty environment, before it does anything.
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>

namespace keisei::app {
namespace {

std::string output_of(const std::string& line) {
  std::string out;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(line.c_str(), "r"), ::pclose);
  if (!pipe) return out;
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe.get())) out.append(buffer, n);
  return out;
}

TEST(FailureMode44, EveryLibraryIsFound) {
  const std::string program = KEISEI_BINARY_DIR "/keisei";
  const std::string libraries = output_of("ldd '" + program + "' 2>&1");
  EXPECT_NE(libraries.find("libc.so"), std::string::npos) << libraries;
  EXPECT_EQ(libraries.find("not found"), std::string::npos) << libraries;
  EXPECT_EQ(libraries.find("libtorch"), std::string::npos) << "the small program must start without libtorch";
}

TEST(FailureMode44, ItRunsWithAnEmptyEnvironment) {
  EXPECT_EQ(output_of("env -i '" KEISEI_BINARY_DIR "/keisei' perft --depth 2"), "nodes 900\n");
}

}  // namespace
}  // namespace keisei::app
