"""When another service's event, then our command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from services.cases import commands
from services.cases.reactions import REACTIONS
from services.cases.tests.builders import MONDAY, PEDAGOGUE, POLICE, TEACHER, an_id, person
from shared.domain import Command
from shared.policy import Heard

SCHOOL = UUID("5b1d94f5-63e5-4b34-9a5d-0a5dfd8b6d02")


def heard(type_: str, number: int = 7) -> Heard:
    """The envelope of a public event."""
    return Heard(
        source=type_.partition(".")[0],
        tenant=SCHOOL,
        number=number,
        hash=b"\0" * 32,
        incarnation=an_id("Журнал"),
        correlation=None,
        type=type_,
        happened_at=MONDAY,
        recorded_at=MONDAY,
        cause=None,
    )


def told(type_: str, body: Mapping[str, Any], number: int = 7) -> list[Command]:
    """The commands that a public event leads to."""
    envelope = heard(type_, number)
    return [
        command
        for reaction in REACTIONS
        if reaction.listens_to == type_
        for command in reaction.policy(reaction.reader(body), envelope)
    ]


def report_confirmed(**changed: Any) -> dict[str, Any]:
    """A body of `reports.report_confirmed.v1`, with a field that we do not know."""
    return {
        "report": str(an_id("Хабарлама")),
        "kinds": ["physical"],
        "place": "school",
        "immediate_danger": False,
        "walled": [str(person(TEACHER))],
        "owner": str(person(PEDAGOGUE)),
        "cases": [],
        "count_of_cases": 1,
        "new_in_v1": "left aside",
    } | changed


class TestAConfirmedReport:
    """`reports.report_confirmed.v1`."""

    @pytest.mark.requirement("REP-07")
    def test_opens_a_case_with_its_walls_and_owner(self) -> None:
        """The policy acts, in the school's tenant, caused by the event."""
        [command] = told("reports.report_confirmed.v1", report_confirmed())
        assert isinstance(command, commands.OpenCase)
        assert command.report.walled == frozenset({person(TEACHER)})
        assert command.report.owner == person(PEDAGOGUE)
        assert (command.tenant, command.by.id) == (SCHOOL, "policy:when_report_confirmed_open_case")
        assert command.cause == heard("reports.report_confirmed.v1").id

    @pytest.mark.requirement("REP-07")
    def test_may_open_several_each_with_an_id_of_its_own(self) -> None:
        """One report, three children: three commands, the same ones however often it is heard."""
        first = told("reports.report_confirmed.v1", report_confirmed(count_of_cases=3))
        again = told("reports.report_confirmed.v1", report_confirmed(count_of_cases=3))
        assert len({command.command_id for command in first}) == 3
        assert first == again

    @pytest.mark.requirement("REP-07")
    def test_joins_the_cases_it_names_instead(self) -> None:
        """Several reports of the same events join one case."""
        named = [str(an_id("Бірінші іс")), str(an_id("Екінші іс")), str(an_id("Бірінші іс"))]
        linked = told("reports.report_confirmed.v1", report_confirmed(cases=named))
        assert [type(command) for command in linked] == [commands.LinkReport, commands.LinkReport]

    def test_heard_under_another_number_is_another_command(self) -> None:
        """Ids follow from the event's place in its source's log."""
        [one] = told("reports.report_confirmed.v1", report_confirmed(), number=7)
        [other] = told("reports.report_confirmed.v1", report_confirmed(), number=8)
        assert one.command_id != other.command_id


REFERRAL = {"referral": str(an_id("Жолдама")), "case": str(an_id("Іс")), "agency": str(POLICE), "more": 1}


@pytest.mark.parametrize(
    ("event", "more", "expected"),
    [
        ("requested", {"acknowledge_by": "2026-04-07T00:00:00Z"}, commands.NoteReferralRequested),
        ("delivered", {"delivered_at": "2026-04-06T05:00:00+00:00"}, commands.NoteReferralDelivered),
        ("accepted", {}, commands.NoteReferralAccepted),
        ("declined", {"reason": "not_competent"}, commands.NoteReferralDeclined),
        ("fell_silent", {"clock": "acknowledge"}, commands.NoteReferralFellSilent),
        ("completed", {"outcome": "help_given"}, commands.NoteReferralCompleted),
        ("cancelled", {}, commands.NoteReferralCancelled),
    ],
)
def test_what_happens_to_a_referral_is_noted_on_its_case(
    event: str, more: dict[str, Any], expected: type[commands.NoteReferral]
) -> None:
    """Each public event of a referral leads to one command about its case."""
    [command] = told(f"referrals.referral_{event}.v1", REFERRAL | more)
    assert type(command) is expected
    assert (command.case, command.referral, command.agency) == (an_id("Іс"), an_id("Жолдама"), POLICE)


def test_the_time_of_delivery_is_the_agencys() -> None:
    """It is taken from the event, not from the moment it is heard."""
    [command] = told("referrals.referral_delivered.v1", REFERRAL | {"delivered_at": "2026-04-06T05:00:00+00:00"})
    assert isinstance(command, commands.NoteReferralDelivered)
    assert command.delivered_at == datetime(2026, 4, 6, 5, tzinfo=UTC)


@pytest.mark.requirement("REF-01")
@pytest.mark.parametrize(
    ("said", "notifies"), [({}, True), ({"purpose": "notification"}, True), ({"purpose": "service"}, False)]
)
def test_only_a_notification_informs(said: dict[str, str], notifies: bool) -> None:
    """Of a delivery whose purpose is not said, as those before there was one, a notification is taken."""
    [command] = told(
        "referrals.referral_delivered.v1", {**REFERRAL, "delivered_at": "2026-04-06T05:00:00+00:00", **said}
    )
    assert isinstance(command, commands.NoteReferralDelivered)
    assert command.notifies is notifies
