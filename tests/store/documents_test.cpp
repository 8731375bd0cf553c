// The documents that others build on name every table, column and bound that the program really has.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "store/run_database.h"
#include "store/schema.h"
#include "store/scratch.h"
#include "store/sqlite.h"

namespace keisei::store {
namespace {

std::string document(const std::string& name) {
  std::ifstream in(std::string(KEISEI_SOURCE_DIR) + "/docs/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Documents, NameEveryTableAndColumnOfTheDatabase) {
  const Scratch scratch;
  { ASSERT_TRUE(RunDatabase::open(scratch / "run.db", RunDatabase::Mode::kWrite)); }
  const std::string text = document("run-database.md");
  ASSERT_FALSE(text.empty());
  EXPECT_NE(text.find("schema version " + std::to_string(schema_steps().size())), std::string::npos);
  const auto db = Sqlite::open(scratch / "run.db", SqliteMode::kRead);
  ASSERT_TRUE(db);
  auto columns = db->prepare(
      "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
      "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'");
  ASSERT_TRUE(columns);
  int seen = 0;
  const auto done = db->each(*columns, [&](const Statement& row) {
    ++seen;
    const std::size_t section = text.find("\n## `" + row.text(0) + "`");
    ASSERT_NE(section, std::string::npos) << row.text(0);
    const std::string body = text.substr(section, text.find("\n## ", section + 1) - section);
    EXPECT_NE(body.find("| `" + row.text(1) + "` |"), std::string::npos) << row.text(0) << "." << row.text(1);
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_GT(seen, 50);
}

TEST(Documents, NameTheBoundsOfACheckpoint) {
  const std::string text = document("checkpoint-format.md");
  for (const char* part :
       {"4 GiB", "16 MiB", "4,096", "`keisei.checksums`", "`keisei.format`", "CRC-32C", "`.corrupt`"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(kMaxFileBytes >> 30, 4U);
  EXPECT_EQ(kMaxHeaderBytes >> 20, 16U);
  EXPECT_EQ(kMaxTensors, 4096U);
}

}  // namespace
}  // namespace keisei::store
