"""The risk group through the application: who may see what, walls, clocks, reads (SSS-06)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.monitoring import commands, queries
from services.monitoring.domain.values import Change, EntryState, LeavingReason, Level, Nature, WallReason
from services.monitoring.tests.builders import (
    AUDITOR,
    CHILD,
    DEPUTY,
    DEPUTY_ID,
    ENGINEER,
    HEAD,
    HEAD_ID,
    PEDAGOGUE,
    PSYCHOLOGIST,
    SAFEGUARDING_LEAD,
    TEACHER,
    TEACHER_ID,
    a_named,
    a_person,
)
from services.monitoring.tests.world import OTHER_SCHOOL, SCHOOL, World
from shared.domain import Actor, NotPermittedError, UnknownError, VersionConflictError
from shared.ids import derived_id, new_id

pytestmark = pytest.mark.requirement("SSS-06")
STRANGER = a_person(new_id(), "subject_teacher")


def shown(school: World, by: Actor, entry: UUID, tenant: UUID = SCHOOL) -> dict[str, Any]:
    """An entry in full."""
    return queries.show_entry(school.application, tenant, by, entry=entry)


def listed(school: World, by: Actor, *states: EntryState, tenant: UUID = SCHOOL) -> list[UUID]:
    """The caller's list."""
    return [row["entry"] for row in queries.list_risk_group(school.application, tenant, by, states=states)]


def proposed(school: World, **body: Any) -> UUID:
    """A report of problem behaviour came in; its entry."""
    report = new_id()
    school.hear("reports.report_received.v1", {"report": str(report), "walled": []})
    told = {"report": str(report), "walled": [], "walled_roles": []} | body
    school.hear("reports.problem_behaviour_reported.v1", told)
    return derived_id(report, "group_entry")


class TestAnEntry:
    @pytest.mark.parametrize("by", [HEAD, DEPUTY, PEDAGOGUE, PSYCHOLOGIST, AUDITOR])
    def test_is_seen_by_the_roles_that_the_policy_names_and_auditors(self, school: World, by: Actor) -> None:
        entry = school.enter()
        assert listed(school, by) == [entry]
        assert shown(school, by, entry)["child"]["name"] == CHILD.name

    @pytest.mark.parametrize("by", [STRANGER, ENGINEER, SAFEGUARDING_LEAD, a_person(new_id(), "auditor")])
    def test_is_not_for_others(self, school: World, by: Actor) -> None:
        entry = school.enter()
        with pytest.raises(NotPermittedError) as refused:
            shown(school, by, entry)
        assert refused.value.rule == "monitoring.need_to_know.see"
        if by is not SAFEGUARDING_LEAD:
            with pytest.raises(NotPermittedError):
                listed(school, by)

    def test_is_seen_by_who_works_with_the_child_as_long_as_they_do(self, school: World) -> None:
        entry = school.enter()
        school.do(commands.InvolveWorker, PEDAGOGUE, entry=entry, person=TEACHER_ID)
        assert listed(school, TEACHER) == [entry]
        school.do(commands.NoteBehaviour, TEACHER, entry=entry, change=Change.BETTER, observed="Көмектесе бастады")
        with pytest.raises(NotPermittedError):
            school.do(commands.LeaveGroup, TEACHER, entry=entry, reason=LeavingReason.LEFT_SCHOOL, reasons="Кетті")
        school.do(commands.ReleaseWorker, PEDAGOGUE, entry=entry, person=TEACHER_ID, reasons="Сыныбы ауысты")
        with pytest.raises(NotPermittedError):
            shown(school, TEACHER, entry)

    def test_is_not_entered_by_others(self, school: World) -> None:
        with pytest.raises(NotPermittedError):
            school.enter(by=TEACHER)

    def test_is_another_schools_to_nobody(self, school: World) -> None:
        entry = school.enter()
        with pytest.raises(UnknownError):
            shown(school, HEAD, entry, tenant=OTHER_SCHOOL)
        assert listed(school, HEAD, tenant=OTHER_SCHOOL) == []

    def test_leaves_a_record_of_every_read_and_of_every_denial(self, school: World) -> None:
        entry = school.enter()
        shown(school, HEAD, entry)
        with pytest.raises(NotPermittedError):
            shown(school, STRANGER, entry)
        rules = [(actor, facts["rule"]) for _, actor, facts in school.accesses()]
        assert rules == [
            (HEAD.id, "monitoring.risk_group_roles"),
            (STRANGER.id, "monitoring.need_to_know.see"),
        ]

    def test_shows_names_in_no_list(self, school: World) -> None:
        school.enter()
        assert CHILD.name not in str(queries.list_risk_group(school.application, SCHOOL, HEAD))

    def test_conflicts_where_somebody_was_first(self, school: World) -> None:
        entry = school.enter()
        version = shown(school, HEAD, entry)["version"]
        said = {"entry": entry, "change": Change.WORSE, "observed": "Төбелесті", "expected_version": version}
        school.do(commands.NoteBehaviour, HEAD, **said)
        with pytest.raises(VersionConflictError):
            school.do(commands.NoteBehaviour, DEPUTY, **said)


