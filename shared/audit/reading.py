"""Reads an audit bundle's JSON strictly: every field there, of its form, and no other. Standard library only."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

FORMAT = "qorgan audit bundle 1"


class BundleError(Exception):
    """The file is no bundle: `where` names the field, `code` what is wrong with it."""

    def __init__(self, where: str, code: str) -> None:
        super().__init__(f"{where}: {code}")
        self.where = where
        self.code = code


def read(content: bytes) -> dict[str, Any]:
    """The bundle with bytes and ids in place of their text. Raises BundleError."""
    try:
        data = json.loads(content.decode(), object_pairs_hook=_once)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BundleError("file", "not_json") from None
    bundle: dict[str, Any] = _object(BUNDLE)(data, "bundle")
    return bundle


Reader = Callable[[Any, str], Any]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _object(fields: Mapping[str, Reader]) -> Reader:
    def reader(value: Any, where: str) -> Any:
        if not isinstance(value, dict) or set(value) != set(fields):
            raise BundleError(where, "other_fields_than_described")
        return {name: read_field(value[name], f"{where}.{name}") for name, read_field in fields.items()}

    return reader


def _list(of: Reader) -> Reader:
    def reader(value: Any, where: str) -> Any:
        if not isinstance(value, list):
            raise BundleError(where, "not_a_list")
        return [of(one, f"{where}[{index}]") for index, one in enumerate(value)]

    return reader


def _or_null(of: Reader) -> Reader:
    return lambda value, where: None if value is None else of(value, where)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise BundleError(where, "not_text")
    return value


def _format(value: Any, where: str) -> str:
    if value != FORMAT:
        raise BundleError(where, "unknown_format")
    return FORMAT


def _number(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise BundleError(where, "not_a_number")
    return value


def _id(value: Any, where: str) -> UUID:
    try:
        found = UUID(_text(value, where))
    except ValueError:
        raise BundleError(where, "not_an_id") from None
    if str(found) != value:
        raise BundleError(where, "not_an_id")
    return found


def _bytes(value: Any, where: str) -> bytes:
    try:
        found = base64.b64decode(_text(value, where), validate=True)
    except (binascii.Error, ValueError):
        raise BundleError(where, "not_base64") from None
    if base64.b64encode(found).decode() != value:
        raise BundleError(where, "not_base64")
    return found


def _hash(value: Any, where: str) -> bytes:
    found = _bytes(value, where)
    if len(found) != 32:  # noqa: PLR2004 - SHA-256
        raise BundleError(where, "not_32_bytes")
    return found


EVENT: Mapping[str, Reader] = {
    "position": _number,
    "stream": _id,
    "version": _number,
    "topic": _text,
    "actor": _text,
    "recorded_at": _number,
    "cause": _or_null(_id),
    "correlation": _or_null(_id),
    "payload": _bytes,
    "key_commitment": _hash,
    "leaf_version": _number,
    "leaf_hash": _hash,
    "event_key": _or_null(_hash),
    "proof": _or_null(_list(_hash)),
}
FAULT: Mapping[str, Reader] = {"position": _number, "through": _number, "code": _text}
LOG: Mapping[str, Reader] = {
    "log": _text,
    "tenant": _id,
    "key": _object({"name": _text, "public_key": _hash}),
    "checkpoint": _or_null(_text),
    "edge": _bytes,
    "faults": _list(_object(FAULT)),
    "events": _list(_object(EVENT)),
}
BUNDLE: Mapping[str, Reader] = {"format": _format, "case": _id, "logs": _list(_object(LOG))}
