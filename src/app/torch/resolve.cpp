#include <algorithm>

#include "app/torch/machine_facts.h"
#include "app/torch/session.h"
#include "store/run_directory.h"
#include "store/run_index.h"

namespace keisei::app {
namespace {

constexpr std::size_t kMaxConfigBytes = 1U << 20;

/// The run and checkpoint that --resume means.
Result<ResumePoint> resume_point(const Resume& resume, const config::Logging& logging) {
  if (resume.kind == Resume::Kind::kLatest) {
    if (!logging.run_name.empty()) return ResumePoint{std::filesystem::path(logging.savedir) / logging.run_name, {}};
    auto latest = store::latest_run(logging.savedir);
    if (!latest) return tl::make_unexpected(latest.error());
    return ResumePoint{latest->paths.root, {}};
  }
  std::error_code error;
  if (std::filesystem::is_regular_file(resume.path, error)) {
    const auto absolute = std::filesystem::absolute(resume.path);
    const auto root = absolute.parent_path().parent_path();
    if (absolute.parent_path().filename() != "checkpoints" || !store::is_run(root))
      return fail(Code::kUsage,
                  "--resume " + resume.path.string() + ": the file is not in the checkpoints folder of a run",
                  "give a run, or <run>/checkpoints/FILE; `keisei evaluate` takes any checkpoint");
    return ResumePoint{root, absolute};
  }
  if (resume.path.extension() == ".safetensors")
    return fail(Code::kBadData, "--resume " + resume.path.string() + ": there is no such checkpoint",
                "`keisei runs list` shows what there is");
  auto paths = store::find_run(logging.savedir, resume.path.string());
  if (!paths) return tl::make_unexpected(paths.error());
  return ResumePoint{paths->root, {}};
}

}  // namespace

Result<Resolved> resolve(const TrainArgs& args) {
  config::Source source = args.source;
  source.machine = machine_facts();
  auto asked = config::load(source);
  if (!asked) return tl::make_unexpected(asked.error());
  if (args.resume.kind == Resume::Kind::kNone) return Resolved{std::move(*asked), std::nullopt};
  auto point = resume_point(args.resume, asked->config.logging);
  if (!point) return tl::make_unexpected(point.error());
  const store::RunPaths paths{point->run};
  auto text = read_text(paths.config(), kMaxConfigBytes);
  if (!text) return fail(Code::kBadData, "cannot resume " + paths.root.string() + ": " + text.error().message);
  auto saved = config::load_text(*text, paths.config().string());
  if (!saved) return tl::make_unexpected(saved.error());

  if (!source.file && !source.preset) source.file = paths.config();
  source.embedded_default_preset = false;
  auto wanted = config::load(source);
  if (!wanted) return tl::make_unexpected(wanted.error());
  wanted->config.logging.savedir = paths.root.parent_path().string();
  wanted->config.logging.run_name = paths.name();
  auto differences = config::training_differences(saved->config, wanted->config);
  const auto is_length = [](const std::string& line) { return line.starts_with("training.total_timesteps:"); };
  for (const std::string& line : differences)
    if (is_length(line))
      wanted->warnings.push_back("the run gets another length (" + line +
                                 "): schedules move with it, so it is no longer bitwise the unbroken run");
  std::erase_if(differences, is_length);
  if (!differences.empty()) {
    std::string message = "run '" + paths.name() + "' was trained with another configuration:";
    for (const std::string& line : differences) message += "\n  " + line;
    return fail(Code::kUsage, message, "resume without these settings, or start a new run with --run-name");
  }
  return Resolved{std::move(*wanted), std::move(*point)};
}

}  // namespace keisei::app
