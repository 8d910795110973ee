"""Files of each kind, as small as they can be, made anew each time."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

CAMERA, AUTHOR = "Almaty camera 7", "Құпия Хабаршыұлы"
GPS = {1: "N", 2: (43.0, 14.0, 12.0), 3: "E", 4: (76.0, 53.0, 6.0)}
WORD, SHEET = "word/document.xml", "xl/workbook.xml"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_picture(format: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    """A red picture that says where and with what it was taken, and lies on its side."""
    told = Image.Exif()
    told[0x010F] = CAMERA
    told[0x0112] = 6
    told.get_ifd(0x8825).update(GPS)
    out = BytesIO()
    more = {"exif": told} | more if format != "GIF" else more
    Image.new("RGB", size, (200, 10, 10)).save(out, format=format, **more)
    return out.getvalue()


def a_recording() -> bytes:
    """A tenth of a second of silence."""
    out = BytesIO()
    with wave.open(out, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8000)
        recording.writeframes(bytes(1600))
    return out.getvalue()


def a_package(entries: Mapping[str, bytes | str]) -> bytes:
    """A zip file of these entries."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return out.getvalue()


def a_document(more: Mapping[str, bytes | str] | None = None, main: str = WORD) -> bytes:
    """An OOXML document by an author."""
    core = f"<cp:coreProperties><dc:creator>{AUTHOR}</dc:creator></cp:coreProperties>"
    return a_package({"[Content_Types].xml": TYPES, main: "<w/>", "docProps/core.xml": core, **(more or {})})


def a_text(more: Mapping[str, bytes | str] | None = None) -> bytes:
    """An OpenDocument text by an author."""
    entries = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office/>", "meta.xml": AUTHOR}
    return a_package(entries | dict(more or {}))
