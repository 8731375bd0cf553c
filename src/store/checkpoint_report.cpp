#include "store/checkpoint_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "store/report_text.h"
#include "store/run_directory.h"
#include "store/run_index.h"

namespace keisei::store {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostMetadataShown = 200;  // bytes of one value in text; JSON has it whole

std::string print(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::int64_t elements_of(const Tensor& tensor) {
  return static_cast<std::int64_t>(tensor.data.size() / size_of(tensor.dtype));
}

std::string scientific(std::optional<double> value) {
  if (!value) return "–";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.3g", *value);
  return text.data();
}

Json number(std::optional<double> value) { return value && std::isfinite(*value) ? Json(*value) : Json(nullptr); }

/// A metadata value on one line, cut where it is long.
std::string one_line(const std::string& value) {
  const std::string flat = printable(value.substr(0, value.find('\n')));
  const bool cut = flat.size() > kMostMetadataShown || flat.size() < value.size();
  return flat.substr(0, kMostMetadataShown) +
         (cut ? " … (" + grouped(static_cast<std::int64_t>(value.size())) + " bytes)" : "");
}

}  // namespace

Result<std::vector<fs::path>> checkpoints_at(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector{path};
  const fs::path directory = is_run(path) ? RunPaths{path}.checkpoints() : path;
  const auto files = CheckpointStore(directory, 1).list();
  if (!files) return tl::make_unexpected(files.error());
  std::vector<fs::path> paths;
  for (const CheckpointFile& file : *files) paths.push_back(file.path);
  if (paths.empty()) return fail(Code::kBadData, "no checkpoint in " + directory.string());
  return paths;
}

std::string info_text(const LoadedCheckpoint& checkpoint) {
  std::string text = printable(checkpoint.path.string()) + "\n";
  text += "  step " + grouped(checkpoint.step) + ", " + grouped(static_cast<std::int64_t>(checkpoint.bytes)) +
          " bytes, whole (every checksum agrees)\n  sha256 " + checkpoint.sha256 + "\n\nMetadata\n";
  for (const auto& [key, value] : checkpoint.file.metadata)
    text += "  " + printable(key) + ": " + one_line(value) + "\n";
  text += "\nTensors\n";
  std::vector<std::vector<std::string>> rows = {{"name", "type", "shape", "elements>"}};
  std::int64_t elements = 0;
  for (const Tensor& tensor : checkpoint.file.tensors()) {
    elements += elements_of(tensor);
    rows.push_back({printable(tensor.name), std::string(to_string(tensor.dtype)), to_string(tensor.shape),
                    grouped(elements_of(tensor))});
  }
  rows.push_back({"all", "", "", grouped(elements)});
  return text + table(rows);
}

std::string info_json(std::span<const LoadedCheckpoint> checkpoints) {
  Json out;
  out["schema"] = "keisei.checkpoint/1";
  out["action"] = "info";
  out["files"] = Json::array();
  for (const LoadedCheckpoint& one : checkpoints) {
    Json tensors = Json::array();
    for (const Tensor& tensor : one.file.tensors()) {
      tensors.push_back({{"name", tensor.name},
                         {"dtype", to_string(tensor.dtype)},
                         {"shape", tensor.shape},
                         {"bytes", tensor.data.size()}});
    }
    Json metadata = Json::object();
    for (const auto& [key, value] : one.file.metadata) metadata[key] = value;
    out["files"].push_back({{"path", one.path.string()},
                            {"step", one.step},
                            {"bytes", one.bytes},
                            {"sha256", one.sha256},
                            {"metadata", metadata},
                            {"tensors", tensors}});
  }
  return print(out);
}

std::string verify_text(std::span<const Verification> results) {
  std::string text;
  for (const Verification& one : results) {
    text += one.error ? "BAD  " + printable(one.error->message) + "\n" : "ok   " + printable(one.path.string()) + "\n";
  }
  return text;
}

std::string verify_json(std::span<const Verification> results) {
  Json out;
  out["schema"] = "keisei.checkpoint/1";
  out["action"] = "verify";
  out["valid"] =
      std::none_of(results.begin(), results.end(), [](const Verification& one) { return one.error.has_value(); });
  out["files"] = Json::array();
  for (const Verification& one : results) {
    out["files"].push_back({{"path", one.path.string()},
                            {"valid", !one.error},
                            {"error", one.error ? Json(one.error->message) : Json(nullptr)}});
  }
  return print(out);
}

std::string diff_text(const CheckpointDifference& diff) {
  std::string text =
      "first   " + printable(diff.first.string()) + "\nsecond  " + printable(diff.second.string()) + "\n";
  if (diff.identical()) return text + "identical\n";
  if (!diff.metadata.empty()) {
    text += "\nMetadata that differs:";
    for (const std::string& key : diff.metadata) text += " " + printable(key);
    text += "\n";
  }
  if (diff.tensors.empty()) return text + "\nAll tensors are equal.\n";
  text += "\nTensors that differ\n";
  std::vector<std::vector<std::string>> rows = {{"name", "how", "elements>", "greatest>", "rms>"}};
  for (const TensorDifference& one : diff.tensors) {
    const std::string how = one.kind == "only_first"    ? "only in the first"
                            : one.kind == "only_second" ? "only in the second"
                            : one.kind == "shape"       ? "another type or shape"
                                                        : "other values";
    rows.push_back({printable(one.name), how, one.elements > 0 ? grouped(static_cast<std::int64_t>(one.elements)) : "",
                    one.kind == "values" ? scientific(one.greatest) : "",
                    one.kind == "values" ? scientific(one.rms) : ""});
  }
  return text + table(rows);
}

std::string diff_json(const CheckpointDifference& diff) {
  Json out;
  out["schema"] = "keisei.checkpoint/1";
  out["action"] = "diff";
  out["first"] = diff.first.string();
  out["second"] = diff.second.string();
  out["identical"] = diff.identical();
  out["metadata"] = diff.metadata;
  out["tensors"] = Json::array();
  for (const TensorDifference& one : diff.tensors) {
    out["tensors"].push_back({{"name", one.name},
                              {"kind", one.kind},
                              {"elements", one.elements},
                              {"greatest", number(one.greatest)},
                              {"rms", number(one.rms)}});
  }
  return print(out);
}

}  // namespace keisei::store
