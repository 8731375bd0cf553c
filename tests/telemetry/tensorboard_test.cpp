// TensorBoard's event file as an independent reader of the format sees it: checksums by another CRC-32C, every value,
// text, histogram, image, hyperparameters, a torn end.
#include <gmock/gmock.h>

#include <map>

#include "telemetry/foreign_reader.h"
#include "telemetry/tensorboard_outlet.h"

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;

class Tensorboard : public ForeignReaderTest {
 protected:
  json publish(const std::vector<Event>& events) {
    auto outlet = TensorboardOutlet::create(directory_ / "tensorboard",
                                            {.name = "r", .settings = some_settings(), .start_ms = kStart_ms});
    EXPECT_TRUE(outlet) << outlet.error().message;
    file_ = (*outlet)->path();
    for (const Event& event : events) (*outlet)->write(event);
    (*outlet)->flush();
    return read("read_tensorboard.py", file_);
  }
  /// The values of a tag, each with its event's step.
  static std::vector<std::pair<std::int64_t, json>> of_tag(const json& events, const std::string& tag) {
    std::vector<std::pair<std::int64_t, json>> found;
    for (const json& event : events) {
      for (const json& value : event.value("summary", json::object()).value("value", json::array())) {
        if (value.at("tag") == tag) found.emplace_back(event.value("step", std::int64_t{0}), value);
      }
    }
    return found;
  }

  fs::path file_;
};

TEST_F(Tensorboard, FileIsNamedSoThatItIsFoundAndEachProcessHasItsOwn) {
  publish({});
  EXPECT_TRUE(file_.filename().string().starts_with("events.out.tfevents.1772368496."));
  const fs::path first = file_;
  publish({});
  EXPECT_NE(file_, first);
}

TEST_F(Tensorboard, BeginsWithTheVersion) {
  const json events = publish({});
  EXPECT_EQ(events[0].at("file_version"), "brain.Event:2");
  EXPECT_EQ(events[0].at("wall_time"), 1772368496.789);
}

TEST_F(Tensorboard, KeepsEveryValueThatWasMeasured) {
  const std::vector<Event> events = some_run();
  const json found = publish(events);
  std::size_t compared = 0;
  std::map<std::string, std::vector<std::pair<std::int64_t, double>>> meant;
  for (const Event& event : events) {
    for (const auto& [name, value] : event.metrics) {
      if (!std::isnan(value)) meant[name].emplace_back(event.step, value);
    }
  }
  for (const auto& [name, values] : meant) {
    const auto told = of_tag(found, name);
    ASSERT_EQ(told.size(), values.size()) << name;
    for (std::size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(told[i].first, values[i].first) << name;
      const json& value = told[i].second.contains("simple_value") ? told[i].second.at("simple_value") : json(0.0);
      if (std::isinf(values[i].second)) {
        EXPECT_EQ(value, "inf");
      } else {
        EXPECT_EQ(value.get<float>(), static_cast<float>(values[i].second)) << name;
      }
      ++compared;
    }
  }
  EXPECT_GT(compared, 30U);
  EXPECT_TRUE(of_tag(found, "ppo/value_loss").empty()) << "never measured";
  EXPECT_EQ(found.dump().find("unknown_fields"), std::string::npos);
}

TEST_F(Tensorboard, AnnouncesItsFirstStepOnce) {
  const json events = publish(some_run());
  std::vector<std::int64_t> starts;
  for (const json& event : events) {
    if (event.contains("session_log")) starts.push_back(event.at("step"));
  }
  EXPECT_EQ(starts, std::vector<std::int64_t>{2048});
}

