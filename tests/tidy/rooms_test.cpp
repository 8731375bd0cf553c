// The rooms are what ARCHITECTURE.md says: who includes whom, where libtorch is seen, what CMake links.
#include <gtest/gtest.h>

#include <functional>

#include "tidy/tree.h"

namespace keisei::tidy {
namespace {

/// "src/a/b.cpp:12: " for a message.
std::string at(const fs::path& path, int line) { return path.string() + ":" + std::to_string(line) + ": "; }

std::string joined(const std::set<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : " ") + name;
  return out;
}

bool is_torch_header(const std::string& name) {
  for (const char* folder : {"torch/", "ATen/", "c10/", "caffe2/"}) {
    if (name.starts_with(folder)) return true;
  }
  return false;
}

TEST(RoomTable, NamesThirteenRoomsAndUsesOnlyEarlierOnes) {
  std::set<std::string> earlier;
  for (const Room& room : room_table()) {
    for (const std::string& used : room.may_use) {
      EXPECT_TRUE(earlier.contains(used)) << room.name << " may use " << used << ", which has no earlier row";
    }
    EXPECT_TRUE(earlier.insert(room.name).second) << room.name << " has two rows";
  }
  EXPECT_EQ(earlier.size(), 13U);
}

TEST(RoomTable, EveryFolderOfSrcHasARow) {
  const auto rooms = rooms_by_name();
  for (const fs::path& path : source_files()) {
    EXPECT_TRUE(rooms.contains(room_of(path))) << path << " lies in no room of ARCHITECTURE.md";
  }
}

TEST(Includes, StayWithinTheRoomTable) {
  const auto rooms = rooms_by_name();
  for (const fs::path& path : source_files()) {
    const auto own = rooms.find(room_of(path));
    if (own == rooms.end()) continue;
    for (const Include& include : includes_of(path)) {
      const std::string other = include.name.substr(0, include.name.find('/'));
      if (include.angle || other == own->first || !rooms.contains(other)) continue;
      EXPECT_TRUE(own->second.may_use.contains(other))
          << at(path, include.line) << own->first << " may not use " << other << " (allowed: "
          << joined(own->second.may_use) << ")";
    }
  }
}

TEST(Includes, InQuotesNameAFileBelowSrc) {
  const fs::path binary_dir = KEISEI_BINARY_DIR;
  for (const fs::path& path : source_files()) {
    for (const Include& include : includes_of(path)) {
      if (include.angle) continue;
      const bool generated = include.name.find("generated") != std::string::npos;
      EXPECT_TRUE(generated || fs::exists(source_dir() / "src" / include.name))
          << at(path, include.line) << "\"" << include.name << "\" is not a path below src/";
    }
  }
}

TEST(Includes, FormNoCycleBetweenFolders) {
  std::map<std::string, std::set<std::string>> uses;
  for (const fs::path& path : source_files()) {
    for (const Include& include : includes_of(path)) {
      const std::string other = include.name.substr(0, include.name.find('/'));
      if (!include.angle && other != room_of(path)) uses[room_of(path)].insert(other);
    }
  }
  std::set<std::string> done;
  std::vector<std::string> trail;
  const std::function<void(const std::string&)> visit = [&](const std::string& room) {
    for (const std::string& seen : trail) EXPECT_NE(seen, room) << "a cycle of includes goes through " << room;
    if (HasFailure() || !done.insert(room).second) return;
    trail.push_back(room);
    for (const std::string& used : uses[room]) visit(used);
    trail.pop_back();
  };
  for (const auto& [room, used] : std::map(uses)) visit(room);
}

TEST(Includes, SeeLibtorchOnlyInItsRooms) {
  const auto rooms = rooms_by_name();
  for (const fs::path& path : source_files()) {
    const bool allowed = path.string().starts_with("src/app/torch/") || rooms.at(room_of(path)).libtorch;
    if (allowed) continue;
    for (const Include& include : includes_of(path)) {
      EXPECT_FALSE(is_torch_header(include.name)) << at(path, include.line) << "libtorch is not for this room";
    }
  }
}

TEST(Includes, KeepTheInstantProgramFreeOfLibtorchRooms) {
  const auto rooms = rooms_by_name();
  for (const fs::path& path : source_files()) {
    if (room_of(path) != "app" || path.string().starts_with("src/app/torch/")) continue;
    for (const Include& include : includes_of(path)) {
      const auto other = rooms.find(include.name.substr(0, include.name.find('/')));
      EXPECT_FALSE(!include.angle && other != rooms.end() && other->second.libtorch)
          << at(path, include.line) << "needs libtorch: it belongs into src/app/torch/";
    }
  }
}

TEST(Includes, KeepHeavyHeadersOutOfHeaders) {
  for (const fs::path& path : source_files()) {
    if (path.extension() != ".h") continue;
    for (const Include& include : includes_of(path)) {
      for (const char* heavy : {"nlohmann/", "yaml-cpp/", "CLI/", "sqlite3.h", "boost/", "spdlog/"}) {
        EXPECT_FALSE(include.name.starts_with(heavy) && include.name != "nlohmann/json_fwd.hpp")
            << at(path, include.line) << "<" << include.name << "> belongs into a .cpp file";
      }
    }
  }
}

TEST(CMake, LinksEachRoomAsItsRowSays) {
  static const std::regex kCall(R"(keisei_room\((\w+)( TORCH)?(?: GROUPED)?(?: USES ([a-z_ ]+?))?(?: LIBS [^)]*)?\))");
  static const std::regex kName(R"(\w+)");
  const std::string text = std::regex_replace(read("CMakeLists.txt"), std::regex(R"(\s+)"), " ");
  std::set<std::string> linked;
  for (std::sregex_iterator it(text.begin(), text.end(), kCall), end; it != end; ++it) {
    const std::string name = (*it)[1].str();
    const std::string list = (*it)[3].str();
    std::set<std::string> uses;
    for (std::sregex_iterator word(list.begin(), list.end(), kName); word != end; ++word) uses.insert(word->str());
    const auto rooms = rooms_by_name();
    ASSERT_TRUE(rooms.contains(name)) << "CMakeLists.txt builds a room that ARCHITECTURE.md does not name: " << name;
    EXPECT_EQ(joined(uses), joined(rooms.at(name).may_use)) << "link list of " << name;
    EXPECT_EQ((*it)[2].matched, rooms.at(name).libtorch) << "libtorch for " << name;
    linked.insert(name);
  }
  for (const Room& room : room_table()) {
    EXPECT_TRUE(room.name == "app" || linked.contains(room.name)) << room.name << " has no keisei_room()";
  }
}

}  // namespace
}  // namespace keisei::tidy
