"""The School Safety Service for tests, by the verbs of its life: `the_service().seated(PEDAGOGUE, role).trained(…)`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

from services.cases.domain.safety_service import SafetyService
from services.cases.domain.safety_service.owing import MEETING_DUTY
from services.cases.domain.values import Release, Role
from services.cases.tests.builders import BOOK, CLOCK, DEPUTY, HEAD, MONDAY, an_id, person
from shared.domain import Actor
from shared.ladder import Ladder
from shared.regulation import local_day


class ServiceBuilder:
    """The service on its way; each verb does one step as the head would, at the builder's time."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at, self.book = at, BOOK
        self.meeting: UUID = an_id("отырыс")
        self.leading = {"head": frozenset({person(HEAD)}), "deputy": frozenset({person(DEPUTY)})}
        self.service = SafetyService.set_up(tenant=an_id("Мектеп"), book=BOOK, by=HEAD, at=at)

    def later(self, **time: float) -> Self:
        """Lets time pass."""
        self.at += timedelta(**time)
        return self

    def police_agreed(self, *, agreed_on: date | None = None, until: date | None = None) -> Self:
        """The police agreed."""
        self.service.record_police_agreement(
            agreed_on=agreed_on or local_day(self.at), until=until, agreement="№ 7 келісім", by=HEAD, at=self.at
        )
        return self

    def seated(self, actor: Actor, role: Role, *, since: date | None = None, by: Actor = HEAD) -> Self:
        """A person got a seat."""
        self.service.admit_member(
            person=person(actor),
            role=role,
            since=since or local_day(self.at),
            skills="Балалармен сенімді сөйлесе алады",
            book=BOOK,
            by=by,
            at=self.at,
        )
        return self

    def trained(self, actor: Actor, *, held_on: date | None = None, by: Actor = HEAD) -> Self:
        """Somebody passed the training."""
        self.service.record_training(
            person=person(actor),
            training="Алгоритм бойынша міндетті оқу",
            held_on=held_on or local_day(self.at),
            held_by="Өрлеу орталығы",
            certificate=None,
            book=BOOK,
            by=by,
            at=self.at,
        )
        return self

    def released(self, actor: Actor, role: Role) -> Self:
        """A seat ended."""
        self.service.release_member(person=person(actor), role=role, reason=Release.LEFT_SCHOOL, by=HEAD, at=self.at)
        return self

    def missed(self, duty: str) -> Self:
        """The clock asked whether a duty was missed."""
        ladder = Ladder(service="cases", book=self.book, leading=self.leading, department=an_id("Басқарма"))
        so_far = self.service.climbs.get(duty)
        step = 0 if so_far is None else so_far.step + 1
        self.service.miss_deadline(duty=duty, step=step, ladder=ladder, by=CLOCK, at=self.at)
        return self

    def met(self, *participants: Actor, confirmed: Collection[Actor] | None = None, days_ago: int = 0) -> Self:
        """The service met: the first put it down, the others (or who of them `confirmed`) said that they were there."""
        self.meeting = an_id(f"отырыс {self.service.version}")
        first, *others = participants
        self.service.hold_meeting(
            meeting=self.meeting,
            held_at=self.at - timedelta(days=days_ago),
            participants=[person(actor) for actor in participants],
            agenda=["Айдың қорытындысы"],
            decisions=["Ата-аналар жиналысын өткізу"],
            minutes=an_id("хаттама"),
            book=self.book,
            by=first,
            at=self.at,
        )
        for actor in others if confirmed is None else confirmed:
            self.confirmed(actor)
        return self

    def confirmed(self, actor: Actor, *, took_part: bool = True) -> Self:
        """A participant answered for themselves."""
        self.service.confirm_part(meeting=self.meeting, took_part=took_part, book=self.book, by=actor, at=self.at)
        return self

    def corrected(self, by: Actor) -> Self:
        """Another wording of the latest meeting."""
        self.service.correct_meeting(
            meeting=self.meeting, agenda=["Тоқсан қорытындысы"], decisions=[], reason="Қате жазылды", by=by, at=self.at
        )
        return self

    def discussed(self, *present: Actor, by: Actor | None = None) -> Self:
        """A case was discussed at the latest meeting."""
        self.service.discuss_case(
            meeting=self.meeting,
            case=an_id("Іс"),
            case_meeting=an_id("істің кездесуі"),
            present=[person(actor) for actor in present],
            by=by or present[0],
            at=self.at,
        )
        return self

    def month_asked(self) -> Self:
        """The clock asked whether the month's meeting was missed."""
        return self.missed(MEETING_DUTY)


def the_service(at: datetime = MONDAY) -> ServiceBuilder:
    """A service that was just set up."""
    return ServiceBuilder(at)
