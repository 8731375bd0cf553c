// Matches through the built program that have to be clean: every game ends by the rules or by a resignation, and no
// player was late, illegal, hung or gone.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "app/program.h"

namespace keisei::app {

inline void expect_clean_match(const std::string& one, const std::string& other, int games,
                               const std::vector<std::string>& more = {}) {
  std::vector<std::string> args = {
      "match",       "--player", one,      "--player", other,   "--games", std::to_string(games),
      "--max-moves", "320",      "--seed", "5",        "--json"};
  args.insert(args.end(), more.begin(), more.end());
  const Ran ran = run_keisei(args);
  ASSERT_EQ(ran.code, 0) << ran.err << ran.out;
  const auto report = nlohmann::json::parse(ran.out);
  EXPECT_EQ(report.at("games").get<int>(), games) << ran.out;
  EXPECT_EQ(report.at("faults").get<int>(), 0) << ran.out;
  const std::set<std::string> clean = {"checkmate",   "no_legal_moves", "repetition", "perpetual_check",
                                       "declaration", "max_moves",      "resign"};
  for (const auto& [reason, count] : report.at("end_reasons").items())
    EXPECT_TRUE(clean.contains(reason)) << reason << " " << count << ran.out;
  for (const auto& note : report.at("notes")) EXPECT_EQ(note.at("kind"), "cage") << note;
}

/// `keisei usi` as an engine, limited as a match is: one ply of material, the answer within what a busy machine takes.
inline std::string keisei_engine(const std::string& options) {
  return std::string("usi:") + KEISEI_BINARY_DIR "/keisei usi --player material:1 --seed 3?name=Keisei&answer=120" +
         options;
}

inline bool is_installed(const std::string& program) {
  return ::access(("/usr/games/" + program).c_str(), X_OK) == 0 || ::access(("/usr/bin/" + program).c_str(), X_OK) == 0;
}

}  // namespace keisei::app
