"""How long reports and notes are kept that led to no case, and how they go: by two persons, or with their case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.reports import commands, queries
from services.reports.domain.report import Report
from services.reports.domain.sign_note import SignNote
from services.reports.domain.values import Child, Method, Outcome
from services.reports.tests.builders import DEPUTY, HEAD, PSYCHOLOGIST, SAFEGUARDING_LEAD, a_person, an_accused
from services.reports.tests.world import SCHOOL, World
from shared.destructions import ApproveDestruction, DestroyAlong, LiftHold, PlaceHold, RequestDestruction
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id
from shared.ledger.erasure import StillNeededError
from shared.ledger.retention import StillKeptError

TEACHER = a_person(new_id(), "class_teacher")
POLICY = Actor(id="policy:when_destruction_approved_destroy_along")
pytestmark = pytest.mark.requirement("REP-06")


def unconfirmed(school: World, **said: Any) -> UUID:
    """A report that was not confirmed, now."""
    report = school.receive(**said)
    school.triage(report)
    school.verify(report)
    school.do(commands.NotConfirmReport, PSYCHOLOGIST, report=report, reasons="Расталмады")
    return report


def considered(school: World) -> UUID:
    """A note of a sign that was considered, now."""
    said: dict[str, Any] = {"method": Method.TALKING, "sign": "Жалғыз отырады", "child": Child(name="Ғазиз Һәкімұлы")}
    note = UUID(school.do(commands.NoteSign, TEACHER, **said).body["note"])
    outcome: dict[str, Any] = {"outcome": Outcome.NO_CONCERN, "reasons": "Көшіп келген"}
    school.do(commands.ConsiderSignNote, PSYCHOLOGIST, note=note, **outcome)
    return note


def due(school: World, by: Actor = HEAD) -> dict[str, Any]:
    """What the list of destructions tells."""
    return queries.destructions_of_reports(school.application, SCHOOL, by)


def asked(school: World, stream: UUID, by: Actor = HEAD, basis: str = "") -> UUID:
    """A destruction that somebody asked for."""
    return UUID(school.do(RequestDestruction, by, stream=stream, basis=basis).body["erasure"])


def test_a_report_and_a_note_that_led_to_nothing_are_due_after_three_years(school: World) -> None:
    """Not a day before; then two persons end each, and nothing of them is found any more."""
    report, note = unconfirmed(school), considered(school)
    school.clock.advance(timedelta(days=3 * 365 - 1))
    for stream in (report, note):
        with pytest.raises(StillKeptError):
            asked(school, stream)
    assert due(school)["due"] == []
    school.clock.advance(timedelta(days=3))
    rows = {row["stream"]: row["rule"] for row in due(school, SAFEGUARDING_LEAD)["due"]}
    assert rows == {report: "reports.kept_unconfirmed@2026-01-01", note: "reports.kept_signs@2026-01-01"}
    for stream in (report, note):
        school.do(ApproveDestruction, SAFEGUARDING_LEAD, erasure=asked(school, stream))
    school.later(seconds=1)
    ledger = school.application.for_tenant(SCHOOL)
    assert ledger.find(Report, report) is None
    assert ledger.find(SignNote, note) is None
    assert queries.list_reports(school.application, SCHOOL, HEAD, states=()) == []


def test_a_report_that_nobody_decided_is_deleted_by_no_person(school: World) -> None:
    """Whatever law is named; and one that was confirmed goes with its case, not by itself."""
    open_one = school.receive()
    confirmed = school.receive()
    school.triage(confirmed)
    school.verify(confirmed)
    school.confirm(confirmed)
    for report, why in ((open_one, "reports.report_not_ended"), (confirmed, "ledger.goes_with_its_case")):
        with pytest.raises(StillNeededError) as refusal:
            asked(school, report, basis="Заң, 18-бап")
        assert refusal.value.facts["why"] == why


def test_a_report_that_was_joined_with_an_open_one_is_held_by_that(school: World) -> None:
    """Until the other ends as well."""
    report, other = unconfirmed(school), school.receive()
    school.do(commands.JoinReports, HEAD, report=report, other=other, reasons="Бір оқиға")
    with pytest.raises(StillNeededError) as refusal:
        asked(school, report, basis="Заң, 18-бап")
    assert refusal.value.facts["why"] == "reports.joined_report_open"


def test_what_belongs_to_a_destroyed_case_goes_with_it_but_for_what_is_held(school: World) -> None:
    """In the names of the two who decided there, once; one under a hold stays."""
    reports = []
    for _ in range(2):
        reports.append(school.receive())
        school.triage(reports[-1])
        school.verify(reports[-1])
        school.confirm(reports[-1])
    gone, held = reports
    school.do(PlaceHold, SAFEGUARDING_LEAD, stream=held, reason="Сот талабы")
    assert HEAD.person is not None
    assert SAFEGUARDING_LEAD.person is not None
    decided = {"requested_by": HEAD.person, "approved_by": SAFEGUARDING_LEAD.person}
    facts: dict[str, Any] = {"erasure": new_id(), "streams": (gone, held), "rule": "cases.kept_to_age@2026-01-01"}
    for _ in range(2):
        school.do(DestroyAlong, POLICY, **facts, **decided)
    school.later(seconds=1)
    ledger = school.application.for_tenant(SCHOOL)
    assert ledger.find(Report, gone) is None
    assert ledger.find(Report, held) is not None
    [row] = due(school)["asked"]
    assert (row["requested_by"], row["approved_by"], row["state"]) == (HEAD.id, SAFEGUARDING_LEAD.id, "carried_out")


@pytest.mark.requirement("REP-02")
def test_a_walled_person_ends_nothing_and_sees_no_destruction(school: World) -> None:
    """The head who is complained of: unknown; a teacher: told the rule."""
    report = unconfirmed(school, accused=(an_accused(name="Директор", person=HEAD.person),))
    with pytest.raises(UnknownError):
        asked(school, report, HEAD, "Заң")
    asked(school, report, DEPUTY, "Заң")
    assert (due(school)["asked"], len(due(school, DEPUTY)["asked"])) == ([], 1)
    with pytest.raises(NotPermittedError):
        asked(school, report, TEACHER, "Заң")


@pytest.mark.requirement("REP-02")
def test_whom_only_the_case_keeps_away_holds_and_ends_none_of_its_reports(school: World) -> None:
    """The report does not name the head; its case does, because of another: since then it is unknown to the head."""
    report, case = unconfirmed(school), new_id()
    erasure = asked(school, report, DEPUTY, "Заң")
    school.do(commands.LinkCase, POLICY, report=report, case=case)
    school.do(commands.WallOffFromCase, POLICY, case=case, persons=(HEAD.person,))
    for command, said in (
        (RequestDestruction, {"stream": report, "basis": "Заң"}),
        (PlaceHold, {"stream": report, "reason": "Сот талабы"}),
        (LiftHold, {"stream": report, "reason": "Сот шешімі"}),
        (ApproveDestruction, {"erasure": erasure}),
    ):
        with pytest.raises(UnknownError):
            school.do(command, HEAD, **said)
        assert school.accesses()[-1][2]["rule"] == "walled"
    assert (due(school)["asked"], len(due(school, DEPUTY)["asked"])) == ([], 1)
