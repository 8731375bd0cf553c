// Completion scripts and manual pages: written from the tables, so they must name every command and flag; shells and
// man itself must take them. Shells that are not installed are skipped by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "app/completion.h"
#include "app/flags.h"
#include "app/man_page.h"
#include "app/program.h"
#include "app/run_sample.h"
#include "config/table.h"

namespace keisei::app {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

/// What a shell line printed, both streams, and its exit status.
struct Answer {
  std::string text;
  int status = -1;
};
Answer shell(const std::string& line) {
  Answer answer;
  const std::string whole = "{ " + line + "\n} 2>&1";
  std::FILE* pipe = ::popen(whole.c_str(), "r");
  if (pipe == nullptr) return answer;
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe)) answer.text.append(buffer, n);
  answer.status = ::pclose(pipe);
  return answer;
}
bool has(const std::string& program) { return shell("command -v " + program + " >/dev/null").status == 0; }

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class Completion : public RunSample {
 protected:
  /// A file with the script of a shell.
  [[nodiscard]] std::string script(const std::string& name) const {
    const Ran ran = run_keisei({"completion", name});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.err, "");
    const fs::path path = savedir_ / ("script." + name);
    std::ofstream(path) << ran.out;
    return path.string();
  }
  /// Runs a program of the shell from a file, with keisei in PATH and the sample's runs.
  [[nodiscard]] Answer with(const std::string& program, const std::string& text) const {
    const fs::path path = savedir_ / "driver";
    std::ofstream(path) << text;
    return shell("cd '" + savedir_.string() + "'; PATH='" KEISEI_BINARY_DIR "':$PATH KEISEI_SAVEDIR='" +
                 savedir_.string() + "' HOME='" + savedir_.string() + "' " + program + " '" + path.string() + "'");
  }
  /// What bash offers for the last of the words.
  [[nodiscard]] std::vector<std::string> bash(const std::vector<std::string>& words) const {
    std::string list;
    for (const std::string& word : words) list += " '" + word + "'";
    const Answer answer = with("bash --norc --noprofile", "source '" + script("bash") + "'\nCOMP_WORDS=(" + list +
                                                              ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_keisei\n"
                                                              "[[ ${#COMPREPLY[@]} == 0 ]] || "
                                                              "printf '%s\\n' \"${COMPREPLY[@]}\"\n");
    EXPECT_EQ(answer.status, 0) << answer.text;
    return lines_of(answer.text);
  }
  [[nodiscard]] std::vector<std::string> fish(const std::string& line) const {
    const Answer answer = with("fish --no-config", "source '" + script("fish") + "'\ncomplete -C '" + line + "'\n");
    std::vector<std::string> words = lines_of(answer.text);
    for (std::string& word : words) word.erase(std::min(word.find('\t'), word.size()));
    return words;
  }
};

TEST_F(Completion, BashTakesTheScript) {
  const Answer answer = with("bash --norc --noprofile", "source '" + script("bash") + "'\ncomplete -p keisei\n");
  EXPECT_EQ(answer.text, "complete -F _keisei keisei\n");
}

TEST_F(Completion, BashOffersCommandsFlagsAndValues) {
  add_run("first", 3, 0.5, 100);
  EXPECT_THAT(bash({"keisei", "ru"}), ElementsAre("runs"));
  EXPECT_THAT(bash({"keisei", ""}), IsSupersetOf({"train", "evaluate", "completion", "man", "--version"}));
  EXPECT_THAT(bash({"keisei", "train", "--pre"}), ElementsAre("--preset"));
  EXPECT_THAT(bash({"keisei", "train", "--preset", ""}), IsSupersetOf({"tiny", "base", "xlarge"}));
  EXPECT_THAT(bash({"keisei", "train", "--preset", "=", "sm"}), ElementsAre("small"));
  EXPECT_THAT(bash({"keisei", "train", "--preset", "="}), Contains("tiny"));
  EXPECT_THAT(bash({"keisei", "evaluate", "--strategy", "tour"}), ElementsAre("tournament"));
  EXPECT_THAT(bash({"keisei", "train", "--override", "training.gam"}), ElementsAre("training.gamma="));
  EXPECT_THAT(bash({"keisei", "position", "--rule", ""}), ElementsAre("27", "24", "none"));
  EXPECT_THAT(bash({"keisei", "config", "pr"}), ElementsAre("preset"));
  EXPECT_THAT(bash({"keisei", "config", "preset", "la"}), ElementsAre("large"));
  EXPECT_THAT(bash({"keisei", "man", "keisei."}), ElementsAre("keisei.yaml"));
  EXPECT_THAT(bash({"keisei", "train", "--total_timesteps", ""}), IsEmpty());
  EXPECT_THAT(bash({"keisei", "nonsense", ""}), IsEmpty());
}

TEST_F(Completion, BashAsksForRunsAndMetrics) {
  add_run("first", 3, 0.5, 100);
  EXPECT_THAT(bash({"keisei", "runs", "show", "fir"}), Contains("first"));
  EXPECT_THAT(bash({"keisei", "runs", "--savedir", "elsewhere", "show", "x"}), IsEmpty());
  EXPECT_THAT(bash({"keisei", "evaluate", "--agent_checkpoint", "fir"}), Contains("first"));
  EXPECT_THAT(bash({"keisei", "runs", "plot", "first", "ppo/pol"}), ElementsAre("ppo/policy_loss"));
  EXPECT_THAT(bash({"keisei", "runs", "--savedir", savedir_.string(), "plot", "first", "ppo/v"}),
              ElementsAre("ppo/value_loss"));
  EXPECT_THAT(bash({"keisei", "runs", "list", ""}), IsEmpty());
}

