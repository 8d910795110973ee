"""Images: decoded and encoded anew, so that nothing but pixels is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from shared.files.refusing import RefusedFileError

TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
SAVED: Mapping[str, Mapping[str, Any]] = {
    "JPEG": {"quality": 92},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 90},
    "GIF": {},
}
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def type_of(content: bytes) -> str | None:
    """The type of an image that we take, None for anything else."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            return TYPES.get(image.format or "")
    except (Image.DecompressionBombError, UnidentifiedImageError):
        return None
    except (OSError, SyntaxError, ValueError):
        return None


def encoded_anew(content: bytes, most_pixels: int) -> bytes:
    """The same picture, upright, with nothing else in it. Raises RefusedFileError."""
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
            if image.width * image.height * frames > most_pixels:
                raise RefusedFileError("bomb")
            kept = [_pixels(frame) for frame, _ in zip(ImageSequence.Iterator(image), range(frames), strict=False)]
            duration = (
                [frame.info.get("duration", 100) for frame in ImageSequence.Iterator(image)] if frames > 1 else []
            )
            return _saved("JPEG" if image.format == "MPO" else str(image.format), kept, duration)
    except Image.DecompressionBombError:
        raise RefusedFileError("bomb") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise RefusedFileError("damaged") from None


def _pixels(frame: Image.Image) -> Image.Image:
    """A frame's pixels alone, turned as its EXIF says."""
    upright = ImageOps.exif_transpose(frame)
    is_grey = upright.mode in ("1", "L")
    see_through = "A" in upright.mode or "transparency" in upright.info
    plain = upright.convert("L" if is_grey and not see_through else "RGBA" if see_through else "RGB")
    return Image.frombytes(plain.mode, plain.size, plain.tobytes())


def _saved(format: str, frames: list[Image.Image], duration: list[int]) -> bytes:
    out = BytesIO()
    more: dict[str, Any] = {}
    if len(frames) > 1:
        more = {"save_all": True, "append_images": frames[1:], "duration": duration, "loop": 0}
    frames[0].save(out, format=format, **SAVED[format], **more)
    return out.getvalue()
