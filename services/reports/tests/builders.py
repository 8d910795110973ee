"""A report in any state of its life, by verbs: `a_report().triaged().under_verification()`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from services.reports.domain.breach import Breach, BreachKind, BreachOutcome, SchoolRule
from services.reports.domain.report import Report
from services.reports.domain.sign_note import SignNote
from services.reports.domain.values import (
    Accused,
    Category,
    Channel,
    Child,
    KeptFile,
    Kind,
    Method,
    Place,
    Role,
    Source,
    Timing,
    Urgency,
)
from shared.domain import Actor
from shared.ids import new_id
from shared.ladder import Ladder
from shared.regulation import RuleBook

RECEIVED_AT = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
HEAD_ID, DEPUTY_ID, PSYCHOLOGIST_ID, LEAD_ID = new_id(), new_id(), new_id(), new_id()


def a_person(id: UUID, *roles: str, purpose: str = "") -> Actor:
    """Somebody with an account, in the school's tenant."""
    return Actor(id=f"person:{id}", roles=frozenset(roles), purpose=purpose)


HEAD = a_person(HEAD_ID, "head")
DEPUTY = a_person(DEPUTY_ID, "deputy")
PSYCHOLOGIST = a_person(PSYCHOLOGIST_ID, "psychologist")
SAFEGUARDING_LEAD = a_person(LEAD_ID, "department_safeguarding_lead")
AUDITOR = a_person(new_id(), "auditor", purpose=f"audit:{new_id()}")
CLOCK = Actor(id="clock:reports")
DEPARTMENT = UUID("c2a0a3a8-8a39-4f0d-8d38-2d6b7e0f1234")
LADDER = Ladder(service="reports", book=RuleBook.load(Path(__file__).parents[1] / "regulations"), department=DEPARTMENT)


def a_reporter() -> Actor:
    """Somebody without an account."""
    return Actor(id=f"reporter:{new_id()}", roles=frozenset({"reporter"}))


def an_accused(**facts: Any) -> Accused:
    """Somebody complained of; a member of staff named Гүлнәр Өтегенқызы where nothing else is said."""
    role = Role(facts.pop("role")) if "role" in facts else None
    return Accused(**({"name": "Гүлнәр Өтегенқызы", "category": Category.STAFF, "role": role} | facts))


def a_breach(**facts: Any) -> Breach:
    """A pupil suffers for a report, since yesterday."""
    told: dict[str, Any] = {
        "id": new_id(),
        "kind": BreachKind.RETALIATION,
        "description": "Хабарлағаннан бері мұғалім бағамды төмендетіп жүр",
        "happened_on": RECEIVED_AT.date() - timedelta(days=1),
        "accused": (),
        "report": new_id(),
        "due_at": RECEIVED_AT + timedelta(days=7),
        "rule": "reports.breach_inquiry@2026-01-01",
        "by": a_reporter(),
        "at": RECEIVED_AT,
    }
    return Breach.report(**(told | facts))


def substantiated(**facts: Any) -> dict[str, Any]:
    """It was so, and what follows was set in the school's rules since the spring."""
    rule = SchoolRule(title="Мектептің ішкі тәртіп ережесі", article="14", in_force_since=date(2026, 3, 1))
    told: dict[str, Any] = {
        "outcome": BreachOutcome.SUBSTANTIATED,
        "reasons": "Журнал мен дәптерлер салыстырылды",
        "consequence": "reprimand",
        "school_rule": rule,
        "consequences": ("remark", "reprimand"),
        "consequences_rule": "reports.breach_consequences@2026-01-01",
    }
    return told | facts


def a_kept_file(**facts: Any) -> KeptFile:
    """A drawing as it is kept."""
    named: dict[str, Any] = {
        "attachment": new_id(),
        "blob": new_id(),
        "name": "Сурет – үзілісте.jpg",
        "type": "image/jpeg",
    }
    hashes = {"sha256": "a" * 64, "received_sha256": "b" * 64, "pieces": ["a" * 64]}
    rest = {"size": 20, "is_stripped": True, "rule": "reports.attachment_size@2026-01-01"}
    return KeptFile(**(named | hashes | rest | facts))


