// Runs the built `keisei` and catches what it says. One child at a time, reaped before run() returns; stdin is empty.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace keisei::app {

struct Ran {
  int code = -1;  ///< exit code; 128 + signal where it was killed
  std::string out;
  std::string err;
};

/// With the test's environment, without KEISEI_* and WANDB_*, plus `environment`.
Ran run_keisei(const std::vector<std::string>& args,
               const std::vector<std::pair<std::string, std::string>>& environment = {});

/// The words of a shell line: quotes "" and '' group, nothing else is special.
std::vector<std::string> words_of(const std::string& line);

}  // namespace keisei::app
