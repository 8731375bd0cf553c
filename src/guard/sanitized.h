// Whether this is a sanitizer build. Its shadow memory is terabytes of address space and counts as the data of every
// worker, so the limit on a worker's data is off there; the watchdog on resident memory stays on.
#pragma once

namespace keisei::guard {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace keisei::guard
