"""Whole lives that between them record every event of this service."""

from __future__ import annotations

from datetime import timedelta

from services.reports.domain.case_team import CaseTeam
from services.reports.domain.receipt import Receipt
from services.reports.domain.reporter_identity import ReporterIdentity
from services.reports.domain.same_events import SameEvents
from services.reports.domain.values import Body, Duty, Informant, Kind, Outcome, WallReason
from services.reports.domain.way_in import Contact, WayIn
from services.reports.tests.builders import (
    CLOCK,
    DEPUTY,
    HEAD,
    HEAD_ID,
    LADDER,
    PSYCHOLOGIST,
    PSYCHOLOGIST_ID,
    RECEIVED_AT,
    a_breach,
    a_kept_file,
    a_report,
    a_reporter,
    a_sign_note,
    an_accused,
    substantiated,
)
from shared.domain import Actor, Aggregate
from shared.ids import new_id

POLICY = Actor(id="policy:when_team_member_joined_join_case_team")


def all_lives() -> list[Aggregate]:
    """Reports that ended in each way, an identity that was opened, a team that somebody left."""
    later, case = RECEIVED_AT + timedelta(hours=9), new_id()
    confirmed = a_report(accused=(an_accused(role="head"), an_accused(person=new_id())), happened_at=RECEIVED_AT)
    for step in (0, 1):
        at, walled = later + timedelta(days=7 * step), confirmed.report.walled
        confirmed.report.miss_deadline(duty=Duty.FIRST_ACTION, step=step, ladder=LADDER, walled=walled, by=CLOCK, at=at)
    confirmed.report.take_urgent_action(what="Жедел жәрдем шақырылды", informed=["health"], by=DEPUTY, at=later)
    confirmed.report.wall_off(person=HEAD_ID, reason=WallReason.ACCUSED, accused=0, by=DEPUTY, at=later)
    confirmed.triaged(by=DEPUTY).under_verification().with_a_finding().confirmed()
    confirmed.report.wall_off(person=new_id(), reason=WallReason.CLOSE_TO_ACCUSED, accused=None, by=DEPUTY, at=later)
    confirmed.linked(case)
    confirmed.report.write_to_reporter(text="Қазір қауіпсіз жердесің бе?", asks=True, by=DEPUTY, at=later)
    confirmed.report.turn_to_body(body=Body.POLICE, turned_at=later, note="102 арқылы", by=PSYCHOLOGIST, at=later)
    confirmed.report.add_facts(text="Иә, апамның үйіндемін", answers=1, by=a_reporter(), at=later)
    confirmed.report.add_attachment(file=a_kept_file(), most=20, by=a_reporter(), at=later)
    same = confirmed.report.id  # one stream for all that a report can end with: fixtures hold each topic once
    refuted = a_report(id=same).triaged().under_verification().with_a_finding().not_confirmed()
    identity = ReporterIdentity.record(
        report=confirmed.report.id,
        entered_by=PSYCHOLOGIST_ID,
        on_behalf=True,
        informant=Informant(name="Өмірбек Әуезұлы", contact="+7 700 000 00 00"),
        receipt=new_id(),
        by=a_reporter(),
        at=RECEIVED_AT,
    )
    identity.open(reason="Қауіпсіздігін қамтамасыз ету үшін", by=HEAD, at=later)
    receipt = Receipt.issue(
        id=identity.receipt or new_id(), report=confirmed.report.id, by=a_reporter(), at=RECEIVED_AT
    )
    behaviour = a_report(id=same, kinds=(Kind.PROBLEM_BEHAVIOUR,), accused=(an_accused(role="deputy"),)).report
    joined = a_report(id=same).report
    joined.join(other=new_id(), walled=[], by=DEPUTY, at=later)
    pair = SameEvents.compare(report=same, other=new_id(), by=DEPUTY, at=later)
    pair.keep_apart(reasons="Басқа күн", by=DEPUTY, at=later)
    pair.join(reasons="Сол күн екен", by=DEPUTY, at=later)
    note = a_sign_note()
    for step in (0, 1):
        note.miss_consideration(step=step, ladder=LADDER, by=CLOCK, at=later + timedelta(days=7 * step))
    note.consider(outcome=Outcome.REPORTED, reasons="Екінші белгі", report=same, by=DEPUTY, at=later)
    waived = a_report(id=same).report
    words = {"reason": "Басқа мектептің оқушысы", "best_interests": "Ол мектеп хабардар"}
    waived.waive_duty(duty=Duty.FIRST_ACTION, **words, by=DEPUTY, at=later)
    team = CaseTeam.hear(case=case, by=POLICY, at=later)
    team.join(person=PSYCHOLOGIST_ID, role="psychologist", by=POLICY, at=later)
    team.wall_off(persons=[HEAD_ID], by=POLICY, at=later)
    team.leave(person=PSYCHOLOGIST_ID, by=POLICY, at=later)
    breach = a_breach(accused=(an_accused(role="head"),))
    for step in (0, 3):
        at = later + timedelta(days=30 + step)
        breach.miss_inquiry(step=step, ladder=LADDER, walled=(), walled_roles=(), by=CLOCK, at=at)
    breach.wall_off(person=HEAD_ID, accused=0, by=DEPUTY, at=later)
    breach.appoint_owner(owner=PSYCHOLOGIST_ID, walled=(), by=DEPUTY, at=later)
    breach.take_step(what="Сынып жетекшісімен әңгіме", finding="Бағасы негізсіз түсірілген", by=DEPUTY, at=later)
    breach.end(**substantiated(), by=DEPUTY, at=later)
    contact = Contact(
        name="Әсел Ғаниқызы Өтегенова",
        role="Әлеуметтік педагог",
        recognise="Көк кеудеше киеді",
        reach="2-қабат, 214-бөлме, күн сайын 9-дан 17-ге дейін",
        will_do="Тыңдайды да, бірге не істейтінімізді айтады",
        leads_on_safety=True,
    )
    way_in = WayIn.open(tenant=case, contacts=[contact], by=HEAD, at=later)
    way_in.publish(contacts=[contact], by=DEPUTY, at=later)
    return [
        way_in,
        breach,
        confirmed.report,
        refuted.report,
        a_report(id=same).triaged().out_of_scope().report,
        identity,
        receipt,
        note,
        pair,
        joined,
        behaviour,
        waived,
        team,
    ]
