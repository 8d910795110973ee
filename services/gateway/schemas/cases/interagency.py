"""The interagency team: what may be asked of it, and the workspace that is shown."""

from __future__ import annotations

from marshmallow import Schema

from services.gateway.schemas import codes
from services.gateway.schemas.cases.asked import MOST, Decided
from services.gateway.schemas.common import (
    anything,
    choice,
    flag,
    identifier,
    many,
    number,
    text,
    time,
)


class ConveneInteragencyTeam(Schema):
    """Why the case needs other agencies."""

    reasons = text()
    best_interests = text("How it serves the child's best interests")


class OfferSeat(Schema):
    """Which agency, or the department itself, is asked for its person."""

    agency = identifier("The agency's tenant")
    rights = many(choice(codes.SEAT_RIGHTS), "To see the materials is part of every seat", required=False, most=MOST)
    ends_at = time("Where left out, as late as policy lets it")


class EndSeat(Schema):
    """Why a seat ends."""

    reason = choice(codes.SEAT_ENDINGS, "`no_longer_needed` or `replaced`; the others come by themselves")


class HoldInteragencyMeeting(Schema):
    """A meeting of both sides: who was there, what was discussed and decided."""

    held_at = time(required=True)
    participants = many(
        identifier(), "The caller among them, of the team and of those who sit there", least=1, most=MOST
    )
    discussed = text()
    decisions = many(Decided, required=False, most=MOST)


class ConfirmInteragencyParticipation(Schema):
    """Whether one was there and decided so."""

    took_part = flag(required=True)


class RecordJointDecision(Schema):
    """Which decision of which meeting."""

    meeting = identifier()
    number = number("From 1", required=True, least=1, most=MOST)


class GiveInteragencyTask(Schema):
    """What is to be done, by when, by an agency that sits there or by a person of either side."""

    what = text()
    due_at = time(required=True)
    agency = identifier(required=False)
    person = identifier(required=False)


class DoInteragencyTask(Schema):
    """What came of a task."""

    result = text()


class DropInteragencyTask(Schema):
    """Why a task need not be done."""

    reason = text()


class Seat(Schema):
    """An agency's seat that runs; `person` once the agency named one, `accepted` once that person was warned."""

    seat = identifier()
    agency = identifier()
    person = identifier(required=False)
    rights = many(choice(codes.SEAT_RIGHTS))
    ends_at = time(required=True)
    accepted = flag(required=True)


class InTeam(Schema):
    """Somebody of the school who works on the case."""

    person = identifier()
    role = choice(codes.ROLES_IN_CASES)


class Workspace(Schema):
    """What school and agencies share in a case."""

    case = identifier()
    version = number(required=True)
    state = choice(["open", "closed"])
    coordinator = identifier(required=False)
    team = many(InTeam)
    members = many(Seat)
    materials = anything("All of the case but session notes and who reported", required=True)
    meetings = many(anything(), "Who is said to have taken part, who `confirmed`, what was discussed and decided")
    decisions = many(anything(), "Joint ones: who took part, for which agencies")
    tasks = many(anything(), "Each with its owner; `result` once done, `overdue` where late")
    waiting = many(anything(), "Steps that wait for an agency; without `outcome` while they do")