@pytest.mark.requirement("REP-02")
class TestWhoeverIsKeptAway:
    def hidden(self, school: World, entry: UUID, by: Actor) -> None:
        """There is no such entry."""
        with pytest.raises(UnknownError) as walled:
            shown(school, by, entry)
        with pytest.raises(UnknownError) as unknown:
            shown(school, by, new_id())
        assert walled.value.facts == unknown.value.facts
        assert entry not in listed(school, by)
        with pytest.raises(UnknownError):
            school.do(commands.ReviewEntry, by, entry=entry, change=Change.BETTER, findings="Бәрі жақсы")

    def test_by_name_finds_nothing(self, school: World) -> None:
        self.hidden(school, school.enter(named=(a_named(person=DEPUTY_ID),)), DEPUTY)

    def test_by_role_finds_nothing_until_it_is_known_who_it_was(self, school: World) -> None:
        entry = school.enter(named=(a_named(role="deputy"),))
        self.hidden(school, entry, DEPUTY)
        school.do(commands.WallOffFromEntry, PEDAGOGUE, entry=entry, person=HEAD_ID, named=0)
        self.hidden(school, entry, HEAD)
        assert listed(school, DEPUTY) == [entry]

    def test_by_closeness_finds_nothing(self, school: World) -> None:
        entry = school.enter()
        reason = WallReason.CLOSE_TO_ACCUSED
        school.do(commands.WallOffFromEntry, PEDAGOGUE, entry=entry, person=DEPUTY_ID, reason=reason)
        self.hidden(school, entry, DEPUTY)

    @pytest.mark.parametrize("matter", ["report", "case"])
    def test_by_the_report_or_the_case_finds_nothing_also_when_it_turns_out_later(
        self, school: World, matter: str
    ) -> None:
        known, other = new_id(), DEPUTY
        if matter == "report":
            school.hear("reports.report_received.v1", {"report": str(known), "walled": [str(HEAD_ID)]})
        else:
            school.hear("cases.case_opened.v1", {"case": str(known), "walled": [str(HEAD_ID)]})
        named: dict[str, Any] = {matter: known}
        entry = school.enter(**named)
        self.hidden(school, entry, HEAD)
        assert listed(school, other) == [entry]
        school.hear(f"{matter}s.person_walled_off.v1", {matter: str(known), "person": str(DEPUTY_ID)})
        self.hidden(school, entry, other)

    def test_by_the_reports_accused_role_finds_nothing_until_it_is_known_who_it_was(self, school: World) -> None:
        report = str(new_id())
        school.hear("reports.report_received.v1", {"report": report, "walled": [], "walled_roles": ["deputy"]})
        entry = school.enter(report=UUID(report))
        self.hidden(school, entry, DEPUTY)
        with pytest.raises(UnknownError):
            school.enter(by=DEPUTY, report=UUID(report))
        known = {"report": report, "person": str(HEAD_ID), "cases": []}
        school.hear("reports.person_walled_off.v1", known)
        self.hidden(school, entry, DEPUTY)
        school.hear("reports.person_walled_off.v1", known | {"walled_roles": []})
        self.hidden(school, entry, HEAD)
        assert listed(school, DEPUTY) == [entry]

    def test_links_no_entry_with_a_matter_that_keeps_them_away_or_is_not_there(self, school: World) -> None:
        report = new_id()
        school.hear("reports.report_received.v1", {"report": str(report), "walled": [str(HEAD_ID)]})
        for one in (report, new_id()):
            with pytest.raises(UnknownError):
                school.enter(by=HEAD, report=one)
        school.enter(by=DEPUTY, report=report)

    def test_leaves_it_to_the_departments_safeguarding_lead_as_well(self, school: World) -> None:
        entry = school.enter(named=(a_named(person=HEAD_ID),))
        assert listed(school, SAFEGUARDING_LEAD) == [entry]
        assert shown(school, SAFEGUARDING_LEAD, entry)["walled"] == [HEAD_ID]


