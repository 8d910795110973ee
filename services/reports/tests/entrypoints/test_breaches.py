"""Retaliation and disclosures: reported by anybody, tracked to an outcome, never seen by whom they are about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.reports import commands, queries
from services.reports.domain import errors
from services.reports.domain.breach import Breach, BreachKind, BreachOutcome, SchoolRule
from services.reports.domain.receipt import read
from services.reports.domain.values import Channel, Source
from services.reports.tests.builders import (
    AUDITOR,
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    SAFEGUARDING_LEAD,
    a_person,
    a_reporter,
    an_accused,
)
from services.reports.tests.world import DESCRIPTION, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError
from shared.ids import new_id
from shared.ledger.tables import due

pytestmark = [pytest.mark.requirement("REP-04"), pytest.mark.requirement("REP-12")]
TEACHER = a_person(new_id(), "class_teacher")
TOLD: dict[str, Any] = {"kind": BreachKind.RETALIATION, "description": "Мұғалім бағамды түсіріп жүр, Үміт те көрді"}


def reported(school: World, **said: Any) -> tuple[UUID, str]:
    """A report, and its receipt as it is read."""
    facts: dict[str, Any] = {"source": Source.CHILD_VICTIM, "channel": Channel.WEB, "description": DESCRIPTION}
    body = school.do(commands.ReceiveReport, a_reporter(), **(facts | said)).body
    return UUID(body["report"]), read(body["receipt"]) or ""


def breach_of(school: World, by: Actor | None = None, **told: Any) -> UUID:
    """A breach that somebody reported."""
    school.do(commands.ReportBreach, by or a_reporter(), **(TOLD | told))
    recorded = school.application.for_tenant(SCHOOL).recorder.select_notifications(
        1, 500, topics=[Breach.Reported.TOPIC]
    )
    return recorded[-1].stream


def listed(school: World, by: Actor) -> list[UUID]:
    """Those that somebody sees."""
    return [row["breach"] for row in queries.list_breaches(school.application, SCHOOL, by)]


def shown(school: World, breach: UUID, by: Actor = DEPUTY) -> dict[str, Any]:
    """One in full."""
    return queries.show_breach(school.application, SCHOOL, by, breach=breach)


def duties(school: World, breach: UUID) -> list[str]:
    """Who is to look into it."""
    with school.service.database.tenant(SCHOOL) as connection:
        return list(connection.scalars(select(due.c.owner).where(due.c.tenant == SCHOOL, due.c.stream == breach)))


class TestReporting:
    @pytest.mark.parametrize("kind", list(BreachKind))
    @pytest.mark.parametrize("by", [TEACHER, a_reporter()])
    def test_is_for_staff_and_for_whoever_stays_anonymous(self, school: World, by: Actor, kind: BreachKind) -> None:
        breach = breach_of(school, by, kind=kind)
        assert (shown(school, breach)["kind"], shown(school, breach)["state"]) == (kind.value, "breach_reported")
        assert listed(school, DEPUTY) == [breach]

    def test_stands_under_a_pseudonym(self, school: World) -> None:
        """Whoever of the staff it was: in the leaf, and in what is shown."""
        breach = breach_of(school, TEACHER)
        events = school.application.for_tenant(SCHOOL).recorder.select_events(breach)
        assert {event.actor.partition(":")[0] for event in events} == {"reporter"}
        assert TEACHER.id not in str(shown(school, breach))

    def test_is_by_receipt_part_of_its_report_and_told_there(self, school: World) -> None:
        report, receipt = reported(school)
        breach = breach_of(school, receipt=receipt)
        assert shown(school, breach)["report"] == report
        told = queries.report_by_receipt(school.application, SCHOOL, a_reporter(), receipt=receipt)["breaches"]
        assert [(one["breach"], one["state"]) for one in told] == [(breach, "breach_reported")]
        _, other = reported(school)
        assert queries.report_by_receipt(school.application, SCHOOL, a_reporter(), receipt=other)["breaches"] == []

    def test_is_no_part_of_the_reports_own_history(self, school: World) -> None:
        report, receipt = reported(school)
        before = school.report(report).version
        breach_of(school, receipt=receipt)
        assert school.report(report).version == before

    def test_of_a_report_is_for_who_knows_it(self, school: World) -> None:
        report, _ = reported(school)
        assert shown(school, breach_of(school, DEPUTY, report=report))["report"] == report
        with pytest.raises(NotPermittedError):
            breach_of(school, TEACHER, report=report)
        with pytest.raises(UnknownError):
            breach_of(school, DEPUTY, report=new_id())

    def test_once_more_by_somebody_anonymous_gets_the_first_answer(self, school: World) -> None:
        once = new_id()
        first = school.do(commands.ReportBreach, a_reporter(), command_id=once, **TOLD)
        assert school.do(commands.ReportBreach, a_reporter(), command_id=once, **TOLD).body == first.body
        assert len(listed(school, DEPUTY)) == 1


class TestTracking:
    def test_goes_from_an_owner_by_steps_to_a_consequence(self, school: World) -> None:
        breach = breach_of(school, happened_on=RECEIVED_AT.date())
        assert duties(school, breach) == ["role:head"]
        school.do(commands.AppointBreachOwner, DEPUTY, breach=breach, owner=PSYCHOLOGIST_ID)
        assert duties(school, breach) == [f"person:{PSYCHOLOGIST_ID}"]
        school.do(commands.TakeBreachStep, PSYCHOLOGIST, breach=breach, what="Журнал", finding="Негізсіз")
        rule = SchoolRule(title="Ішкі тәртіп ережесі", article="14", in_force_since=RECEIVED_AT.date())
        ended: dict[str, Any] = {"outcome": BreachOutcome.SUBSTANTIATED, "reasons": "Салыстырылды", "school_rule": rule}
        with pytest.raises(errors.ConsequenceNotListedError):
            school.do(commands.EndBreach, PSYCHOLOGIST, breach=breach, consequence="whipping", **ended)
        school.do(commands.EndBreach, PSYCHOLOGIST, breach=breach, consequence="reprimand", **ended)
        told = shown(school, breach)
        assert (told["state"], told["consequence"], told["school_rule"]) == (
            "substantiated",
            "reprimand",
            rule.stored(),
        )
        assert [(one["by"], one["finding"]) for one in told["steps"]] == [(PSYCHOLOGIST.id, "Негізсіз")]
        assert duties(school, breach) == []

    def test_that_nobody_looked_into_is_missed_once(self, school: World) -> None:
        """Five working days: not before, and then in the history."""
        breach = breach_of(school)
        school.later(days=6)
        assert not shown(school, breach)["overdue"]
        school.later(days=2)
        assert shown(school, breach)["overdue"]
        topics = [event.TOPIC for _, event in school.application.for_tenant(SCHOOL).events(breach)]
        assert topics == ["reports.breach_reported", "reports.breach_inquiry_missed"]
        assert duties(school, breach) == ["role:head"]  # the next rung (test_breach_ladder)

    def test_goes_past_the_head_where_that_is_who_it_is_about(self, school: World) -> None:
        assert duties(school, breach_of(school, accused=(an_accused(role="head"),))) == ["role:deputy"]


class TestWhoMay:
    @pytest.mark.requirement("REP-02")
    @pytest.mark.parametrize("accused", [an_accused(person=HEAD_ID), an_accused(role="head")])
    def test_not_know_of_it_where_it_is_about_them(self, school: World, accused: Any) -> None:
        """As of an unknown one: show, work on, end, and in no list."""
        breach = breach_of(school, accused=(accused,))
        assert listed(school, HEAD) == []
        for one in (breach, new_id()):
            with pytest.raises(UnknownError):
                shown(school, one, HEAD)
            with pytest.raises(UnknownError):
                school.do(commands.AppointBreachOwner, HEAD, breach=one, owner=HEAD_ID)
        assert listed(school, DEPUTY) == listed(school, SAFEGUARDING_LEAD) == [breach]
        assert ("access.denied", HEAD.id) in [entry[:2] for entry in school.accesses()]

    @pytest.mark.requirement("REP-02")
    def test_not_know_of_it_where_its_report_keeps_them_away(self, school: World) -> None:
        """Also who is walled off from the report later."""
        report, receipt = reported(school)
        breach = breach_of(school, receipt=receipt)
        assert listed(school, HEAD) == [breach]
        school.do(commands.WallOffPerson, DEPUTY, report=report, person=HEAD_ID)
        assert listed(school, HEAD) == []
        with pytest.raises(UnknownError):
            shown(school, breach, HEAD)
        with pytest.raises(errors.OwnerIsWalledOffError):
            school.do(commands.AppointBreachOwner, DEPUTY, breach=breach, owner=HEAD_ID)

    def test_see_it_as_owner_and_not_before(self, school: World) -> None:
        breach = breach_of(school)
        with pytest.raises(NotPermittedError):
            shown(school, breach, PSYCHOLOGIST)
        school.do(commands.AppointBreachOwner, DEPUTY, breach=breach, owner=PSYCHOLOGIST_ID)
        assert shown(school, breach, PSYCHOLOGIST)["owner"] == PSYCHOLOGIST_ID
        with pytest.raises(NotPermittedError):
            school.do(commands.AppointBreachOwner, PSYCHOLOGIST, breach=breach, owner=PSYCHOLOGIST_ID)

    def test_see_how_far_it_is_where_they_reported_it(self, school: World) -> None:
        """And no more; the access log has the pseudonym."""
        breach = breach_of(school, TEACHER)
        assert set(shown(school, breach, TEACHER)) == {"breach", "kind", "state", "reported_at", "due_at"}
        assert listed(school, TEACHER) == []
        with pytest.raises(NotPermittedError):
            school.do(commands.TakeBreachStep, TEACHER, breach=breach, what="Әңгіме", finding="Жоқ")
        assert not [entry for entry in school.accesses() if entry[1] == TEACHER.id and str(breach) in str(entry[2])]

    def test_see_it_as_auditor_and_each_look_is_recorded(self, school: World) -> None:
        breach = breach_of(school)
        shown(school, breach, AUDITOR)
        topic, actor, facts = school.accesses()[-1]
        assert (topic, actor, facts["what"]) == ("access.read", AUDITOR.id, "breach")
        with pytest.raises(NotPermittedError):
            queries.list_breaches(school.application, SCHOOL, a_reporter())
        with pytest.raises(NotPermittedError):
            shown(school, breach, SAFEGUARDING_LEAD)