class ReportBuilder:
    """Each verb takes the report one step further; `build` gives it without pending events."""

    def __init__(self, **facts: Any) -> None:
        self.at = RECEIVED_AT
        received: dict[str, Any] = {
            "id": new_id(),
            "source": Source.CHILD_WITNESS,
            "channel": Channel.WEB,
            "place": Place.SCHOOL,
            "kinds": (Kind.BULLYING,),
            "description": "Сыныптастары Ғазизді күн сайын ұрады, құтқарыңыздаршы",
            "child": Child(name="Ғазиз Һәкімұлы", class_name="7 «Ә»", age=12),
            "accused": (),
            "immediate_danger": False,
            "timing": Timing.PRESENT,
            "happened_at": None,
            "happened_text": "күн сайын, түскі үзілісте",
            "on_behalf": False,
            "first_action_due_at": RECEIVED_AT + timedelta(hours=8),
            "first_action_rule": "reports.first_action@2026-01-01",
            "by": a_reporter(),
            "at": RECEIVED_AT,
        }
        self.report = Report.receive(**(received | facts))

    def triaged(self, *, by: Actor = HEAD, owner: UUID | None = PSYCHOLOGIST_ID, danger: bool = False) -> Self:
        """Judged by the head, the psychologist proposed."""
        self.report.triage(
            kinds=(Kind.BULLYING, Kind.PHYSICAL),
            immediate_danger=danger,
            urgency=Urgency.IMMEDIATE if danger else Urgency.URGENT,
            note="Оқушымен бүгін сөйлесу керек",
            owner=owner,
            verification_due_at=RECEIVED_AT + timedelta(days=3),
            verification_rule="reports.verification@2026-01-01",
            by=by,
            at=self._later(),
        )
        return self

    def under_verification(self, *, owner: UUID = PSYCHOLOGIST_ID, by: Actor = PSYCHOLOGIST) -> Self:
        """Owned by the psychologist."""
        self.report.begin_verification(owner=owner, by=by, at=self._later())
        return self

    def with_a_finding(self) -> Self:
        """One step done."""
        self.report.record_verification_step(
            what="Сынып жетекшісімен әңгіме", finding="Көгерген жерлерін көрген", by=PSYCHOLOGIST, at=self._later()
        )
        return self

    def confirmed(self, *, cases: Sequence[UUID] = (), count_of_cases: int = 1) -> Self:
        """A fact."""
        self.report.confirm(
            reasons="Екі куәгер растады",
            kinds=(Kind.BULLYING,),
            place=None,
            cases=cases,
            count_of_cases=0 if cases else count_of_cases,
            by=PSYCHOLOGIST,
            at=self._later(),
        )
        return self

    def not_confirmed(self) -> Self:
        """No fact."""
        self.report.not_confirm(reasons="Куәгерлер растамады", by=PSYCHOLOGIST, at=self._later())
        return self

    def out_of_scope(self) -> Self:
        """Another's matter."""
        self.report.leave_out_of_scope(reasons="Мектеп қызметіне қатысы жоқ", by=HEAD, at=self._later())
        return self

    def linked(self, case: UUID) -> Self:
        """A case was opened because of it."""
        self.report.link_case(case=case, by=Actor(id="policy:when_case_opened_link_case"), at=self._later())
        return self

    def build(self) -> Report:
        """The report, its events collected, so that the next are those of the test."""
        self.report.collect_events()
        return self.report

    def _later(self) -> datetime:
        self.at += timedelta(minutes=10)
        return self.at


def a_report(**facts: Any) -> ReportBuilder:
    """A report just received."""
    return ReportBuilder(**facts)


def events_of(report: Report) -> list[str]:
    """Names of what the report recorded since it was built."""
    return [type(event).__name__ for event in report.collect_events()]


def a_sign_note(**facts: Any) -> SignNote:
    """A sign that the psychologist noticed in a drawing, the deputy named in it."""
    noted: dict[str, Any] = {
        "id": new_id(),
        "method": Method.ANALYSING_WORK,
        "sign": "Суретте үйінің есігі тас қараңғы",
        "child": Child(name="Ғазиз Һәкімұлы", class_name="7 «Ә»"),
        "child_marks": {"name and class": "0f" * 16},
        "kinds": (Kind.PSYCHOLOGICAL,),
        "place": Place.SCHOOL,
        "noticed_at": RECEIVED_AT,
        "accused": (an_accused(person=new_id()), an_accused(role="deputy")),
        "consider_by": RECEIVED_AT + timedelta(hours=8),
        "rule": "reports.sign_consideration@2026-01-01",
        "by": PSYCHOLOGIST,
        "at": RECEIVED_AT,
    }
    return SignNote.note(**(noted | facts))
