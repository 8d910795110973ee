"""Office files: OOXML and OpenDocument packages, unpacked within limits; macros and links that load stay outside.

Written anew without what tells its author: document properties and the times of the package's entries.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from shared.files.refusing import RefusedFileError

BEGINNING = b"PK\x03\x04"
MOST_ENTRIES = 2_000
PIECE = 1 << 16
_OOXML = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS = {
    "word/document.xml": f"{_OOXML}wordprocessingml.document",
    "xl/workbook.xml": f"{_OOXML}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OOXML}presentationml.presentation",
}
_OPEN_DOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")
_ACTIVE_ENTRY = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|oleobject|attachedtoolbars|^basic/|^scripts/|\.(exe|dll|js|vbs|bat|jar)$"
)
_RELATIONSHIP = re.compile(rb"<Relationship\b[^>]*>")
_PROPERTIES = {
    "docprops/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>',
    "docprops/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"/>',
    "docprops/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'custom-properties"/>',
    "meta.xml": b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'office:version="1.3"/>',
}
_AT = (1980, 1, 1, 0, 0, 0)


class Package:
    """A package, read whole within its limits. Raises RefusedFileError."""

    def __init__(self, content: bytes, most_unpacked: int) -> None:
        self._entries = dict(_unpacked(content, most_unpacked))
        self.type = self._type()
        for name, entry in self._entries.items():
            _must_be_harmless(name.lower(), entry)

    def without_author(self) -> bytes:
        """The package, written anew."""
        out = BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as package:
            for name, entry in self._entries.items():
                info = ZipInfo(name, _AT)
                info.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
                package.writestr(info, _PROPERTIES.get(name.lower(), entry))
        return out.getvalue()

    def _type(self) -> str:
        """The type of a document that we know, nothing for another package."""
        said = self._entries.get("mimetype", b"")
        if _OPEN_DOCUMENT.fullmatch(said):
            return said.decode()
        if "[Content_Types].xml" not in self._entries:
            return ""
        return next((kind for part, kind in _MAIN_PARTS.items() if part in self._entries), "")


def _unpacked(content: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """Each entry's name and content; what its header says of its size is not believed."""
    left = most
    try:
        with ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES:
                raise RefusedFileError("bomb")
            if any(entry.flag_bits & 1 for entry in entries):
                raise RefusedFileError("encrypted")
            if len({entry.filename.lower() for entry in entries}) < len(entries):
                raise RefusedFileError("damaged")  # two entries of one name: each reader would take another
            for entry in entries:
                if not entry.is_dir():
                    found = _read(package, entry, left)
                    left -= len(found)
                    yield entry.filename, found
    except (BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        raise RefusedFileError("damaged") from None


def _read(package: ZipFile, entry: ZipInfo, most: int) -> bytes:
    read = bytearray()
    with package.open(entry) as opened:
        while piece := opened.read(PIECE):
            read += piece
            if len(read) > most:
                raise RefusedFileError("bomb")
    return bytes(read)


def _must_be_harmless(name: str, entry: bytes) -> None:
    is_types = name == "[content_types].xml"
    if _ACTIVE_ENTRY.search(name) or (is_types and re.search(rb"macroEnabled|vbaProject", entry, re.IGNORECASE)):
        raise RefusedFileError("active")
    if entry.startswith(BEGINNING):
        raise RefusedFileError("bomb")  # a package in a package
    if name.endswith(".rels") and any(_loads_from_elsewhere(one) for one in _RELATIONSHIP.findall(entry)):
        raise RefusedFileError("active")


def _loads_from_elsewhere(relationship: bytes) -> bool:
    """A link that a reader follows by a click loads nothing; templates, pictures and objects from outside do."""
    return b"External" in relationship and b"/hyperlink" not in relationship
