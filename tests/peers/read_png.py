"""read_png.py FILE: width, height and how many pixels have each palette colour of a four-colour PNG, as JSON; checks
every checksum with zlib and inflates the picture."""
import collections
import json
import struct
import sys
import zlib


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        sys.exit("no PNG")
    at, chunks = 8, collections.defaultdict(bytes)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + length]
        if zlib.crc32(kind + body) != struct.unpack_from(">I", data, at + 8 + length)[0]:
            sys.exit("wrong checksum of " + kind.decode())
        chunks[kind] += body
        at += 12 + length
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    rows = zlib.decompress(chunks[b"IDAT"])
    stride = 1 + (width + 3) // 4
    if depth != 2 or colour != 3 or any(rest) or len(rows) != stride * height or b"IEND" not in chunks:
        sys.exit("not the form that was meant")
    counts = collections.Counter()
    for y in range(height):
        for x in range(width):
            byte = rows[y * stride + 1 + x // 4]
            counts[byte >> (6 - 2 * (x % 4)) & 3] += 1
    json.dump({"width": width, "height": height, "colours": [counts[i] for i in range(4)]}, sys.stdout)


main()
