// A directory of its own for each test, gone when the test ends, and small tensor files to put there.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "store/tensor_file.h"

namespace keisei::store {

class Scratch {
 public:
  Scratch() {
    std::string pattern = testing::TempDir() + "keisei-store-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return root_ / name; }

 private:
  std::filesystem::path root_;
};

/// `floats` weights that depend on `seed`, with a text, counters and metadata as a checkpoint has them.
inline TensorFile sample_file(std::int64_t step, std::size_t floats = 24, std::uint64_t seed = 1) {
  Random random(seed, Purpose::kTest, static_cast<std::uint64_t>(step));
  std::vector<float> weights(floats);
  for (float& weight : weights) weight = static_cast<float>(random.uniform() - 0.5);
  TensorFile file;
  file.metadata["step"] = std::to_string(step);
  file.metadata["config"] = "training:\n  learning_rate: 0.001\n";
  file.add_text("games", "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1");
  file.add_f32("weights", {static_cast<std::int64_t>(floats)}, weights);
  file.add_i64("counters", {2}, std::vector<std::int64_t>{step, -7});
  return file;
}

inline std::vector<std::byte> sample_bytes(std::int64_t step, std::size_t floats = 24) {
  return encode(sample_file(step, floats));
}

inline std::vector<std::byte> slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto raw = std::as_bytes(std::span(text));
  return {raw.begin(), raw.end()};
}

inline void spill(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline std::vector<std::string> names_in(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace keisei::store
