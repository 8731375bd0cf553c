// The W&B run folder as an independent reader of the format sees it: every value, every order rule, any length of
// record, a torn end, a full disk.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <set>

#include "telemetry/foreign_reader.h"
#include "telemetry/wandb_outlet.h"

namespace keisei::telemetry {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

WandbRun some_identity() {
  return {.id = "abc12345",
          .entity = "team",
          .project = "keisei-shogi-rl",
          .group = "r",
          .name = "keisei-r",
          .notes = "first",
          .tags = {"small", "cpu"},
          .config = some_settings(),
          .start_ms = kStart_ms};
}

/// Items of a row, summary or stats record as key -> value; what JSON lacks stays text.
std::map<std::string, json> items_of(const json& items) {
  std::map<std::string, json> found;
  for (const json& item : items) {
    const std::string text = item.at("value_json");
    const json value = json::parse(text, nullptr, false);
    found[item.at("key")] = value.is_discarded() ? json(text) : value;
  }
  return found;
}

std::vector<json> with(const json& records, const std::string& kind) {
  std::vector<json> found;
  for (const json& record : records) {
    if (record.contains(kind)) found.push_back(record.at(kind));
  }
  return found;
}

class Wandb : public ForeignReaderTest {
 protected:
  /// Writes the events and returns what the reader finds.
  json publish(const std::vector<Event>& events, bool flush = true) {
    auto outlet = WandbOutlet::create(directory_, some_identity());
    EXPECT_TRUE(outlet) << outlet.error().message;
    folder_ = (*outlet)->folder();
    file_ = folder_ / "run-abc12345.wandb";
    for (const Event& event : events) (*outlet)->write(event);
    if (flush) (*outlet)->flush();
    return read("read_wandb.py", file_);
  }

