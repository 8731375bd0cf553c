// 4: a random network was evaluated instead of the checkpoint. 6: the opponent was replaced by random. 41: old weights
// were played after a checkpoint had been overwritten.
#include <gtest/gtest.h>

#include "app/torch/weights.h"
#include "base/file.h"
#include "evaluation/record_file.h"
#include "net/actions.h"
#include "session/trainer.h"
#include "shogi/notation.h"

namespace keisei::session {
namespace {

/// A checkpoint whose policy is one bias: it plays `usi` in the start position, and only that.
void write_rigged(const std::filesystem::path& path, const net::Architecture& a, const std::string& usi) {
  std::vector<float> parameters = net::initial_parameters(a, 1);
  const int kind = net::action_of(*shogi::parse_usi(usi), shogi::Color::kBlack) % net::kMoveKinds;
  for (const auto& p : net::parameter_layout(a))
    if (p.name == "policy.bias") parameters[p.offset + static_cast<std::size_t>(kind)] = 50.0F;
  store::TensorFile file;
  app::add_network(file, a, parameters);
  ASSERT_TRUE(write_durably(path, store::encode(file)));
}

std::vector<evaluation::GameRecord> games(const Directory& d, const std::string& agent,
                                          const std::vector<std::string>& more) {
  const std::string out = (d.path() / "games").string();
  Process process(d,
                  with({"evaluate", "--agent_checkpoint", agent, "--num_games", "2", "--output_dir", out, "--override",
                        "evaluation.max_moves_per_game=10", "--override", "evaluation.randomize_positions=false"},
                       more));
  EXPECT_EQ(process.wait(), 0) << process.err();
  auto records = evaluation::read_records(out + "/evaluation.jsonl");
  EXPECT_TRUE(records);
  return records ? *records : std::vector<evaluation::GameRecord>{};
}

const evaluation::GameRecord& as_black(const std::vector<evaluation::GameRecord>& all) {
  return all.at(all.at(0).agent_colour == shogi::Color::kBlack ? 0 : 1);
}

TEST(FailureMode04, CheckpointOfAnyShapePlaysItsOwnMove) {
  const Directory d;
  const std::string path = (d.path() / "rigged.safetensors").string();
  for (const auto& a : {net::Architecture{1, 8, 0}, net::Architecture{3, 24, 6}}) {
    write_rigged(path, a, "2h3h");  // sideways to the left: only the rook can, and the golds and the king
    const auto played = games(d, path, {});
    const auto move = *shogi::parse_usi(as_black(played).moves.at(0));
    EXPECT_EQ(net::action_of(move, shogi::Color::kBlack) % net::kMoveKinds,
              net::action_of(*shogi::parse_usi("2h3h"), shogi::Color::kBlack) % net::kMoveKinds)
        << shogi::to_usi(move);
  }
}

TEST(FailureMode06, OpponentIsTheCheckpointThatWasAskedFor) {
  const Directory d;
  const std::string path = (d.path() / "same.safetensors").string();
  write_rigged(path, {1, 8, 0}, "2h3h");
  const auto played = games(d, path, {"--opponent_type", "ppo", "--opponent_checkpoint", path});
  ASSERT_EQ(played.size(), 2U);
  EXPECT_EQ(played[0].moves, played[1].moves) << "one deterministic network on both sides: mirrored games are equal";
  EXPECT_EQ(played[0].agent_id, played[0].opponent_id);
}

TEST(FailureMode41, OverwrittenCheckpointIsReadAgain) {
  const Directory d;
  const std::string path = (d.path() / "changing.safetensors").string();
  write_rigged(path, {1, 8, 0}, "2h3h");
  const auto before = games(d, path, {});
  write_rigged(path, {1, 8, 0}, "2g2f");
  const auto after = games(d, path, {});
  EXPECT_NE(before[0].agent_id, after[0].agent_id);
  EXPECT_NE(as_black(before).moves.at(0), as_black(after).moves.at(0));
}

}  // namespace
}  // namespace keisei::session
