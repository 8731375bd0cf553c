// Any bytes as a KIF record.
#include "round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  keisei::shogi::fuzz::round_trip(data, size, keisei::shogi::RecordFormat::kKif);
  return 0;
}