  fs::path folder_, file_;
};

TEST_F(Wandb, FolderIsNamedAndLinkedAsItsToolsExpect) {
  publish({});
  EXPECT_THAT(folder_.filename().string(), testing::MatchesRegex("offline-run-2026030[12]_[0-9]+-abc12345"));
  EXPECT_EQ(folder_.parent_path(), directory_ / "wandb");
  EXPECT_EQ(fs::canonical(directory_ / "wandb" / "latest-run"), fs::canonical(folder_));
  EXPECT_TRUE(fs::is_directory(folder_ / "files"));
  EXPECT_FALSE(WandbOutlet::create(directory_, some_identity())) << "never a second writer of one file";
  fs::create_directories(directory_ / "b" / ".wandb");
  const auto hidden = WandbOutlet::create(directory_ / "b", some_identity());
  ASSERT_TRUE(hidden);
  EXPECT_EQ((*hidden)->folder().parent_path(), directory_ / "b" / ".wandb");
}

TEST_F(Wandb, BeginsWithHeaderAndRun) {
  const json records = publish({});
  EXPECT_EQ(records[0].at("header").at("version_info").at("producer"), "keisei");
  const json& run = records[1].at("run");
  EXPECT_EQ(run.at("run_id"), "abc12345");
  EXPECT_EQ(run.at("entity"), "team");
  EXPECT_EQ(run.at("project"), "keisei-shogi-rl");
  EXPECT_EQ(run.at("run_group"), "r");
  EXPECT_EQ(run.at("display_name"), "keisei-r");
  EXPECT_EQ(run.at("notes"), "first");
  EXPECT_EQ(run.at("tags"), (json{"small", "cpu"}));
  EXPECT_EQ(run.at("start_time").at("seconds"), kStart_ms / 1000);
  EXPECT_EQ(run.at("start_time").at("nanos"), 789000000);
  const auto config = items_of(run.at("config").at("update"));
  EXPECT_EQ(config.at("training"), (json{{"gamma", 0.99}, {"algorithm", "ppo"}}));
  EXPECT_EQ(config.at("wandb"), (json{{"enabled", true}}));
}

TEST_F(Wandb, NumbersEveryRecordAndLeavesNoneUnknown) {
  const json records = publish(some_run());
  std::int64_t number = 0;
  for (const json& record : records) {
    EXPECT_EQ(record.at("num"), ++number);
    EXPECT_EQ(record.size(), 2U) << "a number and one content: " << record;
    EXPECT_EQ(record.dump().find("unknown_fields"), std::string::npos) << record;
  }
}

TEST_F(Wandb, KeepsEveryValueThatWasMeasured) {
  const std::vector<Event> events = some_run();
  std::map<std::pair<std::string, double>, json> found;  // name, time -> value
  for (const json& history : with(publish(events), "history")) {
    const auto items = items_of(history.at("item"));
    for (const auto& [name, value] : items) found[{name, items.at("_timestamp").get<double>()}] = value;
  }
  std::size_t compared = 0;
  for (const Event& event : events) {
    const double time = static_cast<double>(event.utc_ms) * 1e-3;
    for (const auto& [name, value] : event.metrics) {
      const auto row = found.find({name, time});
      if (std::isnan(value)) {
        EXPECT_EQ(row, found.end()) << name << " was not measured";
        continue;
      }
      ASSERT_NE(row, found.end()) << name;
      if (std::isinf(value)) {
        EXPECT_EQ(row->second, "Infinity");
      } else {
        EXPECT_EQ(row->second.get<double>(), value) << name;
      }
      ++compared;
    }
  }
  EXPECT_GT(compared, 30U);
}

TEST_F(Wandb, StepsRiseAndLateEvaluationsHaveTheirOwnAxis) {
  const json records = publish(some_run());
  std::int64_t step = -1;
  int late = 0;
  for (const json& history : with(records, "history")) {
    const auto items = items_of(history.at("item"));
    const std::int64_t now = items.at("_step");
    EXPECT_GT(now, step);
    EXPECT_EQ(history.value("step", json::object()).value("num", std::int64_t{0}), now);
    step = now;
    const bool evaluation = items.contains("evaluation/score") || items.contains("evaluation/sla/passed") ||
                            items.contains("evaluation/performance/evaluation_latency_ms");
    EXPECT_TRUE(items.contains(evaluation ? "evaluation/step" : "progress/timesteps")) << history;
    if (!evaluation) continue;
    EXPECT_EQ(items.at("evaluation/step"), 2048);
    EXPECT_GT(now, 8192) << "behind the rows that were there first";
    ++late;
  }
  EXPECT_EQ(late, 3);
  std::map<std::string, std::string> axes;
  for (const json& metric : with(records, "metric")) {
    axes[metric.value("name", metric.value("glob_name", ""))] = metric.value("step_metric", "");
    EXPECT_TRUE(metric.at("options").at("defined"));
  }
  EXPECT_EQ(axes.at("evaluation/*"), "evaluation/step");
  EXPECT_EQ(axes.at("evaluation/queued"), "progress/timesteps");
  EXPECT_EQ(axes.at("ppo/*"), "progress/timesteps");
  EXPECT_EQ(axes.at("evaluation/step"), "");
}

TEST_F(Wandb, SummaryHasTheLastAndTheBest) {
  std::vector<Event> events = some_run();
  Event worse = at("evaluation", 4096, 90);
  worse.metrics = {{"evaluation/score", 0.5}};
  events.insert(events.end() - 1, worse);
  const auto summaries = with(publish(events), "summary");
  ASSERT_FALSE(summaries.empty());
  const auto last = items_of(summaries.back().at("update"));
  EXPECT_EQ(last.at("evaluation/score"), 0.5);
  EXPECT_EQ(last.at("best/evaluation/score"), 0.8);
  EXPECT_EQ(last.at("progress/timesteps"), 10240);
}

TEST_F(Wandb, ShowsConsoleSystemAlertAndHistogram) {
  const json records = publish(some_run());
  std::string console;
  for (const json& line : with(records, "output_raw")) console += line.at("line").get<std::string>();
  EXPECT_THAT(console, HasSubstr("run r starts\n"));
  EXPECT_THAT(console, HasSubstr("evaluation of step 2048 against random: 15 won, 3 lost, 2 drawn\n"));
  EXPECT_THAT(console, HasSubstr("warning: Grüße, sehr \xEF\xBF\xBD kaputt\n"));
  const auto stats = with(records, "stats");
  ASSERT_EQ(stats.size(), 4U);
  EXPECT_EQ(items_of(stats[0].at("item")).at("proc.memory.rssMB"), 250.5);
  const auto alerts = with(records, "alert");
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].at("title"), "Evaluation SLA violated");
  EXPECT_EQ(alerts[0].at("text"), "evaluation of step 2048 violated 1 clauses: latency");
  const auto rows = with(records, "history");
  const auto histogram = items_of(rows.back().at("item")).at("selfplay/plies");
  EXPECT_EQ(histogram.at("_type"), "histogram");
  EXPECT_EQ(histogram.at("bins").size(), histogram.at("values").size() + 1);
  EXPECT_EQ(histogram.at("values"), (json{1, 2, 0, 1, 0, 0, 0, 0, 0, 1}));
}

TEST_F(Wandb, BoardOfAnEndedGameIsAPicture) {
  const json records = publish(some_run());
  json item;
  for (const json& history : with(records, "history")) {
    const auto items = items_of(history.at("item"));
    if (items.contains("games/board")) item = items.at("games/board");
  }
  ASSERT_FALSE(item.is_null());
  const fs::path picture = folder_ / "files" / item.at("path").get<std::string>();
  const auto seen = read("read_png.py", picture);
  EXPECT_EQ(seen.at("width"), item.at("width"));
  EXPECT_EQ(seen.at("height"), item.at("height"));
  EXPECT_EQ(fs::file_size(picture), item.at("size"));
  EXPECT_EQ(item.at("caption"), "black won by checkmate");
  EXPECT_EQ(shell("sha256sum < " + quoted(picture)).output.substr(0, 64), item.at("sha256"));
  const auto files = with(records, "files");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].at("files")[0].at("path"), item.at("path"));
  EXPECT_EQ(files[0].at("files")[0].at("type"), 2);
}

