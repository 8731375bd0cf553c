// Any bytes as a USI record.
#include "round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  keisei::shogi::fuzz::round_trip(data, size, keisei::shogi::RecordFormat::kUsi);
  return 0;
}
