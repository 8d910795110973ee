"""Need to know: breaking the glass, access lists, notices."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas.cases.shown import CaseChanged
from services.gateway.schemas.common import choice, flag, identifier, many, text, time


class AskToBreakGlass(Schema):
    """Why the deputy must see a case that they are not on."""

    reason = text()


class GlassChanged(CaseChanged):
    """The case, and the request to break its glass."""

    request = identifier()


class Access(Schema):
    """A look at something confidential, or a denial."""

    at = time(required=True)
    actor = fields.String(required=True, metadata={"description": "`person:<id>`, `reporter:<id>` …"})
    what = fields.String(required=True, metadata={"description": "What was asked: `show_case`"})
    allowed = flag(required=True)
    rule = fields.String(required=True, metadata={"description": "That allowed or denied it; `break_glass` marks such"})
    purpose = fields.String(required=True, metadata={"description": "An auditor's; else empty"})


class Accesses(Schema):
    """Who read what of it, and who was denied it, oldest first."""

    accesses = many(Access)


class GlassNotice(Schema):
    """What happened to which case; no names."""

    notice = identifier()
    kind = choice(["glass_broken"])
    case = identifier()
    at = time(required=True)
    until = time()


class BrokenGlass(Schema):
    """What the caller is to know, the newest first."""

    notices = many(GlassNotice)
