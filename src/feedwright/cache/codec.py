"""Values to JSON and back, as workers hand them on and the cache keeps them; door to the JSON of msgspec."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

T = TypeVar("T")
_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    """Return a value as JSON; half a surrogate pair, which a file name may contain, becomes "?"."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), ensure_ascii=False).encode("utf-8", "replace")


def raw_items(data: bytes) -> list[bytes]:
    """Return the items of a JSON array as they are written; raises `msgspec.MsgspecError` for others."""
    return [*map(bytes, _decode_items(data))]


def raw_array(items: Iterable[bytes]) -> bytes:
    """Return the JSON array of items that are JSON."""
    return b"[%b]" % b",".join(items)


def decoder(kind: type[T]) -> Callable[[bytes], T]:
    """Return the function that reads values of one type; it raises `msgspec.MsgspecError` for others."""
    return msgspec.json.Decoder(kind).decode


_decode_items = decoder(list[msgspec.Raw])
