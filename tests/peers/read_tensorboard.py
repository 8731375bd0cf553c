"""read_tensorboard.py FILE: the events of a TensorBoard event file as JSON, one array on stdout. Checks both checksums
of every record with another implementation of CRC-32C. A torn last record is told as {"torn": reason}."""
import json
import struct
import sys

import crc32c

import messages

SPEC = {
    "SessionLog": [("status", 1, "int32")],
    "PluginData": [("plugin_name", 1, "string"), ("content", 2, "bytes")],
    "SummaryMetadata": [("plugin_data", 1, "PluginData"), ("display_name", 2, "string")],
    "Image": [("height", 1, "int32"), ("width", 2, "int32"), ("colorspace", 3, "int32"),
              ("encoded_image_string", 4, "bytes")],
    "HistogramProto": [("min", 1, "double"), ("max", 2, "double"), ("num", 3, "double"), ("sum", 4, "double"),
                       ("sum_squares", 5, "double"), ("bucket_limit", 6, "double[]"), ("bucket", 7, "double[]")],
    "Dim": [("size", 1, "int64"), ("name", 2, "string")],
    "TensorShapeProto": [("dim", 2, "Dim[]")],
    "TensorProto": [("dtype", 1, "int32"), ("tensor_shape", 2, "TensorShapeProto"), ("string_val", 8, "bytes[]")],
    "Value": [("tag", 1, "string"), ("simple_value", 2, "float"), ("image", 4, "Image"),
              ("histo", 5, "HistogramProto"), ("tensor", 8, "TensorProto"), ("metadata", 9, "SummaryMetadata")],
    "Summary": [("value", 1, "Value[]")],
    "Event": [("wall_time", 1, "double"), ("step", 2, "int64"), ("file_version", 3, "string"),
              ("summary", 5, "Summary"), ("session_log", 7, "SessionLog")],
    "MetricName": [("group", 1, "string"), ("tag", 2, "string")],
    "MetricInfo": [("name", 1, "MetricName")],
    "HParamInfo": [("name", 1, "string"), ("type", 4, "int32")],
    "Experiment": [("time_created_secs", 3, "double"), ("hparam_infos", 4, "HParamInfo[]"),
                   ("metric_infos", 5, "MetricInfo[]")],
    "AnyValue": [("number_value", 2, "double"), ("string_value", 3, "string"), ("bool_value", 4, "bool")],
    "HParam": [("key", 1, "string"), ("value", 2, "AnyValue")],
    "SessionStartInfo": [("hparams", 1, "HParam[]"), ("group_name", 4, "string"), ("start_time_secs", 5, "double")],
    "SessionEndInfo": [("status", 1, "int32"), ("end_time_secs", 2, "double")],
    "HParamsPluginData": [("version", 1, "int32"), ("experiment", 2, "Experiment"),
                          ("session_start_info", 3, "SessionStartInfo"), ("session_end_info", 4, "SessionEndInfo")],
}


def masked(data):
    crc = crc32c.crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        if at + 12 > len(data):
            raise ValueError("torn length")
        length, length_crc = struct.unpack_from("<QI", data, at)
        if masked(data[at:at + 8]) != length_crc:
            sys.exit("wrong checksum of the length at %d" % at)
        if at + 16 + length > len(data):
            raise ValueError("torn record")
        payload = data[at + 12:at + 12 + length]
        if masked(payload) != struct.unpack_from("<I", data, at + 12 + length)[0]:
            sys.exit("wrong checksum at %d" % at)
        yield payload
        at += 16 + length


def main():
    classes = messages.build("tensorboard_events", SPEC)
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    out = []
    try:
        for payload in records(data):
            event = messages.plain(classes["Event"].FromString(payload))
            for value in event.get("summary", {}).get("value", []):
                plugin = value.get("metadata", {}).get("plugin_data", {})
                if plugin.get("plugin_name") == "hparams":
                    content = bytes.fromhex(plugin["content"])
                    plugin["content"] = messages.plain(classes["HParamsPluginData"].FromString(content))
                if "tensor" in value:
                    value["text"] = [bytes.fromhex(one).decode() for one in value["tensor"]["string_val"]]
            out.append(event)
    except ValueError as torn:
        out.append({"torn": str(torn)})
    json.dump(out, sys.stdout)


main()
