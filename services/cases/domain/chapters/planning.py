"""What is planned for the child and whether it helps: support plan, safety plan, their reviews (PLN-02, PLN-03)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.cases.domain import rules
from services.cases.domain.chapters.assessing import Assessing
from services.cases.domain.values import Cause, Duty
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Planning(Assessing):
    """Plans are drawn up and reviewed; reviews without change convene the interagency team."""

    class SupportPlanDrawnUp(Event):
        """Goals with measures in the four areas, each with owner and due date (PLN-02)."""

        TOPIC = "cases.support_plan_drawn_up"
        goals: list[dict[str, Any]]
        review_by: datetime
        rule: str

    class SafetyPlanDrawnUp(Event):
        """Dangers, safe people and places, what the child does, what adults do (PLN-03)."""

        TOPIC = "cases.safety_plan_drawn_up"
        dangers: list[str]
        safe_people: list[str]
        safe_places: list[str]
        child_does: list[str]
        adults_do: list[str]
        review_by: datetime
        rule: str

    class PlanReviewed(Event):
        """The plans were looked at: what was found, results of measures, whether change was seen."""

        TOPIC = "cases.plan_reviewed"
        findings: str
        results: list[str]
        change_seen: bool
        review_by: datetime
        rule: str

    def draw_up_support_plan(
        self, *, goals: Sequence[Mapping[str, Any]], book: RuleBook, by: Actor, at: datetime
    ) -> None:
        """Draws up the intervention and support plan, or a new one, on the ground of the risk assessment (RSK-04).

        A goal is {area, goal, measures: [{measure, nature, owner, due_on}]}; no measure punishes (PLN-07).
        """
        rules.case_is_open(self)
        rules.service_acts(by, "RSK-04")
        rules.risk_is_assessed(self)
        rules.every_area_has_measures(goals)
        rules.measures_punish_nobody(goals)
        self._draw_up(self.SupportPlanDrawnUp, book=book, by=by, at=at, goals=[_stored(goal) for goal in goals])

    def draw_up_safety_plan(
        self,
        *,
        dangers: Sequence[str],
        safe_people: Sequence[str],
        safe_places: Sequence[str],
        child_does: Sequence[str],
        adults_do: Sequence[str],
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Draws up the safety plan for the child who suffered, at any moment: it waits for no assessment (PLN-03)."""
        rules.case_is_open(self)
        rules.service_acts(by, "PLN-03")
        self._draw_up(
            self.SafetyPlanDrawnUp,
            book=book,
            by=by,
            at=at,
            dangers=list(dangers),
            safe_people=list(safe_people),
            safe_places=list(safe_places),
            child_does=list(child_does),
            adults_do=list(adults_do),
        )

    def review_plan(
        self,
        *,
        findings: str,
        results: Sequence[str],
        change_seen: bool,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Reviews the plans; a number of reviews without change convenes the interagency team (REF-05)."""
        rules.case_is_open(self)
        rules.there_is_a_plan(self)
        again = book.deadline("cases.plan_review", at)
        self._record(
            self.PlanReviewed,
            by=by,
            at=at,
            findings=findings,
            results=list(results),
            change_seen=change_seen,
            review_by=again.due_at,
            rule=again.rule,
        )
        enough = book.at("cases.reviews_without_change", at)
        if self.reviews_without_change >= enough.value:
            self._open_interagency_step(Cause.NO_CHANGE_IN_REVIEWS, enough.version, by=by, at=at)

    def _draw_up(self, event_class: type[Event], *, book: RuleBook, by: Actor, at: datetime, **content: Any) -> None:
        review = self._sooner(Duty.PLAN_REVIEW, book.deadline("cases.plan_review", at))
        self._record(event_class, by=by, at=at, review_by=review.due_at, rule=review.rule, **content)

    def _support_plan_drawn_up(self, event: SupportPlanDrawnUp) -> None:
        self.plans.add("support")
        self._settle(Duty.SUPPORT_PLAN)
        self._owe(Duty.PLAN_REVIEW, event.review_by, event.rule)

    def _safety_plan_drawn_up(self, event: SafetyPlanDrawnUp) -> None:
        self.plans.add("safety")
        self._owe(Duty.PLAN_REVIEW, event.review_by, event.rule)

    def _plan_reviewed(self, event: PlanReviewed) -> None:
        self.reviews_without_change = 0 if event.change_seen else self.reviews_without_change + 1
        self._owe(Duty.PLAN_REVIEW, event.review_by, event.rule)


def _stored(goal: Mapping[str, Any]) -> dict[str, Any]:
    """A goal with its measures as stored values: codes and dates as text."""
    measures = [
        {**measure, "nature": str(measure["nature"]), "due_on": str(measure["due_on"])} for measure in goal["measures"]
    ]
    return {**goal, "area": str(goal["area"]), "measures": measures}
