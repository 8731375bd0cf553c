#include "app/wandb_sync.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace keisei::app {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The program's file in PATH; empty when there is none.
std::string in_path(const std::string& program, const std::string& path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string file = path.substr(begin, end - begin) + "/" + program;
    std::error_code error;
    if (end > begin && std::filesystem::is_regular_file(file, error) && ::access(file.c_str(), X_OK) == 0) return file;
    begin = end + 1;
  }
  return {};
}

}  // namespace

Result<WandbSync> WandbSync::start(const std::filesystem::path& folder, const std::string& program) {
  const std::string path = variable("PATH");
  const std::string file = in_path(program, path);
  if (file.empty()) {
    return fail(Code::kFailure, "wandb.mode is live, but there is no program '" + program + "' in PATH",
                "the run is written for `wandb sync " + folder.string() + "`");
  }
  // `env -i`: of our environment the program gets what it needs to find itself and the key of `wandb login`.
  guard::SpawnPlan plan{.program = "/usr/bin/env", .argv = {"env", "-i", "PATH=" + path}, .descriptors = {}};
  for (const char* name : {"HOME", "LANG", "TMPDIR", "SSL_CERT_FILE"}) {
    if (const std::string value = variable(name); !value.empty()) plan.argv.push_back(std::string(name) + "=" + value);
  }
  for (const std::string& word : {file, std::string("beta"), std::string("sync"), std::string("--live")}) {
    plan.argv.push_back(word);
  }
  plan.argv.push_back(folder.string());
  auto child = guard::spawn(plan);
  if (!child) return tl::make_unexpected(child.error());
  return WandbSync(std::move(*child));
}

WandbSync::~WandbSync() {
  if (child_.reaped()) return;
  pollfd ended{.fd = child_.pidfd(), .events = POLLIN, .revents = 0};
  (void)::poll(&ended, 1, static_cast<int>(kSyncGrace_s * 1000));
  (void)child_.try_reap();
}

}  // namespace keisei::app
