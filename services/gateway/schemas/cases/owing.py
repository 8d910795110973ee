"""What a case owes, what was missed and came up to whom."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.gateway.schemas import codes
from services.gateway.schemas.common import choice, flag, identifier, many, text, time


class WaiveDuty(Schema):
    """A duty that the service does not act on this time, and why."""

    duty = choice(codes.CASE_DUTIES)
    reason = text()
    best_interests = text()


class CameUpCase(Schema):
    """A missed duty of a case, or of the School Safety Service, and on which rung the caller learnt of it."""

    case = identifier(required=False)
    safety_service = identifier(required=False)
    duty = choice([*codes.CASE_DUTIES, *codes.TASKS, *codes.SERVICE_DUTIES])
    about = identifier("The member who owes it, or the task of the interagency team", required=False)
    rung = choice(codes.RUNGS)
    due_at = time(required=True)
    climbed_at = time(required=True)
    rule = fields.String(required=True)


class CameUp(Schema):
    """The longest overdue first."""

    cases = many(CameUpCase)


class CameUpDuty(Schema):
    """A duty that nobody in a school met: ids, codes, times."""

    school = identifier()
    service = choice(codes.SERVICES)
    matter = identifier(
        "A report, note of a sign, breach, case or referral of the school, or its School Safety Service"
    )
    duty = fields.String(required=True)
    due_at = time(required=True)
    climbed_at = time(required=True)
    rule = fields.String(required=True)


class CameUpToDepartment(Schema):
    """The longest overdue first."""

    duties = many(CameUpDuty)


class NextActionsQuery(Schema):
    """Of which case, and whose."""

    case = identifier("All that the caller may see where left out", required=False)
    mine = flag("Only what the caller answers for")


class NextAction(Schema):
    """What must happen, and the command that does it."""

    case = identifier()
    what = choice(codes.NEXT_ACTIONS)
    command = fields.String(required=True, metadata={"description": "`cases.assess_risk`"})
    rule = fields.String(required=True, metadata={"description": "A requirement, or key @ start of the value applied"})
    owner = fields.String(required=True, metadata={"description": "`role:<role>`, `person:<id>` or `agency:<id>`"})
    persons = many(identifier(), "Who answers for it now")
    due_at = time("Without a clock of its own where null")
    overdue = flag(required=True)
    about = identifier("The meeting, waiting step, task or help that it is about", required=False)
    came_up_to = choice(codes.RUNGS, "How far it has climbed", required=False)
    codes = many(fields.String(), "What is missing, or who is awaited")


class NextActions(Schema):
    """What falls due first first; what has no clock of its own last."""

    actions = many(NextAction)
