// keisei doctor: what this machine offers to training and to the safeguards of evaluation, each with what to do about
// it. Everything is tried, not guessed from version numbers; nothing is changed.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "app/doctor.h"
#include "config/options.h"

namespace keisei::app {
namespace {

using Json = nlohmann::ordered_json;

/// {"value": number or null, "source": where from, or why not}
Json json(const guard::Reading& reading) {
  Json out;
  out["value"] = reading.value ? Json(*reading.value) : Json(nullptr);
  out["source"] = reading.source;
  return out;
}

Json json(const doctor::Finding& finding) {
  Json row;
  row["group"] = finding.group;
  row["what"] = finding.what;
  row["state"] = doctor::name(finding.state);
  row["value"] = finding.value ? Json(*finding.value) : Json(nullptr);
  row["why"] = finding.why;
  row["advice"] = finding.advice;
  return row;
}

Json json(const guard::GpuSample& gpu) {
  Json out;
  out["index"] = gpu.index;
  out["name"] = gpu.name.empty() ? Json(nullptr) : Json(gpu.name);
  out["utilization_percent"] = json(gpu.utilization_percent);
  out["memory_utilization_percent"] = json(gpu.memory_utilization_percent);
  out["memory_used_mb"] = json(gpu.memory_used_mb);
  out["memory_total_mb"] = json(gpu.memory_total_mb);
  out["temperature_c"] = json(gpu.temperature_c);
  out["power_w"] = json(gpu.power_w);
  return out;
}

void print_json(const doctor::Report& found, bool ok) {
  Json out;
  out["schema"] = "keisei.doctor/1";
  out["version"] = version_text();
  out["ok"] = ok;
  out["measures"] = Json::object();
  for (const doctor::Measure& measure : found.measures) out["measures"][measure.name] = json(measure.reading);
  out["gpus"] = Json::array();
  for (const guard::GpuSample& gpu : found.gpus) out["gpus"].push_back(json(gpu));
  out["gpu_reason"] = found.gpu_reason.empty() ? Json(nullptr) : Json(found.gpu_reason);
  out["findings"] = Json::array();
  for (const doctor::Finding& finding : found.findings) out["findings"].push_back(json(finding));
  std::cout << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

std::string padded(std::string text, std::size_t columns) {
  text.resize(std::max(text.size(), columns), ' ');
  return text;
}

void print_text(const doctor::Report& found) {
  constexpr std::size_t kStateColumns = 9;
  constexpr std::size_t kWhatColumns = 24;
  std::cout << version_text() << "\n";
  std::string group;
  for (const doctor::Finding& finding : found.findings) {
    if (finding.group != group) std::cout << "\n" << finding.group << "\n";
    group = finding.group;
    std::cout << "  " << padded(doctor::name(finding.state), kStateColumns) << padded(finding.what, kWhatColumns) << " "
              << finding.value.value_or("unknown");
    if (!finding.why.empty()) std::cout << "  (" << finding.why << ")";
    std::cout << "\n";
  }
  std::cout << "\nwhat to do\n";
  bool any = false;
  for (const doctor::State state : {doctor::State::kBad, doctor::State::kNote, doctor::State::kGood}) {
    for (const doctor::Finding& finding : found.findings) {
      if (finding.state != state || finding.advice.empty()) continue;
      const char* word = state == doctor::State::kGood ? "hint" : doctor::name(state);
      std::cout << "  " << padded(word, kStateColumns) << finding.what << ": " << finding.advice << "\n";
      any = true;
    }
  }
  if (!any) std::cout << "  nothing\n";
}

std::string savedir() {
  const char* variable = std::getenv("KEISEI_SAVEDIR");
  return variable != nullptr && *variable != '\0' ? variable : config::Logging{}.savedir;
}

}  // namespace

int run_doctor(const DoctorArgs& args) {
  if (args.prove_safeguards) return run_proof(args);
  const doctor::Report found = doctor::examine(savedir());
  const bool ok = std::none_of(found.findings.begin(), found.findings.end(),
                               [](const doctor::Finding& f) { return f.state == doctor::State::kBad; });
  if (args.json) {
    print_json(found, ok);
  } else {
    print_text(found);
  }
  return ok ? 0 : static_cast<int>(Code::kFailure);
}

}  // namespace keisei::app
