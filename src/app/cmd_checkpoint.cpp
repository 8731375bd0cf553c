// keisei checkpoint info|verify|diff: what a checkpoint holds, whether it is whole, how two of them differ.
#include <algorithm>
#include <iostream>

#include "app/cli.h"
#include "store/checkpoint_report.h"
#include "store/run_index.h"

namespace keisei::app {
namespace {

constexpr const char* kHere = ".";  // runs named without a path are looked up in the current directory

int info(const CheckpointArgs& args) {
  std::vector<store::LoadedCheckpoint> loaded;
  for (const auto& path : args.paths) {
    auto one = store::open_checkpoint(path.string(), kHere);
    if (!one) return report(one.error());
    loaded.push_back(std::move(*one));
  }
  if (args.json) {
    std::cout << store::info_json(loaded);
    return 0;
  }
  for (std::size_t i = 0; i < loaded.size(); ++i) std::cout << (i > 0 ? "\n" : "") << store::info_text(loaded[i]);
  return 0;
}

int verify(const CheckpointArgs& args) {
  std::vector<store::Verification> results;
  int code = 0;
  const auto note = [&](const std::filesystem::path& path, const Error& error) {
    results.push_back({path, error});
    code = std::max(code, static_cast<int>(error.code));
  };
  for (const auto& path : args.paths) {
    const auto files = store::checkpoints_at(path);
    if (!files) {
      note(path, files.error());
      continue;
    }
    for (const auto& file : *files) {
      if (const auto loaded = store::load_checkpoint(file)) {
        results.push_back({file, std::nullopt});
      } else {
        note(file, loaded.error());
      }
    }
  }
  std::cout << (args.json ? store::verify_json(results) : store::verify_text(results));
  return code;
}

int diff(const CheckpointArgs& args) {
  if (args.paths.size() != 2) {
    return report({Code::kUsage, "checkpoint diff compares two checkpoints", "keisei checkpoint diff FIRST SECOND"});
  }
  const auto first = store::open_checkpoint(args.paths[0].string(), kHere);
  if (!first) return report(first.error());
  const auto second = store::open_checkpoint(args.paths[1].string(), kHere);
  if (!second) return report(second.error());
  const auto found = store::difference(*first, *second);
  std::cout << (args.json ? store::diff_json(found) : store::diff_text(found));
  return 0;
}

}  // namespace

int run_checkpoint(const CheckpointArgs& args) {
  if (args.paths.empty()) {
    return report({Code::kUsage, "checkpoint needs a file or a run", "keisei checkpoint info PATH"});
  }
  switch (args.action) {
    case CheckpointArgs::Action::kInfo:
      return info(args);
    case CheckpointArgs::Action::kVerify:
      return verify(args);
    case CheckpointArgs::Action::kDiff:
      return diff(args);
  }
  return 0;
}

}  // namespace keisei::app
