"""Help from the moment of suspicion to the end: sessions, and how far change shows (PLN-04, PLN-05)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases.domain import rules
from services.cases.domain.chapters.chapter import Chapter
from services.cases.domain.values import Attendee, Criterion, Duty, Rating
from shared.domain import Actor, Event
from shared.regulation import RuleBook


class Accompanying(Chapter):
    """Sessions are held, few and limited; criteria of lasting change are rated with evidence."""

    class SessionHeld(Event):
        """A session took place; `note` is the id of the helper's own sealed stream (PLN-04)."""

        TOPIC = "cases.session_held"
        helper: UUID
        attended: list[str]
        observed_change: str
        note: UUID
        count: int
        limit: int
        rule: str
        next_by: datetime | None = None
        next_rule: str = ""

    class SessionsExtended(Event):
        """More sessions than the rule gives, for a reason (PLN-04)."""

        TOPIC = "cases.sessions_extended"
        more: int
        reason: str
        next_by: datetime | None = None
        next_rule: str = ""

    class CriteriaRated(Event):
        """How far each criterion is reached, with evidence: [{criterion, rating, evidence}] (PLN-05)."""

        TOPIC = "cases.criteria_rated"
        ratings: list[dict[str, str]]

    def hold_session(
        self,
        *,
        attended: Collection[Attendee],
        observed_change: str,
        note: UUID,
        book: RuleBook,
        by: Actor,
        at: datetime,
    ) -> None:
        """Puts down a session that the psychologist or social pedagogue held; within the limit (PLN-04)."""
        rules.case_is_open(self)
        rules.helper_acts(by)
        given = book.at("cases.accompaniment_meetings", at)
        limit = given.value + self.sessions_extended
        rules.sessions_are_left(self, limit)
        again = book.deadline("cases.session_interval", at) if self.sessions_held + 1 < limit else None
        self._record(
            self.SessionHeld,
            by=by,
            at=at,
            helper=by.person,
            attended=sorted(who.value for who in set(attended)),
            observed_change=observed_change,
            note=note,
            count=self.sessions_held + 1,
            limit=limit,
            rule=given.version,
            next_by=again.due_at if again else None,
            next_rule=again.rule if again else "",
        )

    def extend_sessions(self, *, more: int, reason: str, book: RuleBook, by: Actor, at: datetime) -> None:
        """Allows more sessions, with a reason (PLN-04); where none was left, the next is owed from now on."""
        rules.case_is_open(self)
        rules.service_acts(by, "PLN-04")
        owed = self.open_duties.get(Duty.SESSION)
        again = None if owed else book.deadline("cases.session_interval", at)
        self._record(
            self.SessionsExtended,
            by=by,
            at=at,
            more=more,
            reason=reason,
            next_by=again.due_at if again else None,
            next_rule=again.rule if again else "",
        )

    def rate_criteria(self, *, ratings: Sequence[Mapping[str, Any]], by: Actor, at: datetime) -> None:
        """Rates one or more criteria of lasting change, each with evidence (PLN-05).

        A rating is {criterion, rating, evidence}.
        """
        rules.case_is_open(self)
        rules.each_criterion_is_rated_once([Criterion(rated["criterion"]) for rated in ratings])
        self._record(
            self.CriteriaRated,
            by=by,
            at=at,
            ratings=[
                {
                    "criterion": Criterion(rated["criterion"]).value,
                    "rating": Rating(rated["rating"]).value,
                    "evidence": rated["evidence"],
                }
                for rated in ratings
            ],
        )

    def _owe_session(self, due_at: datetime | None, rule: str) -> None:
        """Keeps when the next is owed; older events did not say."""
        if due_at is not None:
            self._owe(Duty.SESSION, due_at, rule)

    def _session_held(self, event: SessionHeld) -> None:
        self.sessions_held += 1
        self._settle(Duty.SESSION)
        self._owe_session(event.next_by, event.next_rule)

    def _sessions_extended(self, event: SessionsExtended) -> None:
        self.sessions_extended += event.more
        self._owe_session(event.next_by, event.next_rule)

    def _criteria_rated(self, event: CriteriaRated) -> None:
        for rated in event.ratings:
            ratings = self.ratings.setdefault(Criterion(rated["criterion"]), [])
            ratings.append((event.timestamp, Rating(rated["rating"])))
