#include "net/network_player.h"

#include "net/policy.h"

namespace keisei::net {

NetworkPlayer::NetworkPlayer(std::shared_ptr<const Evaluator> evaluator, std::string name, PlayOptions options)
    : evaluator_(std::move(evaluator)), name_(std::move(name)), options_(options) {}

void NetworkPlayer::choose(std::span<const shogi::Turn> turns, std::span<shogi::Choice> choices) {
  features_.clear();
  for (const shogi::Turn& turn : turns) features_.push_back(encode(*turn.position));
  logits_.resize(turns.size() * kActions);
  values_.resize(turns.size());
  evaluator_->evaluate(features_, logits_, values_, {});
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const shogi::Position& position = *turns[i].position;
    shogi::Choice& choice = choices[i];
    choice = {};
    choice.value = static_cast<double>(values_[i]);
    if (position.declaration(options_.declaration).can_declare) {
      choice.kind = shogi::Choice::Kind::kDeclare;
      continue;
    }
    choice.kind = shogi::Choice::Kind::kMove;
    if (const auto mate = options_.mate_in_one ? position.mate_in_one() : std::nullopt) {
      choice.move = *mate;
      continue;
    }
    shogi::MoveList legal;
    position.legal_moves(legal);
    std::vector<Action> actions(legal.size());
    write_actions({legal.begin(), legal.end()}, position.side(), actions.data());
    log_probabilities_.resize(actions.size());
    const std::span<const float> row{logits_.data() + i * kActions, kActions};
    log_probabilities(row, actions, log_probabilities_,
                      options_.temperature > 0 ? static_cast<float>(options_.temperature) : 1.0F);
    Random random = turns[i].random;
    choice.move =
        legal[options_.temperature > 0 ? sample(log_probabilities_, random.uniform()) : argmax(log_probabilities_)];
  }
}

}  // namespace keisei::net
