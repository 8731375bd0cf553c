// What counts as a secret in a text, and what must not.
#include "config/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace keisei::config {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kWandbKey = "0123456789abcdef0123456789abcdef01234567";
const std::string kAwsKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

TEST(Secret, HidesKeysByTheirForm) {
  for (const std::string& secret :
       {kWandbKey, kAwsKey, std::string("AKIAIOSFODNN7EXAMPLEX"),
        std::string("ghp_abcdefghijklmnopqrstuvwxyz0123456789"), std::string("wandb_v1_AbCdEfGhIjKlMnOpQrStUvWx"),
        std::string("hf_abcdefghijklmnopqrstuv")}) {
    EXPECT_EQ(without_secrets(secret), "***") << secret;
    EXPECT_EQ(without_secrets("a " + secret + ", b"), "a ***, b") << secret;
    if (secret == kAwsKey) continue;  // its own slashes make it a path there
    EXPECT_EQ(without_secrets("dir/" + secret), "dir/***") << secret;
    EXPECT_TRUE(holds_secret("x=" + secret));
  }
}

TEST(Secret, HidesWhatANameIntroduces) {
  EXPECT_EQ(without_secrets("WANDB_API_KEY=abc def"), "WANDB_API_KEY=*** def");
  EXPECT_EQ(without_secrets("{\"password\": \"hunter2\", \"a\": 1}"), "{\"password\": \"***\", \"a\": 1}");
  EXPECT_EQ(without_secrets("usi:engine --access-key=k --threads=2"), "usi:engine --access-key=*** --threads=2");
  EXPECT_EQ(without_secrets("Token: x"), "Token: ***");
  EXPECT_EQ(without_secrets("https://me:pw@host/x"), "https://***@host/x");
  EXPECT_EQ(without_secrets("key -----BEGIN RSA PRIVATE KEY-----\nMIIE\n"), "key ***");
}

TEST(Secret, LeavesOrdinaryTextAlone) {
  for (const std::string text :
       {"", "lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1",
        "resumed at step 40960 from step-40960.keisei",
        "4k1n1l/1R5B1/p1p2p1pP/9/9/2P4P1/P1NG/4K",  // forty characters, but a board's rows
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "training.gamma: 0.9 -> 0.99",
        "https://example.org/a?b=c", "runs/keisei-20260301-123456/checkpoints", "a key: none was given",
        "position startpos moves 7g7f 3c3d", "keyboard=us", "Übung 敗北"}) {
    EXPECT_EQ(without_secrets(text), text);
  }
}

TEST(Secret, IsRefusedWhereItWouldLeaveTheMachineAndNotRepeated) {
  for (const char* option : {"wandb.entity", "wandb.project", "wandb.run_name", "wandb.tags", "wandb.notes"}) {
    Source source;
    source.overrides = {std::string(option) + "=" + kWandbKey};
    const auto refused = load(source);
    ASSERT_FALSE(refused) << option;
    EXPECT_EQ(refused.error().code, Code::kUsage);
    EXPECT_THAT(refused.error().message, HasSubstr(std::string(option) + ": looks like a secret"));
    EXPECT_THAT(refused.error().message, Not(HasSubstr(kWandbKey)));
  }
}

TEST(WandbEnvironment, ItsVariablesAreSettings) {
  Source source;
  source.environment = {{"WANDB_ENABLED", "true"}, {"WANDB_MODE", "online"}, {"WANDB_DIR", "d"},
                        {"WANDB_NAME", "007"},     {"WANDB_RUN_GROUP", "g"}, {"WANDB_TAGS", "a,b"},
                        {"WANDB_NOTES", "'n'"},    {"WANDB_PROJECT", "p"},   {"WANDB_ENTITY", "e"}};
  const auto loaded = load(source);
  ASSERT_TRUE(loaded) << loaded.error().message;
  const Wandb& wandb = loaded->config.wandb;
  EXPECT_TRUE(wandb.enabled);
  EXPECT_EQ(wandb.mode, "live");
  EXPECT_EQ(wandb.directory, "d");
  EXPECT_EQ(wandb.run_name, "007");
  EXPECT_EQ(wandb.group, "g");
  EXPECT_EQ(wandb.tags, "a,b");
  EXPECT_EQ(wandb.notes, "'n'");
  EXPECT_EQ(wandb.project, "p");
  EXPECT_EQ(wandb.entity, "e");
  for (const auto& [name, value] : {std::pair("WANDB_DISABLED", "true"), std::pair("WANDB_MODE", "disabled")}) {
    Source off;
    off.environment = {{"WANDB_ENABLED", "true"}, {name, value}};
    const auto quiet = load(off);
    ASSERT_TRUE(quiet) << quiet.error().message;
    EXPECT_FALSE(quiet->config.wandb.enabled) << name;
  }
  Source dry;
  dry.environment = {{"WANDB_MODE", "dryrun"}};
  EXPECT_EQ(load(dry)->config.wandb.mode, "offline");
  Source wrong;
  wrong.environment = {{"WANDB_MODE", "sideways"}};
  ASSERT_FALSE(load(wrong));
  EXPECT_THAT(load(wrong).error().message, HasSubstr("disabled, offline, live"));
}

}  // namespace
}  // namespace keisei::config