TEST_F(Completion, FishOffersTheSame) {
  if (!has("fish")) GTEST_SKIP() << "fish is not installed";
  add_run("first", 3, 0.5, 100);
  EXPECT_THAT(fish("keisei ru"), ElementsAre("runs"));
  EXPECT_THAT(fish("keisei train --preset "), IsSupersetOf({"tiny", "base"}));
  EXPECT_THAT(fish("keisei evaluate --strategy tour"), ElementsAre("tournament"));
  EXPECT_THAT(fish("keisei runs show fir"), Contains("first"));
  EXPECT_THAT(fish("keisei runs plot first ppo/pol"), Contains("ppo/policy_loss"));
  EXPECT_THAT(fish("keisei train --tow"), IsSupersetOf({"--tower-depth", "--tower-width"}));
}

TEST_F(Completion, ZshTakesTheScript) {
  if (!has("zsh")) GTEST_SKIP() << "zsh is not installed";
  const Answer answer = with("zsh -f", "autoload -Uz compinit && compinit -D -u\nsource '" + script("zsh") +
                                           "'\nprint -r -- $_comps[keisei]\n");
  EXPECT_EQ(answer.text, "_keisei\n");
}

TEST(CompletionScripts, NameEveryCommandAndFlag) {
  const std::string bash = bash_completion(), zsh = zsh_completion(), fish = fish_completion();
  for (const CommandSpec& command : commands()) {
    EXPECT_THAT(bash, HasSubstr("\n    " + command.name + ")\n"));
    EXPECT_THAT(zsh, HasSubstr("\n_keisei_" + command.name + "() {"));
    EXPECT_THAT(fish, HasSubstr("__keisei_no_command -a " + command.name + " "));
    for (const Flag& flag : command.flags) {
      EXPECT_THAT(bash, HasSubstr("'" + flag.name + "'"));
      EXPECT_THAT(zsh, HasSubstr(flag.name + (flag.value.empty() ? "[" : "=[")));
      EXPECT_THAT(fish, HasSubstr("'__keisei_at " + command.name + "' -l " + flag.name.substr(2) + " "));
    }
  }
}

TEST(ManPages, NameEveryCommandFlagAndSetting) {
  const auto escaped = [](std::string text) {
    for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + 2)) text.insert(at, "\\");
    return text;
  };
  const std::string program = run_keisei({"man"}).out;
  for (const CommandSpec& command : commands()) {
    EXPECT_THAT(program, HasSubstr("\\fBkeisei\\-" + command.name + "\\fR(1)\n"));
    const Ran page = run_keisei({"man", command.name});
    EXPECT_EQ(page.code, 0) << page.err;
    for (const Flag& flag : command.flags) EXPECT_THAT(page.out, HasSubstr("\n\\fB" + escaped(flag.name) + "\\fR"));
  }
  const std::string settings = run_keisei({"man", "keisei.yaml"}).out;
  for (const config::Option& option : config::options())
    EXPECT_THAT(settings, HasSubstr("\n\\fB" + escaped(std::string(option.key)) + "\\fR: "));
  const Ran none = run_keisei({"man", "trian"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("did you mean train?"));
}

TEST(ManPages, HoldOnlyWhatRoffTakes) {
  for (const ManFile& file : man_files()) {
    for (const std::string& line : lines_of(file.text)) {
      for (const char c : line) ASSERT_TRUE(c >= 0x20 && c < 0x7F) << file.name << ": " << line;
      EXPECT_THAT(line, Not(testing::StartsWith("'"))) << file.name;
      if (line.starts_with('.')) {
        EXPECT_TRUE(std::isupper(static_cast<unsigned char>(line[1])) != 0 || line == ".nf" || line == ".fi" ||
                    line.starts_with(".so "))
            << file.name << ": " << line;
      }
    }
  }
}

TEST(ManPages, ManTakesThemWithoutAWarning) {
  const fs::path folder = fs::path(testing::TempDir()) / ("keisei_man_" + std::to_string(::getpid()));
  const Ran written = run_keisei({"man", "--output-dir", folder.string()});
  EXPECT_EQ(written.code, 0) << written.err;
  EXPECT_TRUE(fs::exists(folder / "man1" / "keisei-train.1"));
  EXPECT_TRUE(fs::exists(folder / "man5" / "keisei.yaml.5"));
  const std::string pages = " '" + folder.string() + "'/man1/*.1 '" + folder.string() + "'/man5/*.5";
  const bool groff = has("groff"), mandoc = has("mandoc");
  if (groff) {
    const Answer answer = shell("groff -man -T utf8 -ww -W break -z -I '" + folder.string() + "'" + pages);
    EXPECT_EQ(answer.text, "");
    EXPECT_EQ(answer.status, 0);
  }
  if (mandoc) {
    EXPECT_EQ(shell("mandoc -T lint -W error" + pages).text, "");
  }
  fs::remove_all(folder);
  if (!groff && !mandoc) GTEST_SKIP() << "neither groff nor mandoc is installed; the pages were written";
}

}  // namespace
}  // namespace keisei::app
