// Whether a text is well-formed, asked of a parser that others wrote (Python's expat and html.parser). Tests skip
// where Python is missing; ./check installs it. The text goes through a file, for it may be large.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "evaluation/match_fixture.h"

namespace keisei::evaluation {

inline bool has_python() { return std::system("command -v python3 > /dev/null 2>&1") == 0; }

/// Runs `program` (Python) with the file's path as its argument; what it printed.
inline std::string python(const std::string& program, const std::string& text) {
  const TempFolder folder;
  std::ofstream(folder / "in", std::ios::binary) << text;
  std::ofstream(folder / "run.py", std::ios::binary) << program;
  const std::string command = "python3 '" + (folder / "run.py").string() + "' '" + (folder / "in").string() + "' > '" +
                              (folder / "out").string() + "' 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream file(folder / "out", std::ios::binary);
  std::string out((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return status == 0 ? out : "failed: " + out;
}

inline void expect_well_formed(const std::string& text) {
  EXPECT_EQ(python("import sys, xml.etree.ElementTree as t\nt.parse(sys.argv[1])\nprint('good')\n", text), "good\n");
}

}  // namespace keisei::evaluation
