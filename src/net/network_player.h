// A player that asks a network: one batched forward pass for all turns it is given; the move is the policy's greatest
// (temperature 0) or sampled from it with the turn's own random stream. It declares a win when the rules allow it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/evaluator.h"
#include "shogi/player.h"

namespace keisei::net {

class NetworkPlayer final : public shogi::Player {
 public:
  NetworkPlayer(std::shared_ptr<const Evaluator> evaluator, std::string name, double temperature,
                shogi::DeclarationRule declaration);

  void choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) override;
  [[nodiscard]] std::string name() const override { return name_; }

 private:
  std::shared_ptr<const Evaluator> evaluator_;
  std::string name_;
  double temperature_;
  shogi::DeclarationRule declaration_;
  std::vector<Features> features_;
  std::vector<float> logits_, values_, log_probabilities_;
};

}  // namespace keisei::net
