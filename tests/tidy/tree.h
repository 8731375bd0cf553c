// The checkout as text: its files, their lines, their includes, and the room table of ARCHITECTURE.md.
// Why so: the plan must stay visible in the folders, so the tests read the very table that people read.
// Pure reads below KEISEI_SOURCE_DIR; a file that cannot be read is empty. Paths are relative to the checkout.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace keisei::tidy {

namespace fs = std::filesystem;

inline fs::path source_dir() { return KEISEI_SOURCE_DIR; }

inline std::string read(const fs::path& path) {
  std::ifstream in(source_dir() / path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

struct Ended {
  int exit_code = -1;
  std::string output;  ///< stdout; add 2>&1 to the command for both
};

/// Runs `command` through sh and waits for it.
inline Ended run(const std::string& command) {
  Ended ended;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ended;
  char buffer[4096];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) ended.output.append(buffer, got);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
  return ended;
}

/// `text` as one word of sh.
inline std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// Every file that git tracks or would track; without git, every file outside build folders.
inline std::vector<fs::path> all_files() {
  std::vector<fs::path> files;
  const std::string dir = quoted(source_dir().string());
  const Ended listed = run("git -C " + dir + " ls-files --cached --others --exclude-standard 2>/dev/null");
  if (listed.exit_code == 0) {
    for (const std::string& line : lines_of(listed.output)) {
      if (fs::is_regular_file(source_dir() / line)) files.emplace_back(line);
    }
    return files;
  }
  const std::set<std::string> skipped = {".git", "build", "runs", "node_modules", ".cache"};
  for (auto it = fs::recursive_directory_iterator(source_dir()); it != fs::recursive_directory_iterator(); ++it) {
    if (it->is_directory() && skipped.contains(it->path().filename().string())) it.disable_recursion_pending();
    if (it->is_regular_file()) files.push_back(fs::relative(it->path(), source_dir()));
  }
  return files;
}

inline bool is_cpp(const fs::path& path) { return path.extension() == ".h" || path.extension() == ".cpp"; }

/// First folder below src/, or empty for a file elsewhere.
inline std::string room_of(const fs::path& path) {
  auto part = path.begin();
  if (part == path.end() || *part != "src" || std::next(part) == path.end()) return {};
  return (++part)->string();
}

/// C++ files below src/.
inline std::vector<fs::path> source_files() {
  std::vector<fs::path> files;
  for (const fs::path& path : all_files()) {
    if (is_cpp(path) && !room_of(path).empty()) files.push_back(path);
  }
  return files;
}

struct Include {
  std::string name;
  bool angle = false;
  int line = 0;
};

inline std::vector<Include> includes_of(const fs::path& path) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"].*)");
  std::vector<Include> found;
  int number = 0;
  for (const std::string& line : lines_of(read(path))) {
    ++number;
    std::smatch match;
    if (std::regex_match(line, match, kInclude)) found.push_back({match[2].str(), match[1].str() == "<", number});
  }
  return found;
}

struct Room {
  std::string name;
  std::set<std::string> may_use;
  bool libtorch = false;  ///< its row says "(libtorch)"
};

/// Rows of the table headed "| Room" in ARCHITECTURE.md, in their order; "all" stands for every other room.
inline std::vector<Room> room_table() {
  static const std::regex kRow(R"(^\| `(\w+)/` \|(.*)\| ([^|]+?) \|\s*$)");
  static const std::regex kName(R"(\w+)");
  std::vector<Room> rooms;
  bool inside = false;
  for (const std::string& line : lines_of(read("ARCHITECTURE.md"))) {
    if (line.starts_with("| Room")) inside = true;
    if (!line.starts_with("|")) inside = false;
    std::smatch match;
    if (!inside || !std::regex_match(line, match, kRow)) continue;
    Room room{match[1].str(), {}, match[2].str().find("(libtorch)") != std::string::npos};
    const std::string cell = match[3].str();
    for (std::sregex_iterator it(cell.begin(), cell.end(), kName), end; it != end; ++it) room.may_use.insert(it->str());
    rooms.push_back(room);
  }
  for (Room& room : rooms) {
    if (room.may_use.erase("all") == 0) continue;
    for (const Room& other : rooms) {
      if (other.name != room.name) room.may_use.insert(other.name);
    }
  }
  return rooms;
}

inline std::map<std::string, Room> rooms_by_name() {
  std::map<std::string, Room> by_name;
  for (const Room& room : room_table()) by_name[room.name] = room;
  return by_name;
}

}  // namespace keisei::tidy
