"""PDF: whole, and with nothing in it that acts: no scripts, no programs, no files within.

Names are looked for where they can stand: outside of streams, and in object streams, unpacked within a limit.
"""

from __future__ import annotations

import re
import zlib

from shared.files.refusing import RefusedFileError

BEGINNING = b"%PDF-"
TYPE = "application/pdf"
END_WITHIN = 2048
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?=[\s/<>\[\]()%]|\Z)")
_ENCRYPTED = re.compile(rb"/Encrypt(?=[\s/<>\[\]()%]|\Z)")


def check(content: bytes, most_unpacked: int) -> None:
    """Raises RefusedFileError."""
    if b"%%EOF" not in content[-END_WITHIN:]:
        raise RefusedFileError("damaged")
    outside, left = [], most_unpacked
    at = 0
    while (begin := content.find(b"stream", at)) >= 0:
        outside.append(content[at:begin])
        end = content.find(b"endstream", begin)
        if end < 0:
            raise RefusedFileError("damaged")
        if b"ObjStm" in _named(content[max(at, begin - 512) : begin]):
            unpacked = _unpacked(content[begin + len(b"stream") : end].lstrip(b"\r\n"), left)
            left -= len(unpacked)
            outside.append(unpacked)
        at = end + len(b"endstream")
    outside.append(content[at:])
    for part in map(_named, outside):
        if _ENCRYPTED.search(part):
            raise RefusedFileError("encrypted")
        if _ACTIVE.search(part):
            raise RefusedFileError("active")


def _named(part: bytes) -> bytes:
    """With names as they are read: `/J#53` is `/JS`."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _unpacked(data: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, max(1, most))
    except zlib.error:
        raise RefusedFileError("damaged") from None  # nothing can be said of what it holds
    if unpacking.unconsumed_tail:
        raise RefusedFileError("bomb")
    return found
