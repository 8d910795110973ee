"""When something happened elsewhere, then these commands and no others; pure."""

from __future__ import annotations

from typing import Any

import pytest

from services.referrals import commands
from services.referrals.reactions import REACTIONS
from services.referrals.tests.builders import CASE, MONDAY, PEDAGOGUE, POLICE, SCHOOL, an_id
from shared.domain import Command
from shared.ids import new_id
from shared.policy import Heard

PERSON, REFERRAL = str(PEDAGOGUE.person), str(an_id("жолдама"))
INCARNATION = new_id()
ASKED = {"referral": REFERRAL, "case": str(CASE), "agency": str(POLICE)}
DUE = dict.fromkeys(("acknowledge_by", "begin_by", "report_back_by"), MONDAY.isoformat())


def heard(type: str) -> Heard:
    """The envelope of an event of the school, number 7."""
    return Heard(
        source=type.partition(".")[0],
        tenant=SCHOOL,
        number=7,
        hash=b"",
        incarnation=INCARNATION,
        type=type,
        happened_at=MONDAY,
        recorded_at=MONDAY,
        cause=None,
    )


def when(type: str, body: dict[str, Any]) -> list[Command]:
    """What follows from an event."""
    envelope = heard(type)
    reactions = [reaction for reaction in REACTIONS if reaction.listens_to == type]
    return [command for r in reactions for command in r.policy(r.reader(body), envelope)]


@pytest.mark.parametrize(
    ("type", "body", "kind", "facts"),
    [
        (
            "accounts.agency_registered.v1",
            {"agency": str(POLICE), "kind": "police", "channel": "web", "name": "Полиция"},
            commands.ListAgency,
            {"agency": POLICE, "kind": "police", "channel": "web", "virtual_host": None},
        ),
        (
            "cases.case_opened.v1",
            {"case": str(CASE), "walled": [PERSON], "number": 7, "report": REFERRAL},
            commands.FormTeam,
            {"case": CASE, "walled": [PEDAGOGUE.person]},
        ),
        (
            "cases.report_linked.v1",
            {"case": str(CASE), "report": str(CASE), "walled": [PERSON], "immediate_danger": False},
            commands.WallOffPersons,
            {"case": CASE, "persons": [PEDAGOGUE.person]},
        ),
        (
            "cases.person_walled_off.v1",
            {"case": str(CASE), "person": PERSON},
            commands.WallOffPersons,
            {"case": CASE, "persons": [PEDAGOGUE.person]},
        ),
        (
            "cases.team_member_joined.v1",
            {"case": str(CASE), "person": PERSON, "role": "psychologist"},
            commands.AdmitMember,
            {"case": CASE, "person": PEDAGOGUE.person, "role": "psychologist"},
        ),
        (
            "cases.team_member_left.v1",
            {"case": str(CASE), "person": PERSON, "role": "psychologist"},
            commands.ReleaseMember,
            {"case": CASE, "person": PEDAGOGUE.person},
        ),
        (
            "cases.coordinator_appointed.v1",
            {"case": str(CASE), "person": PERSON},
            commands.NameCoordinator,
            {"case": CASE, "person": PEDAGOGUE.person},
        ),
        (
            "cases.glass_broken.v1",
            {"case": str(CASE), "person": PERSON, "until": MONDAY.isoformat()},
            commands.NoteGlassBroken,
            {"case": CASE, "person": PEDAGOGUE.person, "until": MONDAY},
        ),
        ("cases.case_closed.v1", {"case": str(CASE)}, commands.DissolveTeam, {"case": CASE}),
        ("cases.case_reopened.v1", {"case": str(CASE)}, commands.ReformTeam, {"case": CASE}),
        (
            "referrals.referral_requested.v1",
            {**ASKED, **DUE},
            commands.PlaceInInbox,
            {"tenant": POLICE, "school": SCHOOL, "agency": POLICE, "begin_by": MONDAY},
        ),
        ("referrals.referral_accepted.v1", ASKED, commands.NoteState, {"tenant": POLICE, "state": "accepted"}),
        ("referrals.referral_begun.v1", ASKED, commands.NoteState, {"tenant": POLICE, "state": "in_progress"}),
        ("referrals.referral_completed.v1", ASKED, commands.NoteState, {"tenant": POLICE, "state": "completed"}),
        ("referrals.referral_cancelled.v1", ASKED, commands.NoteState, {"tenant": POLICE, "state": "cancelled"}),
        (
            "referrals.referral_declined.v1",
            {**ASKED, "reason": "no_capacity", "state": "failed"},
            commands.NoteState,
            {"tenant": POLICE, "state": "failed"},
        ),
    ],
)
def test_one_event_leads_to_one_command(type: str, body: dict[str, Any], kind: type, facts: dict[str, Any]) -> None:
    """With an id that is the same each time, and the policy as the one who acts."""
    (command,) = when(type, body)
    (again,) = when(type, body)
    assert isinstance(command, kind)
    assert {name: getattr(command, name) for name in facts} == facts
    assert command.command_id == again.command_id
    assert command.cause == heard(type).id
    assert command.by.id.startswith("policy:when_")


def test_silence_and_delivery_lead_to_nothing_here() -> None:
    """They are for cases."""
    assert when("referrals.referral_fell_silent.v1", {**ASKED, "clock": "begin"}) == []
    assert when("referrals.referral_delivered.v1", ASKED) == []


def test_a_report_that_walls_nobody_off_leads_to_nothing() -> None:
    """The team stays as it is."""
    body = {"case": str(CASE), "report": str(CASE), "walled": [], "immediate_danger": False}
    assert when("cases.report_linked.v1", body) == []
