# A result may be of any size.
set(planted_in guard/frame.cpp)
set(proved_by huge_result)
set(original [=[if (length > max_payload_bytes_) {]=])
set(mutated [=[if (length > 1000 * max_payload_bytes_) {]=])
