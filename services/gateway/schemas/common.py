"""Kinds of fields, and what many answers have in common."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate

LONGEST_TEXT = 20_000
LONGEST_CODE = 100
NOT_BLANK = r"(?:^|[\s\S])[^\s\x1c-\x1f\x85]"
"""What counts as blank where texts are read, written so that ECMA 262 (JSON Schema) and Python mean the same.

Not the class alone: generators fold the greatest length into it, and {1,20000} of a class takes them a second.
"""
AnyField = fields.Field[Any]


def identifier(description: str = "", *, required: bool = True) -> fields.UUID:
    """An id."""
    return fields.UUID(required=required, allow_none=not required, metadata=_said(description))


def text(
    description: str = "", *, required: bool = True, longest: int = LONGEST_TEXT, nullable: bool = False
) -> fields.String:
    """Words; where they may be null instead, they are not blank either."""
    checks: list[Any] = [validate.Length(max=longest)]
    if required or nullable:
        checks.append(validate.Regexp(NOT_BLANK))
    return fields.String(required=required, allow_none=nullable, validate=checks, metadata=_said(description))


def line(description: str = "", *, required: bool = True, longest: int = 500, nullable: bool = False) -> fields.String:
    """A few words."""
    return text(description, required=required, longest=longest, nullable=nullable)


def choice(
    codes: Iterable[str], description: str = "", *, required: bool = True, nullable: bool | None = None
) -> fields.String:
    """One of a list of codes; one that may be left out may be null as well, unless it is said not to."""
    allow_none = not required if nullable is None else nullable
    check = validate.OneOf(list(codes))
    return fields.String(required=required, allow_none=allow_none, validate=check, metadata=_said(description))


def code(regulation: str = "", *, required: bool = True) -> fields.String:
    """A code of a list that a regulation holds, whose key is its format."""
    limits = validate.Length(min=1, max=LONGEST_CODE)
    said = _said(f"Of `{regulation}`") | {"format": regulation} if regulation else {}
    return fields.String(required=required, validate=limits, metadata=said)


def formatted(format_: str, description: str = "", *, required: bool = True) -> fields.String:
    """What has a form of its own, checked where it is read."""
    return fields.String(required=required, metadata=_said(description) | {"format": format_})


def secret(description: str = "", *, longest: int) -> fields.String:
    """What proves who somebody is."""
    said = _said(description) | {"format": "password"}
    return fields.String(required=True, validate=validate.Length(max=longest), metadata=said)


def flag(description: str = "", *, required: bool = False) -> fields.Boolean:
    """Yes or no."""
    return fields.Boolean(required=required, metadata=_said(description))


def number(
    description: str = "", *, required: bool = False, least: int | None = None, most: int | None = None
) -> fields.Integer:
    """A whole number."""
    limits = [] if least is None and most is None else [validate.Range(min=least, max=most)]
    return fields.Integer(required=required, allow_none=not required, validate=limits, metadata=_said(description))


def day(description: str = "", *, required: bool = True) -> fields.Date:
    """A calendar day, `2026-11-22`."""
    return fields.Date(required=required, allow_none=not required, metadata=_said(description))


def time(description: str = "", *, required: bool = False) -> fields.AwareDateTime:
    """A moment, ISO 8601 with its offset; answers are in UTC."""
    return fields.AwareDateTime(required=required, allow_none=not required, metadata=_said(description))


def many(
    of: AnyField | type[Schema],
    description: str = "",
    *,
    required: bool = True,
    least: int | None = None,
    most: int | None = None,
) -> fields.List[Any]:
    """A list."""
    inner = of if isinstance(of, fields.Field) else fields.Nested(of)
    limits = [] if least is None and most is None else [validate.Length(min=least, max=most)]
    return fields.List(inner, required=required, validate=limits, metadata=_said(description))


def one(of: type[Schema], description: str = "", *, required: bool = False) -> fields.Nested:
    """An object."""
    return fields.Nested(of, required=required, allow_none=not required, metadata=_said(description))


def anything(description: str = "", *, required: bool = False, nullable: bool = False) -> fields.Dict:
    """An object whose names the schema does not fix."""
    return fields.Dict(keys=fields.String(), required=required, allow_none=nullable, metadata=_said(description))


def _said(description: str) -> dict[str, str]:
    return {"description": description} if description else {}


class Done(Schema):
    """What a command answers: the ids it concerns, and what follows from it."""

    class Meta:
        unknown = "include"


class Fault(Schema):
    """A field and what is wrong with it."""

    field = fields.String(
        required=True,
        metadata={"description": "Path of the field: `child.name`, `kinds.0`, or a header or query parameter"},
    )
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
    command = fields.String(allow_none=True, metadata={"description": "What ends it or takes it further"})
    owner = fields.String(allow_none=True, metadata={"description": "`role:<role>`, `person:<id>` or `agency:<id>`"})
    person = identifier(required=False)
    persons = fields.List(identifier(), metadata={"description": "Who answers for it now"})
    came_up_to = fields.String(allow_none=True, metadata={"description": "How far it has climbed"})
    state = fields.String()
    clock = fields.String()
    open = flag()
    missed = flag()
    overdue = flag()


class Deadlines(Schema):
    """Duties."""

    deadlines = many(Deadline)
