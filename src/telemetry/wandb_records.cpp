#include "telemetry/wandb_records.h"

#include <messages/wandb.pb.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "telemetry/utf8.h"

namespace keisei::telemetry {
namespace {

constexpr std::string_view kProducer = "keisei";
constexpr std::string_view kMinConsumer = "0.12.0";  ///< of the reader; the records here are older than that
constexpr std::int64_t kAlertGap_s = 60;             ///< W&B sends no second alert of the same title within
constexpr int kMediaFile = 2;

using nlohmann::json;

std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

void set_time(wandb::Timestamp& stamp, std::int64_t utc_ms) {
  stamp.set_seconds(utc_ms / 1000);
  stamp.set_nanos(static_cast<std::int32_t>(utc_ms % 1000) * 1000000);
}

template <class Items>
void set_items(Items& to, const std::vector<WandbItem>& items) {
  for (const auto& [key, value] : items) {
    wandb::Item& item = *to.Add();
    item.set_key(valid_utf8(key));
    item.set_value_json(value);
  }
}

void number_and_add(WandbFile& file, std::int64_t& number, wandb::Record& record) {
  record.set_num(++number);
  file.add(record.SerializeAsString());
}

}  // namespace

std::string wandb_json(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return json(value).dump();
}

std::string wandb_json(const Distribution& distribution) {
  return text_of({{"_type", "histogram"}, {"values", distribution.counts}, {"bins", distribution.edges}});
}

void WandbRecords::begin(const WandbRun& run) {
  wandb::Record first;
  wandb::VersionInfo& version = *first.mutable_header()->mutable_version_info();
  version.set_producer(std::string(kProducer));
  version.set_min_consumer(std::string(kMinConsumer));
  number_and_add(file_, number_, first);

  wandb::Record record;
  wandb::Run& told = *record.mutable_run();
  told.set_run_id(run.id);
  told.set_entity(valid_utf8(run.entity));
  told.set_project(valid_utf8(run.project));
  told.set_run_group(valid_utf8(run.group));
  told.set_job_type("train");
  told.set_display_name(valid_utf8(run.name));
  told.set_notes(valid_utf8(run.notes));
  for (const std::string& tag : run.tags) told.add_tags(valid_utf8(tag));
  set_time(*told.mutable_start_time(), run.start_ms);
  told.set_starting_step(run.first_step);
  told.set_resumed(run.resumed);
  std::vector<std::pair<std::string, json>> sections;
  for (const Setting& setting : run.config) {
    if (sections.empty() || sections.back().first != setting.section) {
      sections.emplace_back(setting.section, json::object());
    }
    sections.back().second[setting.key] = std::visit([](const auto& value) { return json(value); }, setting.value);
  }
  for (const auto& [section, keys] : sections) {
    wandb::Item& item = *told.mutable_config()->add_update();
    item.set_key(section);
    item.set_value_json(text_of(keys));
  }
  number_and_add(file_, number_, record);
}

void WandbRecords::define(std::string_view metric, std::string_view step_metric) {
  wandb::Record record;
  wandb::Metric& told = *record.mutable_metric();
  if (metric.ends_with('*')) {
    told.set_glob_name(std::string(metric));
  } else {
    told.set_name(std::string(metric));
  }
  if (!step_metric.empty()) told.set_step_metric(std::string(step_metric));
  told.mutable_options()->set_defined(true);
  number_and_add(file_, number_, record);
}

void WandbRecords::history(std::int64_t step, const std::vector<WandbItem>& items) {
  wandb::Record record;
  record.mutable_history()->mutable_step()->set_num(step);
  set_items(*record.mutable_history()->mutable_item(), items);
  number_and_add(file_, number_, record);
}

void WandbRecords::summary(const std::vector<WandbItem>& items) {
  wandb::Record record;
  set_items(*record.mutable_summary()->mutable_update(), items);
  number_and_add(file_, number_, record);
}

void WandbRecords::stats(std::int64_t utc_ms, const std::vector<WandbItem>& items) {
  wandb::Record record;
  set_time(*record.mutable_stats()->mutable_timestamp(), utc_ms);
  set_items(*record.mutable_stats()->mutable_item(), items);
  number_and_add(file_, number_, record);
}

void WandbRecords::console(std::int64_t utc_ms, std::string_view line, bool is_error) {
  wandb::Record record;
  wandb::OutputRaw& output = *record.mutable_output_raw();
  output.set_output_type(is_error ? 0 : 1);
  set_time(*output.mutable_timestamp(), utc_ms);
  output.set_line(valid_utf8(line) + "\n");
  number_and_add(file_, number_, record);
}

void WandbRecords::media(std::string_view path) {
  wandb::Record record;
  wandb::File& file = *record.mutable_files()->add_files();
  file.set_path(std::string(path));
  file.set_type(kMediaFile);
  number_and_add(file_, number_, record);
}

void WandbRecords::alert(std::string_view title, std::string_view text, std::string_view level) {
  wandb::Record record;
  wandb::Alert& alert = *record.mutable_alert();
  alert.set_title(valid_utf8(title));
  alert.set_text(valid_utf8(text));
  alert.set_level(std::string(level));
  alert.set_wait_duration(kAlertGap_s);
  number_and_add(file_, number_, record);
}

void WandbRecords::end(int exit_code, std::int64_t runtime_s) {
  wandb::Record exit;
  exit.mutable_exit()->set_exit_code(exit_code);
  constexpr std::int64_t kMost = 2147483647;
  exit.mutable_exit()->set_runtime(static_cast<std::int32_t>(std::min(runtime_s, kMost)));
  number_and_add(file_, number_, exit);
  wandb::Record last;
  last.mutable_final();
  number_and_add(file_, number_, last);
  wandb::Record footer;
  footer.mutable_footer();
  number_and_add(file_, number_, footer);
}

}  // namespace keisei::telemetry
