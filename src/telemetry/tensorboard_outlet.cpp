#include "telemetry/tensorboard_outlet.h"

#include <messages/tensorboard.pb.h>
#include <unistd.h>

#include <array>
#include <cmath>

#include "telemetry/console_line.h"
#include "telemetry/level.h"
#include "telemetry/utf8.h"

namespace keisei::telemetry {
namespace {

constexpr const char* kFileVersion = "brain.Event:2";
constexpr int kStringType = 7;
constexpr int kRgb = 3;
constexpr int kSessionStart = 1;
constexpr int kSuccess = 1, kFailure = 2;
constexpr int kMostFiles = 1000;  ///< of one process in one second

/// What the table of hyperparameters shows beside the settings.
constexpr std::array<const char*, 4> kJudged = {"evaluation/score", "evaluation/elo", "ppo/entropy",
                                                "time/steps_per_second"};

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

tensorboard::Event stamped(std::int64_t utc_ms, std::int64_t step) {
  tensorboard::Event event;
  event.set_wall_time(static_cast<double>(utc_ms) * 1e-3);
  event.set_step(step);
  return event;
}

void set_hparams(tensorboard::Event& event, const char* tag, const tensorboard::HParamsPluginData& data) {
  auto& value = *event.mutable_summary()->add_value();
  value.set_tag(tag);
  auto& plugin = *value.mutable_metadata()->mutable_plugin_data();
  plugin.set_plugin_name("hparams");
  plugin.set_content(data.SerializeAsString());
}

void set_text(tensorboard::Summary& summary, const std::string& tag, const std::string& text) {
  auto& value = *summary.add_value();
  value.set_tag(tag);
  value.mutable_metadata()->mutable_plugin_data()->set_plugin_name("text");
  auto& tensor = *value.mutable_tensor();
  tensor.set_dtype(kStringType);
  tensor.mutable_tensor_shape()->add_dim()->set_size(1);
  tensor.add_string_val(text);
}

void set_histogram(tensorboard::Histogram& to, const Distribution& from) {
  to.set_min(from.least);
  to.set_max(from.greatest);
  to.set_num(from.number());
  to.set_sum(from.sum);
  to.set_sum_squares(from.sum_squares);
  // The first bucket of the format begins at minus infinity: an empty one ends where ours begin.
  to.add_bucket_limit(from.edges.front());
  to.add_bucket(0);
  for (std::size_t i = 0; i < from.counts.size(); ++i) {
    to.add_bucket_limit(from.edges[i + 1]);
    to.add_bucket(from.counts[i]);
  }
}

}  // namespace

Result<std::unique_ptr<TensorboardOutlet>> TensorboardOutlet::create(const std::filesystem::path& directory,
                                                                     const TensorboardRun& run) {
  const std::string start = "events.out.tfevents." + std::to_string(run.start_ms / 1000) + "." + host_name() + "." +
                            std::to_string(::getpid()) + ".";
  int number = 0;
  std::error_code error;
  while (number < kMostFiles && std::filesystem::exists(directory / (start + std::to_string(number)), error)) ++number;
  auto file = TensorboardFile::create(directory / (start + std::to_string(number)));
  if (!file) return tl::make_unexpected(file.error());
  std::unique_ptr<TensorboardOutlet> outlet(new TensorboardOutlet(std::move(*file)));
  try {
    outlet->begin(run);
  } catch (const std::exception& fault) {
    return fail(Code::kFailure, std::string("writing the TensorBoard event file failed: ") + fault.what());
  }
  return outlet;
}

void TensorboardOutlet::begin(const TensorboardRun& run) {
  tensorboard::Event version = stamped(run.start_ms, 0);
  version.set_file_version(kFileVersion);
  file_.add(version.SerializeAsString());

  tensorboard::HParamsPluginData experiment;
  tensorboard::HParamsPluginData session;
  const double start_s = static_cast<double>(run.start_ms) * 1e-3;
  experiment.mutable_experiment()->set_time_created_secs(start_s);
  session.mutable_session_start_info()->set_start_time_secs(start_s);
  session.mutable_session_start_info()->set_group_name(valid_utf8(run.name));
  auto& values = *session.mutable_session_start_info()->mutable_hparams();
  for (const Setting& setting : run.settings) {
    const std::string name = setting.section + "." + setting.key;
    auto& info = *experiment.mutable_experiment()->add_hparam_infos();
    info.set_name(name);
    constexpr int kBool = 2, kFloat = 3, kString = 1;
    if (const bool* flag = std::get_if<bool>(&setting.value)) {
      values[name].set_bool_value(*flag);
      info.set_type(kBool);
    } else if (const double* number = std::get_if<double>(&setting.value)) {
      values[name].set_number_value(*number);
      info.set_type(kFloat);
    } else {
      values[name].set_string_value(valid_utf8(std::get<std::string>(setting.value)));
      info.set_type(kString);
    }
  }
  for (const char* tag : kJudged) experiment.mutable_experiment()->add_metric_infos()->mutable_name()->set_tag(tag);
  for (const auto& [tag, data] :
       {std::pair("_hparams_/experiment", &experiment), std::pair("_hparams_/session_start_info", &session)}) {
    tensorboard::Event event = stamped(run.start_ms, 0);
    set_hparams(event, tag, *data);
    file_.add(event.SerializeAsString());
  }
  file_.commit();
}

void TensorboardOutlet::write(const Event& event) {
  if (ended_) return;
  if (!announced_ && event.step > 0) {
    announced_ = true;
    tensorboard::Event first = stamped(event.utc_ms, event.step);
    first.mutable_session_log()->set_status(kSessionStart);
    file_.add(first.SerializeAsString());
  }
  if (file_.bytes() < kMaxTensorboardBytes) add_values(event);
  if (event.kind == "run.end") {
    ended_ = true;
    add_end(event);
  }
  file_.commit();
}

void TensorboardOutlet::add_values(const Event& event) {
  tensorboard::Event told = stamped(event.utc_ms, event.step);
  tensorboard::Summary& summary = *told.mutable_summary();
  for (const auto& [name, value] : event.metrics) {
    if (std::isnan(value)) continue;  // not measured
    auto& scalar = *summary.add_value();
    scalar.set_tag(valid_utf8(name));
    scalar.set_simple_value(static_cast<float>(value));
  }
  for (const auto& [name, distribution] : event.distributions) {
    if (distribution.counts.empty()) continue;
    auto& value = *summary.add_value();
    value.set_tag(name);
    set_histogram(*value.mutable_histo(), distribution);
  }
  if (event.kind != "update" && level_of(event) != Level::kDebug) {
    if (const std::string line = console_line(event); !line.empty()) set_text(summary, "log", line);
  }
  if (const auto picture = pictures_.take(event)) {
    auto& value = *summary.add_value();
    value.set_tag("games/board");
    tensorboard::Image& image = *value.mutable_image();
    image.set_width(picture->width);
    image.set_height(picture->height);
    image.set_colorspace(kRgb);
    image.set_encoded_image_string(png(*picture));
  }
  if (summary.value_size() > 0) file_.add(told.SerializeAsString());
}

void TensorboardOutlet::add_end(const Event& event) {
  tensorboard::HParamsPluginData data;
  data.mutable_session_end_info()->set_status(event.text("status") == "failed" ? kFailure : kSuccess);
  data.mutable_session_end_info()->set_end_time_secs(static_cast<double>(event.utc_ms) * 1e-3);
  tensorboard::Event told = stamped(event.utc_ms, event.step);
  set_hparams(told, "_hparams_/session_end_info", data);
  file_.add(told.SerializeAsString());
}

void TensorboardOutlet::flush() { file_.sync(); }

}  // namespace keisei::telemetry
