"""Protobuf messages described by hand, for the readers beside: a format's own numbers, written down a second time and
not taken from what the program was built with."""
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PLAIN = {
    "double": 1, "float": 2, "int64": 3, "int32": 5, "bool": 8, "string": 9, "bytes": 12,
}
_MESSAGE = 11


def build(package, spec):
    """Classes by name. spec: message -> [(field, number, type)], a type ending in [] is repeated."""
    file = descriptor_pb2.FileDescriptorProto(name=package + ".proto", package=package, syntax="proto3")
    for name, fields in spec.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            told = message.field.add(name=field, number=number, label=1)
            if kind.endswith("[]"):
                kind = kind[:-2]
                told.label = 3
            if kind in _PLAIN:
                told.type = _PLAIN[kind]
            else:
                told.type = _MESSAGE
                told.type_name = "." + package + "." + kind
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    make = getattr(message_factory, "GetMessageClass", None) or message_factory.MessageFactory(pool).GetPrototype
    return {name: make(pool.FindMessageTypeByName(package + "." + name)) for name in spec}


def plain(message):
    """A message as what json can write: bytes as hex, numbers that are not finite as text, unknown fields told."""
    out = {}
    for field, value in message.ListFields():
        if field.label == field.LABEL_REPEATED:
            out[field.name] = [_one(field, one) for one in value]
        else:
            out[field.name] = _one(field, value)
    unknown = [one.field_number for one in message.UnknownFields()]
    if unknown:
        out["unknown_fields"] = unknown
    return out


def _one(field, value):
    if field.type == field.TYPE_MESSAGE:
        return plain(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value
