"""read_wandb.py FILE: the records of a Weights & Biases run file as JSON, one array on stdout. Reads the framing with
struct and zlib alone. A torn last record is told as {"torn": reason}; what is wrong elsewhere ends with exit code 1."""
import json
import struct
import sys
import zlib

import messages

ITEM = [("key", 1, "string"), ("nested_key", 2, "string[]"), ("value_json", 16, "string")]
SPEC = {
    "Item": ITEM,
    "Timestamp": [("seconds", 1, "int64"), ("nanos", 2, "int32")],
    "VersionInfo": [("producer", 1, "string"), ("min_consumer", 2, "string")],
    "HeaderRecord": [("version_info", 1, "VersionInfo")],
    "ConfigRecord": [("update", 1, "Item[]")],
    "RunRecord": [("run_id", 1, "string"), ("entity", 2, "string"), ("project", 3, "string"),
                  ("config", 4, "ConfigRecord"), ("run_group", 6, "string"), ("job_type", 7, "string"),
                  ("display_name", 8, "string"), ("notes", 9, "string"), ("tags", 10, "string[]"),
                  ("host", 13, "string"), ("starting_step", 14, "int64"), ("start_time", 17, "Timestamp"),
                  ("resumed", 18, "bool")],
    "HistoryStep": [("num", 1, "int64")],
    "HistoryRecord": [("item", 1, "Item[]"), ("step", 2, "HistoryStep")],
    "SummaryRecord": [("update", 1, "Item[]"), ("remove", 2, "Item[]")],
    "StatsRecord": [("stats_type", 1, "int32"), ("timestamp", 2, "Timestamp"), ("item", 3, "Item[]")],
    "MetricOptions": [("step_sync", 1, "bool"), ("hidden", 2, "bool"), ("defined", 3, "bool")],
    "MetricRecord": [("name", 1, "string"), ("glob_name", 2, "string"), ("step_metric", 4, "string"),
                     ("options", 6, "MetricOptions")],
    "OutputRawRecord": [("output_type", 1, "int32"), ("timestamp", 2, "Timestamp"), ("line", 3, "string")],
    "FilesItem": [("path", 1, "string"), ("policy", 2, "int32"), ("type", 3, "int32")],
    "FilesRecord": [("files", 1, "FilesItem[]")],
    "AlertRecord": [("title", 1, "string"), ("text", 2, "string"), ("level", 3, "string"),
                    ("wait_duration", 4, "int64")],
    "RunExitRecord": [("exit_code", 1, "int32"), ("runtime", 2, "int32")],
    "FinalRecord": [],
    "FooterRecord": [],
    "Record": [("num", 1, "int64"), ("history", 2, "HistoryRecord"), ("summary", 3, "SummaryRecord"),
               ("files", 6, "FilesRecord"), ("stats", 7, "StatsRecord"), ("alert", 10, "AlertRecord"),
               ("metric", 12, "MetricRecord"), ("output_raw", 13, "OutputRawRecord"), ("run", 17, "RunRecord"),
               ("exit", 18, "RunExitRecord"), ("final", 20, "FinalRecord"), ("header", 21, "HeaderRecord"),
               ("footer", 22, "FooterRecord")],
}
BLOCK = 32768
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


def chunks(data):
    """(type, payload) of each chunk; a ValueError where the file is torn."""
    at = 7
    while at < len(data):
        left = BLOCK - at % BLOCK
        if left < 7:
            if any(data[at:at + left]):
                sys.exit("the tail of a block is not zero")
            at += left
            continue
        if at + 7 > len(data):
            raise ValueError("torn chunk header")
        crc, length, kind = struct.unpack_from("<IHB", data, at)
        payload = data[at + 7:at + 7 + length]
        if len(payload) < length:
            raise ValueError("torn chunk")
        if length + 7 > left:
            sys.exit("a chunk crosses its block")
        if zlib.crc32(bytes([kind]) + payload) != crc:
            sys.exit("wrong checksum at %d" % at)
        yield kind, payload
        at += 7 + length


def records(data):
    if data[:7] != struct.pack("<4sHB", b":W&B", 0xBEE1, 0):
        sys.exit("wrong file header")
    parts = None
    for kind, payload in chunks(data):
        if (kind in (FULL, FIRST)) != (parts is None):
            sys.exit("chunks out of order")
        parts = payload if parts is None else parts + payload
        if kind in (FULL, LAST):
            yield parts
            parts = None
    if parts is not None:
        raise ValueError("torn record")


def main():
    record_class = messages.build("wandb_internal", SPEC)["Record"]
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    out = []
    try:
        for payload in records(data):
            out.append(messages.plain(record_class.FromString(payload)))
    except ValueError as torn:
        out.append({"torn": str(torn)})
    for record in out:
        for items in (record.get("history", {}).get("item", []), record.get("summary", {}).get("update", []),
                      record.get("stats", {}).get("item", [])):
            for item in items:
                json.loads(item["value_json"])
    json.dump(out, sys.stdout)


main()
