"""Words that must be found nowhere: put into everything that people write, and looked for in every form and place."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from cli.api_client import Api
from cli.story.city import CityMaker, Seat

ADDRESS = "203.0.113.77"
"""Of the caller, as a proxy in front of the gateway tells it; from RFC 5737."""
PIECE = 1 << 20


class Canary:
    """One word of ASCII letters and digits, unique to this run, which stands in every free text."""

    def __init__(self) -> None:
        self.word = f"qanary{secrets.token_hex(8)}"

    def text(self, text: str) -> str:
        """A text with the word in it."""
        return f"{text} {self.word}"

    def planted(self, value: Any) -> Any:
        """What is sent, with the word in every free text of it: whatever is no code, id or time."""
        if isinstance(value, Mapping):
            return {name: self.planted(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.planted(inner) for inner in value]
        return self.text(value) if isinstance(value, str) and _is_free(value) else value


def _is_free(text: str) -> bool:
    return not text.isascii() or " " in text


def forms_of(word: str) -> Iterator[tuple[str, bytes]]:
    """The bytes by which a word can be told, whatever it is part of, each with the name of its form."""
    plain = word.encode()
    yield "plain", plain
    for order in ("le", "be"):
        yield f"utf-16-{order}", word.encode(f"utf-16-{order}")
    for coded in (plain, *(word.encode(f"utf-16-{order}") for order in ("le", "be"))):
        yield "hex", coded.hex().encode()
        yield "HEX", coded.hex().upper().encode()
        for offset in range(3):
            yield "base64", _base64(coded, offset)
            yield "base64url", _base64(coded, offset).translate(bytes.maketrans(b"+/", b"-_"))
    if not word.isascii():
        escaped = json.dumps(word)[1:-1]
        yield "JSON", escaped.encode()
        yield "JSON in JSON", json.dumps(escaped)[1:-1].encode()
        yield "URL", quote(word).encode()
        yield "url", quote(word).lower().encode()
        yield "form", quote(word).replace("%20", "+").encode()


def _base64(data: bytes, offset: int) -> bytes:
    """What base64 has of the data, wherever in a longer text it begins: without the characters it shares."""
    coded = base64.b64encode(bytes(offset) + data)
    shared = {0: 0, 1: 3, 2: 2}[(offset + len(data)) % 3]
    return coded[(0, 2, 3)[offset] : len(coded) - shared]


class Needles:
    """What is looked for: words in all their forms."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.forms = {form: (name, kind) for name, word in words.items() for kind, form in forms_of(word)}
        self._longest = max(map(len, self.forms))

    def in_bytes(self, data: bytes) -> set[tuple[str, str]]:
        """The names and forms of those that are in the data."""
        return {named for form, named in self.forms.items() if form in data}

    def in_file(self, path: Path) -> set[tuple[str, str]]:
        """Those that are in a file, which is read piece by piece."""
        found: set[tuple[str, str]] = set()
        with path.open("rb") as file:
            before = b""
            while piece := file.read(PIECE):
                found |= self.in_bytes(before + piece)
                before = piece[-self._longest :]
        return found

    def in_files(self, paths: Iterable[Path]) -> dict[str, set[tuple[str, str]]]:
        """Those that are in files, by path; also in the paths themselves. A file that is gone meanwhile has none."""
        found: dict[str, set[tuple[str, str]]] = {}
        for path in paths:
            try:
                here = self.in_file(path) | self.in_bytes(str(path).encode())
            except FileNotFoundError:
                continue
            if here:
                found[str(path)] = here
        return found


def say_everywhere(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on all callers of the API say the word in what they write, and their browser in what it tells."""
    call: Any = Api._call

    def planted(self: Api, method: str, path: str, headers: Mapping[str, str] | None = None, **options: Any) -> Any:
        if "json" in options:
            options["json"] = canary.planted(options["json"])
        return call(self, method, path, headers={**told_by_a_browser(canary), **(headers or {})}, **options)

    monkeypatch.setattr(Api, "_call", planted)


def told_by_a_browser(canary: Canary) -> dict[str, str]:
    """Headers that come with a request, whoever sends it."""
    return {
        "User-Agent": f"Mozilla/5.0 ({canary.word})",
        "Referer": f"https://{canary.word}.example/",
        "Cookie": f"seen={canary.word}",
        "X-Forwarded-For": ADDRESS,
        "X-Real-IP": ADDRESS,
        "Forwarded": f"for={ADDRESS}",
    }


def maker_with(canary: Canary) -> type[CityMaker]:
    """Makes a city whose people sign in with the word."""

    class Maker(CityMaker):
        def _seat(self, home: str, name: str, language: str, login: str) -> Seat:
            login, password = f"{login}.{canary.word}", f"{secrets.token_urlsafe(8)}{canary.word}"
            made = self.api.post("/people", {"home": home, "name": name, "language": language, "login": login})
            self.api.post(f"/people/{made['person']}/password", {"home": home, "password": password})
            return Seat(made["person"], login, password)

    return Maker


def misuse(address: str, canary: Canary, session: str, school: str) -> list[int]:
    """Requests that are refused, the word in each place of them; gives the statuses."""
    headers = told_by_a_browser(canary) | {"X-Qorgan-Tenant": school}
    signed_in = headers | {"Authorization": f"Bearer {session}"}
    made_up = headers | {"Authorization": f"Bearer {canary.word}"}
    api, word = f"{address}/api/v1", canary.word
    report = f"{api}/reports"
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"{api}/{word}", {"headers": signed_in}),
        ("GET", f"{api}/cases/{word}", {"headers": signed_in}),
        ("GET", f"{api}/reports?states={word}", {"headers": signed_in}),
        ("GET", f"{api}/reports", {"headers": signed_in | {"X-Qorgan-Purpose": f"audit:{word}"}}),
        ("GET", f"{api}/reports", {"headers": made_up}),
        ("POST", f"{api}/sessions", {"headers": headers, "json": {"login": word, "password": word}}),
        ("POST", report, {"headers": signed_in, "data": f'{{"description": "{word}"', "json": None}),
        ("POST", report, {"headers": signed_in, "json": {"source": word, word: word, "description": [word]}}),
        ("POST", report, {"headers": signed_in | {"Idempotency-Key": word}, "json": {"description": word}}),
        ("POST", report, {"headers": headers | {"X-Qorgan-Tenant": word}, "json": {"description": word}}),
        (word.upper(), report, {"headers": signed_in}),
    ]
    return [requests.request(method, url, timeout=30, **options).status_code for method, url, options in asked]