@pytest.mark.requirement("REP-01")
class TestReportedProblemBehaviour:
    def test_is_put_before_the_service_once(self, school: World) -> None:
        entry = proposed(school)
        report = shown(school, PEDAGOGUE, entry)["report"]
        school.hear("reports.problem_behaviour_reported.v1", {"report": str(report), "walled": [], "walled_roles": []})
        assert listed(school, PEDAGOGUE) == [entry]
        assert school.topics(entry) == ["monitoring.group_entry_proposed"]

    def test_is_hidden_from_whom_the_report_keeps_away(self, school: World) -> None:
        entry = proposed(school, walled=[str(HEAD_ID)], walled_roles=["deputy"])
        assert listed(school, PEDAGOGUE) == [entry]
        for by in (HEAD, DEPUTY):
            assert listed(school, by) == []
            with pytest.raises(UnknownError):
                shown(school, by, entry)

    def test_becomes_an_entry_or_is_declined_with_reasons(self, school: World) -> None:
        accepted, declined = proposed(school), proposed(school)
        child: dict[str, Any] = {
            "child": CHILD,
            "level": Level.TERTIARY,
            "category": "committed_violence",
            "reasons": "Үш рет ұрған",
        }
        school.do(commands.AcceptProposal, PEDAGOGUE, entry=accepted, **child)
        school.do(commands.DeclineProposal, PEDAGOGUE, entry=declined, reasons="Бір реттік оқиға")
        assert listed(school, PEDAGOGUE) == [accepted]
        assert listed(school, PEDAGOGUE, EntryState.DECLINED) == [declined]

    def test_that_nobody_decides_on_in_time_shows(self, school: World) -> None:
        entry = proposed(school)
        school.later(days=5)
        assert len(school.topics(entry)) == 1
        school.later(days=4)
        school.later(days=4)
        assert school.topics(entry)[1:] == ["monitoring.group_decision_missed"]
        assert shown(school, HEAD, entry)["duties"][0]["missed"]


class TestReviews:
    def test_are_due_by_the_interval_and_missed_once(self, school: World) -> None:
        entry = school.enter()
        school.later(days=31)
        school.later(days=31)
        assert school.topics(entry)[1:] == ["monitoring.group_review_missed"]
        school.do(commands.ReviewEntry, HEAD, entry=entry, change=Change.BETTER, findings="Тыныш")
        [duty] = shown(school, HEAD, entry)["duties"]
        assert (duty["missed"], duty["overdue"]) == (False, False)

    def test_lead_out_of_the_group_where_behaviour_changed(self, school: World) -> None:
        entry = school.enter()
        owner: dict[str, Any] = {"owner": TEACHER_ID, "nature": Nature.ENCOURAGEMENT, "what": "Футбол үйірмесі"}
        measure = school.do(commands.AddMeasure, PEDAGOGUE, entry=entry, **owner).body["number"]
        school.do(commands.FinishMeasure, TEACHER, entry=entry, number=measure, result="Қатысып жүр")
        school.do(commands.ReviewEntry, HEAD, entry=entry, change=Change.BETTER, findings="Төбелес жоқ")
        said: dict[str, Any] = {"reason": LeavingReason.BEHAVIOUR_CHANGED, "reasons": "Үш ай бойы тыныш"}
        school.do(commands.LeaveGroup, HEAD, entry=entry, **said)
        assert listed(school, HEAD) == []
        school.later(days=60)
        assert school.topics(entry)[-1] == "monitoring.child_left_group"
