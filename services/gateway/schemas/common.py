"""Kinds of fields, and what many answers have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate

LONGEST_TEXT = 20_000
AnyField = fields.Field[Any]


def identifier(description: str = "", *, required: bool = True) -> fields.UUID:
    """An id."""
    return fields.UUID(required=required, allow_none=not required, metadata=_said(description))


def text(description: str = "", *, required: bool = True, longest: int = LONGEST_TEXT) -> fields.String:
    """Words."""
    checks = validate.Length(min=1 if required else None, max=longest)
    return fields.String(required=required, validate=checks, metadata=_said(description))


def line(description: str = "", *, required: bool = True, longest: int = 500) -> fields.String:
    """A few words."""
    return text(description, required=required, longest=longest)


def choice(codes: Iterable[str], description: str = "", *, required: bool = True) -> fields.String:
    """One of a list of codes."""
    return fields.String(
        required=required, allow_none=not required, validate=validate.OneOf(list(codes)), metadata=_said(description)
    )


def code(description: str = "", *, required: bool = True) -> fields.String:
    """A code of a list that regulations hold."""
    return fields.String(required=required, metadata=_said(description))


def flag(description: str = "", *, required: bool = False) -> fields.Boolean:
    """Yes or no."""
    return fields.Boolean(required=required, metadata=_said(description))


def number(
    description: str = "", *, required: bool = False, least: int | None = None, most: int | None = None
) -> fields.Integer:
    """A whole number."""
    limits = validate.Range(min=least, max=most)
    return fields.Integer(required=required, allow_none=not required, validate=limits, metadata=_said(description))


def day(description: str = "") -> fields.Date:
    """A calendar day, `2026-11-22`."""
    return fields.Date(required=True, metadata=_said(description))


def time(description: str = "", *, required: bool = False) -> fields.AwareDateTime:
    """A moment, ISO 8601 with its offset; answers are in UTC."""
    return fields.AwareDateTime(required=required, allow_none=not required, metadata=_said(description))


def many(of: AnyField | type[Schema], description: str = "", *, required: bool = True) -> fields.List[Any]:
    """A list."""
    inner = of if isinstance(of, fields.Field) else fields.Nested(of)
    return fields.List(inner, required=required, metadata=_said(description))


def one(of: type[Schema], description: str = "", *, required: bool = False) -> fields.Nested:
    """An object."""
    return fields.Nested(of, required=required, allow_none=not required, metadata=_said(description))


def anything(description: str = "", *, required: bool = False) -> fields.Dict:
    """An object whose names the schema does not fix."""
    return fields.Dict(keys=fields.String(), required=required, metadata=_said(description))


def _said(description: str) -> dict[str, str]:
    return {"description": description} if description else {}


class Done(Schema):
    """What a command answers: the ids it concerns, and what follows from it."""

    class Meta:
        unknown = "include"


class Fault(Schema):
    """A field and what is wrong with it."""

    field = line("Path of the field: `child.name`, `kinds.0`, or a header or query parameter")
    code = fields.String(required=True)
    message = line("In the caller's language")


class Problem(Schema):
    """Why a request was refused (RFC 9457), in the language of `Accept-Language`: kk (default), ru or en."""

    type = fields.String(required=True, metadata={"format": "uri"})
    title = line()
    status = number(required=True)
    code = fields.String(required=True, metadata={"description": "What stands in the way: `cases.case_closed`"})
    detail = line()
    faults = many(Fault, "Every fault of a request that is invalid")
    facts = anything("What the refusal rests on: ids, codes, numbers, times", required=True)


class TimelineEvent(Schema):
    """One event: who did what when; `facts` are its own."""

    version = number("In the stream")
    topic = fields.String(required=True, metadata={"description": "`cases.risk_assessed`"})
    actor = fields.String(required=True, metadata={"description": "`person:<id>`, `reporter:<id>`, `policy:<name>` …"})
    at = time("By the clock", required=True)
    recorded_at = time("When it was appended")
    facts = anything(required=True)


class Timeline(Schema):
    """Every event, oldest first."""

    events = many(TimelineEvent)


class Deadline(Schema):
    """What is due, by when, under which rule."""

    duty = fields.String(required=True)
    due_at = time(required=True)
    rule = fields.String(
        required=True, metadata={"description": "Key @ start of the value applied: `cases.informing@2026-01-01`"}
    )
    owner = fields.String()
    person = identifier(required=False)
    state = fields.String()
    clock = fields.String()
    open = flag()
    missed = flag()
    overdue = flag()


class Deadlines(Schema):
    """Duties."""

    deadlines = many(Deadline)
