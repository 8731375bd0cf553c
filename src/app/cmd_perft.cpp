// keisei perft: the number of leaves, in all and by first move.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "shogi/notation.h"
#include "shogi/perft.h"

namespace keisei::app {

int run_perft(const PerftArgs& args) {
  const auto position = shogi::Position::from_sfen(args.sfen);
  if (!position) return report(position.error());
  std::uint64_t nodes = 0;
  std::vector<std::pair<shogi::Move, std::uint64_t>> divided;
  if (args.divide && args.depth > 0) {
    divided = shogi::perft_divide(*position, args.depth);
    for (const auto& [move, count] : divided) nodes += count;
  } else {
    nodes = shogi::perft(*position, args.depth);
  }
  if (args.json) {
    nlohmann::ordered_json out;
    out["schema"] = "keisei.perft/1";
    out["sfen"] = position->sfen();
    out["depth"] = args.depth;
    out["nodes"] = nodes;
    if (args.divide) {
      out["divide"] = nlohmann::ordered_json::object();
      for (const auto& [move, count] : divided) out["divide"][shogi::to_usi(move)] = count;
    }
    std::cout << out.dump() << "\n";
    return 0;
  }
  for (const auto& [move, count] : divided) std::cout << shogi::to_usi(move) << " " << count << "\n";
  std::cout << "nodes " << nodes << "\n";
  return 0;
}

}  // namespace keisei::app
