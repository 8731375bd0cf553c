// The proof of the safeguards as people run it: every fault through the built program, and what it says of a safeguard
// that does not hold. Each promised time is granted patience, because the machine of a test may be busy.
#include "app/proof/proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <thread>

#include "app/program.h"
#include "base/scratch.h"

namespace keisei::app {
namespace {

using proof::Case;
using proof::Cost;
using proof::Outcome;
using testing::HasSubstr;
using Json = nlohmann::ordered_json;

const std::vector<std::string> kProve = {"doctor", "--prove-safeguards", "--json", "--patience", "30"};

/// The JSON of a run that must have exited with `code`.
Json proven(std::vector<std::string> more, int code) {
  std::vector<std::string> args = kProve;
  args.insert(args.end(), more.begin(), more.end());
  const Ran ran = run_keisei(args);
  EXPECT_EQ(ran.code, code) << ran.out << ran.err;
  Json root = Json::parse(ran.out, nullptr, false);
  EXPECT_TRUE(root.is_object()) << ran.out;
  return root.is_object() ? root : Json::object();
}

void expect_all_held(const Json& root) {
  EXPECT_EQ(root.begin().key(), "schema");
  EXPECT_EQ(root["schema"], "keisei.proof/1");
  EXPECT_EQ(root["failed"], 0);
  EXPECT_EQ(root["held"], root["cases"].size());
  for (const Json& one : root["cases"]) {
    EXPECT_EQ(one["held"], true) << one;
    EXPECT_TRUE(one["promised"].is_number() && one["observed"].is_number()) << one;
    EXPECT_FALSE(one["clause"].get<std::string>().empty() || one["unit"].get<std::string>().empty()) << one;
  }
}

std::vector<std::string> names(Cost cost) {
  std::vector<std::string> found;
  for (const Case& one : proof::cases()) {
    if (one.cost == cost) found.push_back(one.name);
  }
  return found;
}

std::string own_name(const testing::TestParamInfo<std::string>& of) { return of.param; }

TEST(Proof, QuickCasesHoldInOneRun) {
  const Json root = proven({"--quick"}, 0);
  expect_all_held(root);
  EXPECT_EQ(root["cases"].size(), names(Cost::kQuick).size());
}

TEST(Proof, FilesOfOtherProgramsAreNotCounted) {
  std::vector<std::unique_ptr<Scratch>> of_others;
  const std::jthread other([&](const std::stop_token& over) {
    while (!over.stop_requested()) {
      of_others.push_back(std::make_unique<Scratch>("other-program"));
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  expect_all_held(proven({"--only", "leaks"}, 0));
}

class ProofOf : public testing::TestWithParam<std::string> {};
TEST_P(ProofOf, Holds) {
  const Json root = proven({"--only", GetParam()}, 0);
  expect_all_held(root);
  EXPECT_EQ(root["cases"].size(), 1U);
}
INSTANTIATE_TEST_SUITE_P(Default, ProofOf, testing::ValuesIn(names(Cost::kDefault)), own_name);

class LongProofOf : public ProofOf {};
TEST_P(LongProofOf, Holds) {
  if (std::getenv("KEISEI_LONG") == nullptr) GTEST_SKIP() << "minutes: ./check --long";
  const bool by_libtorch = GetParam().starts_with("tensors_");
  if (by_libtorch && !std::filesystem::exists(KEISEI_BINARY_DIR "/keisei-torch"))
    GTEST_SKIP() << "this build has no keisei-torch";
  expect_all_held(proven({"--only", GetParam()}, 0));
}
INSTANTIATE_TEST_SUITE_P(Thorough, LongProofOf, testing::ValuesIn(names(Cost::kThorough)), own_name);

TEST(Proof, NamesAreUniqueAndListed) {
  std::set<std::string> unique;
  const Ran listed = run_keisei({"doctor", "--prove-safeguards", "--list"});
  EXPECT_EQ(listed.code, 0);
  for (const Case& one : proof::cases()) {
    EXPECT_TRUE(unique.insert(one.name).second) << one.name;
    EXPECT_THAT(listed.out, HasSubstr("\n" + one.name + " "));
    EXPECT_LE(one.fault.size(), 60U) << one.name;
  }
  EXPECT_GE(unique.size(), 40U);
  const Ran json = run_keisei({"doctor", "--prove-safeguards", "--list", "--json"});
  EXPECT_EQ(Json::parse(json.out).begin().value(), "keisei.proof-cases/1");
}

TEST(Proof, FlagsAreChecked) {
  for (const char* line :
       {"doctor --only hang", "doctor --list", "doctor --patience 3", "doctor --prove-safeguards --only no_such_case",
        "doctor --prove-safeguards --patience -1", "doctor --prove-safeguards --quick --thorough"}) {
    EXPECT_EQ(run_keisei(words_of(line)).code, 2) << line;
  }
}

TEST(Proof, WhatDoesNotHoldIsSaid) {
  const SystemClock clock;
  const auto row = [](const char* name, auto run) {
    return Case{name, "timeout", "a planted row", "s", Cost::kQuick, run};
  };
  const std::vector<Case> planted = {
      row("fine",
          [](const proof::Settings&) {
            return Outcome{4.7, 1.25, true, ""};
          }),
      row("late",
          [](const proof::Settings&) {
            return Outcome{4.7, 9, false, ""};
          }),
      row("never",
          [](const proof::Settings&) {
            return Outcome{4.7, std::nullopt, false, "it did not end"};
          }),
      row("odd", [](const proof::Settings&) -> Outcome { throw std::runtime_error("no pipe"); })};
  int told = 0;
  const auto rows = proof::prove(planted, {clock, 0}, [&](const Case&) { ++told; });
  EXPECT_EQ(told, 4);
  EXPECT_FALSE(proof::all_held(rows));
  const std::string table = proof::proof_table(rows);
  EXPECT_THAT(table, HasSubstr("| 4.70 s   | 1.25 s       | held\n"));
  EXPECT_THAT(table, HasSubstr("| 9 s          | FAILED: beyond what is promised\n"));
  EXPECT_THAT(table, HasSubstr("| not observed | FAILED: it did not end\n"));
  EXPECT_THAT(table, HasSubstr("FAILED: it could not be tried: no pipe\n"));
  EXPECT_THAT(table, testing::EndsWith("1 of 4 cases held, late did not, never did not, odd did not\n"));
  const Json root = Json::parse(proof::proof_json(rows, 2));
  EXPECT_EQ(root["held"], 1);
  EXPECT_EQ(root["failed"], 3);
  EXPECT_EQ(root["cases"][1]["observed"], 9);
  EXPECT_TRUE(root["cases"][2]["observed"].is_null());
}

}  // namespace
}  // namespace keisei::app
