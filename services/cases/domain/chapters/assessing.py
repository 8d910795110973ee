"""What is known and how dangerous it is: the child, the steps of the assessment, the level of risk (RSK)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from services.cases.domain import rules
from services.cases.domain.chapters.informing import Informing
from services.cases.domain.values import Answer, Cause, Duty, Level, Role, Step
from shared.domain import Actor, Event
from shared.regulation import Deadline, RuleBook, local_day

MATERIALS = ["reports", "assessment_steps", "risk_assessments", "plans", "sessions"]
"""All that an interagency team is given (RSK-04, REF-05); not the helpers' session notes."""


class Assessing(Informing):
    """The child is identified, steps are recorded, risk is assessed and assessed again."""

    class ChildIdentified(Event):
        """The service put down who the child is; stays sealed, never leaves in a public form (CON-07)."""

        TOPIC = "cases.child_identified"
        name: str
        birth_date: str
        class_name: str

    class AssessmentStepRecorded(Event):
        """A step of the assessment was taken, by whom in which role, with what result, when (RSK-01, RSK-02)."""

        TOPIC = "cases.assessment_step_recorded"
        step: str
        role: str
        result: str
        on: str

    class RiskAssessed(Event):
        """Level, every factor answered, reasons, the two guiding questions, best interests (RSK-03, RSK-07)."""

        TOPIC = "cases.risk_assessed"
        level: str
        factors: dict[str, str]
        factors_rule: str
        reasons: str
        childs_place: str
        childs_safety: str
        best_interests: str
        reassess_by: datetime
        rule: str
        plan_by: datetime | None = None
        plan_rule: str = ""

    class InteragencyStepOpened(Event):
        """The interagency team is to be convened and gets all materials (RSK-04, REF-05)."""

        TOPIC = "cases.interagency_step_opened"
        because: str
        materials: list[str]
        rule: str

    def identify_child(self, *, name: str, birth_date: date, class_name: str, by: Actor, at: datetime) -> None:
        """The service puts down, or corrects, who the child is."""
        rules.case_is_open(self)
        rules.service_acts(by, "CON-07")
        rules.child_is_born(birth_date, local_day(at))
        self._record(
            self.ChildIdentified, by=by, at=at, name=name, birth_date=birth_date.isoformat(), class_name=class_name
        )

    def record_assessment_step(self, *, step: Step, role: Role, result: str, on: date, by: Actor, at: datetime) -> None:
        """Puts down a step of the assessment (RSK-01), or why the parents are not invited (RSK-02)."""
        rules.case_is_open(self)
        self._record(
            self.AssessmentStepRecorded,
            by=by,
            at=at,
            step=step.value,
            role=role.value,
            result=result,
            on=on.isoformat(),
        )

    def assess_risk(
        self,
        *,
        level: Level,
        factors: Mapping[str, Answer],
        reasons: str,
        childs_place: str,
        childs_safety: str,
        best_interests: str,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Assesses risk, once or again (RSK-03, RSK-05); a high one opens what follows from it (RSK-04, REF-01)."""
        rules.case_is_open(self)
        rules.service_acts(by, "RSK-03")
        asked = book.at("cases.risk_factors", at)
        rules.every_factor_is_answered(factors, asked.value)
        again = book.deadline("cases.reassessment", at)
        plan = self._plan_owed(level, book, at)
        self._record(
            self.RiskAssessed,
            by=by,
            at=at,
            level=level.value,
            factors={factor: Answer(factors[factor]).value for factor in asked.value},
            factors_rule=asked.version,
            reasons=reasons,
            childs_place=childs_place,
            childs_safety=childs_safety,
            best_interests=best_interests,
            reassess_by=again.due_at,
            rule=again.rule,
            plan_by=plan.due_at if plan else None,
            plan_rule=plan.rule if plan else "",
        )
        if level is Level.HIGH:
            self._open_interagency_step(Cause.HIGH_RISK, "RSK-04", by=by, at=at)
            self._liability_is_possible(Cause.HIGH_RISK, book=book, by=by, at=at)

    def _plan_owed(self, level: Level, book: RuleBook, at: datetime) -> Deadline | None:
        """At low or medium risk the service draws up a plan, once (RSK-04); at high the interagency team decides."""
        if level is Level.HIGH or "support" in self.plans or Duty.SUPPORT_PLAN in self.open_duties:
            return None
        return book.deadline("cases.support_plan", at)

    def _open_interagency_step(self, because: Cause, rule: str, *, by: Actor, at: datetime) -> None:
        """Once a case: the team stays with it until it closes (REF-05)."""
        if not self.interagency_open:
            self._record(
                self.InteragencyStepOpened, by=by, at=at, because=because.value, materials=MATERIALS, rule=rule
            )

    def _child_identified(self, event: ChildIdentified) -> None:
        """Nothing later depends on it."""

    def _assessment_step_recorded(self, event: AssessmentStepRecorded) -> None:
        self.steps_taken.add(Step(event.step))

    def _risk_assessed(self, event: RiskAssessed) -> None:
        self.level = Level(event.level)
        self.is_assessed = True
        self._settle(Duty.RISK_ASSESSMENT, Duty.REASSESSMENT)
        self._owe(Duty.REASSESSMENT, event.reassess_by, event.rule)
        if event.plan_by is not None:
            self._owe(Duty.SUPPORT_PLAN, event.plan_by, event.plan_rule)

    def _interagency_step_opened(self, event: InteragencyStepOpened) -> None:
        self.interagency_open = True
