# The checksum of a frame is not verified.
set(planted_in guard/frame.cpp)
set(proved_by bit_flip)
set(original [=[if (checksum(bytes, payload) != crc) return]=])
set(mutated [=[if (checksum(bytes, payload) != crc && length == 1) return]=])
