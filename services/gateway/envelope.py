"""What a request says besides its content: whose session, which tenant, which command, which version; and its JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from uuid import UUID, uuid4

from flask import Request
from marshmallow import Schema, fields

from services.gateway.access import Caller
from services.gateway.clients import RefusedError, invalid

TENANT, PURPOSE, POSITION = "X-Qorgan-Tenant", "X-Qorgan-Purpose", "X-Qorgan-Position"
COMMAND_ID, VERSION = "Idempotency-Key", "If-Match"
ENTITY_TAG = re.compile(r'(W/)?"(?P<number>[0-9]{1,19})"', re.ASCII)
SEALED_POSITION = re.compile("[A-Za-z0-9_-]{48}", re.ASCII)
OF_THE_ENVELOPE = frozenset({"at_least"})
"""Query parameters that every question has."""


@dataclass
class Faults:
    """Faults by field, gathered until all of them can be told at once."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, code: str) -> None:
        """One more fault of a field."""
        self.found.setdefault(name, []).append(code)

    def settle(self) -> None:
        """Raises RefusedError if there was any."""
        if self.found:
            raise invalid(self.found)


def session_of(request: Request) -> str | None:
    """The bearer session, None without one. Raises RefusedError for another kind of authorization."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, session = header.partition(" ")
    if scheme.lower() != "bearer" or not session.strip():
        raise RefusedError("token", "gateway.not_signed_in")
    return session.strip()


def caller_of(request: Request, session: str | None, faults: Faults) -> Caller:
    """Who asks, in which tenant (always said) and for what purpose."""
    said = request.headers.get(TENANT)
    if not said:
        faults.add(TENANT, "required")
    tenant = _id(said, TENANT, faults) if said else ""
    return Caller(session=session, tenant=tenant, purpose=request.headers.get(PURPOSE, ""))


def command_id_of(request: Request, faults: Faults) -> str:
    """The command's id: the caller's `Idempotency-Key`, else a new one."""
    said = request.headers.get(COMMAND_ID)
    return str(uuid4()) if said is None else _id(said, COMMAND_ID, faults)


def expected_version_of(request: Request, faults: Faults) -> int | None:
    """The stream version that the caller saw, an entity tag of RFC 9110: `If-Match: "7"`."""
    said = request.headers.get(VERSION, "*").strip()
    if said == "*":
        return None
    tag = ENTITY_TAG.fullmatch(said)
    if tag is None:
        faults.add(VERSION, "not_a_number")
        return None
    return int(tag["number"])


def at_least_of(request: Request, faults: Faults) -> str | None:
    """The position that the answer must have seen, sealed as the service told it."""
    said = request.args.get("at_least")
    if said is not None and not SEALED_POSITION.fullmatch(said):
        faults.add("at_least", "invalid")
        return None
    return said


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; nothing sent is an empty one. Raises RefusedError."""
    raw = request.get_data(cache=False)
    if not raw:
        return {}
    if request.mimetype != "application/json":
        raise RefusedError("not_json", "gateway.not_json")
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_number, parse_float=_number)
        json.dumps(body, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise RefusedError("malformed", "gateway.malformed_json") from None
    if not isinstance(body, dict):
        raise invalid({"body": ["not_an_object"]})
    return body


def query_of(request: Request, schema: Schema | None, faults: Faults) -> dict[str, Any]:
    """The query parameters that a route knows, in the form its schema says; others are faults."""
    known = {} if schema is None else schema.fields
    for name in request.args:
        if name not in known and name not in OF_THE_ENVELOPE:
            faults.add(name, "unknown_field")
    return {name: _read(request, name, known[name]) for name in known if name in request.args}


def with_ids(content: Mapping[str, Any], ids: Mapping[str, str], faults: Faults) -> dict[str, Any]:
    """The content with the ids of the path; saying one of them again is a fault. Raises RefusedError for no id."""
    for name in ids:
        if name in content:
            faults.add(name, "unknown_field")
    return {**content, **{name: _id_of_path(value) for name, value in ids.items()}}


def renamed(refused: RefusedError) -> RefusedError:
    """A service's refusal in the words of HTTP: what it calls `data`, all that was sent, is the body."""
    faults = refused.facts.get("faults")
    if not isinstance(faults, Mapping) or "data" not in faults:
        return refused
    told = {("body" if name == "data" else name): codes for name, codes in faults.items()}
    return RefusedError(refused.kind, refused.code, {**refused.facts, "faults": told})


def _read(request: Request, name: str, kind: fields.Field[Any]) -> Any:
    if isinstance(kind, fields.List):
        return [one for value in request.args.getlist(name) for one in value.split(",") if one]
    value = request.args[name]
    return int(value) if isinstance(kind, fields.Integer) and _is_number(value) else value


def _id(value: str, name: str, faults: Faults) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        faults.add(name, "not_an_id")
        return ""


def _id_of_path(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise RefusedError("unknown", "common.unknown") from None


def _number(written: str) -> int | float:
    """`18.0` is the whole number 18, as JSON Schema has it; what is no whole number stays what it is."""
    number = float(written)
    if math.isinf(number):
        raise ValueError(written)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20  # noqa: PLR2004 (64 bits have 19 digits)


def _no_number(constant: str) -> NoReturn:
    """JSON knows neither NaN nor infinity; Python's reader does."""
    raise ValueError(constant)
