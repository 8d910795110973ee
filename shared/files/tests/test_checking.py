"""Files are known by their content; what could harm, and what tells of people or places, does not come in."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shared.files.checking import CheckedFile, checked
from shared.files.refusing import RefusedFileError
from shared.files.tests.samples import (
    AUTHOR,
    CAMERA,
    PDF,
    SHEET,
    a_document,
    a_package,
    a_picture,
    a_recording,
    a_text,
)

OOXML = "application/vnd.openxmlformats-officedocument."
ALLOWED = {
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/wav",
    "audio/amr",
    "audio/flac",
    "application/pdf",
    f"{OOXML}wordprocessingml.document",
    f"{OOXML}spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
}
EXIF_OF_PLACES = 0x8825


def looked_at(content: bytes, pixels: int = 1_000_000, unpacked: int = 1_000_000) -> CheckedFile:
    """As it is kept."""
    return checked(content, allowed=ALLOWED, most_pixels=pixels, most_unpacked=unpacked)


def refused(content: bytes, pixels: int = 1_000_000, unpacked: int = 1_000_000) -> str:
    """Why it is not."""
    with pytest.raises(RefusedFileError) as refusal:
        looked_at(content, pixels, unpacked)
    return refusal.value.reason


def outcome(content: bytes) -> str:
    """Its type as it is kept, or why it is not."""
    try:
        return looked_at(content).type
    except RefusedFileError as refusal:
        return refusal.reason


def ogg(codec: bytes) -> bytes:
    """The first page of an Ogg file."""
    return b"OggS\0\x02" + bytes(20) + b"\x01\x1e" + codec + bytes(30)


class TestAFile:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (a_picture("JPEG"), "image/jpeg"),
            (a_picture("PNG"), "image/png"),
            (a_picture("WEBP"), "image/webp"),
            (a_picture("GIF"), "image/gif"),
            (a_recording(), "audio/wav"),
            (b"ID3\x04" + bytes(20) + b"\xff\xfb\x90\x64" + bytes(413), "audio/mpeg"),
            (b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0" + bytes(20), "audio/mp4"),
            (ogg(b"OpusHead"), "audio/ogg"),
            (ogg(b"\x01vorbis"), "audio/ogg"),
            (b"#!AMR\n" + b"\x3c" * 64, "audio/amr"),
            (PDF, "application/pdf"),
            (a_document(), f"{OOXML}wordprocessingml.document"),
            (a_document(main=SHEET), f"{OOXML}spreadsheetml.sheet"),
            (a_text(), "application/vnd.oasis.opendocument.text"),
        ],
        ids=lambda one: one if isinstance(one, str) else "",
    )
    def test_is_known_by_its_content(self, content: bytes, kind: str) -> None:
        assert looked_at(content).type == kind

    @pytest.mark.parametrize(
        "content",
        [
            b"MZ" + bytes(200),
            b"\x7fELF" + bytes(200),
            b"<html><script>alert(1)</script></html>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"#!/bin/sh\n",
            "Жай ғана мәтін".encode(),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(50),
            ogg(b"\x80theora"),
            ogg(b"\x80theora\x01vorbis"),
            a_package({"жай.txt": "архив"}),
            a_package({"ppt/presentation.xml": "<p/>"}),
            a_document(main="ppt/presentation.xml"),
            b"\0",
        ],
    )
    def test_of_another_kind_is_refused(self, content: bytes) -> None:
        """Programs, pages, films, archives, old formats that hide macros; also a good kind that is not on the list."""
        assert refused(content) == "type_not_allowed"

    @given(
        st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
    )
    @settings(max_examples=150, deadline=None)
    def test_of_whatever_bytes_is_kept_or_refused_and_nothing_else(self, rest: bytes, beginning: bytes) -> None:
        content, reasons = beginning + rest, {"type_not_allowed", "damaged", "active", "encrypted", "bomb"}
        assert outcome(content) in ALLOWED | reasons


class TestAnImage:
    @pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
    def test_loses_where_and_with_what_it_was_taken(self, format: str) -> None:
        """The sample has it; what is kept has not, and stands upright."""
        before, kept = Image.open(BytesIO(a_picture(format))), looked_at(a_picture(format))
        assert dict(before.getexif().get_ifd(EXIF_OF_PLACES))
        after = Image.open(BytesIO(kept.content))
        assert (dict(after.getexif()), dict(after.getexif().get_ifd(EXIF_OF_PLACES))) == ({}, {})
        assert CAMERA.encode() in a_picture(format)
        assert CAMERA.encode() not in kept.content
        assert (kept.is_stripped, after.size) == (True, (30, 40))
        red, green, blue = after.convert("RGB").tobytes()[:3]
        assert red > 180
        assert max(green, blue) < 30

    def test_loses_what_stands_behind_its_end(self) -> None:
        hidden = a_picture() + "\nқұпия сөз".encode()
        assert "құпия сөз".encode() not in looked_at(hidden).content

    def test_keeps_its_frames(self) -> None:
        frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 120, 240)]
        out = BytesIO()
        frames[0].save(out, format="GIF", save_all=True, append_images=frames[1:], duration=50)
        assert getattr(Image.open(BytesIO(looked_at(out.getvalue()).content)), "n_frames", 1) == 3

    def test_of_too_many_pixels_is_refused_before_it_is_unpacked(self) -> None:
        assert refused(a_picture("PNG", size=(1001, 1000))) == "bomb"
        assert looked_at(a_picture("PNG", size=(1000, 1000))).type == "image/png"

    @pytest.mark.parametrize("format", ["JPEG", "PNG"])
    def test_that_is_cut_off_is_refused(self, format: str) -> None:
        content = a_picture(format, size=(300, 300))
        assert refused(content[: len(content) // 2]) == "damaged"


class TestAnOfficeDocument:
    @pytest.mark.parametrize("document", [a_document(), a_text()])
    def test_loses_its_author(self, document: bytes) -> None:
        with ZipFile(BytesIO(looked_at(document).content)) as kept, ZipFile(BytesIO(document)) as before:
            assert [one for one in before.namelist() if AUTHOR.encode() in before.read(one)]
            assert not [one for one in kept.namelist() if AUTHOR.encode() in kept.read(one)]
            assert kept.namelist() == before.namelist()
            assert {one.date_time[0] for one in kept.infolist()} == {1980}

    @pytest.mark.parametrize(
        "entry",
        [
            {"word/vbaProject.bin": b"macro"},
            {"WORD/VBAPROJECT.BIN": b"macro"},
            {"xl/macrosheets/sheet1.xml": "<x/>"},
            {"word/activeX/activeX1.xml": "<x/>"},
            {"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"},
            {"word/media/run.exe": b"MZ"},
            {"word/_rels/settings.xml.rels": '<Relationship Type="x/attachedTemplate" TargetMode="External"/>'},
        ],
        ids=lambda entry: next(iter(entry)),
    )
    def test_that_could_act_is_refused(self, entry: dict[str, bytes | str]) -> None:
        assert refused(a_document(entry)) == "active"

    def test_of_the_other_family_that_could_act_is_refused(self) -> None:
        assert refused(a_text({"Basic/Standard/Module1.xml": "<script/>"})) == "active"

    def test_that_is_a_macro_document_by_its_types_is_refused(self) -> None:
        types = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
        assert refused(a_package({"[Content_Types].xml": types, "word/document.xml": "<w/>"})) == "active"

    def test_with_links_to_click_is_kept(self) -> None:
        link = {"word/_rels/document.xml.rels": '<Relationship Type="x/hyperlink" TargetMode="External"/>'}
        assert looked_at(a_document(link)).is_stripped

    def test_that_unpacks_to_too_much_is_refused(self) -> None:
        assert refused(a_document({"word/large.xml": bytes(1_000_001)})) == "bomb"
        assert refused(a_document({f"word/{number}.xml": bytes(200_000) for number in range(6)})) == "bomb"
        assert looked_at(a_document({"word/large.xml": bytes(999_000)})).is_stripped

    def test_that_says_less_of_its_size_than_it_unpacks_to_is_refused(self) -> None:
        """Sizes in headers are not believed."""
        packed = a_document({"word/large.xml": bytes(2_000_000)})
        lying = packed.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
        assert lying != packed
        assert refused(lying) in {"bomb", "damaged"}

    def test_of_too_many_parts_or_within_another_is_refused(self) -> None:
        assert refused(a_document({f"word/{number}.xml": "" for number in range(2001)})) == "bomb"
        assert refused(a_document({"word/inner.zip": a_package({"a": "b"})})) == "bomb"

    def test_under_a_password_is_refused(self) -> None:
        locked = bytearray(a_document())
        at = locked.rindex(b"PK\x01\x02")
        locked[at + 8] |= 1
        assert refused(bytes(locked)) == "encrypted"

    def test_that_is_cut_off_is_refused(self) -> None:
        assert refused(a_document()[:-30]) == "damaged"


class TestAPdf:
    @pytest.mark.parametrize("name", [b"/JavaScript", b"/JS", b"/J#53", b"/Launch", b"/EmbeddedFile", b"/#4caunch"])
    def test_that_could_act_is_refused(self, name: bytes) -> None:
        assert refused(PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S " + name + b" >>")) == "active"

    def test_that_hides_it_in_an_object_stream_is_refused(self) -> None:
        hidden = zlib.compress(b"2 0 <</S /JavaScript /JS (1)>>")
        stream = b"3 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\r\n" + hidden + b"\r\nendstream endobj\n"
        assert refused(PDF.replace(b"trailer", stream + b"trailer")) == "active"

    def test_whose_streams_look_like_it_by_chance_is_kept(self) -> None:
        stream = b"3 0 obj<</Length 4>>stream\n..../JS ..\nendstream endobj\n"
        assert looked_at(PDF.replace(b"trailer", stream + b"trailer")).type == "application/pdf"

    def test_that_unpacks_to_too_much_is_refused(self) -> None:
        hidden = zlib.compress(bytes(1_100_000))
        stream = b"3 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n" + hidden + b"\nendstream endobj\n"
        assert refused(PDF.replace(b"trailer", stream + b"trailer")) == "bomb"

    def test_under_a_password_or_cut_off_is_refused(self) -> None:
        assert refused(PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 5 0 R")) == "encrypted"
        assert refused(PDF.replace(b"%%EOF", b"")) == "damaged"
