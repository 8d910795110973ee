"""Whole lives that between them record every event of this service."""

from __future__ import annotations

from datetime import timedelta

from services.reports.domain.case_team import CaseTeam
from services.reports.domain.reporter_identity import ReporterIdentity
from services.reports.domain.values import Duty, Informant, WallReason
from services.reports.tests.builders import (
    CLOCK,
    DEPUTY,
    HEAD,
    HEAD_ID,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    a_report,
    a_reporter,
    an_accused,
)
from shared.domain import Actor, Aggregate
from shared.ids import new_id

POLICY = Actor(id="policy:when_team_member_joined_join_case_team")


def all_lives() -> list[Aggregate]:
    """Reports that ended in each way, an identity that was opened, a team that somebody left."""
    later, case = RECEIVED_AT + timedelta(hours=9), new_id()
    confirmed = a_report(accused=(an_accused(role="head"), an_accused(person=new_id())), happened_at=RECEIVED_AT)
    confirmed.report.miss_deadline(duty=Duty.FIRST_ACTION, step=0, by=CLOCK, at=later)
    confirmed.report.take_urgent_action(what="Жедел жәрдем шақырылды", informed=["health"], by=DEPUTY, at=later)
    confirmed.report.wall_off(person=HEAD_ID, reason=WallReason.ACCUSED, accused=0, by=DEPUTY, at=later)
    confirmed.triaged(by=DEPUTY).under_verification().with_a_finding().confirmed()
    confirmed.report.wall_off(person=new_id(), reason=WallReason.CLOSE_TO_ACCUSED, accused=None, by=DEPUTY, at=later)
    confirmed.linked(case)
    same = confirmed.report.id  # one stream for all that a report can end with: fixtures hold each topic once
    refuted = a_report(id=same).triaged().under_verification().with_a_finding().not_confirmed()
    identity = ReporterIdentity.record(
        report=confirmed.report.id,
        entered_by=PSYCHOLOGIST_ID,
        on_behalf=True,
        informant=Informant(name="Өмірбек Әуезұлы", contact="+7 700 000 00 00"),
        by=a_reporter(),
        at=RECEIVED_AT,
    )
    identity.open(reason="Қауіпсіздігін қамтамасыз ету үшін", by=HEAD, at=later)
    team = CaseTeam.hear(case=case, by=POLICY, at=later)
    team.join(person=PSYCHOLOGIST_ID, role="psychologist", by=POLICY, at=later)
    team.wall_off(persons=[HEAD_ID], by=POLICY, at=later)
    team.leave(person=PSYCHOLOGIST_ID, by=POLICY, at=later)
    return [confirmed.report, refuted.report, a_report(id=same).triaged().out_of_scope().report, identity, team]