TEST_F(Tensorboard, ShowsTextHistogramAndBoard) {
  const json events = publish(some_run());
  std::vector<std::string> lines;
  for (const auto& [step, value] : of_tag(events, "log")) {
    EXPECT_EQ(value.at("metadata").at("plugin_data").at("plugin_name"), "text");
    EXPECT_EQ(value.at("tensor").at("dtype"), 7);
    lines.push_back(value.at("text")[0]);
  }
  EXPECT_THAT(lines, Contains("run r starts"));
  EXPECT_THAT(lines, Contains("evaluation of step 2048 violated 1 clauses: latency"));
  const auto histograms = of_tag(events, "selfplay/plies");
  ASSERT_EQ(histograms.size(), 1U);
  const json& histogram = histograms[0].second.at("histo");
  EXPECT_EQ(histogram.at("min"), 10);
  EXPECT_EQ(histogram.at("max"), 110);
  EXPECT_EQ(histogram.at("num"), 5);
  EXPECT_EQ(histogram.at("sum"), 200);
  EXPECT_EQ(histogram.at("sum_squares"), 100 + 400 + 400 + 1600 + 12100);
  EXPECT_EQ(histogram.at("bucket_limit").size(), histogram.at("bucket").size());
  EXPECT_EQ(histogram.at("bucket"), (json{0, 1, 2, 0, 1, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(histogram.at("bucket_limit").back(), 110);
  const auto boards = of_tag(events, "games/board");
  ASSERT_EQ(boards.size(), 1U);
  EXPECT_TRUE(boards[0].second.at("image").at("encoded_image_string").get<std::string>().starts_with("89504e470d0a"));
}

TEST_F(Tensorboard, TellsSettingsAndTheEndToItsTableOfHyperparameters) {
  const json events = publish(some_run("failed"));
  const auto plugin = [&](const std::string& tag) {
    const auto found = of_tag(events, tag);
    EXPECT_EQ(found.size(), 1U) << tag;
    return found.empty() ? json() : found[0].second.at("metadata").at("plugin_data").at("content");
  };
  std::map<std::string, json> values;
  const json start = plugin("_hparams_/session_start_info");
  for (const json& one : start.at("session_start_info").at("hparams")) {
    values[one.at("key")] = one.at("value");
  }
  EXPECT_EQ(values.at("training.gamma").at("number_value"), 0.99);
  EXPECT_EQ(values.at("training.algorithm").at("string_value"), "ppo");
  EXPECT_EQ(values.at("wandb.enabled").at("bool_value"), true);
  const json experiment = plugin("_hparams_/experiment").at("experiment");
  EXPECT_EQ(experiment.at("hparam_infos").size(), 3U);
  EXPECT_EQ(experiment.at("metric_infos")[0].at("name").at("tag"), "evaluation/score");
  EXPECT_EQ(plugin("_hparams_/session_end_info").at("session_end_info").at("status"), 2);
}

TEST_F(Tensorboard, TornTailCostsTheLastRecordOnly) {
  const json whole = publish(some_run());
  const std::string bytes = slurp(file_);
  for (const std::size_t cut : {1U, 5U, 30U}) {
    std::ofstream(directory_ / "torn", std::ios::binary | std::ios::trunc) << bytes.substr(0, bytes.size() - cut);
    const json torn = read("read_tensorboard.py", directory_ / "torn");
    EXPECT_TRUE(torn.back().contains("torn")) << cut;
    for (std::size_t i = 0; i + 1 < torn.size(); ++i) EXPECT_EQ(torn[i], whole[i]);
  }
  std::string flipped = bytes;
  flipped[bytes.find("training.gamma")] ^= 1;
  std::ofstream(directory_ / "flipped", std::ios::binary) << flipped;
  EXPECT_NE(run_reader("read_tensorboard.py", directory_ / "flipped").code, 0) << "the reader would notice";
}

TEST_F(Tensorboard, DirectoryThatCannotBeMadeIsAnError) {
  std::ofstream(directory_ / "tensorboard") << "a file";
  const auto outlet = TensorboardOutlet::create(directory_ / "tensorboard", {});
  ASSERT_FALSE(outlet);
  EXPECT_THAT(outlet.error().message, testing::HasSubstr("tensorboard"));
}

}  // namespace
}  // namespace keisei::telemetry
