// A player that asks a network: one batched forward pass for all turns it is given; the move is the policy's greatest
// (temperature 0) or sampled from it with the turn's own random stream. It declares a win when the rules allow it, and
// plays a mate in one when it was trained in games where such mates are played.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/evaluator.h"
#include "shogi/player.h"

namespace keisei::net {

struct PlayOptions {
  double temperature = 0;
  bool mate_in_one = false;
  shogi::DeclarationRule declaration = shogi::DeclarationRule::k27;
};

class NetworkPlayer final : public shogi::Player {
 public:
  NetworkPlayer(std::shared_ptr<const Evaluator> evaluator, std::string name, PlayOptions options);

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override;
  [[nodiscard]] std::string name() const override { return name_; }

 private:
  std::shared_ptr<const Evaluator> evaluator_;
  std::string name_;
  PlayOptions options_;
  std::vector<Features> features_;
  std::vector<float> logits_, values_, log_probabilities_;
};

}  // namespace keisei::net
