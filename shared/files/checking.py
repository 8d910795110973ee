"""What a file is, by its content and never by its name; and the form in which it is kept.

    image    decoded and encoded anew: nothing but pixels is left, no EXIF, no place where it was taken
    office   OOXML or OpenDocument, unpacked within limits; no macros, nothing that loads from elsewhere, no author
    PDF      with its beginning and its end, no scripts, no programs, no files within; kept as it came
    audio    by its signature; kept as it came

All of it happens in memory.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import puremagic

from shared.files import images, office, pdf
from shared.files.refusing import RefusedFileError

AUDIO = {
    "audio/mpeg": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "application/ogg": "audio/ogg",
    "audio/ogg": "audio/ogg",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "audio/flac": "audio/flac",
}
"""What signatures are called, and what we call them."""
AMR = b"#!AMR\n"
_OGG_SOUND = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")
_HEAD = 4096


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    """A file as it is kept: its type (a MIME type), its content, and whether metadata was taken out of it."""

    type: str
    content: bytes
    is_stripped: bool


def checked(content: bytes, *, allowed: Collection[str], most_pixels: int, most_unpacked: int) -> CheckedFile:
    """The file in the form in which it may be kept. Raises RefusedFileError.

    `most_pixels` of an image, all of its frames together; `most_unpacked` bytes of all that a packed file holds.
    """
    if content.startswith(pdf.BEGINNING):
        found = CheckedFile(type=pdf.TYPE, content=content, is_stripped=False)
        _must_be_allowed(found.type, allowed)
        pdf.check(content, most_unpacked)
        return found
    if content.startswith(office.BEGINNING):
        packed = office.Package(content, most_unpacked)
        _must_be_allowed(packed.type, allowed)
        return CheckedFile(type=packed.type, content=packed.without_author(), is_stripped=True)
    picture = images.type_of(content)
    if picture is not None:
        _must_be_allowed(picture, allowed)
        return CheckedFile(type=picture, content=images.encoded_anew(content, most_pixels), is_stripped=True)
    sound = _sound(content)
    _must_be_allowed(sound, allowed)
    return CheckedFile(type=sound, content=content, is_stripped=False)


def _sound(content: bytes) -> str:
    """The type of a recording by its signature, the likeliest that there is; nothing where it is none that we know."""
    if content.startswith(AMR):
        return "audio/amr"
    try:
        found = next((one.mime_type for one in puremagic.magic_string(content) if one.mime_type), "")
    except (puremagic.PureError, ValueError):
        return ""
    known = AUDIO.get(found, "")
    if known == "audio/ogg" and (b"theora" in content[:_HEAD] or not any(one in content[:_HEAD] for one in _OGG_SOUND)):
        return ""  # a film, or something else in the same wrapping
    return known


def _must_be_allowed(found: str, allowed: Collection[str]) -> None:
    if found not in allowed:
        raise RefusedFileError("type_not_allowed")
