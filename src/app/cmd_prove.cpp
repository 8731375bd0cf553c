// keisei doctor --prove-safeguards: the table of what is promised and what was observed when it was broken on purpose.
#include <iostream>

#include "app/cli.h"
#include "app/proof/proof.h"

namespace keisei::app {

int run_proof(const DoctorArgs& args) {
  const proof::Cost most = args.thorough ? proof::Cost::kThorough
                           : args.quick  ? proof::Cost::kQuick
                                         : proof::Cost::kDefault;
  if (args.list) {
    const auto all = proof::choose({args.only, args.quick ? most : proof::Cost::kThorough});
    if (!all) return report(all.error());
    std::cout << proof::proof_list(*all, args.json);
    return 0;
  }
  const auto chosen = proof::choose({args.only, most});
  if (!chosen) return report(chosen.error());
  const SystemClock clock;
  const proof::Settings settings{clock, static_cast<double>(args.patience_s)};
  std::size_t number = 0;
  const auto rows = proof::prove(*chosen, settings, [&](const proof::Case& one) {
    std::cerr << "[" << ++number << "/" << chosen->size() << "] " << one.name << ": " << one.fault << std::endl;
  });
  std::cout << (args.json ? proof::proof_json(rows, settings.patience_s) : proof::proof_table(rows));
  if (proof::all_held(rows)) return 0;
  return report({Code::kGate, "doctor: a safeguard does not hold on this machine",
                 "`keisei doctor --prove-safeguards --only CASE` tries one again; --patience S on a busy machine"});
}

}  // namespace keisei::app
