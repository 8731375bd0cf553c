// The fuzz targets without libFuzzer: every file of the folders named on the command line, then cut and damaged copies
// of it, the same ones each time. A broken promise aborts. Prints how many inputs were tried.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDamagedCopies = 200;
constexpr std::uint32_t kMostChanges = 8;

std::vector<std::uint8_t> read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A copy with some bytes changed, taken from elsewhere in it or left out, or its end cut off.
std::vector<std::uint8_t> damaged(std::vector<std::uint8_t> bytes, keisei::Random& random) {
  const std::uint32_t changes = 1 + random.below(kMostChanges);
  for (std::uint32_t i = 0; i < changes && !bytes.empty(); ++i) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::uint32_t at = random.below(size);
    switch (random.below(4)) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(random.below(256));
        break;
      case 1:
        bytes[at] = bytes[random.below(size)];
        break;
      case 2:
        bytes.erase(bytes.begin() + at);
        break;
      default:
        if (i == 0) bytes.resize(at);
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    for (const fs::directory_entry& entry : fs::directory_iterator(argv[i])) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::size_t tried = 0;
  for (const fs::path& file : files) {
    const std::vector<std::uint8_t> bytes = read(file);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++tried;
    keisei::Random random(1, keisei::Purpose::kTest, bytes.size());
    for (std::uint64_t i = 0; i < kDamagedCopies; ++i, ++tried) {
      const std::vector<std::uint8_t> copy = damaged(bytes, random);
      LLVMFuzzerTestOneInput(copy.data(), copy.size());
    }
  }
  std::printf("%zu inputs from %zu files\n", tried, files.size());
  return files.empty() ? 1 : 0;
}
