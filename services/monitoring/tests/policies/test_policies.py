"""What is heard, and what follows from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.monitoring import commands
from services.monitoring.reactions import REACTIONS
from services.monitoring.tests.builders import HEAD_ID, NOW
from services.monitoring.tests.world import SCHOOL
from shared.domain import Command
from shared.ids import new_id
from shared.policy import Heard

REPORT, CASE = new_id(), new_id()


def followed(type_: str, **body: Any) -> list[Command]:
    """The commands that follow a public event."""
    heard = Heard(
        source=type_.partition(".")[0],
        tenant=SCHOOL,
        number=1,
        hash=b"\1" * 32,
        incarnation=UUID(int=1),
        type=type_,
        happened_at=NOW,
        recorded_at=NOW,
        cause=None,
    )
    told = {
        name: [str(one) for one in value] if isinstance(value, list) else str(value) for name, value in body.items()
    }
    found = [one for one in REACTIONS if one.listens_to == type_]
    return [command for one in found for command in one.policy(one.reader(told), heard)]


@pytest.mark.requirement("REP-01")
@pytest.mark.requirement("SSS-06")
def test_problem_behaviour_is_proposed_with_its_walls() -> None:
    """By ids and codes alone."""
    type_ = "reports.problem_behaviour_reported.v1"
    [command] = followed(type_, report=REPORT, walled=[HEAD_ID], walled_roles=["deputy"])
    assert isinstance(command, commands.ProposeEntry)
    assert (command.report, command.walled, command.walled_roles) == (REPORT, (HEAD_ID,), ("deputy",))
    assert command.command_id == followed(type_, report=REPORT)[0].command_id


@pytest.mark.requirement("REP-02")
@pytest.mark.parametrize(
    ("type_", "body", "matter", "walled"),
    [
        ("reports.report_received.v1", {"report": REPORT, "walled": [HEAD_ID]}, REPORT, (HEAD_ID,)),
        ("reports.report_received.v1", {"report": REPORT, "walled": []}, REPORT, ()),
        ("reports.person_walled_off.v1", {"report": REPORT, "person": HEAD_ID, "cases": []}, REPORT, (HEAD_ID,)),
        ("cases.case_opened.v1", {"case": CASE, "report": REPORT, "walled": [HEAD_ID]}, CASE, (HEAD_ID,)),
        ("cases.report_linked.v1", {"case": CASE, "report": REPORT, "walled": [HEAD_ID]}, CASE, (HEAD_ID,)),
        ("cases.person_walled_off.v1", {"case": CASE, "person": HEAD_ID}, CASE, (HEAD_ID,)),
    ],
)
def test_matters_are_heard_of_with_their_walls(
    type_: str, body: dict[str, Any], matter: UUID, walled: tuple[UUID, ...]
) -> None:
    """Also those that keep nobody away: an entry may name them."""
    [command] = followed(type_, **body)
    assert isinstance(command, commands.HearOfMatter)
    assert (command.matter, command.persons, command.roles) == (matter, walled, None)


@pytest.mark.requirement("REP-02")
@pytest.mark.parametrize("roles", [[], ["deputy"]])
def test_reports_are_heard_of_with_the_roles_that_they_keep_away(roles: list[str]) -> None:
    """From now on: none is said as well, once it is known who it was."""
    received = {"report": REPORT, "walled": [], "walled_roles": roles}
    known = {"report": REPORT, "person": HEAD_ID, "cases": [], "walled_roles": roles}
    for type_, body in (("reports.report_received.v1", received), ("reports.person_walled_off.v1", known)):
        [command] = followed(type_, **body)
        assert isinstance(command, commands.HearOfMatter)
        assert command.roles == tuple(roles)