TEST_F(Wandb, EndsWithExitFinalFooterAndNothingAfter) {
  for (const auto& [status, code] : {std::pair("finished", 0), std::pair("failed", 1), std::pair("interrupted", 255)}) {
    std::vector<Event> events = some_run(status);
    events.push_back(at("update", 99999, 200));
    events.back().metrics = {{"ppo/entropy", 1}};
    const json records = publish(events);
    const std::size_t n = records.size();
    EXPECT_EQ(records[n - 3].at("exit").value("exit_code", 0), code);
    EXPECT_EQ(records[n - 3].at("exit").at("runtime"), 101);
    EXPECT_TRUE(records[n - 2].contains("final"));
    EXPECT_TRUE(records[n - 1].contains("footer"));
    EXPECT_EQ(with(records, "exit").size(), 1U);
    fs::remove_all(directory_ / "wandb");
  }
}

// Each event is on its way as soon as it was written: a follower sees it, and a killed run keeps it.
TEST_F(Wandb, IsWholeAfterEveryEventAndSaysCrashedWithoutAnEnd) {
  std::vector<Event> events = some_run();
  events.pop_back();
  const json records = publish(events, false);
  EXPECT_FALSE(records.back().contains("torn"));
  EXPECT_TRUE(with(records, "exit").empty());
  EXPECT_EQ(with(records, "history").size(), 10U);
}

// Records of every length around a block's end, and some far longer than a block.
TEST_F(Wandb, FramesRecordsOfAnyLength) {
  auto file = WandbFile::create(directory_ / "f.wandb");
  ASSERT_TRUE(file);
  WandbRecords records(std::move(*file));
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < 80; ++i) lengths.push_back(32768 - 60 + i);
  for (std::size_t i = 0; i < 40; ++i) lengths.push_back(32768 * (i % 5) + i);
  for (const std::size_t length : lengths) {
    records.console(kStart_ms, std::string(length, 'x'), false);
    records.commit();
  }
  const json found = read("read_wandb.py", directory_ / "f.wandb");
  ASSERT_EQ(found.size(), lengths.size());
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    EXPECT_EQ(found[i].at("output_raw").at("line").get<std::string>().size(), lengths[i] + 1);
  }
  EXPECT_EQ(fs::file_size(directory_ / "f.wandb"), records.bytes());
}

TEST_F(Wandb, TornTailCostsTheLastRecordOnly) {
  const json whole = publish(some_run());
  const std::string bytes = slurp(file_);
  for (const std::size_t cut : {1U, 3U, 8U, 60U}) {
    std::ofstream(directory_ / "torn", std::ios::binary | std::ios::trunc) << bytes.substr(0, bytes.size() - cut);
    const json torn = read("read_wandb.py", directory_ / "torn");
    ASSERT_TRUE(torn.back().contains("torn") || torn.size() < whole.size()) << cut;
    for (std::size_t i = 0; i + 1 < torn.size(); ++i) EXPECT_EQ(torn[i], whole[i]);
  }
  std::string flipped = bytes;
  flipped[bytes.find("keisei-shogi-rl")] ^= 1;
  std::ofstream(directory_ / "flipped", std::ios::binary) << flipped;
  EXPECT_NE(run_reader("read_wandb.py", directory_ / "flipped").code, 0) << "the reader would notice";
}

// A disk that fills up: writing throws, what was there stays readable, and it goes on when there is room again.
TEST_F(Wandb, FullDiskLosesTheEventAndNotTheFile) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto outlet = WandbOutlet::create(directory_, some_identity());
    if (!outlet) ::_exit(10);
    const std::vector<Event> events = some_run();
    (*outlet)->write(events[0]);
    const auto size = fs::file_size((*outlet)->folder() / "run-abc12345.wandb");
    const rlimit full{.rlim_cur = size + 40, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &full);
    bool thrown = false;
    try {
      (*outlet)->write(events[1]);
    } catch (const std::exception&) {
      thrown = true;
    }
    const rlimit free{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &free);
    (*outlet)->write(events.back());
    ::_exit(thrown ? 0 : 11);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  fs::path file;
  for (const auto& entry : fs::recursive_directory_iterator(directory_)) {
    if (entry.path().extension() == ".wandb") file = entry.path();
  }
  const json records = read("read_wandb.py", file);
  EXPECT_EQ(with(records, "exit").size(), 1U);
  EXPECT_FALSE(records.back().contains("torn"));
}

TEST(WandbRunId, IsEightLettersAndDigitsAndBelongsToTheRun) {
  const std::string id = wandb_run_id("runs/a", 1);
  EXPECT_THAT(id, testing::MatchesRegex("[a-z0-9]+"));
  EXPECT_EQ(id.size(), 8U);
  EXPECT_EQ(id, wandb_run_id("runs/a", 1));
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) all.insert(wandb_run_id("runs/a", i));
  EXPECT_EQ(all.size(), 1000U);
}

}  // namespace
}  // namespace keisei::telemetry
